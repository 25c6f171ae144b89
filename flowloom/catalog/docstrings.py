"""Google-style docstrings: the summary and the description of each argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from inspect import cleandoc

__all__ = ["Docstring", "read_docstring"]

_SECTION = re.compile(r"^(Args|Arguments|Attributes|Returns|Yields|Raises|Examples?|Notes?):\s*$")
_ENTRY = re.compile(r"^\s+\*{0,2}(\w+)\s*(?:\([^)]*\))?:\s*(.*)$")


@dataclass(frozen=True)
class Docstring:
    """What a docstring says: its first paragraph, and a text by argument or attribute name."""

    summary: str
    entries: dict[str, str]


def read_docstring(text: str | None) -> Docstring:
    """Read a Google-style docstring; one that is missing gives empty texts."""
    lines = cleandoc(text or "").splitlines()
    summary = " ".join(_until_blank(lines))
    return Docstring(summary=summary, entries=_entries(lines))


def _until_blank(lines: list[str]) -> list[str]:
    paragraph: list[str] = []
    for line in lines:
        if not line.strip() or _SECTION.match(line):
            break
        paragraph.append(line.strip())
    return paragraph


def _entries(lines: list[str]) -> dict[str, str]:
    """Return the entries of the sections Args and Attributes, continuation lines joined."""
    entries: dict[str, str] = {}
    section, name, indent = "", "", 0
    for line in lines:
        if heading := _SECTION.match(line):
            section, name, indent = heading[1], "", 0
        elif section not in ("Args", "Arguments", "Attributes") or not line.strip():
            continue
        else:
            depth = len(line) - len(line.lstrip())
            indent = indent or depth
            entry = _ENTRY.match(line) if depth == indent else None
            if entry:
                name = entry[1]
                entries[name] = entry[2].strip()
            elif name:
                entries[name] = f"{entries[name]} {line.strip()}".strip()
    return entries
