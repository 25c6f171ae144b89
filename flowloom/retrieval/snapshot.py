"""Search files derived from the store: vectors as one mapped array, lexical index, features.

A snapshot is built in a staging directory and renamed into place, so it is there whole or not at
all; its name carries the fingerprint of the content that it was built from.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from flowloom.errors import StorageError

if TYPE_CHECKING:
    from flowloom.retrieval.features import Features
    from flowloom.retrieval.lexical import Lexical
    from flowloom.retrieval.store import Store

__all__ = ["Snapshot", "build_snapshot", "load_snapshot"]

_FORMAT = "1"
_VECTORS = "vectors.npy"
_FEATURES = "features.sqlite3"
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a search reads."""

    vectors: npt.NDArray[np.float32]
    lexical: Lexical
    features: Features


def load_snapshot(directory: Path, fingerprint: str) -> Snapshot | None:
    """Map the snapshot of that content; ``None`` if there is none or its files are not whole."""
    from flowloom.retrieval.features import Features
    from flowloom.retrieval.lexical import Lexical

    home = _home(directory, fingerprint)
    if not _whole(home):
        return None
    vectors = np.load(home / _VECTORS, mmap_mode="r")
    return Snapshot(
        vectors=vectors,
        lexical=Lexical.load(home / "lexical", len(vectors)),
        features=Features(home / _FEATURES),
    )


def build_snapshot(directory: Path, fingerprint: str, store: Store) -> None:
    """Build the snapshot of the store's content and drop those of earlier contents.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    from flowloom.retrieval.features import Features
    from flowloom.retrieval.lexical import Lexical

    home = _home(directory, fingerprint)
    try:
        staging = Path(tempfile.mkdtemp(prefix="staging-", dir=directory))
        np.save(staging / _VECTORS, store.matrix())
        entries = store.entries()
        Lexical.build(entries, staging / "lexical")
        Features.build(entries, staging / _FEATURES)
        _write_manifest(staging)
        for old in [*directory.glob("snapshot-*"), *directory.glob("staging-*")]:
            if old != staging:
                shutil.rmtree(old, ignore_errors=True)
        staging.rename(home)
    except OSError as error:
        raise StorageError(
            f"The index in {str(directory)!r} cannot be written: {error.strerror or error}.",
            hint="Free some disk space or choose another data directory.",
        ) from error


def _home(directory: Path, fingerprint: str) -> Path:
    return directory / f"snapshot-{_FORMAT}-{fingerprint[:24]}"


def _sizes(home: Path) -> dict[str, int]:
    return {
        path.relative_to(home).as_posix(): path.stat().st_size
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != _MANIFEST
    }


def _write_manifest(home: Path) -> None:
    (home / _MANIFEST).write_text(json.dumps(_sizes(home)), encoding="utf-8")


def _whole(home: Path) -> bool:
    try:
        return json.loads((home / _MANIFEST).read_text(encoding="utf-8")) == _sizes(home)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
