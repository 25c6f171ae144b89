"""Which kind of change a sentence asks for: a regularised linear map over its embedding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from flowloom.offline.meaning.cues import cues_of
from flowloom.offline.meaning.exemplars import exemplars

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float32]

__all__ = ["ChangeKinds", "Embed"]

CUE_WEIGHT = 0.25
"""What a cue counts beside a vector of length 1."""

RIDGE = 0.5
"""How much large weights are held down: the exemplars are few."""

SHARPNESS = 9.0
"""Turns the map's scores into shares; the higher, the surer the best kind."""


class Embed(Protocol):
    """Texts in, vectors of length 1 out; with ``keep``, kept on disk for the next process."""

    def __call__(self, texts: Sequence[str], *, keep: bool = False) -> Numbers:
        """Return an array of shape (len(texts), dimension)."""
        ...


@dataclass
class ChangeKinds:
    """The kinds of ``kinds.yaml``, learnt when first asked for.

    Attributes:
        embed: What gives the vectors; without it, the cues alone decide.
    """

    embed: Embed | None = None

    def shares(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """Return for each neutral sentence how likely each kind is; the shares add up to 1."""
        import numpy as np

        kinds, weights = self._learnt
        scores = self._features(texts) @ weights
        sharp = np.exp(SHARPNESS * (scores - scores.max(axis=1, keepdims=True)))
        shares = sharp / sharp.sum(axis=1, keepdims=True)
        return [dict(zip(kinds, row, strict=True)) for row in shares.tolist()]

    @cached_property
    def _learnt(self) -> tuple[list[str], Any]:
        """The kinds, and the weights of each: one column of a ridge regression per kind."""
        texts = [item.text for item in exemplars()]
        kinds = list(dict.fromkeys(item.kind for item in exemplars()))
        return kinds, self._fit(
            self._features(texts, keep=True),
            [kinds.index(item.kind) for item in exemplars()],
            len(kinds),
        )

    def _features(self, texts: Sequence[str], *, keep: bool = False) -> Any:
        import numpy as np

        cues = CUE_WEIGHT * np.array([cues_of(text) for text in texts], np.float64)
        parts = [cues, np.ones((len(texts), 1))]
        if self.embed is not None:
            parts.insert(0, self.embed(texts, keep=keep).astype(np.float64))
        return np.hstack(parts)

    def _fit(self, features: Any, kinds: Sequence[int], count: int) -> Any:
        import numpy as np

        targets = np.zeros((len(kinds), count))
        targets[np.arange(len(kinds)), kinds] = 1.0
        sizes = targets.sum(axis=0)
        balance = np.sqrt(len(kinds) / count / sizes)[list(kinds)][:, None]
        weighted = features * balance
        gram = weighted.T @ features + RIDGE * np.eye(features.shape[1])
        return np.linalg.solve(gram, weighted.T @ targets)
