"""Read YAML, JSON and JSON Lines sources: text in, plain data and line numbers out.

Line numbers are worked out only when one is asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from flowloom.catalog.yaml_nodes import compose, construct, line_of
from flowloom.errors import CatalogError

__all__ = ["MAX_BYTES", "SourceText", "decode_source", "describe_os_error", "read_source"]

MAX_BYTES = 20_000_000
_SUFFIX_JSON = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True)
class SourceText:
    """A source's text under the name that messages call it by."""

    name: str
    text: str

    @cached_property
    def data(self) -> Any:
        """The parsed document.

        Raises:
            CatalogError: it is neither JSON nor YAML; the message has the line.
        """
        if self.name.endswith(_SUFFIX_JSON) or self.text.lstrip()[:1] in ("{", "["):
            try:
                return json.loads(self.text)
            except (json.JSONDecodeError, RecursionError) as error:
                if self.name.endswith(_SUFFIX_JSON):
                    raise self._broken_json(error) from error
        return construct(self._root, self.name)

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the 1-based line where the value at ``path`` starts; 0 if it is unknown."""
        try:
            return line_of(self._root, path)
        except CatalogError:
            return 0

    @cached_property
    def _root(self) -> Any:
        return compose(self.text, self.name)

    def _broken_json(self, error: Exception) -> CatalogError:
        where = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        problem = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        return CatalogError(
            f"{self.name!r} is not valid JSON{where}: {problem}.",
            hint="Correct that line and load it again.",
        )


def read_source(path: Path) -> SourceText:
    """Read a text file.

    Raises:
        CatalogError: it is missing, unreadable, binary, empty or above ``MAX_BYTES``.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CatalogError(
                f"The catalog source {str(path)!r} is larger than {MAX_BYTES // 1_000_000} MB.",
                hint="Split it into several files.",
            )
        content = path.read_bytes()
    except OSError as error:
        raise describe_os_error(path, error) from error
    return decode_source(content, str(path))


def decode_source(content: bytes, name: str) -> SourceText:
    """Return ``content`` as text.

    Raises:
        CatalogError: it is binary or empty.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = "\0"
        cause: Exception | None = error
    else:
        cause = None
    if "\0" in text:
        raise CatalogError(
            f"The catalog source {name!r} is a binary file, not UTF-8 text.",
            hint="Give a YAML, JSON or JSON Lines file, an OpenAPI document or a Python file.",
        ) from cause
    if not text.strip():
        raise CatalogError(
            f"The catalog source {name!r} is empty.",
            hint="Give a file with at least one component.",
        )
    return SourceText(name, text)


def describe_os_error(path: Path, error: OSError) -> CatalogError:
    """Return the error that says why ``path`` cannot be read, with the nearest names beside it."""
    if isinstance(error, FileNotFoundError):
        beside = path.parent
        names = [item.name for item in beside.iterdir()] if beside.is_dir() else []
        close = ", ".join(repr(name) for name in get_close_matches(path.name, names))
        return CatalogError(
            f"There is no catalog source {str(path)!r}.",
            hint=f"Nearest: {close}." if close else "Check the path.",
        )
    return CatalogError(
        f"The catalog source {str(path)!r} cannot be read: {error.strerror or error}.",
        hint="Check the path and its permissions.",
    )
