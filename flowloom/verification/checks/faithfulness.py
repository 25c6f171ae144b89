"""FL8xx: whether the workflow is what the plan says."""

from __future__ import annotations

import json
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


@check("document", (STEP_LEFT_OUT, TEXT_LEFT_OUT))
def planned(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report planned steps and quoted texts that are not there."""
    if facts.outline is None:
        return
    text = json.dumps(facts.data, ensure_ascii=False).lower()
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
            if json.dumps(quote, ensure_ascii=False)[1:-1].lower() not in text:
                message = f"The request names {quote!r}, which stands nowhere in the workflow."
                yield Finding(code=TEXT_LEFT_OUT, path=("steps",), message=message, step=step.id)
