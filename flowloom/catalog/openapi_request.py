"""Build and send the HTTP request of an OpenAPI component."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from flowloom.catalog.component import Component, OpenApiRun, Parameter
from flowloom.catalog.openapi_inputs import is_json
from flowloom.catalog.openapi_serialization import (
    decode_binary,
    form_pairs,
    header_text,
    multipart_body,
    path_text,
    query_pairs,
)
from flowloom.errors import ComponentError, ConfigError, UserError, nearest

if TYPE_CHECKING:
    import httpx

__all__ = ["HttpRequest", "build_request", "call_openapi"]

TIMEOUT_SECONDS = 60.0
MAX_RESPONSE_BYTES = 50_000_000

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_HOST_PART = re.compile(r"^[A-Za-z0-9._:-]+$")
_EXCERPT = 500


@dataclass(frozen=True)
class HttpRequest:
    """A request, ready to be sent.

    Attributes:
        method: upper case.
        url: the full address with its query, percent-encoded.
        headers: by name; they may hold secrets.
        body: None if there is none.
    """

    method: str
    url: str = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = None


def build_request(
    component: Component, inputs: Mapping[str, Any], connection: Mapping[str, str]
) -> HttpRequest:
    """Return the request that ``inputs`` make, serialized as the OpenAPI document says.

    Args:
        component: one that runs as an OpenAPI operation.
        inputs: by the names of the component's inputs. A null outside a JSON body counts as not
            given; binary content is given as base64 text.
        connection: the account: ``token`` (``username`` and ``password`` for basic
            authentication), and the variables of the server's address.

    Raises:
        UserError: an input is unknown, missing or cannot be sent.
        ConfigError: the connection lacks a value.
    """
    run = _operation(component)
    _check_names(component, inputs)
    values = {**_sent_defaults(component), **inputs}
    given = [
        (parameter, _as_declared(component, parameter.input, values[parameter.input]))
        for parameter in run.parameters
        if parameter.input in values
    ]
    url = _server(component, run, connection) + _path(run, given)
    query = [
        pair for item, value in given if item.place == "query" for pair in query_pairs(item, value)
    ]
    headers = {name: _filled(component, text, connection) for name, text in run.headers.items()}
    for item, value in given:
        if item.place == "header" and value is not None:
            headers[item.name] = _safe_header(item.name, header_text(item, value))
    cookies = [
        pair for item, value in given if item.place == "cookie" for pair in query_pairs(item, value)
    ]
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies)
    query += _authenticate(component, headers, connection)
    body, content_type = _body(component, run, given)
    if content_type:
        headers["Content-Type"] = content_type
    if query:
        url += ("&" if "?" in url else "?") + "&".join(f"{name}={value}" for name, value in query)
    return HttpRequest(run.method, url, headers, body)


async def call_openapi(
    component: Component,
    inputs: Mapping[str, Any],
    connection: Mapping[str, str],
    client: httpx.AsyncClient | None = None,
) -> Any:
    """Send the request and return the response: JSON as data, text as text, else base64 text.

    An empty response is None. A response with a property that the component's output declares
    with another constant (such as ``ok: true``) is a failure too. Redirects are not followed.

    Raises:
        UserError: as :func:`build_request`.
        ComponentError: the server cannot be reached or answers a failure; the message has the
            status and the start of the answer, without the connection's secrets.
    """
    import httpx

    request = build_request(component, inputs, connection)
    try:
        if client is not None:
            status, headers, content = await _send(client, request)
        else:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as own:
                status, headers, content = await _send(own, request)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        problem = _without_secrets(str(error) or type(error).__name__, connection)
        raise ComponentError(
            f"{component.id!r} could not reach its server: {problem}.",
            hint="Check the network and the connection's address.",
        ) from None
    if not 200 <= status < 300:
        raise _failure(component, f"status {status}", content, connection)
    value = _read(component, headers.get("content-type", ""), content)
    if wrong := _broken_promise(component, value):
        raise _failure(component, wrong, content, connection)
    return value


def _operation(component: Component) -> OpenApiRun:
    if not isinstance(component.run, OpenApiRun):
        raise UserError(
            f"The component {component.id!r} is no OpenAPI operation.",
            hint="Run it as what its 'run' says.",
        )
    return component.run


def _check_names(component: Component, inputs: Mapping[str, Any]) -> None:
    known = component.inputs
    for name in inputs:
        if name not in known:
            raise UserError(f"{component.id!r} has no input {name!r}.", hint=nearest(name, known))
    for name in component.required:
        if name not in inputs:
            raise UserError(f"{component.id!r} needs the input {name!r}.", hint="Give it a value.")


def _sent_defaults(component: Component) -> dict[str, Any]:
    return {
        name: schema["default"]
        for name, schema in component.inputs.items()
        if schema.get("x-send-default")
    }


def _as_declared(component: Component, name: str, value: Any) -> Any:
    """Return a whole number as an int where the input is an integer (CEL may give a double)."""
    kinds = component.inputs[name].get("type")
    wants_int = kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds)
    return int(value) if wants_int and isinstance(value, float) and value.is_integer() else value


def _server(component: Component, run: OpenApiRun, connection: Mapping[str, str]) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        value = _secret(component, connection, name)
        account = component.connection
        if account is not None and account.auth == "path" and account.name == name:
            return quote(value, safe=":")
        if not _HOST_PART.match(value):
            raise ConfigError(
                f"The connection's {name!r} for {component.id!r} cannot stand in an address.",
                hint="Use letters, digits, dots and dashes only.",
            )
        return value

    return _PLACEHOLDER.sub(fill, run.server)


def _path(run: OpenApiRun, given: list[tuple[Parameter, Any]]) -> str:
    texts = {item.name: path_text(item, value) for item, value in given if item.place == "path"}
    return _PLACEHOLDER.sub(lambda match: texts[match.group(1)], run.path)


def _authenticate(
    component: Component, headers: dict[str, str], connection: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Add the account's headers and return its query parameters."""
    account = component.connection
    if account is None or (not account.required and not connection):
        return []
    if account.auth == "basic":
        user = _secret(component, connection, "username")
        plain = f"{user}:{_secret(component, connection, 'password')}"
        headers["Authorization"] = "Basic " + base64.b64encode(plain.encode()).decode()
    elif account.auth == "bearer":
        headers["Authorization"] = f"Bearer {_secret(component, connection, 'token')}"
    elif account.auth == "header" and account.name not in headers:
        headers[account.name] = _secret(component, connection, "token")
    elif account.auth == "query":
        return [(quote(account.name), quote(_secret(component, connection, "token"), safe=""))]
    return []


