"""The workflow as a tree, with what an edit changed marked at its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flowloom.workflow.diff import Difference, diff
from flowloom.workflow.models import Workflow
from flowloom.workflow.tree import TreeLine, one_line, tree_lines

__all__ = ["TreeRow", "differences_of", "marked_tree", "step_ids"]

_MARKS = {"moved": ">", "changed": "~", "added": "+"}
"""A step that was moved and changed is marked as changed."""


@dataclass(frozen=True, kw_only=True)
class TreeRow:
    """One line of the tree.

    Attributes:
        mark: ``+`` added, ``~`` changed, ``>`` moved; a space where nothing changed.
        guides: the box-drawing characters in front of the text.
    """

    mark: str
    guides: str
    text: str


def differences_of(
    before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Return what an edit changed; nothing where ``after`` is a workflow of its own.

    Args:
        before: the workflow at hand earlier; None if there was none.
    """
    if before is None:
        return ()
    was, now = step_ids(before), step_ids(after)
    return diff(before, after) if was & now or not was else ()


def step_ids(data: Mapping[str, Any]) -> set[str]:
    """Return the ids of all steps of a workflow, nested ones too."""
    return {line.step for line in tree_lines(Workflow.model_validate(data)) if line.step}


def marked_tree(
    data: Mapping[str, Any], differences: Sequence[Difference], title: str = ""
) -> tuple[TreeRow, ...]:
    """Return the lines of a workflow, each with the mark of its step.

    Args:
        title: what the first line says; by default the workflow's name.
    """
    lines = tree_lines(Workflow.model_validate(data))
    top = replace(lines[0], text=title or one_line(str(data.get("name", "")), 200))
    marks = _marks(differences)
    return tuple(
        TreeRow(mark=marks.get(_key(line), " "), guides=line.guides, text=line.text)
        for line in (top, *lines[1:])
    )


def _marks(differences: Sequence[Difference]) -> dict[str, str]:
    marks: dict[str, str] = {}
    for kind, mark in _MARKS.items():
        for item in differences:
            if item.kind == kind:
                key = f"step {item.step}" if item.step else _part(item.path)
                marks[key] = mark
    return marks


def _part(path: str) -> str:
    """Return which line shows a value of the workflow itself: its trigger, inputs, an output."""
    parts = path.split(".")
    return ".".join(parts[:2]) if parts[0] == "outputs" else parts[0]


def _key(line: TreeLine) -> str:
    """Return what a line stands for, as ``_marks`` names it."""
    if line.step:
        return f"step {line.step}"
    if line.depth == 0:
        return "name"
    if line.depth > 1:
        return ""
    kind, _, rest = line.text.replace(":", " ", 1).partition(" ")
    return f"outputs.{rest.partition(' = ')[0]}" if kind == "output" else kind
