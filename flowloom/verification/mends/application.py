"""Applies the changes of a mend: exactly these, in the author's text where that is possible."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import Reader

from flowloom.errors import DocumentError, EditError
from flowloom.workflow.document import Document, read_document
from flowloom.workflow.edits import Change, SetValue, UnsetValue, apply_changes
from flowloom.workflow.path import Path, at, parse_path

__all__ = ["apply_in_place"]


def apply_in_place(document: Document, groups: Sequence[Sequence[Change]]) -> Document | None:
    """Return the document with the changes and no others; None if they do not fit it.

    A changed text or a renamed key is written over the old one, so that every other character of
    the file stays. Where that does not do, the edit of ``workflow.edits`` is taken.

    Args:
        groups: the changes of one or several mends, none of which touches a place of another.
    """
    changes = [change for group in groups for change in group]
    wanted = _edited(document.data, changes)
    if wanted is None:
        return None
    text = _patched(document, groups)
    if text is not None:
        try:
            patched = read_document(text, format=document.format)
        except DocumentError:
            patched = document
        if patched.data == wanted:
            return patched
    try:
        edited = apply_changes(document, changes)
    except (EditError, DocumentError):
        return None
    # An alias in YAML stands for several places: to change one would change them all.
    return edited if edited.data == wanted else None


def _edited(data: dict[str, Any], changes: Sequence[Change]) -> dict[str, Any] | None:
    """Return plain data with the changes; None if there is no such place."""
    tree = copy.deepcopy(data)
    try:
        for change in changes:
            if not isinstance(change, SetValue | UnsetValue) or change.id:
                return None
            *front, last = parse_path(change.path)
            holder: Any = tree
            for part in front:
                if isinstance(holder, dict):
                    holder.setdefault(part, {})
                holder = holder[part]
            if isinstance(change, UnsetValue):
                del holder[last]
            else:
                holder[last] = copy.deepcopy(change.value)
    except (KeyError, IndexError, TypeError):
        return None
    return tree


def _patched(document: Document, groups: Sequence[Sequence[Change]]) -> str | None:
    """Return the text with scalars and keys written over; None if a change is another one."""
    spans = _spans(document)
    patches = [_patch(document, spans, group) for group in groups]
    text = document.text
    # Two places of one alias are written over once.
    known = {patch for patch in patches if patch is not None}
    if None in patches:
        return None
    for start, end, new in sorted(known, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _patch(
    document: Document, spans: Mapping[Path, _Span], changes: Sequence[Change]
) -> tuple[int, int, str] | None:
    """Return what is written over which characters; None if that is not the change."""
    match changes:
        case [SetValue() as change]:
            span = spans.get(parse_path(change.path))
            return None if span is None else _over(span.value, change.value, document.format)
        case [UnsetValue() as old, SetValue() as new]:
            before, after = parse_path(old.path), parse_path(new.path)
            same = before[:-1] == after[:-1] and at(document.data, before) == new.value
            span = spans.get(before) if same else None
            if span is None or span.key is None:
                return None
            return _over(span.key, str(after[-1]), document.format)
        case _:
            return None


@dataclass(frozen=True)
class _Span:
    """The nodes of one value, and of its key if a mapping holds it."""

    value: Node
    key: ScalarNode | None = None


def _spans(document: Document) -> Mapping[Path, _Span]:
    text = document.text
    if document.format == "json":
        # JSON is YAML once tabs are gone; each character keeps its place.
        text = Reader.NON_PRINTABLE.sub("?", text.replace("\t", " "))
    try:
        root: Any = YAML(typ="safe", pure=True).compose(io.StringIO(text))
    except (YAMLError, ValueError, RecursionError):
        return {}
    found: dict[Path, _Span] = {}
    pending: list[tuple[Any, Path]] = [(root, ())]
    while pending:
        node, path = pending.pop()
        if isinstance(node, MappingNode):
            for key, value in node.value:
                if isinstance(key, ScalarNode):
                    found[(*path, str(key.value))] = _Span(value, key)
                    pending.append((value, (*path, str(key.value))))
        elif isinstance(node, SequenceNode):
            for index, value in enumerate(node.value):
                found[(*path, index)] = _Span(value)
                pending.append((value, (*path, index)))
    return found


def _over(node: Node, value: Any, form: str) -> tuple[int, int, str] | None:
    new = _scalar(node, value, form)
    return None if new is None else (node.start_mark.index, node.end_mark.index, new)


def _scalar(node: Node, value: Any, form: str) -> str | None:
    """Return a scalar in the style of the one that stands there; None if that cannot be."""
    if not isinstance(node, ScalarNode) or node.style in ("|", ">"):
        return None
    if not isinstance(value, str):
        return json.dumps(value) if isinstance(value, bool | int | float) else None
    if form == "json" or node.style == '"':
        return json.dumps(value, ensure_ascii=False)
    if node.style == "'":
        return "'" + value.replace("'", "''") + "'" if "\n" not in value else None
    return value if "\n" not in value else None
