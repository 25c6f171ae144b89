"""What turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["DEFAULT_EMBEDDER", "Embedder", "embedder_for"]

DEFAULT_EMBEDDER = "minilm"


class Embedder(Protocol):
    """Texts in, vectors of length 1 out.

    Vectors of two embedders never mix in one index: ``name`` is stored with them.
    """

    @property
    def name(self) -> str:
        """Stands for the model and everything that changes its vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers per vector."""
        ...

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return an array of shape (len(texts), dimension), each row of length 1."""
        ...


def embedder_for(name: str, cache_dir: Path) -> Embedder:
    """Give the embedder of that name.

    Args:
        name: ``minilm`` for the default through ONNX Runtime, or the name or path of any model that
            sentence-transformers loads.
        cache_dir: Where derived files are kept.

    Raises:
        ConfigError: The weights are missing or are not the ones that were tested.
        StorageError: The cache cannot be written.
    """
    if name == DEFAULT_EMBEDDER:
        from flowloom.retrieval.minilm import MiniLm

        return MiniLm(cache_dir)
    from flowloom.retrieval.sentence_embedder import SentenceEmbedder

    return SentenceEmbedder(name)
