"""How OpenAPI writes values into paths, queries, headers and bodies (OpenAPI 3.1, 4.8.12)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast
from urllib.parse import quote

from flowloom.catalog.component import Parameter
from flowloom.errors import UserError

__all__ = [
    "decode_binary",
    "form_pairs",
    "header_text",
    "multipart_body",
    "path_text",
    "query_pairs",
]

Pair = tuple[str, str]

_SEPARATORS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}
_PREFIXES = {"simple": "", "label": ".", "matrix": ";"}


def path_text(parameter: Parameter, value: Any) -> str:
    """Return the percent-encoded text that replaces ``{name}`` in a path.

    Raises:
        UserError: it is empty or has a ``.`` or ``..`` segment, which would name another path.
    """
    if parameter.style == "reserved" and not isinstance(value, Mapping | list | tuple):
        text = "/".join(_encoded(part) for part in _plain(value).strip("/").split("/"))
    else:
        text = _path_text(parameter, value)
    if not text or any(part in ("", ".", "..") for part in text.split("/")):
        raise UserError(
            f"The input {parameter.input!r} is {value!r}, which cannot stand in a path.",
            hint="Give a value that is not empty and has no '.' or '..' part.",
        )
    return text


def query_pairs(parameter: Parameter, value: Any) -> Iterator[Pair]:
    """Yield percent-encoded names and values of a query or cookie parameter."""
    name = _encoded(parameter.name)
    if value is None:
        return
    if parameter.style == "json":
        yield name, _encoded(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    elif parameter.style == "deepObject":
        yield from _deep(name, value)
    elif isinstance(value, Mapping):
        yield from _object_pairs(parameter, name, cast(Mapping[str, Any], value))
    elif _is_list(value):
        items = [_encoded(_plain(item)) for item in value if item is not None]
        if parameter.explode:
            yield from ((name, item) for item in items)
        else:
            yield name, _SEPARATORS.get(parameter.style, ",").join(items)
    else:
        yield name, _encoded(_plain(value))


def header_text(parameter: Parameter, value: Any) -> str:
    """Return a header's text (style ``simple``, without percent-encoding)."""
    if parameter.style == "json":
        return json.dumps(value)
    if isinstance(value, Mapping):
        return ",".join(_flat(cast(Mapping[str, Any], value), parameter.explode, str))
    return ",".join(_plain(item) for item in value) if _is_list(value) else _plain(value)


def form_pairs(parameter: Parameter, value: Any) -> Iterator[Pair]:
    """Yield percent-encoded names and values of one property of a form body."""
    if parameter.style:
        yield from query_pairs(parameter, value)
    elif isinstance(value, Mapping):
        text = json.dumps(value, ensure_ascii=False)
        yield _encoded(parameter.name), _encoded(text)
    else:
        yield from query_pairs(parameter, value)


def multipart_body(
    fields: Sequence[tuple[str, Any]], schemas: Mapping[str, Mapping[str, Any]]
) -> tuple[bytes, str]:
    """Return a ``multipart/form-data`` body and its content type.

    A field whose schema has ``format: binary`` is a file, given as base64 text.
    """
    parts = [
        part
        for name, value in fields
        for item in (value if _is_list(value) else [value])
        if (part := _part(name, item, schemas.get(name, {})))
    ]
    boundary = "flowloom-" + hashlib.sha256(b"\0".join(parts)).hexdigest()[:32]
    lines = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return lines + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _part(name: str, value: Any, schema: Mapping[str, Any]) -> bytes:
    if value is None:
        return b""
    safe = name.replace("\\", "\\\\").replace('"', "%22").replace("\r", "").replace("\n", "")
    head = f'Content-Disposition: form-data; name="{safe}"'
    inner = cast(Mapping[str, Any], schema.get("items") or schema)
    if inner.get("format") == "binary":
        head += f'; filename="{safe}"\r\nContent-Type: application/octet-stream'
        return f"{head}\r\n\r\n".encode() + decode_binary(name, value)
    if isinstance(value, Mapping | list):
        head += "\r\nContent-Type: application/json"
        return f"{head}\r\n\r\n{json.dumps(value)}".encode()
    return f"{head}\r\n\r\n{_plain(value)}".encode()


def decode_binary(name: str, value: Any) -> bytes:
    """Return the bytes of an input that is given as base64 text."""
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UserError(
            f"The input {name!r} is no base64 text.", hint="Give the file's content as base64."
        ) from error


def _path_text(parameter: Parameter, value: Any) -> str:
    matrix = parameter.style == "matrix"
    prefix = _PREFIXES.get(parameter.style, "")
    name = _encoded(parameter.name)
    joint = (prefix or ",") if parameter.explode else ","
    if isinstance(value, Mapping):
        parts = _flat(cast(Mapping[str, Any], value), parameter.explode, _encoded)
    else:
        items = list(value) if _is_list(value) else [value]
        parts = [_encoded(_plain(item)) for item in items if item is not None]
        if matrix and parameter.explode:
            parts = [f"{name}={part}" for part in parts]
    text = joint.join(parts)
    if not text:
        return ""
    return prefix + (f"{name}={text}" if matrix and not parameter.explode else text)


def _object_pairs(parameter: Parameter, name: str, value: Mapping[str, Any]) -> Iterator[Pair]:
    given = {key: item for key, item in value.items() if item is not None}
    if parameter.explode and parameter.style in ("form", ""):
        yield from ((_encoded(key), _encoded(_plain(item))) for key, item in given.items())
    else:
        separator = _SEPARATORS.get(parameter.style, ",")
        flat = [_encoded(text) for key, item in given.items() for text in (key, _plain(item))]
        yield name, separator.join(flat)


def _deep(name: str, value: Any) -> Iterator[Pair]:
    """Write ``name[key][0]=value``; OpenAPI leaves nesting open, this is the usual way."""
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, item in cast(Mapping[str, Any], value).items():
            yield from _deep(f"{name}[{_encoded(str(key))}]", item)
    elif _is_list(value):
        for index, item in enumerate(value):
            yield from _deep(f"{name}[{index}]", item)
    else:
        yield name, _encoded(_plain(value))


def _flat(value: Mapping[str, Any], explode: bool, encode: Callable[[str], str]) -> list[str]:
    given = {
        encode(str(key)): encode(_plain(item)) for key, item in value.items() if item is not None
    }
    if explode:
        return [f"{key}={item}" for key, item in given.items()]
    return [text for pair in given.items() for text in pair]


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)
