"""Vectors of fixed texts, kept on disk: a new process need not embed them again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from flowloom.errors import StorageError
from flowloom.retrieval.embedder import Embedder

__all__ = ["KeptVectors"]


class KeptVectors:
    """One file per set of texts and embedder, in a directory."""

    def __init__(self, directory: Path, embedder: Embedder) -> None:
        self._directory = directory
        self._embedder = embedder

    def vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the vectors of texts, read from disk if the same texts were asked for before.

        Raises:
            StorageError: The file cannot be written.
        """
        path = self._directory / f"vectors-{self._digest(texts)}.npy"
        if (found := _read(path, (len(texts), self._embedder.dimension))) is not None:
            return found
        made = self._embedder.embed(texts)
        try:
            _write(path, made)
        except OSError as error:
            raise StorageError(
                f"The vectors {str(path)!r} cannot be written: {error.strerror}.",
                hint="Choose another data directory.",
            ) from error
        return made

    def _digest(self, texts: Sequence[str]) -> str:
        content = "\x1f".join((self._embedder.name, *texts))
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _read(path: Path, shape: tuple[int, int]) -> npt.NDArray[np.float32] | None:
    """Return what a file holds; None where there is none, or not a whole one."""
    try:
        found = np.load(path, allow_pickle=False)
    except (FileNotFoundError, ValueError, EOFError):
        return None
    return found if found.shape == shape and found.dtype == np.float32 else None


def _write(path: Path, vectors: npt.NDArray[np.float32]) -> None:
    """Write beside the target, then rename: a reader never sees half a file."""
    part = path.with_suffix(f".{os.getpid()}.npy")
    try:
        np.save(part, vectors)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
