"""Changes to a workflow: small typed operations that leave everything else as it stands."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter
from ruamel.yaml.comments import CommentedMap

from flowloom.errors import DocumentError, EditError, nearest
from flowloom.workflow.document import Document, dump, read_document, styled
from flowloom.workflow.formatting import keep_formatting
from flowloom.workflow.path import Path, parse_path

__all__ = [
    "AddStep",
    "Change",
    "MoveStep",
    "Place",
    "RemoveStep",
    "ReplaceStep",
    "SetValue",
    "UnsetValue",
    "apply_changes",
    "changes_of",
    "find_steps",
]


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Change):
    """Where a step goes: before or after a step, or into a block of one (else the end).

    Attributes:
        into: id of the step that holds the block; empty for the workflow's own steps.
        block: path of the block in that step, such as ``then``, ``do``, ``elif[0].then``,
            ``cases[1].do`` or ``parallel[0]``.
        at: which end of the block.
    """

    before: str = ""
    after: str = ""
    into: str = ""
    block: str = ""
    at: Literal["start", "end"] = "end"


class AddStep(_Change):
    """Add a step."""

    op: Literal["add"] = "add"
    step: dict[str, JsonValue]
    place: Place = Place()


class RemoveStep(_Change):
    """Remove a step and what it holds."""

    op: Literal["remove"] = "remove"
    id: str


class ReplaceStep(_Change):
    """Put another step in a step's place."""

    op: Literal["replace"] = "replace"
    id: str
    step: dict[str, JsonValue]


class MoveStep(_Change):
    """Move a step with what it holds."""

    op: Literal["move"] = "move"
    id: str
    place: Place


class SetValue(_Change):
    """Set one value: of the step ``id``, or of the workflow where ``id`` is empty.

    ``path`` is such as ``with.channel``, ``if`` or ``trigger.with.cron``.
    """

    op: Literal["set"] = "set"
    id: str = ""
    path: str = Field(min_length=1)
    value: JsonValue


class UnsetValue(_Change):
    """Remove one value of the step ``id``, or of the workflow where ``id`` is empty."""

    op: Literal["unset"] = "unset"
    id: str = ""
    path: str = Field(min_length=1)


Change: TypeAlias = Annotated[
    AddStep | RemoveStep | ReplaceStep | MoveStep | SetValue | UnsetValue,
    Field(discriminator="op"),
]
_CHANGES: TypeAdapter[list[Change]] = TypeAdapter(list[Change])
_BLOCK_KEYS = ("then", "else", "do", "default", "try", "catch", "finally")


def changes_of(data: Any) -> list[Change]:
    """Return typed changes from plain data (a list of objects with ``op``).

    Raises:
        pydantic.ValidationError: an entry is no change.
    """
    return _CHANGES.validate_python(data)


def find_steps(tree: Any) -> dict[str, tuple[list[Any], int, Path]]:
    """Return for each step id the list that holds the step, its index in it, and its path."""
    found: dict[str, tuple[list[Any], int, Path]] = {}
    pending: list[tuple[Any, Path]] = [(tree.get("steps"), ("steps",))]
    while pending:
        block, path = pending.pop()
        if not isinstance(block, list):
            continue
        for index, step in enumerate(block):
            if not isinstance(step, dict):
                continue
            if isinstance(step.get("id"), str):
                found.setdefault(step["id"], (block, index, (*path, index)))
            pending.extend(_inner_blocks(step, (*path, index)))
    return found


def _inner_blocks(step: dict[str, Any], path: Path) -> Iterable[tuple[Any, Path]]:
    for key in _BLOCK_KEYS:
        if key in step:
            yield step[key], (*path, key)
    for key, inner in (("elif", "then"), ("cases", "do")):
        for index, branch in enumerate(_listed(step, key)):
            if isinstance(branch, dict):
                yield branch.get(inner), (*path, key, index, inner)
    for index, branch in enumerate(_listed(step, "parallel")):
        yield branch, (*path, "parallel", index)


def _listed(step: dict[str, Any], key: str) -> list[Any]:
    value: Any = step.get(key)
    return value if isinstance(value, list) else []


def apply_changes(document: Document, changes: Sequence[Change]) -> Document:
    """Return the document with the changes applied in order; comments stay where they are.

    Raises:
        EditError: a change names a step, block or value that is not there, or adds an id twice.
    """
    if not changes:
        return document
    tree = copy.deepcopy(document.tree)
    for change in changes:
        _apply(tree, change)
    new = read_document(dump(tree, document.format), format=document.format)
    return new if document.format == "json" else _in_the_formatting_of(document, new)


