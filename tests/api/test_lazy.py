"""``import flowloom`` costs nothing; a name loads what it needs and no more."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = (
    "chromadb",
    "langchain_core",
    "langgraph",
    "mcp",
    "numpy",
    "onnxruntime",
    "pydantic",
    "sqlalchemy",
    "starlette",
)


def loaded(statement: str) -> set[str]:
    program = f"{statement}\nimport sys\nprint(*(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_package_loads_nothing() -> None:
    assert loaded("import flowloom") == set()


@pytest.mark.parametrize("names", ["Catalog", "compose, acompose, edit, stream", "verify"])
def test_the_calls_load_nothing_heavy_before_they_are_used(names: str) -> None:
    assert loaded(f"from flowloom import {names}") == {"pydantic"}


def test_the_measure_sees_what_is_loaded() -> None:
    assert "langgraph" in loaded("from flowloom import Result; import flowloom.graph.builder")
