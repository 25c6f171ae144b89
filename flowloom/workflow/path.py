"""Places in a document: ``("steps", 0, "with", "text")`` is written ``steps[0].with.text``."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

__all__ = ["Path", "at", "format_path", "parse_path"]

Path: TypeAlias = tuple[str | int, ...]

_PLAIN = re.compile(r"[A-Za-z_][\w-]*\Z")
_PART = re.compile(r"""\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")


def format_path(path: Path) -> str:
    """Return a path as text; keys that are no names stand in brackets and quotes."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _PLAIN.match(part):
            text += f".{part}" if text else part
        else:
            escaped = part.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


def parse_path(text: str) -> Path:
    """Return the path that ``format_path`` wrote as ``text``.

    Raises:
        ValueError: ``text`` is no such path.
    """
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            raise ValueError(f"{text!r} is no path of a document (at character {position + 1})")
        name, index, quoted = match.groups()
        if index is not None:
            parts.append(int(index))
        else:
            parts.append(name if name is not None else re.sub(r"\\(.)", r"\1", quoted))
        position = match.end()
    return tuple(parts)


def at(data: Any, path: Path) -> Any:
    """Return what stands at ``path`` in plain data.

    Raises:
        KeyError, IndexError, TypeError: nothing stands there.
    """
    for part in path:
        data = data[part]
    return data
