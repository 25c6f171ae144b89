"""What happens inside a composer while it runs: its first draft, and the candidates shown."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from flowloom.agents.retriever import Retriever, RetrieveTask
from flowloom.agents.verifier import Mend
from flowloom.catalog.catalog import Catalog
from flowloom.errors import DocumentError, EditError
from flowloom.evaluation.strategies.shown import CandidateTexts
from flowloom.roles import Candidates, Draft, GenerateTask, Planned, PlanTask
from flowloom.roles import Generator as Generates
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document, dump_json
from flowloom.workflow.edits import apply_changes
from flowloom.workflow.outline import Outline

__all__ = [
    "EmptyPlanner",
    "Record",
    "RecordingGenerator",
    "WholeRequestRetriever",
    "mend_nothing",
    "recording",
]


@dataclass
class Record:
    """Filled while one run goes on.

    Attributes:
        draft: text of the first document, before any mend; empty until there is one.
        candidates: ids, best first, each once over all searches.
    """

    draft: str = ""
    candidates: dict[str, None] = field(default_factory=dict[str, None])


_RECORD: ContextVar[Record | None] = ContextVar("flowloom_evaluation_record", default=None)


@contextmanager
def recording() -> Generator[Record]:
    """Record what happens in this task, and in those that it starts."""
    record = Record()
    token = _RECORD.set(record)
    try:
        yield record
    finally:
        _RECORD.reset(token)


@dataclass(frozen=True)
class RecordingGenerator:
    """Writes down what a generator is given and what it makes, if somebody records."""

    inner: Generates
    texts: CandidateTexts

    async def generate(self, task: GenerateTask) -> Draft:
        """See ``flowloom.roles.Generator``."""
        draft = await self.inner.generate(task)
        record = _RECORD.get()
        if record is not None:
            record.candidates |= dict.fromkeys(self.texts.of(task.candidates)[1])
            record.draft = record.draft or _text_of(task, draft)
        return draft


def _text_of(task: GenerateTask, draft: Draft) -> str:
    try:
        if draft.workflow is not None:
            # Nobody reads it as it stands, and JSON is written much faster than YAML.
            return dump_json(draft.workflow)
        if task.document is not None and draft.changes:
            return apply_changes(task.document, draft.changes).text
    except (DocumentError, EditError):
        return ""  # The graph meets the same error and says so.
    return ""


class EmptyPlanner:
    """Plans nothing: what is left of the agents without their planner."""

    async def plan(self, task: PlanTask) -> Planned:
        """Return an outline without steps."""
        return Planned(outline=task.outline or Outline())


class WholeRequestRetriever(Retriever):
    """Searches once, with the whole request, whatever is planned."""

    async def retrieve(self, task: RetrieveTask) -> Candidates:
        """Search as if there were no planned steps."""
        return await super().retrieve(replace(task, outline=Outline()))


def mend_nothing(
    document: Document, catalog: Catalog, diagnostics: Sequence[Diagnostic]
) -> tuple[Document, tuple[Mend, ...]]:
    """Mend nothing by rule."""
    return document, ()
