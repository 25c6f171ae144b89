"""Keep an author's formatting through an edit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

__all__ = ["DEFAULT_INDENTATION", "Indentation", "indentation_of", "keep_formatting"]


@dataclass(frozen=True)
class Indentation:
    """Columns by which a block stands in: under a key, an item's text, and its dash."""

    mapping: int = 2
    sequence: int = 4
    offset: int = 2


DEFAULT_INDENTATION = Indentation()


def indentation_of(tree: Any) -> Indentation:
    """Return the indentation that most blocks of a YAML tree have."""
    mappings: Counter[int] = Counter()
    sequences: Counter[tuple[int, int]] = Counter()
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, CommentedMap) and not node.fa.flow_style():
            for key, child in node.items():
                place = (node.lc.data or {}).get(key)
                if place is not None:  # What an edit put in has no column yet.
                    _vote(place[1], child, mappings, sequences)
        if isinstance(node, CommentedMap):
            pending.extend(node.values())
        elif isinstance(node, CommentedSeq):
            pending.extend(node)
    mapping = mappings.most_common(1)[0][0] if mappings else DEFAULT_INDENTATION.mapping
    sequence, offset = sequences.most_common(1)[0][0] if sequences else (4, 2)
    return Indentation(mapping, sequence, offset)


def _vote(
    column: int, child: Any, mappings: Counter[int], sequences: Counter[tuple[int, int]]
) -> None:
    if not isinstance(child, CommentedMap | CommentedSeq) or child.fa.flow_style() or not child:
        return
    if isinstance(child, CommentedMap):
        mappings[child.lc.col - column] += 1
    else:
        # The first item's column is that of its text; the dash stands at the sequence's own.
        first = (child.lc.data or {}).get(0)
        if first is not None:
            sequences[(first[1] - column, child.lc.col - column)] += 1


def keep_formatting(original: str, old: str, new: str) -> str:
    """Return ``new`` with the lines that the edit left alone as they stand in ``original``.

    Args:
        original: the author's text.
        old: the same document in our own formatting.
        new: the edited document in our own formatting.
    """
    if original == old:
        return new
    theirs, ours, edited = (text.splitlines(True) for text in (original, old, new))
    source = _sources(theirs, ours)
    result: list[str] = []
    for tag, start, end, first, last in SequenceMatcher(
        None, ours, edited, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            result += _restored(theirs, ours, source, start, end)
        else:
            result += edited[first:last]
    return "".join(result)


def _sources(theirs: list[str], ours: list[str]) -> list[tuple[int, int, int, int]]:
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    segments: list[tuple[int, int, int, int]] = []
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            segments += [
                (start + i, start + i + 1, first + i, first + i + 1) for i in range(end - start)
            ]
        else:
            segments.append((start, end, first, last))
    return segments


def _restored(
    theirs: list[str],
    ours: list[str],
    source: list[tuple[int, int, int, int]],
    start: int,
    end: int,
) -> list[str]:
    lines: list[str] = []
    for first, last, their_first, their_last in source:
        outside = last < start or first > end or (last == start and first < start)
        # Lines that only the author has belong to the run that they stand before.
        twice = first == last == end < len(ours)
        if outside or twice:
            continue
        if first >= start and last <= end:
            lines += theirs[their_first:their_last]
        else:
            lines += ours[max(first, start) : min(last, end)]
    return lines
