"""``$ref`` resolution and JSON Schemas of OpenAPI 3.0 and 3.1 documents, inlined and bounded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import unquote

from flowloom.catalog.entries import WrongEntry
from flowloom.catalog.source_text import read_source
from flowloom.errors import CatalogError

__all__ = ["MAX_DEPTH", "MAX_NODES", "Resolver", "Side"]

MAX_DEPTH = 10
"""Nested schemas below this depth become ``{}`` (anything)."""
MAX_NODES = 3000
"""Schemas inlined for one component; those beyond become ``{}``."""

Side = Literal["request", "response"]
Node = Mapping[str, Any]

_MAX_HOPS = 50
_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
# fmt: off
_COPIED = (
    "description", "enum", "const", "format", "default", "minimum", "maximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties",
    "maxProperties", "contentEncoding", "x-personal",
)
# fmt: on
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")


class Resolver:
    """Follows references of one document, and of files beside it.

    Args:
        document: the parsed document.
        directory: the folder of the document; None if it has none (it came from an address),
            then references to other files are errors.
    """

    def __init__(self, document: object, directory: Path | None = None) -> None:
        self._document = document
        self._directory = directory.resolve() if directory else None
        self._files: dict[str, object] = {}

    def node(self, value: object, base: str = "") -> tuple[Node, str]:
        """Follow ``value``'s references to a mapping; return it and the file that it stands in.

        Raises:
            WrongEntry: a reference leads to nothing, round in a circle or out of reach.
        """
        trail: list[str] = []
        while isinstance(value, Mapping) and isinstance(value.get("$ref"), str):
            reference = cast(str, value["$ref"])
            if len(trail) > _MAX_HOPS or reference in trail:
                raise WrongEntry(f"the reference {reference!r} leads back to itself")
            trail.append(reference)
            value, base = self._target(reference, base)
        if not isinstance(value, Mapping):
            at = f" at the reference {trail[-1]!r}" if trail else ""
            raise WrongEntry(f"there is {value!r}{at} where an object is expected")
        return cast(Node, value), base

    def schema(self, value: object, side: Side, base: str = "") -> dict[str, Any]:
        """Return the JSON Schema (2020-12) that ``value`` stands for, without references.

        A schema that holds itself is cut where it repeats. Properties that only a request or only
        a response may have are left out on the other side.
        """
        return _Inliner(self, side).schema(value, base, (), 0)

    def _target(self, reference: str, base: str) -> tuple[object, str]:
        file, _, pointer = reference.partition("#")
        if file:
            base = self._path(file, base)
        try:
            value = self._file(base) if base else self._document
        except CatalogError as error:
            raise WrongEntry(f"the reference {reference!r} cannot be read: {error}") from error
        for part in pointer.split("/")[1:]:
            value = _step(value, unquote(part).replace("~1", "/").replace("~0", "~"), reference)
        return value, base

    def _file(self, path: str) -> object:
        if path not in self._files:
            self._files[path] = read_source(Path(path)).data
        return self._files[path]

    def _path(self, file: str, base: str) -> str:
        if "://" in file or Path(file).is_absolute() or self._directory is None:
            raise WrongEntry(
                f"the reference {file!r} is not to a file beside the document;"
                " bundle the document into one file"
            )
        folder = Path(base).parent if base else self._directory
        return str((folder / unquote(file)).resolve())


def _step(value: object, part: str, reference: str) -> object:
    if isinstance(value, Mapping) and part in value:
        return cast(Node, value)[part]
    if isinstance(value, list) and part.isdigit() and int(part) < len(cast(list[object], value)):
        return cast(list[object], value)[int(part)]
    raise WrongEntry(f"the reference {reference!r} leads to nothing: there is no {part!r}")


class _Inliner:
    def __init__(self, resolver: Resolver, side: Side) -> None:
        self._resolver = resolver
        self._hidden = "readOnly" if side == "request" else "writeOnly"
        self._left = MAX_NODES

    def schema(
        self, value: object, base: str, trail: tuple[int, ...], depth: int
    ) -> dict[str, Any]:
        if isinstance(value, bool):
            return {} if value else {"not": {}}
        node, base = self._resolver.node(value, base)
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0 or id(node) in trail:
            return _cut(node)
        inner = (*trail, id(node))

        def below(item: object) -> dict[str, Any]:
            return self.schema(item, base, inner, depth + 1)

        result = _plain(node)
        if isinstance(value, Mapping) and "description" in value:
            result["description"] = value["description"]
        self._add_object(node, result, below)
        if "items" in node:
            result["items"] = below(node["items"])
        for key in _LISTS:
            if isinstance(node.get(key), list):
                result[key] = [below(item) for item in node[key]]
        return _nullable(_merged(result), node)

    def _add_object(self, node: Node, result: dict[str, Any], below: Any) -> None:
        properties = node.get("properties")
        if isinstance(properties, Mapping):
            shown = {
                str(name): item
                for name, item in cast(Node, properties).items()
                if not (isinstance(item, Mapping) and item.get(self._hidden) is True)
            }
            result["properties"] = {name: below(item) for name, item in shown.items()}
            result.setdefault("type", "object")
        if isinstance(node.get("required"), list):
            known = result.get("properties", {})
            required = [str(name) for name in node["required"] if not known or name in known]
            if required:
                result["required"] = required
        more = node.get("additionalProperties")
        if isinstance(more, Mapping):
            result["additionalProperties"] = below(more)
        elif more is False:
            result["additionalProperties"] = False


def _plain(node: Node) -> dict[str, Any]:
    result: dict[str, Any] = {}
    kinds = node.get("type")
    if isinstance(kinds, str) and kinds in _TYPES:
        result["type"] = kinds
    elif isinstance(kinds, list):
        result["type"] = [kind for kind in cast(list[object], kinds) if kind in _TYPES]
    for key in _COPIED:
        if key in node:
            result[key] = node[key]
    for key, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        limit = node.get(key)
        if limit is True and bound in result:
            result[key] = result.pop(bound)
        elif limit is not None and not isinstance(limit, bool):
            result[key] = limit
    return result


def _cut(node: Node) -> dict[str, Any]:
    kind = node.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        return {"type": "object"} if "properties" in node else {}
    return {"type": [kind, "null"] if node.get("nullable") is True else kind}


def _merged(schema: dict[str, Any]) -> dict[str, Any]:
    """Merge ``allOf`` where all parts are plain objects, or where it has just one part."""
    parts = cast(list[dict[str, Any]] | None, schema.get("allOf"))
    if parts is None:
        return schema
    own = {key: value for key, value in schema.items() if key != "allOf"}
    if len(parts) == 1 and not set(own) & set(parts[0]) - {"description", "default", "type"}:
        return {**parts[0], **own}
    every = [*parts, own]
    plain = {"type", "properties", "required", "description", "additionalProperties", "default"}
    if any(set(part) - plain or part.get("type", "object") != "object" for part in every):
        return schema
    if any(part.get("additionalProperties") is False for part in every):
        return schema
    merged: dict[str, Any] = {"type": "object", "properties": {}}
    required: list[str] = []
    for part in every:
        merged |= {key: value for key, value in part.items() if key not in merged}
        merged["properties"] |= part.get("properties", {})
        required += [name for name in part.get("required", ()) if name not in required]
    merged["description"] = own.get("description", merged.get("description", ""))
    if required:
        merged["required"] = required
    return {key: value for key, value in merged.items() if value not in ("", None)}


def _nullable(schema: dict[str, Any], node: Node) -> dict[str, Any]:
    """Write OpenAPI 3.0's ``nullable: true`` as JSON Schema does."""
    if node.get("nullable") is not True:
        return schema
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    kind = schema.get("type")
    if isinstance(kind, str):
        return {**schema, "type": [kind, "null"]}
    if any(key in schema for key in ("allOf", "anyOf", "oneOf")):
        return {"anyOf": [schema, {"type": "null"}]}
    return schema