def _in_the_formatting_of(document: Document, new: Document) -> Document:
    # Writing a tree changes its comments' places, so the one that is kept is copied first.
    before = dump(copy.deepcopy(document.tree), "yaml")
    text = keep_formatting(document.text, before, new.text)
    try:
        kept = read_document(text, format="yaml")
    except DocumentError:
        return new
    # Lines merged by text must mean what the edited tree means, or they are not used.
    return kept if kept.data == new.data else new


def _apply(tree: Any, change: Change) -> None:
    match change:
        case AddStep():
            _refuse_taken_ids(tree, change.step)
            _insert(tree, styled(copy.deepcopy(change.step)), change.place)
        case RemoveStep():
            block, index, _ = _locate(tree, change.id)
            del block[index]
        case ReplaceStep():
            block, index, _ = _locate(tree, change.id)
            old = block[index]
            block[index] = {}
            _refuse_taken_ids(tree, change.step)
            block[index] = _in_the_style_of(old, change.step)
        case MoveStep():
            block, index, _ = _locate(tree, change.id)
            step = block.pop(index)
            _insert(tree, step, change.place)
        case SetValue():
            _set(_target(tree, change.id), parse_path_of(change.path), change.value)
        case UnsetValue():
            _unset(_target(tree, change.id), parse_path_of(change.path))


def parse_path_of(text: str) -> Path:
    """Return the path that ``text`` names, as an ``EditError`` if it is none."""
    try:
        return parse_path(text)
    except ValueError as error:
        hint = "Write it such as 'with.channel' or 'elif[0].if'."
        raise EditError(str(error), hint=hint) from None


def _locate(tree: Any, step_id: str) -> tuple[list[Any], int, Path]:
    steps = find_steps(tree)
    if step_id not in steps:
        raise EditError(f"There is no step {step_id!r}.", hint=nearest(step_id, steps))
    return steps[step_id]


def _refuse_taken_ids(tree: Any, step: dict[str, Any]) -> None:
    new = list(find_steps({"steps": [step]}))
    taken = find_steps(tree)
    for step_id in new:
        if step_id in taken:
            raise EditError(f"The id {step_id!r} is taken.", hint="Give the new step another id.")


def _target(tree: Any, step_id: str) -> Any:
    if not step_id:
        return tree
    block, index, _ = _locate(tree, step_id)
    return block[index]


def _insert(tree: Any, step: Any, place: Place) -> None:
    if place.before or place.after:
        block, index, _ = _locate(tree, place.before or place.after)
        block.insert(index if place.before else index + 1, step)
        return
    block = _block(tree, place)
    block.insert(0 if place.at == "start" else len(block), step)


def _block(tree: Any, place: Place) -> list[Any]:
    holder = _target(tree, place.into)
    path = parse_path_of(place.block) if place.block else ("steps",) if not place.into else ()
    if not path:
        raise EditError(f"Which block of the step {place.into!r}?", hint="Give 'block', as 'then'.")
    *front, last = path
    try:
        for part in front:
            holder = holder[part]
        if isinstance(holder, dict):
            return holder.setdefault(last, [])
        return holder[last]
    except (KeyError, IndexError, TypeError):
        raise EditError(f"The step {place.into!r} has no block {place.block!r}.") from None


def _set(target: Any, path: Path, value: Any) -> None:
    *front, last = path
    try:
        for part in front:
            if isinstance(target, dict) and part not in target:
                target[part] = {}
            target = target[part]
        target[last] = _in_the_style_of(_old_value(target, last), value)
    except (KeyError, IndexError, TypeError):
        raise EditError(f"There is no place {path!r} to set.") from None


def _unset(target: Any, path: Path) -> None:
    *front, last = path
    try:
        for part in front:
            target = target[part]
        del target[last]
    except (KeyError, IndexError, TypeError):
        raise EditError(f"There is nothing at {path!r} to remove.") from None


def _old_value(target: Any, key: Any) -> Any:
    if isinstance(target, dict):
        return target.get(key)
    return target[key]


def _in_the_style_of(old: Any, new: Any) -> Any:
    # A new mapping keeps the old one's key order, so that the text changes little.
    if isinstance(old, CommentedMap) and isinstance(new, dict):
        keys = [key for key in old if key in new] + [key for key in new if key not in old]
        return styled({key: new[key] for key in keys})
    return styled(copy.deepcopy(new))
