"""A LangGraph graph of your own with flowloom's composer as one of its nodes."""

from __future__ import annotations

import asyncio
from typing import Any

from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from flowloom.api.subgraph import workflow_graph

TICKET = 'Please: when a webhook arrives at /deploy, post "deployed" to #eng in Slack. Thanks!'


class Ticket(TypedDict, total=False):
    """Our own state; all but ``ticket`` and ``reply`` are the composer's too."""

    ticket: str
    request: str
    workflow: str
    status: str
    result: dict[str, Any]
    reply: str


def read_ticket(state: Ticket) -> Ticket:
    """Take the request out of the ticket."""
    text = state.get("ticket", "")
    return {"request": text.removeprefix("Please: ").removesuffix(" Thanks!")}


def reply(state: Ticket) -> Ticket:
    """Answer the ticket."""
    if state.get("status") == "valid":
        return {"reply": f"Here it is:\n\n{state.get('workflow')}"}
    questions = [item["text"] for item in state.get("result", {}).get("questions", ())]
    return {"reply": "\n".join(["We need to know more.", *questions])}


def ticket_graph(**settings: Any) -> Any:
    """Return the compiled graph.

    Args:
        settings: for flowloom, such as ``model``, ``catalog`` and ``data_dir``.
    """
    graph = StateGraph(Ticket)
    graph.add_node("read_ticket", read_ticket)
    graph.add_node("composer", workflow_graph(**settings))
    graph.add_node("reply", reply)
    graph.add_edge(START, "read_ticket")
    graph.add_edge("read_ticket", "composer")
    graph.add_edge("composer", "reply")
    graph.add_edge("reply", END)
    return graph.compile()


if __name__ == "__main__":
    print(asyncio.run(ticket_graph().ainvoke({"ticket": TICKET}))["reply"])
