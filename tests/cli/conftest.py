"""A terminal whose data directory holds the built-in catalog's index, made once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory that the tests of the command line share."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    data_dir: Path,
    tmp_path: Path,
) -> Iterator[Terminal]:
    """Run commands in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOWLOOM_DATA_DIR", str(data_dir))
    before = signal.getsignal(signal.SIGTERM)
    yield Terminal(capsys)
    signal.signal(signal.SIGTERM, before)