def _secret(component: Component, connection: Mapping[str, str], name: str) -> str:
    value = connection.get(name)
    if not value:
        kind = component.connection.type if component.connection else component.provider
        raise ConfigError(
            f"The connection for {component.id!r} has no {name!r}.",
            hint=f"Add {name!r} to the connection of type {kind!r}.",
        )
    return _safe_header(name, value)


def _filled(component: Component, text: str, connection: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: _secret(component, connection, match.group(1)), text)


def _safe_header(name: str, text: str) -> str:
    if any(ord(character) < 32 and character != "\t" for character in text):
        raise UserError(
            f"The value of {name!r} has a line break or control character.",
            hint="Take it out: it cannot be sent.",
        )
    return text


def _body(
    component: Component, run: OpenApiRun, given: list[tuple[Parameter, Any]]
) -> tuple[bytes | None, str]:
    whole = [value for item, value in given if item.place == "whole_body"]
    parts = [(item, value) for item, value in given if item.place == "body"]
    has_parts = any(item.place == "body" for item in run.parameters)
    if is_json(run.content_type):
        if whole or has_parts:
            value = whole[0] if whole else {item.name: part for item, part in parts}
            return json.dumps(value, ensure_ascii=False).encode(), run.content_type
        return None, ""
    if run.content_type == "multipart/form-data" and parts:
        schemas = {item.name: component.inputs[item.input] for item, _value in parts}
        return multipart_body([(item.name, value) for item, value in parts], schemas)
    if run.content_type == "application/x-www-form-urlencoded" and (parts or whole):
        fields = parts or _fields(whole[0])
        pairs = [pair for item, value in fields for pair in form_pairs(item, value)]
        return "&".join(f"{name}={value}" for name, value in pairs).encode(), run.content_type
    if whole and whole[0] is not None:
        return _raw(component, whole[0]), run.content_type
    return None, ""


def _fields(value: Any) -> list[tuple[Parameter, Any]]:
    return [
        (Parameter(input=str(name), name=str(name), place="body"), item)
        for name, item in cast(Mapping[str, Any], value).items()
    ]


def _raw(component: Component, value: Any) -> bytes:
    schema = component.inputs.get("body", {})
    if isinstance(value, str) and schema.get("format") == "binary":
        return decode_binary("body", value)
    return (value if isinstance(value, str) else json.dumps(value)).encode()


async def _send(
    client: httpx.AsyncClient, request: HttpRequest
) -> tuple[int, Mapping[str, str], bytes]:
    content = bytearray()
    async with client.stream(
        request.method, request.url, headers=request.headers, content=request.body
    ) as response:
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > MAX_RESPONSE_BYTES:
                raise ComponentError(
                    f"The server answered more than {MAX_RESPONSE_BYTES // 1_000_000} MB.",
                    hint="Ask for less, by a filter or a smaller page.",
                )
        return response.status_code, response.headers, bytes(content)


def _read(component: Component, content_type: str, content: bytes) -> Any:
    if not content:
        return None
    if is_json(content_type):
        try:
            return json.loads(content)
        except ValueError as error:
            raise ComponentError(
                f"{component.id!r} got an answer that says it is JSON but is not.",
                hint="Try again; if it stays, look at the service's status page.",
            ) from error
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind in ("application/xml", "application/x-ndjson"):
        return content.decode(errors="replace")
    return base64.b64encode(content).decode()


def _broken_promise(component: Component, value: Any) -> str:
    properties = cast(dict[str, Any], component.output.get("properties", {}))
    if not isinstance(value, Mapping):
        return ""
    answer = cast(Mapping[str, Any], value)
    for name, schema in properties.items():
        if "const" in schema and name in answer and answer[name] != schema["const"]:
            return f"{name} = {json.dumps(answer[name])}"
    return ""


def _failure(
    component: Component, problem: str, content: bytes, connection: Mapping[str, str]
) -> ComponentError:
    run = _operation(component)
    excerpt = " ".join(content[: 4 * _EXCERPT].decode(errors="replace").split())
    excerpt = _without_secrets(excerpt, connection)[:_EXCERPT]
    return ComponentError(
        f"{component.id!r} failed with {problem} ({run.method} {run.server}{run.path}):"
        f" {excerpt or 'no text in the answer'}",
        hint="Check the inputs and the rights of the connection.",
    )


def _without_secrets(text: str, connection: Mapping[str, str]) -> str:
    for value in connection.values():
        for form in (value, quote(value, safe=""), quote(value, safe=":")):
            if len(form) >= 4:
                text = text.replace(form, "***")
    return text
