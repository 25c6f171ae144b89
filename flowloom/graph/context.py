"""What a graph is built over: the agents, the catalog and its index."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from flowloom.agents.retriever import Retriever, Search
from flowloom.agents.verifier import Verifier
from flowloom.catalog.catalog import Catalog
from flowloom.roles import Generator, Planner

if TYPE_CHECKING:
    from flowloom.graph.builder import ComposeGraph

__all__ = ["Composer", "composer_of"]


@dataclass(frozen=True, kw_only=True)
class Composer:
    """The four agents over one catalog; made once, used for many runs.

    Attributes:
        model: name of what plays planner and generator, such as ``offline`` or ``openai:gpt-5``.
    """

    planner: Planner
    generator: Generator
    retriever: Retriever
    verifier: Verifier
    catalog: Catalog = field(repr=False)
    model: str

    @cached_property
    def graph(self) -> ComposeGraph:
        """The compiled state machine without checkpointer: it keeps nothing between runs."""
        from flowloom.graph.builder import build_graph

        return build_graph(self)


def composer_of(
    *, planner: Planner, generator: Generator, catalog: Catalog, search: Search, model: str
) -> Composer:
    """Return a composer with the full verifier and a retriever over the catalog's index.

    Args:
        search: the search of an index that holds the catalog, such as ``ComponentIndex.search``.
    """
    return Composer(
        planner=planner,
        generator=generator,
        retriever=Retriever(catalog, search),
        verifier=Verifier(catalog),
        catalog=catalog,
        model=model,
    )
