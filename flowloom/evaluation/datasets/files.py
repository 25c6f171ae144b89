"""Reading a data set's files: plain JSON, JSON lines and YAML, with errors that name the place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from flowloom.errors import DocumentError, StorageError
from flowloom.evaluation.cases import Case

__all__ = ["case_of", "read_json_rows", "read_text", "read_yaml", "unique"]

T = TypeVar("T")


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises:
        StorageError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"Cannot read {str(path)!r}: {getattr(error, 'strerror', None) or error}.",
            hint="Check the path.",
        ) from None


def read_json_rows(path: Path) -> list[Any]:
    """Return the rows of a JSON list, or of JSON lines.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it is neither.
    """
    text = read_text(path)
    try:
        if text.lstrip().startswith("["):
            return json.loads(text)
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{str(path)!r} is no list in JSON, and no JSON lines: {error.msg}.",
            line=error.lineno,
            hint="Give the data set's file as it was published.",
        ) from None


def read_yaml(path: Path) -> Any:
    """Return the data of a YAML file.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it is no YAML.
    """
    try:
        return YAML(typ="safe", pure=True).load(read_text(path))
    except YAMLError as error:
        raise DocumentError(
            f"{str(path)!r} is no YAML: {str(error).splitlines()[0]}.", hint="Mend it."
        ) from None


def case_of(path: Path, index: int, make: Callable[[Any], T], row: Any) -> T:
    """Return what ``make`` makes of a row.

    Raises:
        DocumentError: the row has not the form that it should have; file, number and key are named.
    """
    where = f"{str(path)!r}, case {index + 1}"
    try:
        return make(row)
    except KeyError as error:
        keys = ", ".join(repr(key) for key in row) if isinstance(row, Mapping) else "none"
        problem = f"the key {error} is missing (there are {keys})"
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        problem = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (TypeError, ValueError, AttributeError) as error:
        problem = f"it has another form: {error}"
    except DocumentError as error:
        problem = error.message
    raise DocumentError(f"{where}: {problem}.", hint="See docs/evaluation.md for the form.")


def unique(cases: Iterable[Case], path: Path) -> tuple[Case, ...]:
    """Return the cases.

    Raises:
        DocumentError: two have the same id.
    """
    found: dict[str, Case] = {}
    for case in cases:
        if case.id in found:
            raise DocumentError(
                f"{str(path)!r}: two cases have the id {case.id!r}.", hint="Rename one of them."
            )
        found[case.id] = case
    return tuple(found.values())
