"""Planners, generators and verdicts for tests of the graph: they say what they are told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.agents.retriever import Retriever, Search
from flowloom.agents.verifier import Mend, Verifier
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.graph.context import Composer
from flowloom.retrieval.query import Hit, Query
from flowloom.roles import Draft, GenerateTask, Planned, PlanTask, Usage
from flowloom.verification.diagnostic import Diagnostic, Mender, Verdict
from flowloom.workflow.document import Document, content_hash
from flowloom.workflow.outline import Outline, OutlineStep, OutlineTrigger

__all__ = [
    "CATALOG",
    "OUTLINE",
    "Findings",
    "ScriptedGenerator",
    "ScriptedPlanner",
    "composer",
    "error",
    "search",
    "workflow",
]

CATALOG = Catalog(
    [
        Component(id="core.manual", title="Start by hand", kind="trigger"),
        Component(id="core.set", title="Set a value", kind="transform"),
        Component(id="slack.post", title="Post a message", provider="Slack", effect="write"),
        Component(id="github.list", title="List issues", provider="GitHub"),
    ]
)
OUTLINE = Outline(
    name="demo",
    trigger=OutlineTrigger(text="start by hand"),
    steps=(OutlineStep(id="post", text="post a message", service="Slack"),),
)


def search(query: Query) -> list[Hit]:
    """Every component whose title shares a word with the query."""
    words = set(query.text.lower().split())
    found = [item for item in CATALOG if words & set(item.title.lower().split())]
    return [Hit(item.id, 1.0 / rank) for rank, item in enumerate(found, 1)][: query.k]


def workflow(text: str = "hello") -> dict[str, Any]:
    """A workflow of one step."""
    step = {"id": "post", "uses": "slack.post", "with": {"text": text}}
    return {"name": "demo", "steps": [step]}


def error(message: str = "wrong", mender: Mender = "generator", **more: Any) -> Diagnostic:
    """One finding."""
    return Diagnostic(
        code="FL900", severity="error", path="steps[0]", message=message, mender=mender, **more
    )


@dataclass
class ScriptedPlanner:
    """Gives its outlines in turn, the last one again and again."""

    outlines: Sequence[Outline] = (OUTLINE,)
    usage: Usage = field(default_factory=Usage)
    tasks: list[PlanTask] = field(default_factory=list[PlanTask])

    async def plan(self, task: PlanTask) -> Planned:
        self.tasks.append(task)
        outline = self.outlines[min(len(self.tasks), len(self.outlines)) - 1]
        return Planned(outline=outline, usage=self.usage)


@dataclass
class ScriptedGenerator:
    """Gives its drafts in turn, the last one again and again; an exception is raised."""

    drafts: Sequence[Draft | Exception] = ()
    tasks: list[GenerateTask] = field(default_factory=list[GenerateTask])

    async def generate(self, task: GenerateTask) -> Draft:
        self.tasks.append(task)
        drafts = self.drafts or (Draft(workflow=workflow()),)
        draft = drafts[min(len(self.tasks), len(drafts)) - 1]
        if isinstance(draft, Exception):
            raise draft
        return draft


@dataclass
class Findings:
    """A verifier that gives its findings in turn, the last ones again and again."""

    rounds: Sequence[Sequence[Diagnostic]] = ((),)
    calls: int = 0

    def __call__(self, document: Document, catalog: Catalog, **more: Any) -> Verdict:
        self.calls += 1
        found = self.rounds[min(self.calls, len(self.rounds)) - 1]
        return Verdict(content_hash=content_hash(document.data), diagnostics=tuple(found))


def no_mend(
    document: Document, catalog: Catalog, diagnostics: Sequence[Diagnostic]
) -> tuple[Document, tuple[Mend, ...]]:
    """Mend nothing."""
    return document, ()


def composer(
    planner: Any = None,
    generator: Any = None,
    findings: Findings | None = None,
    index: Search = search,
) -> Composer:
    """A composer of stand-ins."""
    return Composer(
        planner=planner or ScriptedPlanner(),
        generator=generator or ScriptedGenerator(),
        retriever=Retriever(CATALOG, index),
        verifier=Verifier(CATALOG, findings or Findings(), no_mend),
        catalog=CATALOG,
        model="stand-in",
    )
