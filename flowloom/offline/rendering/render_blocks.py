"""From a plan to a workflow: the blocks and the steps that are no calls of a component."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from flowloom.offline.planning.plan import (
    Call,
    Node,
    Parallel,
    Reference,
    Stop,
    Switch,
    Try,
    Wait,
    walk_nodes,
)
from flowloom.offline.rendering.schemas import Typed

__all__ = ["Block", "finish_call", "question_of", "write_block"]

_ERROR = re.compile(
    r"(?i)\b(?:the|its|that|this|what|whatever|an?|full|exact)\s+(?:\w+\s+)?(?:errors?|failure|problem|exception|reason"
    r"|went\s+wrong)\b|\berror\s+(?:message|text)\b"
)
_TEXT = {"type": "string"}
_ERROR_SCHEMA = {"type": "object", "properties": {"message": _TEXT, "code": _TEXT, "step": _TEXT}}

Block = Switch | Try | Parallel | Wait | Stop


class Writer(Protocol):
    """What writes steps and knows what they give."""

    outputs: dict[str, Typed]

    def steps(self, nodes: Sequence[Node]) -> list[dict[str, Any]]:
        """Return the steps of a block."""
        ...

    def value_of(self, reference: Reference | None) -> Typed | None:
        """Return the value that a reference names."""
        ...


def write_block(node: Block, writer: Writer) -> dict[str, Any]:
    """Return one step with the blocks inside it."""
    match node:
        case Wait():
            return {"id": node.id, "wait": node.duration}
        case Stop():
            status = {"status": "failed"} if node.failed else {}
            return {"id": node.id, "stop": node.message, **status}
        case Parallel():
            return {"id": node.id, "parallel": [writer.steps(branch) for branch in node.branches]}
        case Try():
            return _try(node, writer)
        case Switch():
            return _switch(node, writer)


def _try(node: Try, writer: Writer) -> dict[str, Any]:
    before = dict(writer.outputs)
    step: dict[str, Any] = {"id": node.id, "try": writer.steps(node.steps)}
    after, writer.outputs = writer.outputs, before
    if node.catch:
        step["catch"] = _apart(writer, lambda: _caught(node, writer))
    if node.last:
        step["finally"] = _apart(writer, lambda: writer.steps(node.last))
    # What may have failed gives nothing behind, unless the run ends there.
    ends = bool(node.catch) and isinstance(node.catch[-1], Stop)
    writer.outputs = before if node.catch and not ends else after
    return step


def _caught(node: Try, writer: Writer) -> list[dict[str, Any]]:
    """Let what is done on an error tell the error, where its words speak of it."""
    calls = (item for item in walk_nodes(node.catch) if isinstance(item, Call))
    if any(_ERROR.search(call.action.text) for call in calls):
        writer.outputs = {**writer.outputs, "error": Typed("error", _ERROR_SCHEMA)}
    return writer.steps(node.catch)


def _switch(node: Switch, writer: Writer) -> dict[str, Any]:
    value = writer.value_of(node.about)
    step: dict[str, Any] = {"id": node.id, "switch": value.expression if value else '""'}
    step["cases"] = [
        {"when": case.value, "do": _apart(writer, lambda case=case: writer.steps(case.steps))}
        for case in node.cases
    ]
    if node.default:
        step["default"] = _apart(writer, lambda: writer.steps(node.default))
    return step


def _apart(writer: Writer, write: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Steps of a branch: what they give is not known to have run behind it."""
    before = dict(writer.outputs)
    written = write()
    writer.outputs = before
    return written


def finish_call(step: dict[str, Any], node: Call) -> dict[str, Any]:
    """Add to a step how often it is tried and what its failure means."""
    if node.attempts:
        step["retry"] = {"max_attempts": node.attempts}
    if node.on_error:
        step["on_error"] = node.on_error
    return step


def question_of(step: dict[str, Any], node: Call) -> dict[str, Any]:
    """Add to a question what may be answered and who is asked."""
    if node.choices:
        step["choices"] = list(node.choices)
    if node.to:
        step["to"] = node.to
    return step
