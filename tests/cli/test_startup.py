"""The command line starts without the heavy packages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = (
    "bm25s",
    "cel_expr_python",
    "chromadb",
    "httpx",
    "langchain",
    "langchain_core",
    "langchain_openai",
    "langgraph",
    "mcp",
    "numpy",
    "onnxruntime",
    "openai",
    "sentence_transformers",
    "sqlalchemy",
    "torch",
)

PROGRAM = """
import sys
from flowloom.cli import main
code = main({arguments!r})
print("LOADED", code, sorted(set(sys.modules) & set({heavy!r})), file=sys.stderr)
"""


def loaded(*arguments: str) -> str:
    program = PROGRAM.format(arguments=list(arguments), heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["compose", "--help"], ["--version"], ["schema"]]
)
def test_light_commands_load_nothing_heavy(arguments: list[str]) -> None:
    assert loaded(*arguments) == "LOADED 0 []"


def test_the_list_of_components_needs_no_model() -> None:
    assert loaded("catalog", "list", "--no-builtin") == "LOADED 0 []"


def test_the_measure_sees_what_is_loaded() -> None:
    assert "langgraph" in loaded("graph")
