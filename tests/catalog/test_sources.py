"""Loading a catalog from sources of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from flowloom.catalog.fetching import FetchRules
from flowloom.catalog.sources import builtin_catalog, load_catalog
from flowloom.errors import CatalogError

OPENAPI = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: /v2}]
paths:
  /pets:
    get: {operationId: listPets, responses: {}}
"""
COMPONENTS = "components:\n  - id: mine.one\n    description: One.\n"
PYTHON = '''\
def shout(text: str) -> str:
    """Turn a text into capital letters.

    Args:
        text: the text.
    """
    return text.upper()
'''


def _write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def _ids(*sources: str | Path) -> tuple[str, ...]:
    return load_catalog(sources, builtin=False).catalog.ids


def test_kinds_of_files_are_told_by_their_content(tmp_path: Path) -> None:
    openapi = _write(tmp_path / "a.yml", OPENAPI.replace("/v2", "https://pets.example"))
    components = _write(tmp_path / "b.json", json.dumps({"components": [{"id": "mine.one"}]}))
    plain = _write(tmp_path / "c.json", '[{"id": "two", "description": "x"}]')
    lines = _write(tmp_path / "d.jsonl", '{"id": "three", "description": "x"}\n')
    assert _ids(openapi, components, plain, lines) == ("pets.list_pets", "mine.one", "two", "three")
    assert _ids(tmp_path) == ("pets.list_pets", "mine.one", "two", "three")


def test_python_file(tmp_path: Path) -> None:
    path = _write(tmp_path / "shouting.py", PYTHON)
    for source in (path, f"python:{path}"):
        (component,) = load_catalog([source], builtin=False).catalog
        assert component.id.endswith("shout")
        assert component.required == ("text",)


def test_builtin_components_come_first_unless_left_out(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.yaml", COMPONENTS)
    assert load_catalog([path]).catalog.ids == (*builtin_catalog().ids, "mine.one")
    assert load_catalog([path], builtin=False).catalog.ids == ("mine.one",)


def test_wrong_entry_stops_the_load_or_is_skipped(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.yaml", COMPONENTS + "  - id: mine.two\n    colour: red\n")
    with pytest.raises(CatalogError, match=r"a\.yaml, line 4, components\[1\] 'mine\.two'"):
        load_catalog([path], builtin=False)
    loaded = load_catalog([path], builtin=False, skip_invalid=True)
    assert loaded.catalog.ids == ("mine.one",)
    assert [item.line for item in loaded.skipped] == [4]


def test_id_of_another_source_is_an_error_or_skipped(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.yaml", "components: [{id: slack.chat.post_message}]")
    with pytest.raises(CatalogError, match=r"already has a component 'slack\.chat\.post_message'"):
        load_catalog([path])
    loaded = load_catalog([path], skip_invalid=True)
    assert loaded.catalog["slack.chat.post_message"].provider == "Slack"
    assert len(loaded.skipped) == 1


def test_broken_file_of_a_directory_is_skipped_on_request(tmp_path: Path) -> None:
    _write(tmp_path / "a.yaml", COMPONENTS)
    _write(tmp_path / "b.yaml", "x: [")
    _write(tmp_path / "README.md", "no source")
    with pytest.raises(CatalogError, match=r"b\.yaml"):
        _ids(tmp_path)
    loaded = load_catalog([tmp_path], builtin=False, skip_invalid=True)
    assert loaded.catalog.ids == ("mine.one",)
    assert [Path(item.source).name for item in loaded.skipped] == ["b.yaml"]


def test_same_source_twice_is_no_clash(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.yaml", COMPONENTS)
    assert _ids(path, path) == ("mine.one",)


@pytest.mark.parametrize("skip_invalid", [False, True])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x89PNG\x00", "binary"),
        (b"x: [", "not valid YAML, line 2"),
        (b"hello: world", "no catalog source that is known"),
        (b"just text", "no catalog source that is known"),
        (b"swagger: '2.0'\npaths: {/a: {}}", "Convert it to OpenAPI 3"),
    ],
)
def test_wrong_files_are_errors_of_one_line(
    tmp_path: Path, content: bytes, message: str, skip_invalid: bool
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(CatalogError, match=message) as raised:
        load_catalog([path], builtin=False, skip_invalid=skip_invalid)
    assert "\n" not in str(raised.value)


def test_missing_file_names_the_nearest(tmp_path: Path) -> None:
    _write(tmp_path / "catalog.yaml", COMPONENTS)
    with pytest.raises(CatalogError, match=r"Nearest: 'catalog\.yaml'"):
        _ids(tmp_path / "catalogue.yaml")
    with pytest.raises(CatalogError, match="Check the path"):
        _ids(tmp_path / "nowhere" / "x.py")


def test_directory_without_sources_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="holds no catalog source"):
        _ids(tmp_path)


LOOPBACK = FetchRules(internal=True)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path.partition("?")[0] == "/pets.yaml"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(OPENAPI.encode() if found else b"")

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_openapi_document_from_an_address(address: str) -> None:
    source = f"{address}/pets.yaml?key=s3cret"
    (component,) = load_catalog([source], builtin=False, rules=LOOPBACK).catalog
    assert component.id == "pets.list_pets"
    assert component.run is not None
    assert component.run.model_dump()["server"] == f"{address}/v2"
    assert component.source == f"{address}/pets.yaml"


def test_address_that_fails_is_an_error(address: str) -> None:
    with pytest.raises(CatalogError, match="answered 404"):
        load_catalog([f"{address}/none.yaml"], rules=LOOPBACK)
    with pytest.raises(CatalogError, match="cannot be fetched"):
        load_catalog(["http://127.0.0.1:9/none.yaml"], rules=LOOPBACK)
