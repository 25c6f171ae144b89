"""Requests: serialization, accounts, sending over loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.component import Component, Connection, OpenApiRun, Parameter
from flowloom.catalog.openapi_request import build_request, call_openapi
from flowloom.catalog.openapi_serialization import header_text, path_text, query_pairs
from flowloom.errors import ComponentError, ConfigError, UserError

LIST = ["blue", "black", "brown"]
OBJECT = {"R": 100, "G": 200}


def _component(
    *parameters: Parameter, schemas: dict[str, Any] | None = None, **more: Any
) -> Component:
    properties = {item.input: (schemas or {}).get(item.input, {}) for item in parameters}
    path = "/things" + "".join(f"/{{{item.name}}}" for item in parameters if item.place == "path")
    run: dict[str, Any] = {
        "server": "https://api.example",
        "method": "POST",
        "path": path,
        **more.pop("run", {}),
    }
    return Component(
        id="test.things",
        input={"type": "object", "properties": properties, "required": more.pop("required", [])},
        run=OpenApiRun(parameters=parameters, **run),
        **more,
    )


def _parameter(place: Any, style: str = "", *, explode: bool = False) -> Parameter:
    return Parameter(input="color", name="color", place=place, style=style, explode=explode)


# The table of OpenAPI 3.1.0, 4.8.12.4 "Style Examples".
@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("simple", False, "blue", "blue"),
        ("simple", False, LIST, "blue,black,brown"),
        ("simple", False, OBJECT, "R,100,G,200"),
        ("simple", True, OBJECT, "R=100,G=200"),
        ("label", False, "blue", ".blue"),
        ("label", True, LIST, ".blue.black.brown"),
        ("label", True, OBJECT, ".R=100.G=200"),
        ("matrix", False, "blue", ";color=blue"),
        ("matrix", False, LIST, ";color=blue,black,brown"),
        ("matrix", False, OBJECT, ";color=R,100,G,200"),
        ("matrix", True, LIST, ";color=blue;color=black;color=brown"),
        ("matrix", True, OBJECT, ";R=100;G=200"),
        ("simple", False, "a/b c?#%", "a%2Fb%20c%3F%23%25"),
        ("reserved", False, "a/b c", "a/b%20c"),
    ],
)
def test_path_styles(style: str, explode: bool, value: Any, text: str) -> None:
    assert path_text(_parameter("path", style, explode=explode), value) == text


@pytest.mark.parametrize("style", ["simple", "reserved"])
@pytest.mark.parametrize("value", ["", "..", ".", None, []])
def test_path_value_that_names_another_path_is_refused(style: str, value: Any) -> None:
    with pytest.raises(UserError, match="cannot stand in a path"):
        path_text(_parameter("path", style), value)
    with pytest.raises(UserError):
        path_text(_parameter("path", "reserved"), "a/../b")


@pytest.mark.parametrize(
    ("style", "explode", "value", "text"),
    [
        ("form", True, "blue", "color=blue"),
        ("form", True, LIST, "color=blue&color=black&color=brown"),
        ("form", False, LIST, "color=blue,black,brown"),
        ("form", True, OBJECT, "R=100&G=200"),
        ("form", False, OBJECT, "color=R,100,G,200"),
        ("spaceDelimited", False, LIST, "color=blue%20black%20brown"),
        ("pipeDelimited", False, LIST, "color=blue%7Cblack%7Cbrown"),
        ("deepObject", True, OBJECT, "color[R]=100&color[G]=200"),
        ("deepObject", True, {"a": {"b": [1, True]}}, "color[a][b][0]=1&color[a][b][1]=true"),
        ("json", False, {"a": [1]}, "color=%7B%22a%22%3A%5B1%5D%7D"),
        ("form", True, None, ""),
        ("form", True, "", "color="),
        ("form", True, False, "color=false"),
        ("form", False, ["a,b", "c"], "color=a%2Cb,c"),
    ],
)
def test_query_styles(style: str, explode: bool, value: Any, text: str) -> None:
    pairs = query_pairs(_parameter("query", style, explode=explode), value)
    assert "&".join(f"{name}={item}" for name, item in pairs) == text


@pytest.mark.parametrize(
    ("explode", "value", "text"),
    [
        (False, LIST, "blue,black,brown"),
        (False, OBJECT, "R,100,G,200"),
        (True, OBJECT, "R=100,G=200"),
    ],
)
def test_header_style(explode: bool, value: Any, text: str) -> None:
    assert header_text(_parameter("header", explode=explode), value) == text


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(name=TEXTS.filter(bool), values=st.lists(TEXTS, max_size=5))
def test_query_reads_back_the_same(name: str, values: list[str]) -> None:
    parameter = Parameter(input="x", name=name, place="query", style="form", explode=True)
    url = build_request(_component(parameter), {"x": values}, {}).url
    read = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    assert read == [(name, value) for value in values]


@given(value=TEXTS.filter(lambda text: text not in ("", ".", "..")))
def test_path_value_stays_one_segment(value: str) -> None:
    url = build_request(_component(_parameter("path", "simple")), {"color": value}, {}).url
    segments = urlsplit(url).path.split("/")
    assert len(segments) == 3
    assert unquote(segments[2]) == value


@given(body=st.dictionaries(st.sampled_from(["a", "b"]), st.none() | TEXTS | st.lists(TEXTS)))
def test_json_body_reads_back_the_same(body: dict[str, Any]) -> None:
    fields = [Parameter(input=name, name=name, place="body") for name in ("a", "b")]
    assert json.loads(build_request(_component(*fields), body, {}).body or b"") == body


def test_header_and_cookie_parameters() -> None:
    component = _component(
        Parameter(input="h", name="X-Tags", place="header", style="simple"),
        Parameter(input="c", name="sid", place="cookie", style="form"),
    )
    headers = build_request(component, {"h": ["a", "b"], "c": "1 2"}, {}).headers
    assert headers == {"X-Tags": "a,b", "Cookie": "sid=1%202"}
    with pytest.raises(UserError, match="line break"):
        build_request(component, {"h": "a\r\nX-Evil: 1"}, {})


def test_whole_number_given_as_a_double_is_sent_as_an_integer() -> None:
    component = _component(_parameter("query"), schemas={"color": {"type": "integer"}})
    assert build_request(component, {"color": 3.0}, {}).url.endswith("?color=3")
    plain = _component(_parameter("query"))
    assert build_request(plain, {"color": 3.5}, {}).url.endswith("?color=3.5")


def test_multipart_body_with_a_file() -> None:
    fields = (
        Parameter(input="name", name="name", place="body"),
        Parameter(input="file", name="file", place="body"),
    )
    schemas = {"file": {"type": "string", "format": "binary"}}
    component = _component(*fields, schemas=schemas, run={"content_type": "multipart/form-data"})
    request = build_request(component, {"name": "a", "file": "AAH/"}, {})
    kind, boundary = request.headers["Content-Type"].split("; boundary=")
    assert kind == "multipart/form-data"
    assert (
        request.body
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        + b"\x00\x01\xff\r\n"
        + f"--{boundary}--\r\n".encode()
    )
    with pytest.raises(UserError, match="no base64 text"):
        build_request(component, {"file": "?"}, {})


def test_text_body_is_sent_as_it_is() -> None:
    whole = Parameter(input="body", name="", place="whole_body")
    component = _component(whole, run={"content_type": "text/plain"})
    request = build_request(component, {"body": "hé"}, {})
    assert (request.body, request.headers["Content-Type"]) == ("hé".encode(), "text/plain")


@pytest.mark.parametrize(
    ("connection", "given", "header", "query"),
    [
        (Connection(type="t", auth="bearer"), {"token": "k"}, ("Authorization", "Bearer k"), ""),
        (
            Connection(type="t", auth="basic"),
            {"username": "u", "password": "p"},
            ("Authorization", "Basic dTpw"),
            "",
        ),
        (Connection(type="t", auth="header", name="X-Key"), {"token": "k"}, ("X-Key", "k"), ""),
        (Connection(type="t", auth="query", name="key"), {"token": "a b"}, None, "key=a%20b"),
    ],
)
def test_accounts(
    connection: Connection, given: dict[str, str], header: tuple[str, str] | None, query: str
) -> None:
    request = build_request(_component(connection=connection), {}, given)
    assert request.headers == (dict([header]) if header else {})
    assert urlsplit(request.url).query == query
    with pytest.raises(ConfigError, match="has no"):
        build_request(_component(connection=connection), {}, {})


def test_optional_account_may_be_left_out() -> None:
    account = Connection(type="t", auth="bearer", required=False)
    assert build_request(_component(connection=account), {}, {}).headers == {}


def test_server_variable_cannot_lead_elsewhere() -> None:
    component = _component(run={"server": "https://{site}.example"})
    assert build_request(component, {}, {"site": "acme"}).url == "https://acme.example/things"
    with pytest.raises(ConfigError, match="cannot stand in an address"):
        build_request(component, {}, {"site": "evil.example/?"})


def test_unknown_and_missing_inputs() -> None:
    component = _component(_parameter("query"), required=["color"])
    with pytest.raises(UserError, match=r"no input 'colour'\. Nearest: 'color'"):
        build_request(component, {"colour": 1}, {})
    with pytest.raises(UserError, match="needs the input 'color'"):
        build_request(component, {}, {})
    with pytest.raises(UserError, match="no OpenAPI operation"):
        build_request(Component(id="a"), {}, {})


def test_request_does_not_show_its_secrets() -> None:
    account = Connection(type="t", auth="query", name="key")
    assert "s3cret" not in repr(
        build_request(_component(connection=account), {}, {"token": "s3cret"})
    )


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        status, kind, content = ANSWERS[self.path.partition("?")[0].rpartition("/")[2]]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        if content == b"echo":
            content = json.dumps([self.path, self.headers["Authorization"]]).encode()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


ANSWERS = {
    "echo": (200, "application/json", b"echo"),
    "text": (200, "text/csv; charset=utf-8", b"a,b"),
    "binary": (200, "image/png", b"\x00\xff"),
    "none": (204, "text/plain", b""),
    "nook": (200, "application/json", b'{"ok": false, "error": "not_in_channel"}'),
    "broken": (200, "application/json", b"{"),
    "denied": (403, "application/json", b'{"message": "bad key s3cret/1 or s3cret%2F1"}'),
    "moved": (302, "text/plain", b""),
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


async def _call(address: str, path: str, **inputs: Any) -> Any:
    component = _component(
        _parameter("query", "form"),
        run={"server": address, "path": f"/{path}"},
        connection=Connection(type="t", auth="bearer"),
        output={"type": "object", "properties": {"ok": {"const": True}}},
    )
    return await call_openapi(component, inputs, {"token": "s3cret/1"})


async def test_what_is_built_arrives_unchanged(address: str) -> None:
    path, authorization = await _call(address, "echo", color="a b&c%/é!:")
    assert path == "/echo?color=a%20b%26c%25%2F%C3%A9%21%3A"
    assert authorization == "Bearer s3cret/1"


@pytest.mark.parametrize(("path", "value"), [("text", "a,b"), ("binary", "AP8="), ("none", None)])
async def test_answers_that_are_no_json(address: str, path: str, value: Any) -> None:
    assert await _call(address, path) == value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("denied", "failed with status 403"),
        ("moved", "failed with status 302"),
        ("nook", "failed with ok = false .*not_in_channel"),
        ("broken", "says it is JSON but is not"),
    ],
)
async def test_failures_are_errors_without_secrets(address: str, path: str, message: str) -> None:
    with pytest.raises(ComponentError, match=message) as raised:
        await _call(address, path)
    assert "s3cret" not in str(raised.value)


async def test_server_that_is_not_there() -> None:
    with pytest.raises(ComponentError, match="could not reach its server"):
        await _call("http://127.0.0.1:9", "echo")
