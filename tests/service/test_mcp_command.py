"""``flowloom mcp`` starts as light as the other commands."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

HEAVY = ("anyio", "httpx2", "langgraph", "mcp", "numpy", "sqlalchemy", "starlette")


def test_its_help_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom flowloom.cli import main\ncode = main(['mcp', '--help'])\n"
        f"print('LOADED', code, sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip().splitlines()[-1] == "LOADED 0 []"
    assert "stdin and stdout" in done.stdout
