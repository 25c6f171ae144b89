"""Comments in a workflow that silence warnings and notes: ``# flowloom: ignore FL702``.

The comment stands at the end of the line that the finding names, or alone on the line above it. It
may name several codes, with commas between them. An error cannot be silenced, and JSON has no
comments.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document

__all__ = ["Silenced", "directives", "without_silenced"]

_DIRECTIVE = re.compile(
    r"(?:^|(?<=\s))#\s*flowloom:\s*ignore\s+(FL\d{3}(?:\s*,\s*FL\d{3})*)(?=\s|$)", re.MULTILINE
)


@dataclass(frozen=True)
class Silenced:
    """Findings parted by the comments of their document."""

    kept: tuple[Diagnostic, ...]
    silenced: tuple[Diagnostic, ...] = ()


def without_silenced(document: Document, found: Iterable[Diagnostic]) -> Silenced:
    """Part the findings that comments silence from the others; errors are always kept."""
    codes = directives(document)
    kept: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    for item in found:
        mute = item.severity != "error" and item.code in codes.get(item.line, frozenset())
        (silenced if mute else kept).append(item)
    return Silenced(tuple(kept), tuple(silenced))


def directives(document: Document) -> Mapping[int, frozenset[str]]:
    """Return the codes that are silenced on each line, 1-based."""
    if document.format == "json" or "flowloom:" not in document.text:
        return {}
    inside = _scalars(document.text)
    found: dict[int, frozenset[str]] = {}
    for match in _DIRECTIVE.finditer(document.text):
        if any(start <= match.start() < end for start, end in inside):
            continue  # It is part of a text, no comment.
        before = document.text[: match.start()]
        alone = not before.rpartition("\n")[2].strip()
        line = before.count("\n") + (2 if alone else 1)
        codes = frozenset(code.strip() for code in match.group(1).split(","))
        found[line] = found.get(line, frozenset()) | codes
    return found


def _scalars(text: str) -> list[tuple[int, int]]:
    """Return where the scalars of a text begin and end."""
    try:
        root: Any = YAML(typ="safe", pure=True).compose(io.StringIO(text))
    except (YAMLError, ValueError, RecursionError):
        return [(0, len(text))]
    spans: list[tuple[int, int]] = []
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, ScalarNode):
            spans.append((node.start_mark.index, node.end_mark.index))
        elif isinstance(node, MappingNode):
            pending.extend(part for pair in node.value for part in pair)
        elif isinstance(node, SequenceNode):
            pending.extend(node.value)
    return spans
