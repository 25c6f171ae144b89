"""Workflow documents: YAML 1.2 or JSON text in and out, with comments and line numbers kept.

Dates stay strings and ``no``, ``on`` are words, as YAML 1.2's core schema says.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any, Literal, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode
from ruamel.yaml.reader import Reader
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from flowloom.errors import DocumentError, StorageError
from flowloom.workflow.formatting import DEFAULT_INDENTATION, Indentation, indentation_of
from flowloom.workflow.json_positions import positions_of_json
from flowloom.workflow.path import Path, format_path

__all__ = [
    "Document",
    "Format",
    "content_hash",
    "document_of",
    "dump",
    "dump_json",
    "dump_yaml",
    "read_document",
    "read_file",
    "styled",
]

Format: TypeAlias = Literal["yaml", "json"]
MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 100
_REMEMBERED = 50_000
"""Documents up to this many characters are parsed once, however often they are read."""
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_WORDS_OF_YAML_1_1 = frozenset({"yes", "no", "on", "off", "true", "false", "null", "~"})


class _CoreSchema(VersionedResolver):
    """YAML 1.2 without time stamps: a date is the text that the author wrote."""

    _kept: tuple[Any, Any] = (None, None)

    @property
    def versioned_resolver(self) -> Any:
        resolvers = super().versioned_resolver
        if self._kept[0] is not resolvers:  # asked for with every scalar
            kept = {
                first: [(tag, regexp) for tag, regexp in pairs if tag != _TIMESTAMP]
                for first, pairs in resolvers.items()
            }
            self._kept = (resolvers, kept)
        return self._kept[1]


@dataclass(frozen=True)
class Document:
    """A workflow document as it was read.

    Attributes:
        data: plain JSON data.
        tree: the same with comments and quotes, for edits that keep them (JSON: plain data); never
            changed in place, since documents of the same text share it.
        positions: 1-based line and column of the value at each path.
    """

    text: str
    format: Format
    data: dict[str, Any]
    tree: Any = field(repr=False)
    positions: Mapping[Path, tuple[int, int]] = field(repr=False, default_factory=dict)

    def position(self, path: Path) -> tuple[int, int]:
        """Return line and column of ``path``, or of the nearest place around it; else (0, 0)."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, (0, 0))


def _yaml(style: Indentation = DEFAULT_INDENTATION) -> YAML:
    yaml = YAML(typ="rt")
    yaml.Resolver = _CoreSchema
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=style.mapping, sequence=style.sequence, offset=style.offset)
    return yaml


def read_document(text: str, *, format: Format | None = None) -> Document:
    """Read a workflow document from text; the format is told from the first character if None.

    Raises:
        DocumentError: the text is no YAML or JSON mapping, or is too large or too deep.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise DocumentError(
            f"The document is larger than {MAX_BYTES:,} bytes.", hint="Split the workflow."
        )
    form = format or ("json" if text.lstrip().startswith("{") else "yaml")
    if form == "json":
        return _read_json(text)
    if len(text) > _REMEMBERED:
        return _read_yaml(text)
    found = _read_yaml_once(text)
    # The data is the caller's own; the tree is copied by whoever changes it.
    return replace(found, data=_copied(found.data))


def read_file(path: FilePath) -> Document:
    """Read a workflow file, UTF-8; ``.json`` is JSON.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it is no workflow document.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DocumentError(
            f"{str(path)!r} is not a text file in UTF-8.", hint="Give a workflow in YAML or JSON."
        ) from None
    except OSError as error:
        raise StorageError(
            f"Cannot read {str(path)!r}: {error.strerror or error}.", hint="Check the path."
        ) from None
    return read_document(text, format="json" if path.suffix == ".json" else None)


@lru_cache(maxsize=32)
def _read_yaml_once(text: str) -> Document:
    return _read_yaml(text)


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _read_yaml(text: str) -> Document:
    try:
        tree = _yaml().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        said = str(error.problem or error.context or "not valid").splitlines()[0]
        problem = " ".join(said.split())
        raise DocumentError(
            f"The YAML is broken at line {line}, column {column}: {problem}.",
            line=line,
            column=column,
            hint="Mend that line; check indentation and quotes.",
        ) from None
    except (YAMLError, ValueError, RecursionError, AttributeError, NotImplementedError) as error:
        raise DocumentError(
            f"The YAML cannot be read: {str(error).splitlines()[0] if str(error) else error!r}."
        ) from None
    data = _plain(tree)
    return Document(text, "yaml", data, tree, _positions_of_tree(tree))


def _read_json(text: str) -> Document:
    try:
        data = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant)
    except _DuplicateKey as error:
        raise _stands_twice(error.key, text) from None
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"The JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}.",
            line=error.lineno,
            column=error.colno,
        ) from None
    except RecursionError:
        raise _too_deep(()) from None
    data = _plain(data)
    return Document(text, "json", data, data, positions_of_json(text))


