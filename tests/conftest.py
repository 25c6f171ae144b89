"""Shared by all tests: no settings of the machine reach them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.servers.postgres_server import postgres as postgres

ROOT = Path(__file__).parent.parent

# No test is timed; and what lands must not depend on chance, which is left to local runs.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] used by pytest
    for name in list(os.environ):
        if name.startswith(("FLOWLOOM_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")):
            monkeypatch.delenv(name)
