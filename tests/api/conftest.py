"""Settings with a data directory that the tests of the Python calls share."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.settings import Settings
from tests.service.bench import small_catalog


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory, made once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Return a few of the built-in components."""
    return small_catalog()


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    """Return the default settings with that directory."""
    return Settings(data_dir=data_dir)
