"""Any model that sentence-transformers loads, by name or path. Imports torch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from flowloom.errors import ConfigError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["SentenceEmbedder"]


class SentenceEmbedder:
    """sentence-transformers on the CPU or whatever device it finds."""

    def __init__(self, model: str) -> None:
        """Load nothing yet; ``model`` is a name on the Hugging Face hub or a directory."""
        self._model_name = model

    @property
    def name(self) -> str:
        """The model's name, marked as computed by sentence-transformers."""
        return f"{self._model_name}/sentence-transformers"

    @property
    def dimension(self) -> int:
        """Numbers per vector, as the model states it."""
        return int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embed the texts, each row of length 1."""
        vectors = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32).reshape(len(texts), -1)

    @cached_property
    def _model(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(self._model_name)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"The embedding model {self._model_name!r} cannot be loaded: {error}",
                hint="Use 'minilm', a model's name on the Hugging Face hub, or a directory.",
            ) from error
