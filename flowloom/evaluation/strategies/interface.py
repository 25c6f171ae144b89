"""What every strategy is, and what it works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from flowloom.agents.language_model import LanguageModel
from flowloom.agents.retriever import Search
from flowloom.catalog.catalog import Catalog
from flowloom.evaluation.cases import Case
from flowloom.evaluation.metrics.matching import Likeness, word_cosine
from flowloom.evaluation.samples import Output
from flowloom.evaluation.strategies.shown import CandidateTexts
from flowloom.graph.limits import Limits
from flowloom.offline.meaning.classifier import Embed

__all__ = ["Equipment", "Strategy"]


class Strategy(Protocol):
    """One way to get a workflow from a request."""

    async def solve(self, case: Case) -> Output:
        """Return what the strategy makes of a case's request; it never looks at what is right.

        Raises:
            ModelError: the model's server failed.
            UserError: the request is empty or too long.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """What strategies work with.

    Attributes:
        search: of an index that holds the catalog; ``embed`` of its texts (offline composer).
        model: None for the offline composer.
        examples: cases that worked examples are chosen from; never the case itself, nor what says
            the same.
        likeness: of two texts, 0 to 1; what ``similar`` and ``diverse`` choose by.
        seed: of the ``random`` choice.
        catalog_tokens: most tokens that the list of components takes in ``whole-catalog``.
        texts: candidates in words; shared by all strategies over this catalog.
    """

    catalog: Catalog = field(repr=False)
    search: Search
    embed: Embed | None = field(default=None, repr=False)
    model: LanguageModel | None = None
    limits: Limits = field(default_factory=Limits)
    examples: tuple[Case, ...] = ()
    likeness: Likeness = word_cosine
    seed: int = 0
    catalog_tokens: int = 100_000
    texts: CandidateTexts = field(default_factory=CandidateTexts, compare=False)
