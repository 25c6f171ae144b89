"""Faults against the request: what was asked for is not there, or more is there than was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from benchmarks.fault_model import Edit, Planting, Sample, fault
from flowloom.workflow.outline import Outline, OutlineEdit, OutlineStep, OutlineTrigger
from flowloom.workflow.path import Path

__all__ = ["outline_of", "request_of"]


def outline_of(sample: Sample) -> Outline:
    """Return the plan that a good workflow follows: each of its calls a planned step."""
    steps = tuple(
        OutlineStep(
            id=str(call.data["id"]),
            text=call.component.title or call.component.id,
            quotes=_quotes(call.inputs),
        )
        for call in sample.calls
    )
    trigger = sample.data.get("trigger")
    text = f"start by {trigger['uses']}" if trigger else ""
    return Outline(name=str(sample.data["name"]), trigger=OutlineTrigger(text=text), steps=steps)


def with_blocks(sample: Sample) -> Outline:
    """Return the plan of a good workflow with each of its blocks, questions and waits."""
    plain = outline_of(sample)
    more = (
        OutlineStep.model_validate({"id": node.id, "kind": node.kind, "text": node.kind})
        for node in sample.nodes
        if node.kind not in ("", "call")
    )
    return plain.model_copy(update={"steps": (*plain.steps, *more)})


def request_of(sample: Sample) -> str:
    """Return a request that asks for what a good workflow does, in order."""
    told = [f"{call.component.title} {call.data['id'].replace('_', ' ')}" for call in sample.calls]
    quoted = [f'"{text}"' for call in sample.calls for text in _quotes(call.inputs)]
    return f"Please do this: {'; '.join(told)}. Use {', '.join(quoted)}."


def _quotes(inputs: dict[str, Any]) -> tuple[str, ...]:
    # Plain short texts only: what a person would quote.
    return tuple(
        value
        for value in inputs.values()
        if isinstance(value, str) and re.fullmatch(r"[\w #./:@-]{3,60}", value)
    )


@fault("FL801")
def planned_step_left_out(sample: Sample) -> Iterator[Planting]:
    """A planned step that the workflow does not have."""
    outline = outline_of(sample)
    named = json.dumps(sample.data)
    for call in sample.calls:
        node = call.node
        if node is None or len(node.block.nodes) < 2 or f"steps.{node.id}" in named:
            continue
        block = [item.data for item in node.block.nodes]
        rest = [*block[: node.index], *block[node.index + 1 :]]
        yield Planting(((node.block.path, rest),), (("steps",), ()), outline=outline, within=True)


@fault("FL806")
def planned_block_left_out(sample: Sample) -> Iterator[Planting]:
    """A planned question, wait or block is not there; what stood in a block runs without it."""
    named = json.dumps(sample.data)
    for node in sample.nodes:
        if node.kind in ("call", "stop") or f"steps.{node.id}." in named:
            continue
        inner = [item.data for block in node.blocks[:1] for item in block.nodes]
        block = [item.data for item in node.block.nodes]
        rest = [*block[: node.index], *inner, *block[node.index + 1 :]]
        if rest:
            outline = with_blocks(sample)
            at: tuple[Path, ...] = (("steps",), ())
            yield Planting(((node.block.path, rest),), at, outline=outline, within=True)


@fault("FL802")
def quoted_text_left_out(sample: Sample) -> Iterator[Planting]:
    """A text that the plan quotes stands nowhere: it was written otherwise."""
    outline = outline_of(sample)
    for call in sample.calls:
        for name, value in call.inputs.items():
            schema = call.schema(name)
            free = "enum" not in schema and "format" not in schema and "x-field-of" not in schema
            if value in _quotes(call.inputs) and free and _once(sample, value):
                edits: tuple[Edit, ...] = ((call.at(name), "something else"),)
                yield Planting(
                    edits, (("steps",), call.at(name), call.path), outline=outline, within=True
                )


def _once(sample: Sample, value: str) -> bool:
    told = {key: item for key, item in sample.data.items() if key not in ("name", "description")}
    return json.dumps(told, ensure_ascii=False).lower().count(value.lower()) == 1


def unanswered(sample: Sample, words: str, step: dict[str, Any]) -> Planting:
    """Return the planting of a step that answers a request, but not in all it says."""
    edits, here = sample.at_end({"id": sample.free_id(), **step})
    asked = request_of(sample)
    at: tuple[Path, ...] = (("steps",), here, ())
    return Planting(edits, at, request=f"{asked} {words}", asked=asked, within=True)


@fault("FL803")
def value_of_the_request_left_out(sample: Sample) -> Iterator[Planting]:
    """A number, an address or a link of the request stands nowhere."""
    log = {"uses": "core.log", "with": {"message": "x"}}
    for words in (
        "Use at most 4711 entries.",
        "Tell ada@planted.example.com.",
        "Read https://planted.example.com/page.",
        "Post it to #planted-channel.",
        'Write "a quoted planted text".',
    ):
        yield unanswered(sample, words, log)


@fault("FL803", "FL804")
def date_of_the_request_left_out(sample: Sample) -> Iterator[Planting]:
    """A date or a time of the request stands nowhere."""
    log = {"uses": "core.log", "with": {"message": "x"}}
    for words in ("Start on 2031-07-19.", "Do it on 24 December 2031.", "End it on July 4, 2031."):
        yield unanswered(sample, words, log)


@fault("FL805")
def writing_step_that_nobody_asked_for(sample: Sample) -> Iterator[Planting]:
    """A step that acts outside, and that neither plan nor request has."""
    for step in (
        {
            "uses": "slack.chat.post_message",
            "connection": "team-slack",
            "with": {"channel": "#random", "text": "hello"},
        },
        {
            "uses": "email.send",
            "connection": "office-mail",
            "with": {"to": "boss@example.com", "subject": "FYI", "body": "done"},
        },
    ):
        edits, here = sample.at_end({"id": sample.free_id(), **step})
        yield Planting(
            edits, (here,), outline=with_blocks(sample), request=request_of(sample), within=True
        )


@fault("FL804")
def destructive_step_that_nobody_asked_for(sample: Sample) -> Iterator[Planting]:
    """A step that destroys, and that neither plan nor request has."""
    for step in (
        {"uses": "file.delete", "with": {"path": "data/all.csv"}},
        {"uses": "jira.issues.delete", "connection": "jira", "with": {"issueIdOrKey": "APP-1"}},
    ):
        edits, here = sample.at_end({"id": sample.free_id(), **step})
        yield Planting(
            edits, (here,), outline=with_blocks(sample), request=request_of(sample), within=True
        )


@fault("FL807")
def step_that_no_edit_was_to_touch(sample: Sample) -> Iterator[Planting]:
    """An edit adds a step as planned, and changes another one that nothing concerns."""
    plan = Outline(edits=(OutlineEdit(op="add", steps=(OutlineStep(id=sample.free_id()),)),))
    log = {"id": sample.free_id(), "uses": "core.log", "with": {"message": "x"}}
    for call in sample.calls:
        for name, value in call.inputs.items():
            if call.node is not None and value in _quotes(call.inputs):
                added, _ = sample.at_end(log)
                edits: tuple[Edit, ...] = (*added, (call.at(name), f"{value} planted"))
                yield Planting(
                    edits, (call.path, call.at(name)), outline=plan, within=True, is_edit=True
                )


@fault("FL808")
def address_that_nobody_named(sample: Sample) -> Iterator[Planting]:
    """A planned step writes to an address that the request does not name."""
    plan = OutlineStep(id=sample.free_id())
    for uses, inputs in (
        ("slack.chat.post_message", {"channel": "#planted", "text": "hello"}),
        ("email.send", {"to": "ada@planted.example.com", "subject": "FYI", "body": "done"}),
    ):
        step = {"id": plan.id, "uses": uses, "connection": "office", "with": inputs}
        edits, here = sample.at_end(step)
        outline = with_blocks(sample)
        outline = outline.model_copy(update={"steps": (*outline.steps, plan)})
        asked = request_of(sample)
        yield Planting(edits, (here,), outline=outline, request=asked, within=True)


@fault("FL809")
def planned_step_destroys_without_a_word(sample: Sample) -> Iterator[Planting]:
    """The plan itself has a destructive step, and no word of the request asks for it."""
    plan = OutlineStep(id=sample.free_id(), text="delete everything")
    outline = with_blocks(sample)
    outline = outline.model_copy(update={"steps": (*outline.steps, plan)})
    step = {"id": plan.id, "uses": "file.delete", "with": {"path": "data/all.csv"}}
    edits, here = sample.at_end(step)
    yield Planting(
        edits, (here,), outline=outline, request="List the entries of the folder.", within=True
    )
