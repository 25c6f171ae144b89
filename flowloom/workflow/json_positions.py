"""Where each value of a JSON text stands; the reader of the standard library does not say."""

from __future__ import annotations

import json
import re
from bisect import bisect_right

from flowloom.workflow.path import Path

__all__ = ["positions_of_json"]

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_PLAIN = re.compile(r"[^ \t\n\r,\]}]*")


def positions_of_json(text: str) -> dict[Path, tuple[int, int]]:
    """Return the 1-based line and column of the value at each path.

    Args:
        text: JSON that was read without an error, and is not nested too deep for recursion.
    """
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    found: dict[Path, tuple[int, int]] = {}

    def end_of(pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(text, at)
        return match.end() if match else at

    def after_space(at: int) -> int:
        return end_of(_SPACE, at)

    def after_comma(at: int) -> int:
        at = after_space(at)
        return after_space(at + 1) if text[at] == "," else at

    def after_value(at: int, path: Path) -> int:
        line = bisect_right(lines, at)
        found[path] = (line, at - lines[line - 1] + 1)
        match text[at]:
            case '"':
                return end_of(_STRING, at)
            case "{":
                return after_object(after_space(at + 1), path)
            case "[":
                return after_list(after_space(at + 1), path)
            case _:
                return end_of(_PLAIN, at)

    def after_object(at: int, path: Path) -> int:
        while text[at] != "}":
            end = end_of(_STRING, at)
            key: str = json.loads(text[at:end])
            colon = after_space(end)
            at = after_comma(after_value(after_space(colon + 1), (*path, key)))
        return at + 1

    def after_list(at: int, path: Path) -> int:
        index = 0
        while text[at] != "]":
            at = after_comma(after_value(at, (*path, index)))
            index += 1
        return at + 1

    after_value(after_space(0), ())
    return found
