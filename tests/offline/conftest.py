"""The offline composer over the built-in catalog, with the index that users get; made once."""

from __future__ import annotations

import pytest

from flowloom.assembly import Assembly, assemble
from flowloom.settings import load_settings


@pytest.fixture(scope="session")
def builtin(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """Return what the built-in catalog is composed with."""
    data = tmp_path_factory.mktemp("builtin")
    return assemble(load_settings({"model": "offline", "data_dir": data}).settings)
