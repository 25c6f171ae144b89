"""What the retriever searches for, and what it always gives."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from flowloom.agents.retriever import TRIGGER, WHOLE, Retriever, RetrieveTask
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component, PythonRun
from flowloom.errors import IndexFault
from flowloom.retrieval.query import Hit, Query
from flowloom.workflow.document import document_of
from flowloom.workflow.outline import Outline, OutlineBlock, OutlineStep, OutlineTrigger
from tests.graph.stand_ins import error

RUN = PythonRun(target="a:b")
CATALOG = Catalog(
    [
        Component(id="core.schedule", kind="trigger", run=RUN),
        Component(id="core.log", run=RUN),
        Component(id="lists.filter", kind="transform", run=RUN),
        Component(id="mail.send"),
        Component(id="slack.post"),
    ]
)


class Index:
    """Finds what it is told to; notes the queries."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids
        self.queries: list[Query] = []
        self.threads: list[int] = []

    def __call__(self, query: Query) -> Sequence[Hit]:
        self.queries.append(query)
        self.threads.append(threading.get_ident())
        return [Hit(name, 1.0) for name in self.ids]


POST = OutlineStep(id="post", text="post", service="Slack")
LOOP = OutlineStep(
    id="each",
    kind="for_each",
    text="for each issue",
    blocks=(OutlineBlock(label="do", steps=(POST,)),),
)
OUTLINE = Outline(trigger=OutlineTrigger(text="every day"), steps=(LOOP,))


async def test_the_request_each_call_and_the_trigger_are_searched() -> None:
    index = Index("slack.post", "core.schedule", "gone.from.catalog")
    task = RetrieveTask(request="every day post", outline=OUTLINE)
    found = await Retriever(CATALOG, index).retrieve(task)
    assert {query.text for query in index.queries} == {
        "every day post",
        "post (Slack)",
        "every day",
    }
    assert index.queries[0].steps == ("post",)
    assert [item.id for item in found.by_step["post"]] == ["slack.post", "core.schedule"]
    assert [item.id for item in found.by_step[TRIGGER]] == ["core.schedule"]
    assert "each" not in found.by_step


async def test_basics_and_what_the_workflow_uses_are_always_there() -> None:
    workflow = {
        "name": "x",
        "trigger": {"uses": "core.schedule"},
        "steps": [{"id": "a", "if": "true", "then": [{"id": "b", "uses": "mail.send"}]}],
    }
    task = RetrieveTask(request="x", outline=OUTLINE, document=document_of(workflow))
    found = await Retriever(CATALOG, Index()).retrieve(task)
    ids = [item.id for item in found.always]
    assert ids == ["core.schedule", "mail.send", "core.log", "lists.filter"]


async def test_a_diagnostic_leads_to_other_words_a_wider_search_and_its_candidates() -> None:
    workflow = {"name": "x", "steps": [{"id": "post", "uses": "slackApi.sendMessage"}]}
    diagnostic = error("No such component.", "retriever", step="post", candidates=("mail.send",))
    index = Index("slack.post")
    task = RetrieveTask(
        request="x", outline=OUTLINE, document=document_of(workflow), diagnostics=(diagnostic,)
    )
    found = await Retriever(CATALOG, index, per_step=2, wider=5).retrieve(task)
    query = next(query for query in index.queries if query.text.startswith("post"))
    assert query.steps == ("slack Api send Message",)
    assert query.k == 5
    assert [item.id for item in found.by_step["post"]] == ["mail.send", "slack.post"]


async def test_a_diagnostic_without_a_step_is_searched_by_its_message() -> None:
    index = Index("slack.post")
    diagnostic = error("There is no trigger 'daily'.", "retriever")
    task = RetrieveTask(request="x", outline=OUTLINE, diagnostics=(diagnostic,))
    await Retriever(CATALOG, index).retrieve(task)
    assert "There is no trigger 'daily'." in {query.text for query in index.queries}


async def test_the_first_search_is_done_alone_and_off_the_event_loop() -> None:
    index = Index()
    await Retriever(CATALOG, index).retrieve(RetrieveTask(request="whole", outline=OUTLINE))
    assert index.queries[0].text == "whole"
    assert threading.get_ident() not in index.threads


async def test_a_fault_of_the_index_passes_through() -> None:
    def broken(query: Query) -> Sequence[Hit]:
        raise IndexFault("The index is damaged.")

    with pytest.raises(IndexFault):
        await Retriever(CATALOG, broken).retrieve(RetrieveTask(request="x", outline=OUTLINE))


async def test_nothing_found_is_no_error() -> None:
    found = await Retriever(CATALOG, Index()).retrieve(RetrieveTask(request="x", outline=OUTLINE))
    assert found.by_step[WHOLE] == ()
