"""The blocks of ``docs/python.md``: run in order, what they print written behind them.

``python -m tests.service.python_document`` writes the document anew.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from contextlib import redirect_stdout
from typing import Any

from tests.conftest import ROOT

__all__ = ["PYTHON_DOCUMENT", "rerun"]

PYTHON_DOCUMENT = ROOT / "docs" / "python.md"
_BLOCK = re.compile(
    r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<printed>.*?)```\n)?", re.DOTALL
)


def rerun(text: str) -> str:
    """Return the document with what its blocks print now."""
    names: dict[str, Any] = {"__name__": "document"}

    def run(match: re.Match[str]) -> str:
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(match["code"], str(PYTHON_DOCUMENT), "exec"), names)
        shown = printed.getvalue().rstrip()
        answer = f"\n```text\n{shown}\n```\n" if shown else ""
        return f"```python\n{match['code']}```\n{answer}"

    return _BLOCK.sub(run, text)


def main() -> None:
    """Write the document anew."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["FLOWLOOM_DATA_DIR"] = directory
        text = rerun(PYTHON_DOCUMENT.read_text(encoding="utf-8"))
    PYTHON_DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
