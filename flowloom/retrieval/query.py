"""What is asked of the index, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Hit", "Query", "SyncReport"]


@dataclass(frozen=True, slots=True)
class Query:
    """A search.

    Attributes:
        text: The whole request, or one need in words.
        steps: The planned steps in words, searched beside the whole request.
        k: Number of hits wanted.
        providers: Only components of these providers; empty means all.
        boost: Ids that are known to matter (such as those of a workflow being edited): they are
            among the hits, after what the words find at least as well.
    """

    text: str
    steps: tuple[str, ...] = ()
    k: int = 10
    providers: tuple[str, ...] = ()
    boost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One component found.

    Attributes:
        id: The component.
        score: Comparable within one search only; greater is better.
        dense_rank: Best rank by meaning over all texts of the query, from 1; 0 if not found so.
        lexical_rank: Best rank by words, from 1; 0 if not found so.
        reason: Why it is here, in a few words.
        similarity: Cosine of the nearest text of the query; 0 where meaning did not find it.
    """

    id: str
    score: float
    dense_rank: int = 0
    lexical_rank: int = 0
    reason: str = ""
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a synchronisation did; ``embedded`` counts the texts that needed the model."""

    added: int
    updated: int
    removed: int
    unchanged: int
    embedded: int
    seconds: float
