"""Both databases that conversations are kept in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph.conversation.stand_ins import Home

__all__ = ["home"]


@pytest.fixture(params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Return an empty place of either kind."""
    if request.param == "sqlite":
        return Home(tmp_path)
    return Home(tmp_path, request.getfixturevalue("postgres").new_database())
