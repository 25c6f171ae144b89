"""Nearest vectors: the interface, and exact search over the mapped array.

Two ways fulfil it. ``memory`` multiplies the whole array with the query: exact, nothing to import,
about 10 ms at 60,000 entries. ``chroma`` is the approximate index of Chroma
(`flowloom.retrieval.chroma`): flat in the number of entries, at 1 s of import per process.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

from flowloom.retrieval.lexical import top

__all__ = ["MemoryVectors", "Near", "VectorIndex"]

Near = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""Positions and cosine similarities, best first."""


class VectorIndex(Protocol):
    """Finds the nearest entries of each query vector."""

    def search(self, queries: npt.NDArray[np.float32], limit: int) -> list[Near]:
        """The ``limit`` nearest entries of each row of ``queries``."""
        ...

    def close(self) -> None:
        """Let go of files."""
        ...


class MemoryVectors:
    """Exact search by one matrix product."""

    def __init__(self, matrix: npt.NDArray[np.float32]) -> None:
        """Search ``matrix``, shape (entries, dimension), rows of length 1."""
        self._matrix = matrix

    def search(self, queries: npt.NDArray[np.float32], limit: int) -> list[Near]:
        """The ``limit`` nearest entries of each row of ``queries``."""
        found: list[Near] = []
        for similarities in queries @ self._matrix.T:
            best = top(similarities, limit)
            found.append((best, similarities[best]))
        return found

    def close(self) -> None:
        """Nothing to let go of: the array is the snapshot's."""
