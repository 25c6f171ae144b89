"""What a value is, told by how it is written, and which components take such a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["EXTENSIONS", "noun_of", "shape_of", "shapes_of", "shapes_taken"]

_FORMS = {
    "url": re.compile(r"https?://\S+\Z"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z"),
    "channel": re.compile(r"#[\w-]+\Z"),
    "path": re.compile(r"(?:~|\.{0,2})?/\S*\Z|[\w*.-]+\.[A-Za-z][A-Za-z0-9]{1,4}\Z"),
    "repository": re.compile(r"[\w.-]+/[\w.-]+\Z"),
}
EXTENSIONS = frozenset(
    [
        *("csv", "json", "yaml", "yml", "xml", "html", "htm", "txt", "md", "pdf", "zip", "log"),
        *("png", "jpg", "jpeg", "gif", "xlsx", "docx", "tsv", "sql", "db", "py", "toml", "ini"),
    ]
)
_FILE_FORMS = {"csv": "csv", "json": "json", "yaml": "yaml", "yml": "yaml", "xml": "xml",
               "md": "markdown", "html": "html", "htm": "html"}  # fmt: skip
_SQL = re.compile(r"\s*(?:(?P<read>select|with)|insert|update|delete|create|drop|alter)\s", re.I)


def shape_of(value: str) -> str:
    """Return what a value looks like, empty for plain words and names such as ``Example.com``."""
    found = next((name for name, form in _FORMS.items() if form.match(value)), "")
    is_name = found == "path" and "/" not in value and _extension(value) not in EXTENSIONS
    return "" if is_name else found


def shapes_of(values: Iterable[str]) -> frozenset[str]:
    """Return the shapes of several values; for a file of data also its form, as ``.csv``."""
    known = list(values)
    forms = {f".{_FILE_FORMS[end]}" for item in known if (end := _extension(item)) in _FILE_FORMS}
    sql = {_sql(match) for item in known if (match := _SQL.match(item))}
    return frozenset(found for value in known if (found := shape_of(value))) | forms | sql


def _sql(match: re.Match[str]) -> str:
    return "sql-read" if match.group("read") else "sql-write"


def _extension(value: str) -> str:
    return value.rpartition(".")[2].lower() if "." in value else ""


def noun_of(value: str) -> str:
    """Return a noun for a value that stands where a noun would: "read ⟦sales.csv⟧"."""
    shape, extension = shape_of(value), _extension(value)
    if shape == "url":
        return "file" if extension in EXTENSIONS - {"html", "htm", "json"} else "web page"
    if shape == "path":
        return (
            f"{extension} file"
            if extension in ("csv", "json", "yaml", "xml")
            else ("file" if extension else "directory")
        )
    return ""


def shapes_taken(inputs: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Return the shapes of values that a component's inputs take."""
    found: set[str] = set()
    for name, schema in inputs.items():
        form = str(schema.get("format", ""))
        if form == "uri" or name == "url":
            found.add("url")
        if form == "path":
            found.add("path")
        if form == "email" or name == "to":
            found.add("email")
        if name == "channel":
            found.add("channel")
    return frozenset(found | ({"repository"} if {"owner", "repo"} <= set(inputs) else set()))
