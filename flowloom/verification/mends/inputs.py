"""Mends of what a step gives to its component: FL302, FL303, FL304 and FL306."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flowloom.catalog.component import JsonSchema
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts, Use
from flowloom.verification.literals import literal_problems
from flowloom.verification.mends.nearness import only_near
from flowloom.verification.mends.registry import Proposal, mend_rule, renamed, set_value
from flowloom.workflow.cel.tokens import plain_path
from flowloom.workflow.path import Path, at
from flowloom.workflow.schema_types import schema_at

__all__: list[str] = []

_INTEGER = re.compile(r"-?(0|[1-9]\d{0,15})\Z")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,15})\.\d{1,15}\Z")
_CRON_MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}


def _use_at(facts: Facts, path: Path) -> tuple[Use, Path] | None:
    """Return the use that a path inside ``with`` belongs to, and the path inside ``with``."""
    if "with" not in path:
        return None
    where = path.index("with")
    use = facts.uses.get(path[:where])
    return (use, path[where + 1 :]) if use is not None and use.component is not None else None


def _schema(use: Use, inner: Path) -> JsonSchema | None:
    inputs = use.component.inputs if use.component else {}
    schema = inputs.get(str(inner[0])) if inner else None
    return None if schema is None else schema_at(schema, inner[1:])


def _fits(value: Any, schema: JsonSchema) -> bool:
    return not any(True for _ in literal_problems(value, schema))


@mend_rule("FL302", "a misspelt input; an input that belongs into another one")
def unknown_input(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Rename an input, or move it one level down, where its place is the only one."""
    found = _use_at(facts, path)
    if found is None or len(found[1]) != 1:
        return
    use, (last,) = found
    name, value = str(last), at(facts.data, path)
    inputs = use.component.inputs if use.component else {}
    free = {key: schema for key, schema in inputs.items() if key not in use.inputs}
    outer = [key for key in inputs if name in inputs[key].get("properties", {})]
    meant = only_near(name, free)
    if meant is not None and not outer and _fits(value, free[meant]):
        yield Proposal(renamed(path, value, meant), f"the input {name!r} is written {meant!r}")
    elif meant is None and len(outer) == 1 and _takes(use, outer[0], name, value):
        changes = renamed(path, value, outer[0], name)
        yield Proposal(changes, f"{name!r} stands inside {outer[0]!r}")


def _takes(use: Use, outer: str, name: str, value: Any) -> bool:
    held = use.inputs.get(outer, {})
    schema = _schema(use, (outer, name))
    free = isinstance(held, dict) and name not in held
    return free and schema is not None and _fits(value, schema)


@mend_rule(
    "FL303", "a number or bool as text, a choice in another case, a reference without ${{ }}"
)
def wrong_value(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write what the author surely meant by a value of the wrong type."""
    found = _use_at(facts, path)
    schema = _schema(*found) if found else None
    if schema is None:
        return
    value = at(facts.data, path)
    fitting = [other for other in _readings(facts, value, schema, path) if _fits(other, schema)]
    distinct = {repr(other): other for other in fitting}
    if len(distinct) == 1:
        other = next(iter(distinct.values()))
        yield Proposal(set_value(path, other), f"{value!r} is written {other!r}")


def _readings(facts: Facts, value: Any, schema: JsonSchema, path: Path) -> Iterator[Any]:
    """Yield what the author may have meant."""
    if isinstance(value, str):
        text = value.strip()
        choices = [choice for choice in schema.get("enum", ()) if isinstance(choice, str)]
        if text in choices:
            yield text
        elif (choice := only_near(text, choices)) is not None:
            yield choice
        if _INTEGER.match(text):
            yield int(text)
        elif _NUMBER.match(text):
            yield float(text)
        if text.lower() in ("true", "false"):
            yield text.lower() == "true"
        parts = plain_path(text)
        if parts is not None and parts[0] in ("steps", "inputs", "trigger") and len(parts) > 1:
            yield "${{ " + text + " }}"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if isinstance(value, float) and value.is_integer():
            yield int(value)
        if _stands_as(facts, path, str(value)):
            yield str(value)


def _stands_as(facts: Facts, path: Path, text: str) -> bool:
    """Whether the author wrote a number so; ``1.10`` or ``0x10`` would be another text."""
    line, column = facts.document.position(path)
    lines = facts.document.text.splitlines()
    if not 0 < line <= len(lines):
        return False
    rest = lines[line - 1][column - 1 :]
    return rest.startswith(text) and not re.match(r"[\w.+-]", rest[len(text) :])


@mend_rule("FL304", "a cron macro, a time zone in another case, white space around a text")
def wrong_format(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write a text in the form that the input needs, where that means the same."""
    found = _use_at(facts, path)
    schema = _schema(*found) if found else None
    value = at(facts.data, path)
    if schema is None or not isinstance(value, str):
        return
    for other in _forms(value, str(schema.get("format", ""))):
        if other != value and _fits(other, schema):
            yield Proposal(set_value(path, other), f"{value!r} is written {other!r}")
            return


def _forms(value: str, form: str) -> Iterator[str]:
    yield value.strip()
    if form == "cron" and value.strip().lower() in _CRON_MACROS:
        yield _CRON_MACROS[value.strip().lower()]
    if form == "timezone":
        from zoneinfo import available_timezones

        folded = value.strip().replace(" ", "_").lower()
        same = [zone for zone in available_timezones() if zone.lower() == folded]
        yield from same if len(same) == 1 else ()


@mend_rule("FL306", "a misspelt name of a field of the items")
def unknown_item_field(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write the one field that the name is a slip of; what follows it stays."""
    value = at(facts.data, path)
    if not isinstance(value, str):
        return
    first, dot, rest = value.partition(".")
    meant = only_near(first, item.candidates)
    if meant is not None:
        yield Proposal(set_value(path, meant + dot + rest), f"{first!r} is written {meant!r}")
