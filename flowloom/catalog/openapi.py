"""OpenAPI 3.0 and 3.1 documents: one component per operation.

Extensions that are read:

    info       x-flowloom-service    first part of the ids; else made from the title
               x-flowloom-provider   what a request calls the service; else the title
               x-keywords            words for every operation
    document   x-flowloom-headers    headers that every request has; ``{name}`` in a value stands
                                     for a key of the connection
    scheme     x-flowloom-in: path   the secret stands in the server's address
    operation  x-flowloom-id, x-flowloom-effect, x-keywords
    server     a variable with x-flowloom-connection: true comes from the connection
    schema     x-personal: true      tells about a person
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from flowloom.catalog.component import (
    ID_PATTERN,
    Component,
    Connection,
    Effect,
    JsonSchema,
    OpenApiRun,
    Parameter,
)
from flowloom.catalog.entries import Entries, SkippedEntry, WrongEntry
from flowloom.catalog.fetching import DEFAULT_RULES, FetchRules, fetch, shown_address
from flowloom.catalog.openapi_inputs import is_json, read_inputs
from flowloom.catalog.openapi_schema import Resolver
from flowloom.catalog.plain_lists import effect_of_words
from flowloom.catalog.source_text import SourceText, decode_source
from flowloom.errors import CatalogError

__all__ = ["fetch_document", "read_openapi", "snake_case"]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_EFFECTS = ("read", "write", "destructive")
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def read_openapi(source: SourceText, directory: Path | None = None) -> Entries:
    """Return one component for each operation of an OpenAPI document.

    Args:
        source: the document's text.
        directory: the folder where references to other files are looked up; None: nowhere.

    Raises:
        CatalogError: it is no OpenAPI 3.0 or 3.1 document, or it has no operation.
    """
    document = source.data
    if not isinstance(document, Mapping):
        raise CatalogError(f"{source.name!r} is no OpenAPI document.", hint="Give an object.")
    reader = _Reader(source, cast(Mapping[str, Any], document), Resolver(document, directory))
    reader.check()
    return Entries.of(reader.components())


def fetch_document(url: str, rules: FetchRules = DEFAULT_RULES) -> SourceText:
    """Download a document; it is named after its address without what may be secret.

    Raises:
        CatalogError: the rules refuse it, the server cannot be reached, answers an error, sends
            too much or takes too long.
    """
    return decode_source(fetch(url, rules), shown_address(url))


def snake_case(text: str) -> str:
    """Return ``text`` in lower case with ``_`` between its words."""
    return "_".join(word.lower() for word in _WORD.findall(text))


class _Reader:
    def __init__(self, source: SourceText, document: Mapping[str, Any], resolver: Resolver) -> None:
        self._source = source
        self._document = document
        self._resolver = resolver
        self._info = _mapping(document.get("info"))
        title = str(self._info.get("title") or Path(source.name).stem)
        self._provider = str(self._info.get("x-flowloom-provider") or title)
        service = str(self._info.get("x-flowloom-service") or snake_case(title) or "api")
        self._service = service if service[0].isalpha() else f"api_{service}"

    def check(self) -> None:
        version = str(self._document.get("openapi", self._document.get("swagger", "")))
        if not version.startswith(("3.0", "3.1")):
            raise CatalogError(
                f"{self._source.name!r} says that it is OpenAPI {version!r}; 3.0 and 3.1 are read.",
                hint="Convert it to OpenAPI 3, for example with swagger2openapi.",
            )
        if not isinstance(self._document.get("paths"), Mapping) or not self._document["paths"]:
            raise CatalogError(
                f"{self._source.name!r} is an OpenAPI document without 'paths'.",
                hint="Give a document with at least one operation.",
            )

    def components(self) -> Iterator[Component | SkippedEntry]:
        seen: dict[str, str] = {}
        count = 0
        for path, method in self._operations():
            label = f"{method.upper()} {path}"
            try:
                component = self._component(path, method)
                if component.id in seen:
                    raise WrongEntry(f"its id {component.id!r} is that of {seen[component.id]} too")
            except WrongEntry as error:
                line = self._source.line(("paths", path, method))
                yield SkippedEntry(self._source.name, label, line, error.message)
            else:
                seen[component.id] = label
                yield component
            count += 1
        if not count:
            raise CatalogError(
                f"{self._source.name!r} is an OpenAPI document without operations.",
                hint="Give a document with at least one operation under 'paths'.",
            )

    def _operations(self) -> Iterator[tuple[str, str]]:
        for path, item in self._document["paths"].items():
            if not isinstance(item, Mapping):
                raise CatalogError(
                    f"{self._source.name!r}, line {self._source.line(('paths', path))}:"
                    f" the path {path!r} must hold its methods, not {item!r}.",
                    hint="Write 'get:', 'post:' and so on below it.",
                )
            try:
                node, _base = self._resolver.node(cast(object, item))
            except WrongEntry as error:
                raise CatalogError(f"{self._source.name!r}, path {path!r}: {error}.") from error
            yield from ((str(path), method) for method in _METHODS if method in node)

    def _component(self, path: str, method: str) -> Component:
        path_item, base = self._resolver.node(self._document["paths"][path])
        operation, base = self._resolver.node(path_item[method], base)
        inputs = read_inputs(self._resolver, path_item, operation, base)
        _check_path(path, inputs.parameters)
        output, accept = self._output(operation, base)
        headers = {"Accept": accept} if accept else {}
        headers |= _texts(self._document.get("x-flowloom-headers")) | inputs.headers
        return Component(
            id=self._id(path, method, operation),
            title=str(operation.get("summary") or "").strip(),
            description=self._description(path, method, operation),
            keywords=self._keywords(operation),
            provider=self._provider,
            effect=_effect(method, operation),
            input=inputs.schema,
            output=output,
            connection=self._connection(operation),
            run=OpenApiRun(
                server=self._server(path_item, operation),
                method=method.upper(),
                path=path,
                parameters=inputs.parameters,
                content_type=inputs.content_type,
                headers=headers,
            ),
            deprecated=operation.get("deprecated") is True,
            source=self._source.name,
        )

    def _id(self, path: str, method: str, operation: Mapping[str, Any]) -> str:
        own = operation.get("x-flowloom-id")
        if own is not None:
            if not re.fullmatch(ID_PATTERN, str(own)):
                raise WrongEntry(f"'x-flowloom-id' {own!r} is not of the form of an id")
            return str(own)
        given = operation.get("operationId")
        if isinstance(given, str) and given:
            parts = [snake_case(part) for part in re.split(r"[/.:]", given)]
        else:
            words = path.replace("{", "by_").replace("}", "")
            parts = [snake_case(f"{method}_{words}")]
        name = ".".join([self._service, *(part for part in parts if part)])
        if len(name) > 500 or name == self._service:
            raise WrongEntry(f"no id can be made from the operation id {given!r}")
        return name

    def _description(self, path: str, method: str, operation: Mapping[str, Any]) -> str:
        text = operation.get("description") or operation.get("summary") or ""
        return str(text).strip() or f"{method.upper()} {path} of {self._provider}"

    def _keywords(self, operation: Mapping[str, Any]) -> tuple[str, ...]:
        listed = (operation.get("x-keywords"), operation.get("tags"), self._info.get("x-keywords"))
        words = [
            str(word)
            for group in listed
            if isinstance(group, list)
            for word in cast(list[object], group)
        ]
        return tuple(dict.fromkeys(words))

    def _output(self, operation: Mapping[str, Any], base: str) -> tuple[JsonSchema, str]:
        """Return the schema of what a call gives, and the media type to ask for."""
        responses = _mapping(operation.get("responses"))
        good = [code for code in responses if str(code).upper().startswith("2")] or (
            ["default"] if "default" in responses else []
        )
        for code in good:
            response, base = self._resolver.node(responses[code], base)
            content = _mapping(response.get("content"))
            for media_type in sorted(content, key=lambda name: not is_json(name)):
                media, base = self._resolver.node(content[media_type], base)
                if is_json(media_type):
                    return self._resolver.schema(media.get("schema", {}), "response", base), (
                        media_type
                    )
                if media_type.startswith("text/"):
                    return {"type": "string"}, media_type
                return {"type": "string", "contentEncoding": "base64"}, media_type
        return ({"type": "null"}, "") if good and good != ["default"] else ({}, "")

    def _server(self, path_item: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
        for holder in (operation, path_item, self._document):
            servers = holder.get("servers")
            if isinstance(servers, list) and servers:
                return self._address(_mapping(cast(list[object], servers)[0]))
        return self._absolute("/")

    def _address(self, server: Mapping[str, Any]) -> str:
        url = str(server.get("url") or "/")
        for name, variable in _mapping(server.get("variables")).items():
            details = _mapping(variable)
            if details.get("x-flowloom-connection") is not True:
                url = url.replace("{" + name + "}", str(details.get("default", "")))
        return self._absolute(url)

    def _absolute(self, url: str) -> str:
        from urllib.parse import urljoin

        if "://" in url:
            return url.rstrip("/")
        if "://" in self._source.name:
            return urljoin(self._source.name, url).rstrip("/")
        raise WrongEntry(
            f"the server {url!r} is no full address; write one under 'servers', such as"
            " https://api.example.com"
        )

    def _connection(self, operation: Mapping[str, Any]) -> Connection | None:
        wanted = operation.get("security", self._document.get("security"))
        if not isinstance(wanted, list) or not wanted:
            return None
        choices = [_mapping(choice) for choice in cast(list[object], wanted)]
        named = [choice for choice in choices if choice]
        if not named:
            return None
        schemes = _mapping(_mapping(self._document.get("components")).get("securitySchemes"))
        found = [self._scheme(schemes, next(iter(choice)), choices) for choice in named]
        return next((item for item in found if item.auth != "none"), found[0])

    def _scheme(
        self, schemes: Mapping[str, Any], name: str, choices: list[Mapping[str, Any]]
    ) -> Connection:
        if name not in schemes:
            raise WrongEntry(f"there is no security scheme {name!r} under 'components'")
        scheme, _base = self._resolver.node(schemes[name])
        auth, parameter = _auth(scheme)
        return Connection(type=self._service, auth=auth, name=parameter, required={} not in choices)


def _check_path(path: str, parameters: tuple[Parameter, ...]) -> None:
    declared = {item.name for item in parameters if item.place == "path"}
    for name in re.findall(r"\{([^{}]*)\}", path):
        if name not in declared:
            raise WrongEntry(f"the path has {{{name}}}, but there is no path parameter {name!r}")


def _auth(scheme: Mapping[str, Any]) -> tuple[Any, str]:
    """Return how the secret is sent, and the name of the header or query parameter."""
    kind = scheme.get("type")
    name = str(scheme.get("name") or "")
    if kind in ("oauth2", "openIdConnect"):
        return "bearer", ""
    if kind == "http":
        basic = str(scheme.get("scheme", "")).lower() == "basic"
        return ("basic" if basic else "bearer"), ""
    if kind == "apiKey" and scheme.get("x-flowloom-in") == "path":
        return "path", name
    if kind == "apiKey" and scheme.get("in") in ("header", "query"):
        return scheme["in"], name
    if kind == "apiKey" and scheme.get("in") == "cookie":
        return "header", "Cookie"
    return "none", ""


def _effect(method: str, operation: Mapping[str, Any]) -> Effect:
    own = operation.get("x-flowloom-effect")
    if own is not None:
        if own not in _EFFECTS:
            raise WrongEntry(f"'x-flowloom-effect' must be one of {_EFFECTS}, not {own!r}")
        return own
    if method in ("get", "head", "options", "trace"):
        return "read"
    if method == "delete" or effect_of_words(str(operation.get("operationId", ""))) == (
        "destructive"
    ):
        return "destructive"
    return "write"


def _mapping(value: object) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def _texts(value: object) -> dict[str, str]:
    return {str(name): str(text) for name, text in _mapping(value).items()}
