"""The composer as a node of somebody else's LangGraph graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from flowloom import Catalog
from flowloom.api.subgraph import workflow_graph
from flowloom.errors import DocumentError
from flowloom.graph.checkpoints import checkpoint_serializer
from flowloom.settings import Settings
from tests.service.bench import REQUEST, SAVED


class Ticket(TypedDict, total=False):
    """The parent's state: three keys are shared with the subgraph."""

    text: str
    request: str
    workflow: str
    status: str
    note: str


def read_ticket(state: Ticket) -> Ticket:
    return {"request": state.get("text", "")}


def close_ticket(state: Ticket) -> Ticket:
    return {"note": f"closed: {state.get('status')}"}


def parent(catalog: Catalog, settings: Settings, **more: Any) -> Any:
    graph = StateGraph(Ticket)
    graph.add_node("read", read_ticket)
    graph.add_node("composer", workflow_graph(catalog=catalog, settings=settings))
    graph.add_node("close", close_ticket)
    graph.add_edge(START, "read")
    graph.add_edge("read", "composer")
    graph.add_edge("composer", "close")
    graph.add_edge("close", END)
    return graph.compile(**more)


async def test_a_parent_gives_a_request_and_gets_a_workflow(
    catalog: Catalog, settings: Settings
) -> None:
    end = await parent(catalog, settings).ainvoke({"text": REQUEST})
    assert end["status"] == "valid"
    assert "uses: github.issues.list" in end["workflow"]
    assert end["note"] == "closed: valid"
    assert "result" not in end


async def test_a_workflow_that_the_parent_has_is_changed(
    catalog: Catalog, settings: Settings
) -> None:
    graph = workflow_graph(catalog=catalog, settings=settings)
    request = "change the channel of the step post to #ops"
    end = await graph.ainvoke({"request": request, "workflow": SAVED})
    assert end["workflow"] == SAVED.replace("#eng", "#ops")
    assert end["result"]["status"] == "valid"


async def test_its_events_are_seen_in_the_parents_stream(
    catalog: Catalog, settings: Settings
) -> None:
    graph = parent(catalog, settings)
    seen = [
        part["data"].type
        async for part in graph.astream(
            {"text": REQUEST}, stream_mode=["custom"], subgraphs=True, version="v2"
        )
    ]
    assert seen.count("stage_started") == 4
    assert seen.count("result") == 1


async def test_the_parents_checkpointer_keeps_every_stage(
    catalog: Catalog, settings: Settings
) -> None:
    saver = InMemorySaver(serde=checkpoint_serializer())
    graph = parent(catalog, settings, checkpointer=saver)
    config: Any = {"configurable": {"thread_id": "one"}}
    await graph.ainvoke({"text": REQUEST}, config)
    kept = [item.config.get("configurable", {}) for item in saver.list(None)]
    names = {item["checkpoint_ns"] for item in kept}
    assert len([name for name in names if name.count("|") == 1]) == 1
    assert (await graph.aget_state(config)).values["status"] == "valid"


async def test_what_is_no_workflow_is_refused(catalog: Catalog, settings: Settings) -> None:
    graph = workflow_graph(catalog=catalog, settings=settings)
    with pytest.raises(DocumentError):
        await graph.ainvoke({"request": "x", "workflow": "a: [1"})


def test_the_example_of_its_docstring_is_true(catalog: Catalog, data_dir: Path) -> None:
    graph = workflow_graph(catalog=catalog, data_dir=data_dir)
    assert set(graph.get_input_jsonschema()["properties"]) >= {"request", "workflow", "status"}
