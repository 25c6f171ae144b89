"""Everything that is needed to repeat a run, in one file."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from flowloom import __version__
from flowloom.errors import StorageError

__all__ = ["MANIFEST", "environment", "program_hash", "read_manifest", "write_manifest"]

MANIFEST = "manifest.json"
_PACKAGES = (
    "cel-expr-python",
    "langchain-core",
    "langchain-openai",
    "langgraph",
    "numpy",
    "onnxruntime",
    "pydantic",
)


_SOURCES = frozenset([".py", ".txt", ".yaml", ".json"])
_WITHOUT_EFFECT = ("cli/", "service/", "evaluation/reports/", "evaluation/suites/")


def environment() -> dict[str, Any]:
    """Return versions, and the state of the git checkout where the program lies in one."""
    return {
        "flowloom": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "git": _git(Path(__file__).parent),
    }


@cache
def program_hash() -> str:
    """Return a hash of all files of the program that answers and scores can hang on."""
    package = files("flowloom")
    root = Path(str(package))
    found = hashlib.sha256()
    for file in sorted(root.rglob("*")):
        name = file.relative_to(root).as_posix()
        if file.suffix in _SOURCES and not name.startswith(_WITHOUT_EFFECT):
            found.update(f"{name}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:32]


def write_manifest(directory: Path, data: Mapping[str, Any]) -> None:
    """Write a run's manifest, whole or not at all.

    Raises:
        StorageError: it cannot be written.
    """
    file = directory / MANIFEST
    part = file.with_suffix(".part")
    stamped = {**data, "written": datetime.now(UTC).isoformat(timespec="seconds")}
    try:
        part.write_text(json.dumps(stamped, indent=2, ensure_ascii=False), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise StorageError(
            f"Cannot write {str(file)!r}: {error.strerror or error}.",
            hint="Free some disk space, or give another directory with --out.",
        ) from None


def read_manifest(directory: Path) -> dict[str, Any]:
    """Return a run's manifest.

    Raises:
        StorageError: the directory holds no run.
    """
    try:
        data = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StorageError(
            f"{str(directory)!r} holds no run of an evaluation: {error}.",
            hint="Make one with: flowloom eval run --out DIRECTORY",
        ) from None
    return dict(data)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _git(directory: Path) -> dict[str, Any]:
    commit = _said(directory, "rev-parse", "HEAD")
    if not commit:
        return {}
    return {"commit": commit, "changed": bool(_said(directory, "status", "--porcelain"))}


def _said(directory: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(directory), *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
