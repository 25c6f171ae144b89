"""A small catalog, and an embedder that needs no model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.words import tokens

__all__ = ["CATALOG", "WordEmbedder"]

_DIMENSION = 64


class WordEmbedder:
    """Texts that share words get near vectors; counts its calls."""

    dimension = _DIMENSION

    def __init__(self, name: str = "words", *, stop_after: int = -1) -> None:
        self.name = name
        self.texts = 0
        self._stop_after = stop_after

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if 0 <= self._stop_after <= self.texts:
            raise KeyboardInterrupt
        self.texts += len(texts)
        matrix = np.zeros((len(texts), _DIMENSION), np.float32)
        for row, text in zip(matrix, texts, strict=True):
            for word in tokens(text) or [""]:
                row += np.random.default_rng(list(word.encode())).normal(size=_DIMENSION)
        return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


CATALOG = (
    Entry("slack.post", "Post message", "Slack chat", "Send a message to a channel",
          "channel, text", "Slack"),
    Entry("slack.delete", "Delete message", "Slack chat", "Delete a message", "channel, ts",
          "Slack"),
    Entry("teams.post", "Post message", "Microsoft Teams", "Send a message to a channel",
          "channel, text", "Microsoft Teams"),
    Entry("github.issues", "List issues", "GitHub issues", "List the issues of a repository",
          "owner, repo", "GitHub"),
    Entry("spotify.add", "Add tracks to playlist", "Spotify playlists",
          "Add tracks to a playlist",
          "playlist_id, uris", "Spotify", requires=("playlist_id", "uris")),
    Entry("spotify.mine", "List my playlists", "Spotify library", "Everything I saved", "",
          "Spotify"),
    Entry("core.filter", "Filter a list", "Core lists", "Keep the items that fulfil a condition"),
    Entry("core.cron", "Schedule", "Core triggers", "Start at fixed times", kind="trigger"),
)  # fmt: skip
