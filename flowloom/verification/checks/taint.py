"""FL706, FL709, FL710: text from outside where it can do harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flowloom.catalog.component import Taint
from flowloom.verification.facts import Facts, Finding, Site, Use
from flowloom.verification.outside import Origin, OutsideValues
from flowloom.verification.registry import check, rule
from flowloom.workflow.path import at

__all__: list[str] = []

_READ = "name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
CODE = rule(
    "FL706",
    "error",
    "Text from outside that becomes part of code, SQL or a shell command.",
    example=_READ + "  - id: q\n    uses: demo.query\n"
    "    with: {query: \"select * from t where name = '${{ steps.r.output.text }}'\"}",
)
PLACE = rule(
    "FL709",
    "warning",
    "Text from outside that decides which host is called or which file is touched.",
    example=_READ + "  - {id: f, uses: demo.fetch, with: {url: '${{ steps.r.output.text }}'}}",
)
PROMPT = rule(
    "FL710",
    "warning",
    "Text from outside in the instructions of a chat model.",
    example=_READ + "  - id: c\n    uses: demo.chat\n"
    "    with: {prompt: Hi, system: 'Do this: ${{ steps.r.output.text }}'}",
)
_CODES: dict[Taint, str] = {"url": PLACE, "path": PLACE, "prompt": PROMPT}
_WORDS: dict[Taint, str] = {
    "code": "is run as code",
    "sql": "is SQL",
    "shell": "is run by a shell",
    "url": "decides which host is called",
    "path": "decides which file is touched",
    "prompt": "tells the model what to do",
}
_HINTS: dict[Taint, str] = {
    "code": "Give it as data, not as part of the code, or allow only an enum of known texts.",
    "sql": "Name it in the statement (:name) and give its value as a parameter.",
    "shell": "Give it as data, not as part of the command, or allow only an enum of known texts.",
    "url": "Write scheme and host as fixed text and put only what follows in '${{ }}'.",
    "path": "Use a fixed name, a date or number, or make a plain name of it first.",
    "prompt": "Give it in the input for data (such as 'prompt' or 'text'); write instructions out.",
}
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_HOST = re.compile(r"\s*(?:\w+://|(?!\w+://))[^/?#\s]+[/?#]")
_FIXED_START = re.compile(r"""\(*\s*(["'])\w+://[^/?#"'\s]+[/?#][^"']*\1\s*\+""")


@check("document", (CODE, PLACE, PROMPT))
def text_from_outside(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report text from outside in inputs that a component marks."""
    values: OutsideValues | None = None
    for use in facts.uses.values():
        if use.node is None or use.component is None or not use.component.taint:
            continue
        for site in facts.sites_of_step.get(use.path, ()):
            name = str(site.path[len(use.path) + 1]) if len(site.path) > len(use.path) + 1 else ""
            kind = use.component.taint.get(name)
            if kind is None or (kind == "url" and _host_is_fixed(facts, site)):
                continue
            values = values or OutsideValues(facts)
            origin = values.of_site(site, kind)
            if origin is not None and not (kind == "prompt" and origin.asked):
                yield _finding(use, site, name, kind, origin)


def _finding(use: Use, site: Site, name: str, kind: Taint, origin: Origin) -> Finding:
    known = use.component.inputs if use.component else {}
    parameters = kind == "sql" and "parameters" in known
    hint = "Write :name in the statement and give the value in 'parameters'." if parameters else ""
    return Finding(
        code=_CODES.get(kind, CODE),
        path=site.path,
        message=f"{use.name} takes {site.text!r} into {name!r}, which {_WORDS[kind]}; "
        f"{origin.reference} {origin.source}.",
        hint=hint or _HINTS[kind],
        step=use.step,
        column=site.column,
    )


def _host_is_fixed(facts: Facts, site: Site) -> bool:
    """Return whether scheme and host stand before the expression already."""
    text: Any = at(facts.data, site.path)
    before = str(text)[: site.column].rpartition("${{")[0]
    if _HOST.match(_EXPRESSION.sub("x", before)):
        return True
    return not before.strip() and _FIXED_START.match(site.text) is not None
