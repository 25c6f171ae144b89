"""Two workflows side by side, line by line, as HTML; every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from html import escape
from typing import Any

from flowloom.evaluation.reading import document_in
from flowloom.workflow.document import dump_yaml

__all__ = ["readable", "side_by_side"]

_MOST_LINES = 400


def readable(text: str) -> str:
    """Return a document as YAML in one style, without its name, or the text as it is."""
    document = document_in(text)
    return _unnamed(document.data) if document is not None else text


def _unnamed(data: Mapping[str, Any]) -> str:
    # A workflow's name does not count; marked as different it would hide what does.
    return dump_yaml({key: value for key, value in data.items() if key != "name"})


def side_by_side(gold: Mapping[str, Any] | None, output: str, reference: str = "") -> str:
    """Return a table of two columns; lines that differ are marked.

    Args:
        reference: what is right where that is no workflow, such as an outline.
    """
    left = _lines(_unnamed(gold) if gold else reference or "(no workflow is right here)")
    told = output if reference and not gold else readable(output)
    right = _lines(told or "(no workflow)")
    rows: list[str] = []
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        for index in range(max(b - a, d - c)):
            one = left[a + index] if a + index < b else None
            other = right[c + index] if c + index < d else None
            rows.append(_row(one, other, same=tag == "equal"))
    head = "<tr><th>gold</th><th>output</th></tr>"
    return f'<table class="sides">{head}{"".join(rows)}</table>'


def _lines(text: str) -> list[str]:
    lines = text.rstrip().splitlines()
    more = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], *([f"… {more} more lines"] if more > 0 else [])]


def _row(one: str | None, other: str | None, *, same: bool) -> str:
    cells = [_cell(one, "" if same else "gone"), _cell(other, "" if same else "new")]
    return f"<tr>{''.join(cells)}</tr>"


def _cell(line: str | None, kind: str) -> str:
    if line is None:
        return "<td></td>"
    mark = f' class="{kind}"' if kind else ""
    return f"<td{mark}>{escape(line) or '&nbsp;'}</td>"
