"""The retriever agent: finds the components that the planned steps may need."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.retrieval.query import Hit, Query
from flowloom.roles import Candidates
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document
from flowloom.workflow.edits import find_steps
from flowloom.workflow.outline import Outline, OutlineStep

__all__ = ["TRIGGER", "WHOLE", "RetrieveTask", "Retriever", "Search", "used_components"]

TRIGGER = "trigger"
WHOLE = "request"
BASIC_PREFIX = "core."
MAX_BASICS = 120
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Search(Protocol):
    """The index's search."""

    def __call__(self, query: Query) -> Sequence[Hit]:
        """Return what fits the query, best first."""
        ...


@dataclass(frozen=True, kw_only=True)
class RetrieveTask:
    """What the retriever is asked.

    Attributes:
        document: the workflow at hand, if any; what it uses is always among the candidates.
        diagnostics: what the verifier says a new search can mend.
    """

    request: str
    outline: Outline
    document: Document | None = None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True)
class Retriever:
    """Searches an index for each planned step.

    Attributes:
        per_step: candidates per planned step.
        wider: candidates where a diagnostic asks for another search.
    """

    catalog: Catalog
    search: Search
    per_step: int = 8
    wider: int = 20

    async def retrieve(self, task: RetrieveTask) -> Candidates:
        """Search with the whole request and with each planned step, in parallel.

        Raises:
            IndexFault, ConfigError, StorageError: the index cannot be searched.
        """
        queries = self._queries(task)
        # The first search loads the index; the others then find it loaded.
        first, *others = queries.items()
        hits = {first[0]: await asyncio.to_thread(self.search, first[1])}
        found = await asyncio.gather(
            *(asyncio.to_thread(self.search, query) for _, query in others)
        )
        hits.update(zip((name for name, _ in others), found, strict=True))
        by_step = {
            name: self._components(name, items, queries[name].k) for name, items in hits.items()
        }
        _suggest(by_step, self.catalog, task.diagnostics)
        return Candidates(by_step=by_step, always=self._always(task.document))

    def _queries(self, task: RetrieveTask) -> dict[str, Query]:
        steps = [step for step in task.outline.walk() if step.kind == "call" and step.text]
        others = _other_words(task)
        texts = tuple(step.text for step in steps)
        whole = Query(text=task.request, steps=texts, k=self.per_step)
        queries = {WHOLE: whole}
        for step in steps:
            k = self.wider if step.id in others else self.per_step
            words = others.pop(step.id, "")
            queries[step.id] = self._query_of(step, words, k)
        for step_id, words in others.items():
            queries[step_id] = Query(text=words, k=self.wider)
        if task.outline.trigger.text:
            # Triggers are few: look deep, then keep only them.
            queries[TRIGGER] = Query(text=task.outline.trigger.text, k=50)
        return queries

    def _query_of(self, step: OutlineStep, words: str, k: int) -> Query:
        # The service is only put into words: a hard filter would hide transforms.
        said = step.text.lower().split()
        is_said = not step.service or any(part in said for part in step.service.lower().split())
        text = step.text if is_said else f"{step.text} ({step.service})"
        return Query(text=text, steps=(words,) if words else (), k=k)

    def _components(self, name: str, hits: Iterable[Hit], k: int) -> tuple[Component, ...]:
        found = (self.catalog.get(hit.id) for hit in hits)
        known = [item for item in found if item is not None]
        if name == TRIGGER:
            known = [item for item in known if item.kind == "trigger"][: self.per_step]
        return tuple(known[:k])

    def _always(self, document: Document | None) -> tuple[Component, ...]:
        used = used_components(document, self.catalog) if document else ()
        basics = [item for item in self.catalog if _is_basic(item)][:MAX_BASICS]
        return tuple({item.id: item for item in (*used, *basics)}.values())


def _is_basic(component: Component) -> bool:
    if component.id.startswith(BASIC_PREFIX):
        return True
    return component.kind == "transform" and component.run is not None


def used_components(document: Document, catalog: Catalog) -> tuple[Component, ...]:
    """Return the components that a workflow uses, as far as the catalog knows them."""
    holders = [document.data.get("trigger")]
    holders += [block[index] for block, index, _ in find_steps(document.data).values()]
    names = (item.get("uses") for item in holders if isinstance(item, dict))
    found = {name: catalog.get(name) for name in names if isinstance(name, str)}
    return tuple(item for item in found.values() if item is not None)


def _other_words(task: RetrieveTask) -> dict[str, str]:
    """Return by step the words of the component that was named but does not exist."""
    steps = find_steps(task.document.data) if task.document else {}
    words: dict[str, str] = {}
    for item in task.diagnostics:
        block, index, _ = steps.get(item.step, ([{}], 0, ()))
        uses = str(block[index].get("uses", "")) if item.step else ""
        text = " ".join(_WORD.findall(uses)) or item.message
        words[item.step or WHOLE + " again"] = text
    return words


def _suggest(
    by_step: dict[str, tuple[Component, ...]], catalog: Catalog, diagnostics: Iterable[Diagnostic]
) -> None:
    """Put the components that a diagnostic names as candidates before those that were found."""
    for item in diagnostics:
        named = [found for name in item.candidates if (found := catalog.get(name)) is not None]
        place = item.step or WHOLE
        merged = {found.id: found for found in (*named, *by_step.get(place, ()))}
        by_step[place] = tuple(merged.values())
