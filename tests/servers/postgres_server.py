"""A real Postgres on a Unix socket in a temporary directory, made and ended by the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

__all__ = ["PostgresServer", "postgres", "postgres_binaries", "postgres_running"]

USER = "flowloom"
_NOT_ROOT = ("postgres", "nobody")


def postgres_binaries() -> Path | None:
    """Return the directory with ``initdb`` and ``pg_ctl``, of the newest version there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    places = [*found, *([Path(on_path)] if on_path else [])]
    return next((place.parent for place in places if (place.parent / "pg_ctl").exists()), None)


@dataclass(frozen=True)
class PostgresServer:
    """A running server.

    Attributes:
        directory: holds its data and its socket.
    """

    binaries: Path
    directory: Path

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"test_{uuid.uuid4().hex}"
        command = ["createdb", "-h", str(self.directory), "-U", USER, name]
        _run(self.binaries, command, _user())
        return f"postgresql://{USER}@/{name}?host={quote(str(self.directory), safe='')}"


@contextmanager
def postgres_running() -> Generator[PostgresServer]:
    """Start a server for the time of the block.

    Raises:
        RuntimeError: no binaries are installed, or a command fails.
    """
    binaries = postgres_binaries()
    if binaries is None:
        raise RuntimeError("Postgres is not installed")
    user = _user()
    # A short path: that of a Unix socket must have fewer than 108 bytes.
    with tempfile.TemporaryDirectory(prefix="fl-pg-", dir="/tmp") as name:
        directory = Path(name)
        if user is not None:
            os.chown(directory, user.pw_uid, user.pw_gid)
        data = str(directory / "data")
        words = ["initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        _run(binaries, words, user)
        options = f"-k {directory} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        log = str(directory / "log")
        _run(binaries, ["pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], user)
        try:
            yield PostgresServer(binaries, directory)
        finally:
            _run(binaries, ["pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], user)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Return a server that all tests of a session share; each makes its own database."""
    if postgres_binaries() is None:
        pytest.skip("Postgres is not installed: no initdb under /usr/lib/postgresql or on PATH")
    with postgres_running() as server:
        yield server


def _version(initdb: Path) -> float:
    return float(initdb.parent.parent.name)


def _user() -> pwd.struct_passwd | None:
    """Return whom the server runs as: Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in _NOT_ROOT if name in known)


def _run(binaries: Path, words: list[str], user: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        [str(binaries / words[0]), *words[1:]],
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/tmp",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        # To a file: a server that pg_ctl leaves behind would keep a pipe open.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}")
