"""Lexical search: BM25 over names, groups, descriptions and parameters (bm25s, PyStemmer)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.words import tokens

__all__ = ["Analyzer", "Lexical", "top"]

NAME_WEIGHT = 3
_K1 = 1.5
_B = 0.75
_STOPWORDS = frozenset(STOPWORDS_EN_PLUS)


class Analyzer:
    """Text to stemmed terms."""

    def __init__(self) -> None:
        """Use the English Snowball stemmer, each distinct word stemmed once."""
        self._stemmer = Stemmer.Stemmer("english")
        self._known: dict[str, str] = {}

    def terms(self, text: str) -> list[str]:
        """The terms of a text, in order, without stop words."""
        return [self._stem(word) for word in tokens(text) if word not in _STOPWORDS]

    def stems(self, text: str) -> list[str]:
        """The stems of all words of a text, in order."""
        return [self._stem(word) for word in tokens(text)]

    def stem_set(self, words: Iterable[str]) -> set[str]:
        """The stems of some words."""
        return {self._stem(word) for word in words}

    def entry_terms(self, entry: Entry) -> list[str]:
        """The terms of an entry; those of the name count ``NAME_WEIGHT`` times."""
        name = self.terms(entry.name or entry.id)
        rest = self.terms(f"{entry.group} {entry.plain_description} {entry.parameters}")
        return name * NAME_WEIGHT + rest

    def _stem(self, word: str) -> str:
        found = self._known.get(word)
        if found is None:
            found = self._known[word] = self._stemmer.stemWord(word)
        return found


class Lexical:
    """A BM25 index in a directory, mapped from disk when loaded."""

    def __init__(self, index: bm25s.BM25 | None, size: int, analyzer: Analyzer) -> None:
        """Wrap a ready index; ``None`` stands for a catalog without any word."""
        self._index = index
        self._size = size
        self.analyzer = analyzer

    @classmethod
    def build(cls, entries: Iterable[Entry], directory: Path) -> None:
        """Build the index of ``entries`` and save it into ``directory``."""
        directory.mkdir(parents=True)
        analyzer = Analyzer()
        corpus = [analyzer.entry_terms(entry) for entry in entries]
        if not any(corpus):
            return
        index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        index.index(corpus, show_progress=False)
        index.save(directory, show_progress=False)

    @classmethod
    def load(cls, directory: Path, size: int) -> Lexical:
        """Map a saved index of ``size`` entries."""
        if not (directory / "params.index.json").exists():
            return cls(None, size, Analyzer())
        index = bm25s.BM25.load(directory, mmap=True, load_corpus=False)
        return cls(index, size, Analyzer())

    def scores(self, text: str) -> npt.NDArray[np.float32]:
        """BM25 score of every entry by position; zeros where nothing matches."""
        known = self._index.vocab_dict if self._index else {}
        terms = [term for term in self.analyzer.terms(text) if term in known]
        if self._index is None or not terms:
            return np.zeros(self._size, np.float32)
        return np.asarray(self._index.get_scores(terms), np.float32)


def top(scores: npt.NDArray[np.float32], limit: int) -> npt.NDArray[np.int64]:
    """Positions of the ``limit`` greatest scores, greatest first, ties by position."""
    if limit < len(scores):
        chosen = np.argpartition(-scores, limit - 1)[:limit]
        chosen.sort()
    else:
        chosen = np.arange(len(scores))
    return chosen[np.argsort(-scores[chosen], kind="stable")]
