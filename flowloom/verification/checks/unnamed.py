"""FL808, FL809: where a workflow writes to, or what it destroys, without a word of the request.

A plan is made by a model too, from texts that others may have written. These checks hold the
workflow against the request itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flowloom.verification.acting import effect_of
from flowloom.verification.facts import Facts, Finding, Use
from flowloom.verification.registry import check, rule
from flowloom.verification.tree import read_tree

__all__: list[str] = []

TO_NOBODY_NAMED = rule(
    "FL808",
    "warning",
    "An address, a link or a channel that a writing step goes to and that the request does not"
    " name.",
    example="name: x\nsteps:\n  - id: planned\n    uses: demo.send\n    connection: demo\n"
    "    with: {to: someone@example.com, text: larger than 4217}",
    mender="person",
)
NO_WORD_FOR_IT = rule(
    "FL809",
    "warning",
    "A planned step that destroys something, although no word of the request asks for that.",
    example="name: x\nsteps:\n  - {id: r, uses: demo.read}\n"
    "  - id: c\n    if: steps.r.output.count > 4217\n    then:\n"
    "      - {id: planned, uses: demo.remove, with: {name: old}}",
    mender="person",
)
_ADDRESS = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_DESTINATION = re.compile(rf"(?:{_ADDRESS}|https?://\S+|#[\w-]+)", re.IGNORECASE)
_RECEIVERS = frozenset(["to", "cc", "bcc", "channel", "recipient", "recipients", "chat_id"])
_ENGLISH = re.compile(
    r"\b(?:the|and|of|to|every|when|with|it|them|all|for|then|a)\b", re.IGNORECASE
)
_DESTROYING = re.compile(
    r"\b(?:delet|remov|clear|clean|drop|eras|purg|cancel|trash|archiv|wip|truncat|prun|discard"
    r"|revok|unsubscrib|clos|terminat|kick|ban|overwrit|replac|mov|updat|chang|modif|reset|empty"
    r"|flush|expir|destroy|throw|dump|merg|tidy|undo|revert|get rid|tak\w* (?:away|down|off|out)"
    r"|sql|quer|execut|database|table|rows?\b)",
    re.IGNORECASE,
)


@check("document", (TO_NOBODY_NAMED,))
def destinations(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report where writing steps go to, if neither request nor workflow before names it."""
    if not facts.request or _before(facts) is None:
        return
    named = _named(facts)
    for use in facts.uses.values():
        if use.node is None or effect_of(use) == "read":
            continue
        for name, text in _receivers(use, facts):
            if not _is_named(text, f"{named} {_known(use)}"):
                yield Finding(
                    code=TO_NOBODY_NAMED,
                    path=(*use.path, "with", name),
                    message=f"{use.name} goes to {text!r}, which the request does not name.",
                    hint="Look whether it is meant; if not, name the right one.",
                    step=use.step,
                )


@check("document", (NO_WORD_FOR_IT,))
def destroys(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report new steps that destroy although the request has no word for it."""
    before = _before(facts)
    if not facts.request or before is None or not _ENGLISH.search(facts.request):
        return
    for use in facts.uses.values():
        if use.node is None or use.step in before or effect_of(use) != "destructive":
            continue
        if _DESTROYING.search(facts.request) or _says(use, facts.request):
            continue
        yield Finding(
            code=NO_WORD_FOR_IT,
            path=use.path,
            message=f"{use.name} destroys something ({use.reference}), and no word of the request"
            " asks for that.",
            hint="Remove it if it is not wanted.",
            step=use.step,
        )


def _before(facts: Facts) -> frozenset[str] | None:
    """Return the ids that stood before a change; None if that is not known."""
    if facts.original is not None:
        return frozenset(read_tree(facts.original.data).by_id)
    return None if facts.outline is None or facts.outline.edits else frozenset()


def _named(facts: Facts) -> str:
    """Return all that a person has said, or was told and can refuse, in small letters."""
    told = (*facts.outline.assumptions, *facts.outline.unsupported) if facts.outline else ()
    before = facts.original.text if facts.original else ""
    return " ".join((facts.request, facts.said, before, *told)).lower()


def _known(use: Use) -> str:
    """Return what the component's own entry says."""
    return str(use.component.input).lower() if use.component else ""


def _receivers(use: Use, facts: Facts) -> Iterator[tuple[str, str]]:
    for name, value in use.inputs.items():
        for text in _texts(value, facts):
            if _DESTINATION.fullmatch(text) or (name in _RECEIVERS and text):
                yield name, text


def _texts(value: Any, facts: Facts) -> Iterator[str]:
    """Yield the literal texts of a value; an input of the workflow stands for its default."""
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, str):
            continue
        found = re.fullmatch(r"\s*\$\{\{\s*inputs\.(\w+)\s*\}\}\s*", item)
        declared = facts.declared_inputs.get(found[1]) if found else None
        text = declared.get("default") if isinstance(declared, dict) else item
        if isinstance(text, str) and "${{" not in text:
            yield from (part.strip() for part in re.split(r"[,;]\s*", text))


def _is_named(text: str, named: str) -> bool:
    plain = re.sub(r"^(?:https?://(?:www\.)?|mailto:)", "", text.lower()).strip("#@<>/ ")
    host = plain.partition("/")[0] if "://" in text else plain
    # Letters of other alphabets may stand right beside it.
    whole = rf"(?<![a-z0-9_.@-]){re.escape(host)}(?![a-z0-9_-])"
    return re.search(whole, named) is not None


def _says(use: Use, request: str) -> bool:
    """Whether the request has the component's verb: its title's first word, its id's last."""
    component = use.component
    if component is None:
        return True
    words = {component.title.split(" ")[0], *re.split(r"[._-]", component.id)[-1:]}
    told = request.lower()
    return any(len(word) > 2 and word.lower() in told for word in words)
