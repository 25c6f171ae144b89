"""FL8xx: whether the workflow is what the plan says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule

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
_VALUE = re.compile(
    r"\"(?P<double>[^\"]{1,200})\"|“(?P<curly>[^”]{1,200})”|(?<!\w)'(?P<single>[^']{1,200})'(?!\w)"
    r"|(?P<link>https?://[^\s,;]+[^\s,;.])|(?P<address>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<channel>(?<!\w)#[\w-]+)|(?<![\w.,:/#-])(?P<number>\d+(?:\.\d+)?)(?![\w:/]|[.,]\d|\s*[ap]\.?m\b)"
)


@check("document", (VALUE_LEFT_OUT,))
def values(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report values of the request that a new workflow does not hold."""
    # What a change takes away is named in its request too.
    if not facts.request or (facts.outline is not None and facts.outline.edits):
        return
    text = _text_of(facts)
    for match in _VALUE.finditer(facts.request):
        value = next(found for found in match.groups() if found is not None)
        if _written(value) not in text:
            message = f"The request names {value!r}, which stands nowhere in the workflow."
            hint = "Look whether the step that it belongs to is right."
            yield Finding(code=VALUE_LEFT_OUT, path=("steps",), message=message, hint=hint)


def _text_of(facts: Facts) -> str:
    # Name and description may repeat the request; they do nothing.
    told = {key: value for key, value in facts.data.items() if key not in ("name", "description")}
    return json.dumps(told, ensure_ascii=False).lower()


def _written(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1].lower()


@check("document", (STEP_LEFT_OUT, TEXT_LEFT_OUT))
def planned(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report planned steps and quoted texts that are not there."""
    if facts.outline is None:
        return
    text = _text_of(facts)
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
            if _written(quote) not in text:
                message = f"The request names {quote!r}, which stands nowhere in the workflow."
                yield Finding(code=TEXT_LEFT_OUT, path=("steps",), message=message, step=step.id)
