"""What differs between two workflows: steps matched by id, values by their place."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from flowloom.workflow.models import KIND_KEYS, Workflow
from flowloom.workflow.path import Path, format_path
from flowloom.workflow.tree import one_line

__all__ = ["Difference", "DifferenceKind", "diff", "render_diff"]

DifferenceKind: TypeAlias = Literal["added", "removed", "moved", "changed"]
_SIGNS = {"added": "+", "removed": "-", "moved": ">", "changed": "~"}
_MISSING: Any = object()


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One difference.

    Attributes:
        step: id of the step; empty for values of the workflow itself.
        path: for ``changed`` the place within the step (or the workflow); else the step's place
            in the document that has it (for ``moved`` the new one).
        before, after: the values, None where there is none; for ``moved`` the places; for
            ``added`` and ``removed`` the whole step as plain data.
    """

    kind: DifferenceKind
    step: str
    path: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class _Placed:
    """A step's own values without the steps inside it, and where it stands."""

    path: Path
    block: tuple[str, Path]
    values: Mapping[str, Any]
    whole: Any


def diff(
    old: Workflow | Mapping[str, Any], new: Workflow | Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Return the differences: of the workflow's own values, then by step in the new order.

    Steps are matched by id. A step that keeps its block and its order among the steps that stayed
    in that block is not ``moved``; one inside a moved step is not either.
    """
    before, after = _plain(old), _plain(new)
    was, now = _steps_of(before), _steps_of(after)
    moved = _moved(was, now)
    found = list(_changes("", _own_values(before), _own_values(after)))
    for key, step in was.items():
        if key not in now:
            place = format_path(step.path)
            found.append(Difference(kind="removed", step=key, path=place, before=step.whole))
    for key, step in now.items():
        found.extend(_of_step(key, was.get(key), step, key in moved))
    return tuple(found)


def render_diff(differences: Sequence[Difference]) -> str:
    """Return the differences as text, a line each (``+`` added, ``-`` removed, ``>`` moved)."""
    return "".join(f"{_SIGNS[item.kind]} {_sentence(item)}\n" for item in differences)


def _sentence(item: Difference) -> str:
    name = one_line(item.step, 64) or "workflow"
    match item.kind:
        case "added" | "removed":
            whole = item.after if item.kind == "added" else item.before
            return f"{name} ({_what(whole)}) at {item.path}"
        case "moved":
            return f"{name}: from {item.before} to {item.after}"
        case "changed":
            return f"{name}: {item.path}: {_shown(item.before)} -> {_shown(item.after)}"


def _what(step: Any) -> str:
    if isinstance(step, Mapping):
        for key in KIND_KEYS:
            if key in step:
                value = step[key]
                return one_line(f"{key} {value}" if isinstance(value, str) else key, 80)
    return "step"


def _shown(value: Any) -> str:
    return "nothing" if value is None else one_line(json.dumps(value, ensure_ascii=False), 80)


def _plain(workflow: Workflow | Mapping[str, Any]) -> Mapping[str, Any]:
    return workflow.plain() if isinstance(workflow, Workflow) else workflow


def _of_step(key: str, before: _Placed | None, after: _Placed, moved: bool) -> Iterator[Difference]:
    place = format_path(after.path)
    if before is None:
        yield Difference(kind="added", step=key, path=place, after=after.whole)
        return
    if moved:
        old_place = format_path(before.path)
        yield Difference(kind="moved", step=key, path=place, before=old_place, after=place)
    yield from _changes(key, before.values, after.values)


def _steps_of(data: Mapping[str, Any]) -> dict[str, _Placed]:
    """Return every step by id, in document order; one without an id, or with one taken, by path."""
    found: dict[str, _Placed] = {}
    for path, holder, relative, step in _walk(data.get("steps"), ("steps",), "", ("steps",)):
        name = _id_of(step)
        key = name if name and name not in found else format_path(path)
        found[key] = _Placed(path, (holder, relative), _own_values(step), step)
    return found


def _walk(
    block: Any, path: Path, holder: str, relative: Path
) -> Iterator[tuple[Path, str, Path, Any]]:
    if not isinstance(block, list | tuple):
        return
    for index, step in enumerate(block):
        here = (*path, index)
        yield here, holder, relative, step
        name = _id_of(step) or format_path(here)
        for inner, steps in _blocks(step):
            yield from _walk(steps, (*here, *inner), name, inner)


def _id_of(step: Any) -> str:
    name = step.get("id") if isinstance(step, Mapping) else None
    return name if isinstance(name, str) else ""


def _blocks(step: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the blocks of a step given as plain data, whatever its shape."""
    if not isinstance(step, Mapping):
        return
    for key in ("then", "else", "do", "default", "try", "catch", "finally"):
        if key in step:
            yield (key,), step[key]
    for key, inner in (("elif", "then"), ("cases", "do")):
        for index, branch in enumerate(_list(step.get(key))):
            if isinstance(branch, Mapping):
                yield (key, index, inner), branch.get(inner)
    for index, branch in enumerate(_list(step.get("parallel"))):
        yield ("parallel", index), branch


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _own_values(owner: Any) -> dict[str, Any]:
    """Return values by path, leaves only, without ``id`` and the steps inside."""
    if not isinstance(owner, Mapping):
        return {"": owner}
    held = {path for path, block in _blocks(owner) if isinstance(block, list | tuple)}
    values = {key: value for key, value in owner.items() if key not in ("id", "steps")}
    return dict(_leaves(values, (), held))


def _leaves(value: Any, path: Path, held: set[Path]) -> Iterator[tuple[str, Any]]:
    if path in held:
        return
    if isinstance(value, Mapping) and (value or not path):
        for key, item in value.items():
            yield from _leaves(item, (*path, str(key)), held)
    elif isinstance(value, list | tuple) and _holds_blocks(path, held):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index), held)
    else:
        yield format_path(path), value


def _holds_blocks(path: Path, held: set[Path]) -> bool:
    return any(block[: len(path)] == path for block in held)


def _changes(
    step: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    for path in dict.fromkeys([*after, *before]):
        was, now = before.get(path, _MISSING), after.get(path, _MISSING)
        if not _same(was, now):
            yield Difference(
                kind="changed",
                step=step,
                path=path,
                before=None if was is _MISSING else was,
                after=None if now is _MISSING else now,
            )


def _same(one: Any, other: Any) -> bool:
    if one is _MISSING or other is _MISSING:
        return one is other
    # As JSON text, since to Python 1, 1.0 and True are equal.
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _moved(was: Mapping[str, _Placed], now: Mapping[str, _Placed]) -> set[str]:
    """Return the steps that changed their block, or their order in it (as few as explain it)."""
    found: set[str] = set()
    order = {key: index for index, key in enumerate(was)}
    blocks: dict[tuple[str, Path], list[str]] = {}
    for key, step in now.items():
        if key in was and was[key].block == step.block:
            blocks.setdefault(step.block, []).append(key)
        elif key in was:
            found.add(key)
    for keys in blocks.values():
        kept = _longest_increasing([order[key] for key in keys])
        found.update(key for key in keys if order[key] not in kept)
    return found


def _longest_increasing(numbers: Sequence[int]) -> set[int]:
    """Return a longest increasing subsequence (patience sorting)."""
    tails: list[int] = []
    links: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        links[number] = tails[at - 1] if at else None
        tails[at:] = [number, *tails[at + 1 :]]
    found: set[int] = set()
    current = tails[-1] if tails else None
    while current is not None:
        found.add(current)
        current = links[current]
    return found
