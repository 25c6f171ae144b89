"""A workbench over a few components, with saved workflows in SQLite."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from flowloom.assembly import Assembly, assemble
from flowloom.service.mcp.workbench import LOCAL, Workbench
from flowloom.settings import Settings
from flowloom.storage.database import open_database
from flowloom.storage.saved_workflows import SavedWorkflows
from tests.service.bench import SAVED, small_catalog


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """Return the offline composer over a few components, made once."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    return assemble(settings, catalog=small_catalog())


@pytest.fixture
async def saved(tmp_path: Path) -> AsyncGenerator[SavedWorkflows]:
    """Return saved workflows, one of them ours."""
    async with open_database(tmp_path) as database:
        workflows = SavedWorkflows(database)
        await workflows.save(LOCAL, "report", SAVED)
        yield workflows


@pytest.fixture
def workbench(assembly: Assembly, saved: SavedWorkflows) -> Workbench:
    """Return what an MCP server works with."""
    return Workbench(assembly=assembly, saved=saved)
