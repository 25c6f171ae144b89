"""YAML 1.2 (core schema) by libyaml's parser: plain data, and the lines that it stands on.

``no``, ``on`` and dates stay text. Only PyYAML's parser is used, which is some ten times as fast
as a parser in Python; its own types (YAML 1.1) are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar

import yaml

from flowloom.errors import CatalogError

__all__ = ["compose", "construct", "line_of"]

_MAX_DEPTH = 200
_TAG = "tag:yaml.org,2002:"
_HINT = "Correct that line and load it again."
_IMPLICIT = (
    ("null", r"^(?:~|null|Null|NULL)$", "~nN"),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    (
        "float",
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        "-+.0123456789",
    ),
)
_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "null": lambda _text: None,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text, 0) if text[:2] in ("0x", "0o") else int(text),
    "float": lambda text: float(text.lower().replace(".inf", "inf").replace(".nan", "nan")),
}


def compose(text: str, name: str) -> yaml.Node:
    """Parse ``text``, which messages call ``name``, into a tree of nodes.

    Raises:
        CatalogError: it is no YAML, holds several documents or nothing; the message has the line.
    """
    try:
        node = yaml.compose(text, Loader=_core_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise CatalogError(f"{name!r} is not valid YAML{where}: {problem}.", hint=_HINT) from error
    except (RecursionError, UnicodeError) as error:
        raise CatalogError(
            f"{name!r} cannot be parsed ({type(error).__name__}).",
            hint="Give a YAML or JSON document with less nesting.",
        ) from error
    if node is None:
        raise CatalogError(
            f"{name!r} holds no data, only comments or white space.",
            hint="Give a file with at least one component.",
        )
    return node


def construct(root: yaml.Node, name: str) -> Any:
    """Return the plain data of a tree of nodes.

    Raises:
        CatalogError: a tag is not one of YAML's core types, a key stands twice or is no text, or
            it is nested too deeply; the message has the line.
    """
    return _Constructor(name).build(root, 0)


def line_of(root: yaml.Node, path: tuple[str | int, ...]) -> int:
    """Return the 1-based line of the value at ``path``, or of the nearest one above it."""
    node, line = root, root.start_mark.line + 1
    for part in path:
        child = _child(node, part)
        if child is None:
            break
        node, line = child
    return line


class _Constructor:
    def __init__(self, name: str) -> None:
        self._name = name
        self._built: dict[int, Any] = {}

    def build(self, node: yaml.Node, depth: int) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        # An alias gives the very same value again, so aliases of aliases cost nothing.
        if id(node) not in self._built:
            self._built[id(node)] = self._collection(node, depth)
        return self._built[id(node)]

    def _collection(self, node: yaml.Node, depth: int) -> Any:
        if depth > _MAX_DEPTH:
            raise self._fault(node, f"nested more than {_MAX_DEPTH} levels deep, or inside itself")
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{_TAG}seq":
            return [self.build(item, depth + 1) for item in node.value]
        if isinstance(node, yaml.MappingNode) and node.tag == f"{_TAG}map":
            return self._mapping(node, depth)
        raise self._fault(node, f"the tag {node.tag!r} is not allowed")

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        kind = node.tag.removeprefix(_TAG)
        read = _SCALARS.get(kind)
        if read is None:
            raise self._fault(node, f"the tag {node.tag!r} is not allowed")
        try:
            return read(node.value)
        except ValueError as error:
            raise self._fault(node, f"{node.value!r} is not of the type {kind}") from error

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._fault(key, "a key must be text")
            if key.value in value:
                raise self._fault(key, f"the key {key.value!r} stands twice")
            value[key.value] = self.build(item, depth + 1)
        return value

    def _fault(self, node: yaml.Node, problem: str) -> CatalogError:
        line = node.start_mark.line + 1
        return CatalogError(f"{self._name!r}, line {line}: {problem}.", hint=_HINT)


def _child(node: yaml.Node, part: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == part:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None


@cache
def _core_loader() -> Any:
    """Return libyaml's loader (PyYAML's own where that is missing) with YAML 1.2's types."""
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class CoreLoader(base):
        yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
            "": [(f"{_TAG}null", re.compile("^$"))]
        }

    for tag, pattern, first in _IMPLICIT:
        for character in first:
            found = CoreLoader.yaml_implicit_resolvers.setdefault(character, [])
            found.append((f"{_TAG}{tag}", re.compile(pattern)))
    return CoreLoader
