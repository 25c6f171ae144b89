"""The files that are checked: named ones, the workflows of a directory, or stdin."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flowloom.errors import DocumentError, StorageError, UserError
from flowloom.workflow.document import Document, read_document

__all__ = ["STDIN", "ReadSource", "Source", "read_source", "sources_of", "text_for"]

STDIN = "<stdin>"
_ENDINGS = (".yaml", ".yml", ".json")
_STEPS_IN_BLOCKS = re.compile(r"""^["']?steps["']?\s*:""", re.MULTILINE)
_STEPS_IN_BRACES = re.compile(r"""["']?steps["']?\s*:""")


@dataclass(frozen=True)
class Source:
    """One file to check.

    Attributes:
        path: None for stdin.
        name: how it is called in reports.
    """

    path: Path | None

    @property
    def name(self) -> str:
        """The path as it was given."""
        return STDIN if self.path is None else str(self.path)


def sources_of(paths: Sequence[Path]) -> list[Source]:
    """Return the files that are meant, each once; ``-`` is stdin.

    A directory stands for the files below it that end in .yaml, .yml or .json and have a top-level
    ``steps``; what begins with a dot is passed over. A file that is named is always taken.

    Raises:
        UserError: there is no workflow in a directory.
    """
    found: dict[str, Source] = {}
    for path in paths:
        if str(path) == "-":
            found.setdefault(STDIN, Source(None))
        elif path.is_dir():
            inside = list(_workflows(path))
            if not inside:
                raise UserError(
                    f"There is no workflow in the directory {str(path)!r}.",
                    hint="A workflow is a .yaml, .yml or .json file with 'steps' at the top.",
                )
            for item in inside:
                found.setdefault(str(item), Source(item))
        else:
            found.setdefault(str(path), Source(path))
    return list(found.values())


def _workflows(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(directory).parts)
        if path.suffix in _ENDINGS and not hidden and path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            if _has_steps(text):
                yield path


def _has_steps(text: str) -> bool:
    """Whether a text has ``steps`` at its top; one that cannot be read is given the benefit."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _STEPS_IN_BLOCKS.search(text) is not None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return _STEPS_IN_BRACES.search(text) is not None
    return isinstance(data, dict) and "steps" in data


@dataclass(frozen=True)
class ReadSource:
    """A file as it was read.

    Attributes:
        lines_end: what ends its lines, to be written again.
    """

    document: Document
    lines_end: str = "\n"


def read_source(source: Source) -> ReadSource:
    """Read one file.

    Raises:
        StorageError: it cannot be read.
        DocumentError: it is no workflow document.
    """
    try:
        raw = sys.stdin.buffer.read() if source.path is None else source.path.read_bytes()
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise DocumentError(
            f"{source.name!r} is not a text file in UTF-8.",
            hint="Give a workflow in YAML or JSON.",
        ) from None
    except OSError as error:
        raise StorageError(
            f"Cannot read {source.name!r}: {error.strerror or error}.", hint="Check the path."
        ) from None
    is_json = source.path is not None and source.path.suffix == ".json"
    windows = "\r\n" in text and "\n" not in text.replace("\r\n", "")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    document = read_document(plain, format="json" if is_json else None)
    return ReadSource(document, "\r\n" if windows else "\n")


def text_for(read: ReadSource, document: Document) -> str:
    """Return a changed document's text with the line ends of the file."""
    return document.text.replace("\n", read.lines_end)
