"""What an edit changed, in one or two sentences made from the structural differences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flowloom.workflow.cron_words import cron_in_words, joined
from flowloom.workflow.diff import Difference
from flowloom.workflow.expression_words import expression_in_words
from flowloom.workflow.path import Path, parse_path
from flowloom.workflow.tree import one_line

__all__ = ["changes_in_words"]

MOST = 3
"""Changes of one kind that are named one by one."""

_VALUE = 60
_HEAD = {"name": "the name of the workflow", "description": "the description"}
_KEYS = {"if": "the condition", "for_each": "the list", "while": "the condition",
         "wait": "the wait", "ask": "the question", "stop": "the message", "uses": "the component",
         "switch": "the value", "collect": "what is collected", "connection": "the connection",
         "on_error": "what happens on an error", "concurrency": "how many run at once"}  # fmt: skip


def changes_in_words(differences: Sequence[Difference]) -> str:
    """Return what changed: steps first, then values; "Nothing changed." where nothing did.

    Args:
        differences: as ``workflow.diff.diff`` gives them.
    """
    added = _outermost([item for item in differences if item.kind == "added"])
    removed = _outermost([item for item in differences if item.kind == "removed"])
    wrapped = [item for item in added if _inside(item, differences)]
    held = {id(move) for item in wrapped for move in _inside(item, differences)}
    moved = [item for item in differences if item.kind == "moved" and id(item) not in held]
    bare = [item for item in added if item not in wrapped]
    steps = [
        *(_wrapping(item, _inside(item, differences)) for item in wrapped),
        *_some("added", [_step_words(item.after, item.step) for item in bare]),
        *_some("removed", [repr(item.step) for item in removed]),
        *_some("moved", [repr(item.step) for item in moved]),
    ]
    values = list(_value_changes([item for item in differences if item.kind == "changed"]))
    sentences = [_sentence(steps), _sentence(_few(values))]
    return " ".join(item for item in sentences if item) or "Nothing changed."


def _sentence(phrases: Sequence[str]) -> str:
    if not phrases:
        return ""
    text = joined(phrases)
    return f"{text[0].upper()}{text[1:]}."


def _some(verb: str, names: Sequence[str]) -> Iterator[str]:
    if 0 < len(names) <= MOST:
        yield f"{verb} {joined(names)}"
    elif names:
        yield f"{verb} {joined([*names[:MOST], f'{len(names) - MOST} more steps'])}"


def _few(phrases: Sequence[str]) -> list[str]:
    if len(phrases) <= MOST + 1:
        return list(phrases)
    return [*phrases[:MOST], f"changed {len(phrases) - MOST} more values"]


# -- steps ---------------------------------------------------------------------------------------


def _outermost(items: Sequence[Difference]) -> list[Difference]:
    """Leave out the steps that stand inside another step of the list."""
    paths = [_path(item) for item in items]
    return [
        item
        for item, path in zip(items, paths, strict=True)
        if not any(len(other) < len(path) and path[: len(other)] == other for other in paths)
    ]


def _path(item: Difference) -> Path:
    try:
        return parse_path(item.path)
    except ValueError:
        return (item.path,)


def _inside(item: Difference, differences: Sequence[Difference]) -> list[Difference]:
    """Return the moves that put steps into an added step."""
    path = _path(item)
    return [
        other
        for other in differences
        if other.kind == "moved" and _path(other)[: len(path)] == path
    ]


def _wrapping(item: Difference, moves: Sequence[Difference]) -> str:
    names = joined([repr(move.step) for move in moves[:MOST]])
    match item.after:
        case {"if": str(condition)}:
            return f"made {names} depend on a condition: {expression_in_words(condition)}"
        case {"for_each": str(source)}:
            return f"put {names} into a loop over {expression_in_words(source)}"
        case {"try": _}:
            return f"put {names} under error handling in {item.step!r}"
        case {"parallel": _}:
            return f"made {names} run in parallel in {item.step!r}"
        case _:
            return f"put {names} into {item.step!r}"


def _step_words(step: Any, name: str) -> str:
    what = _kind_words(step) if isinstance(step, Mapping) else ""
    return f"{name!r} ({what})" if what else repr(name)


def _kind_words(step: Mapping[str, Any]) -> str:
    match step:
        case {"uses": str(component)}:
            return one_line(component, _VALUE)
        case {"if": str(condition)}:
            return f"if {expression_in_words(condition)}"
        case {"for_each": str(source)}:
            return f"for each of {expression_in_words(source)}"
        case {"while": str(condition)}:
            return f"while {expression_in_words(condition)}"
        case {"wait": str(duration)}:
            return f"wait {one_line(duration, _VALUE)}"
        case {"ask": str(question)}:
            return f"asks {_shown(question)}"
        case {"stop": str(message)}:
            return f"stops with {_shown(message)}"
        case _:
            return next((key for key in ("switch", "parallel", "try") if key in step), "")


# -- values --------------------------------------------------------------------------------------


def _value_changes(items: Sequence[Difference]) -> Iterator[str]:
    groups: dict[tuple[str, ...], list[Difference]] = {}
    for item in items:
        groups.setdefault(_group(item), []).append(item)
    for key, group in groups.items():
        yield _group_words(key, group)


def _group(item: Difference) -> tuple[str, ...]:
    """Differences that are told as one: the trigger, one input, one retry."""
    parts = tuple(str(part) for part in _path(item)) or ("its value",)
    if not item.step:
        return ("", *parts[: 1 if parts[0] in ("trigger", *_HEAD) else 2])
    return (item.step, *parts[: 1 if parts[0] in ("retry",) else 2])


def _group_words(key: tuple[str, ...], group: Sequence[Difference]) -> str:
    step, first, *rest = key
    if not step:
        return _head_words(first, rest, group)
    one = group[0]
    if len(group) > 1:
        return f"changed {_place([first, *rest])} of {step!r}"
    return f"{_set_words(_place([first, *rest]), one)}".replace("{step}", repr(step))


def _place(parts: Sequence[str]) -> str:
    if parts[0] == "with" and len(parts) > 1:
        return repr(parts[1])
    return _KEYS.get(parts[0], parts[0])


def _set_words(place: str, item: Difference) -> str:
    if item.after is None:
        return f"removed {place} of {{step}}"
    now = _shown_value(item)
    if item.before is None:
        return f"set {place} of {{step}} to {now}"
    return f"changed {place} of {{step}} from {_shown(item.before)} to {now}"


def _head_words(first: str, rest: Sequence[str], group: Sequence[Difference]) -> str:
    if first == "trigger":
        return _trigger_words(group)
    if first in ("inputs", "outputs") and rest:
        return f"{_verb(group)} the {first[:-1]} {rest[0]!r}"
    what = _HEAD.get(first, first)
    if first == "name" and group[0].after is not None:
        return f"renamed the workflow to {_shown(group[0].after)}"
    return f"{_verb(group)} {what}"


def _verb(group: Sequence[Difference]) -> str:
    if all(item.before is None for item in group):
        return "added"
    return "removed" if all(item.after is None for item in group) else "changed"


def _trigger_words(group: Sequence[Difference]) -> str:
    values = {item.path: item for item in group}
    cron = values.get("trigger.with.cron")
    uses = values.get("trigger.uses")
    if cron is not None and isinstance(cron.after, str):
        zone = values.get("trigger.with.timezone")
        where = f" ({zone.after})" if zone is not None and zone.after else ""
        return f"made it run {cron_in_words(cron.after)}{where}"
    if uses is not None:
        if uses.after is None:
            return "removed the trigger: it is started by hand"
        return f"made {one_line(str(uses.after), _VALUE)} start it"
    names = [item.path.removeprefix("trigger.").removeprefix("with.") for item in group]
    if len(group) == 1:
        return _set_words(repr(names[0]), group[0]).replace("{step}", "the trigger")
    return f"changed {joined([repr(name) for name in names[:MOST]])} of the trigger"


def _shown_value(item: Difference) -> str:
    if item.path in ("if", "while", "for_each") and isinstance(item.after, str):
        return f'"{expression_in_words(item.after)}"'
    return _shown(item.after)


def _shown(value: Any) -> str:
    return one_line(json.dumps(value, ensure_ascii=False), _VALUE)