class _DuplicateKey(Exception):
    """A key stands twice in one JSON object; the reader does not say where."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _DuplicateKey(key)
        found[key] = value
    return found


def _stands_twice(key: str, text: str) -> DocumentError:
    line, column = _second_key(key, text)
    where = f" at line {line}, column {column}" if line else ""
    return DocumentError(
        f"The key {key!r} stands twice in one object{where}.",
        line=line,
        column=column,
        hint="Remove one of them.",
    )


def _second_key(key: str, text: str) -> tuple[int, int]:
    """Return the place of the first key that stands in its object already."""
    try:
        pending: list[Any] = [_composed(text)]
    except (YAMLError, RecursionError):
        return 0, 0
    while pending:
        node = pending.pop()
        if isinstance(node, MappingNode):
            before: set[str] = set()
            for name, _ in node.value:
                if name.value == key and key in before:
                    return name.start_mark.line + 1, name.start_mark.column + 1
                before.add(str(name.value))
            pending.extend(value for _, value in reversed(node.value))
        elif isinstance(node, SequenceNode):
            pending.extend(reversed(node.value))
    return 0, 0


def _refuse_constant(name: str) -> Any:
    raise DocumentError(f"{name} is no JSON number.")


class _Budget:
    def __init__(self) -> None:
        self.nodes = MAX_NODES

    def spend(self) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            raise DocumentError(
                f"The document has more than {MAX_NODES:,} values (aliases counted).",
                hint="Split the workflow.",
            )


def _too_deep(path: Path) -> DocumentError:
    return DocumentError(
        f"The document is nested deeper than {MAX_DEPTH} levels.",
        path=format_path(path[:3]),
        hint="Flatten it.",
    )


def _plain(tree: Any) -> dict[str, Any]:
    if not isinstance(tree, dict):
        found = "nothing" if tree is None else f"a {type(tree).__name__}"
        raise DocumentError(
            f"A workflow document is a mapping with 'name' and 'steps'; this is {found}.",
            hint="See: flowloom schema",
        )
    return _plain_value(tree, (), _Budget())


def _plain_value(value: Any, path: Path, budget: _Budget) -> Any:
    budget.spend()
    if len(path) > MAX_DEPTH:
        raise _too_deep(path)
    if isinstance(value, dict):
        return {
            _plain_key(key, path): _plain_value(item, (*path, str(key)), budget)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain_value(item, (*path, i), budget) for i, item in enumerate(value)]
    return _plain_scalar(value, path)


def _plain_key(key: Any, path: Path) -> str:
    if isinstance(key, str):
        return str(key)
    if isinstance(key, bool | int | float):
        return json.dumps(key)
    where = format_path(path) or "the document"
    raise DocumentError(f"A key in {where} is no text: {key!r}.", hint="Quote it.")


def _plain_scalar(value: Any, path: Path) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if type(value).__name__ == "ScalarBoolean":
        return bool(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise DocumentError(f"{format_path(path)} is no finite number: {value!r}.")
        return float(value)
    if isinstance(value, str):
        return str(value)
    raise DocumentError(
        f"{format_path(path)} has a value that JSON does not know: {type(value).__name__}.",
        path=format_path(path),
        hint="Quote it, or remove the YAML tag.",
    )


def _positions_of_tree(tree: Any) -> dict[Path, tuple[int, int]]:
    found: dict[Path, tuple[int, int]] = {(): (1, 1)}
    pending: list[tuple[Any, Path]] = [(tree, ())]
    while pending:
        node, path = pending.pop()
        if isinstance(node, CommentedMap | CommentedSeq) and len(path) <= MAX_DEPTH:
            for key, child in node.items() if isinstance(node, CommentedMap) else enumerate(node):
                here = (*path, key if isinstance(node, CommentedSeq) else str(key))
                place = node.lc.data.get(key) if node.lc.data else None
                if place is not None:
                    # Mappings give [key line, key column, value line, value column].
                    found[here] = (place[-2] + 1, place[-1] + 1)
                pending.append((child, here))
    return found


def _composed(text: str) -> Any:
    """Return the nodes of a JSON text with their places."""
    # JSON is YAML once tabs are gone; composing gives marks without building values.
    # Characters that YAML refuses can only stand in strings, whose text does not matter here.
    readable = Reader.NON_PRINTABLE.sub("?", text.expandtabs(1))
    return YAML(typ="safe", pure=True).compose(io.StringIO(readable))


def content_hash(data: Mapping[str, Any]) -> str:
    """Return a hash of plain data that does not depend on key order (SHA-256, 32 hex digits)."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def dump(data: Any, format: Format) -> str:
    """Return plain data, or the tree of a document, as text in a format."""
    return dump_json(data) if format == "json" else dump_yaml(data)


def dump_json(data: Any) -> str:
    """Return data as indented JSON with a final newline."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def dump_yaml(data: Any) -> str:
    """Return data as YAML 1.2; words that YAML 1.1 takes for bools are quoted.

    A tree that was read keeps its indentation.
    """
    stream = io.StringIO()
    style = indentation_of(data) if isinstance(data, CommentedMap) else DEFAULT_INDENTATION
    _yaml(style).dump(styled(data), stream)
    return stream.getvalue()


def styled(value: Any) -> Any:
    """Return plain data with the quotes and blocks that its strings need in YAML."""
    if isinstance(value, CommentedMap | CommentedSeq):
        return value
    if isinstance(value, dict):
        return {key: styled(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [styled(item) for item in value]
    if type(value) is not str:
        return value
    if "\n" in value and _fits_a_literal_block(value):
        return LiteralScalarString(value)
    unprintable = not value.replace("\n", "").isprintable()
    if unprintable or value.lower() in _WORDS_OF_YAML_1_1 or _looks_like_another_type(value):
        return DoubleQuotedScalarString(value)
    return value


def _fits_a_literal_block(value: str) -> bool:
    printable = all(char.isprintable() or char == "\n" for char in value)
    lines = value.split("\n")
    return printable and not value[0].isspace() and all(line == line.rstrip() for line in lines)


def _looks_like_another_type(value: str) -> bool:
    # What YAML 1.1 readers take for a number, a date or a base-60 integer.
    return bool(value) and value[0] in "+-.0123456789" and any(char.isdigit() for char in value)


def document_of(data: Mapping[str, Any], *, format: Format = "yaml") -> Document:
    """Return a document made of plain data, written in our own style."""
    return read_document(dump(dict(data), format), format=format)
