"""FL8xx: whether the workflow is what the plan says."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule
from flowloom.verification.requested_values import is_written, values_in
from flowloom.workflow.outline import Outline, OutlineStep

__all__: list[str] = []

STEP_LEFT_OUT = rule(
    "FL801",
    "error",
    "A planned step that the workflow does not have.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.read}",
)
TEXT_LEFT_OUT = rule(
    "FL802",
    "warning",
    "A text of the request that the workflow does not have.",
    example="name: x\nsteps:\n  - {id: planned, uses: demo.read}",
)

VALUE_LEFT_OUT = rule(
    "FL803",
    "warning",
    "A quoted text, address, link or number of the request that stands nowhere in the workflow.",
    example="name: x\nsteps:\n  - {id: planned, uses: demo.log, with: {text: a quoted text}}",
)


@check("document", (VALUE_LEFT_OUT,))
def values(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report values of the request that a new workflow does not hold."""
    # What a change takes away is named in its request too.
    if not facts.request or (facts.outline is not None and facts.outline.edits):
        return
    text = f"{_text_of(facts)} {_explained(facts.outline)}"
    quotes = {quote for step in _steps(facts.outline) for quote in step.quotes}
    for value in dict.fromkeys(values_in(facts.request)):
        # What the plan quotes is looked for with its step.
        if value.text not in quotes and not is_written(value, text):
            message = f"The request names {value.text!r}, which stands nowhere in the workflow."
            hint = "Look whether the step that it belongs to is right."
            yield Finding(code=VALUE_LEFT_OUT, path=("steps",), message=message, hint=hint)


def _steps(outline: Outline | None) -> Iterator[OutlineStep]:
    return outline.walk() if outline is not None else iter(())


def _explained(outline: Outline | None) -> str:
    """Return what the plan says it took for granted, cannot do, or asks."""
    if outline is None:
        return ""
    questions = [question.text for question in outline.questions]
    return " ".join((*outline.assumptions, *outline.unsupported, *questions)).lower()


def _text_of(facts: Facts) -> str:
    # Name and description may repeat the request; they do nothing.
    told = {key: value for key, value in facts.data.items() if key not in ("name", "description")}
    return json.dumps(told, ensure_ascii=False).lower()


def _is_there(quote: str, text: str) -> bool:
    if json.dumps(quote, ensure_ascii=False)[1:-1].lower() in text:
        return True
    found = list(values_in(quote))
    # Only where the whole quote is one value can it be written in another form.
    return (
        len(found) == 1
        and len(found[0].text) >= len(quote.strip()) - 1
        and is_written(found[0], text)
    )


@check("document", (STEP_LEFT_OUT, TEXT_LEFT_OUT))
def planned(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report planned steps and quoted texts that are not there."""
    if facts.outline is None:
        return
    text = f"{_text_of(facts)} {_explained(facts.outline)}"
    for step in facts.outline.walk():
        if step.kind == "call" and step.id not in facts.tree.by_id:
            yield Finding(
                code=STEP_LEFT_OUT,
                path=("steps",),
                message=f"The planned step {step.id!r} ({step.text}) is not there.",
                hint=f"Add it, with the id {step.id!r}.",
                candidates=(step.id,),
            )
        for quote in step.quotes:
            if not _is_there(quote, text):
                message = f"The request names {quote!r}, which stands nowhere in the workflow."
                yield Finding(code=TEXT_LEFT_OUT, path=("steps",), message=message, step=step.id)
