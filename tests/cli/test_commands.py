"""Each command: what it prints and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal

GOOD = """\
name: greet
steps:
  - id: hello
    uses: core.log
    with: {message: hello}
"""
BROKEN = """\
name: greet
steps:
  - id: hello
    uses: core.lgo
    with: {message: hello}
"""


def workflow(text: str, name: str = "flow.yaml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def test_verify_says_valid(terminal: Terminal) -> None:
    ended = terminal("verify", workflow(GOOD), "--json")
    assert ended.code == 0
    assert ended.json["valid"] is True


def test_verify_names_the_place_and_the_nearest(terminal: Terminal) -> None:
    ended = terminal("verify", workflow(BROKEN), "--json")
    assert ended.code == 1
    first = ended.json["diagnostics"][0]
    assert (first["severity"], first["path"], first["line"]) == ("error", "steps[0].uses", 4)
    assert "core.log" in first["candidates"]
    plain = terminal("verify", "flow.yaml")
    assert plain.code == 1
    assert "flow.yaml:4:" in plain.out
    assert "uses: core.lgo" in plain.out


@pytest.mark.parametrize("form", ["tree", "mermaid", "yaml", "json"])
def test_show_draws_every_form(terminal: Terminal, form: str) -> None:
    ended = terminal("show", workflow(GOOD), "--format", form)
    assert ended.code == 0
    assert "hello" in ended.out


def test_schema_is_the_languages_schema(terminal: Terminal) -> None:
    assert terminal("schema").json["title"] == "flowloom workflow"


def test_catalog_list_and_show(terminal: Terminal) -> None:
    listed = terminal("catalog", "list", "--provider", "slack", "--json").json["components"]
    assert "slack.chat.post_message" in [item["id"] for item in listed]
    shown = terminal("catalog", "show", "slack.chat.post_message")
    assert "channel (required): string" in shown.out
    wrong = terminal("catalog", "show", "slack.chat.postmessage")
    assert wrong.code == 2
    assert "slack.chat.post_message" in wrong.err
    assert wrong.is_one_line


def test_catalog_search_finds_by_meaning(terminal: Terminal) -> None:
    ended = terminal("catalog", "search", "send a message to my team in Slack", "-k", "3", "--json")
    assert "slack.chat.post_message" in [item["id"] for item in ended.json["components"]]


def test_a_remembered_source_is_used_by_later_commands(terminal: Terminal, tmp_path: Path) -> None:
    source = tmp_path / "mine.json"
    source.write_text('[{"id": "shop.order.create", "description": "Create an order"}]')
    place = ("--data-dir", str(tmp_path / "own"))
    added = terminal("catalog", "add", str(source), *place, "--json").json
    assert added["components"] == ["shop.order.create"]
    listed = terminal("catalog", "list", "--no-builtin", *place, "--json").json["components"]
    assert [item["id"] for item in listed] == ["shop.order.create"]


def test_a_remembered_source_can_be_forgotten_when_its_file_is_gone(
    terminal: Terminal, tmp_path: Path
) -> None:
    source = tmp_path / "mine.json"
    source.write_text('[{"id": "shop.order.create", "description": "Create an order"}]')
    place = ("--data-dir", str(tmp_path / "own"))
    terminal("catalog", "add", "mine.json", *place)
    arguments = ("catalog", "list", "--no-builtin", *place, "--json")
    assert terminal(*arguments).json["sources"] == [str(source)]
    source.unlink()
    assert terminal(*arguments).code == 2
    assert terminal("catalog", "remove", "mine.json", *place, "--json").json["sources"] == []
    assert terminal(*arguments).json == {"sources": [], "components": []}
    again = terminal("catalog", "remove", "mine.json", *place)
    assert again.code == 2
    assert "not remembered" in again.err


def test_config_masks_secrets_and_names_origins(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret-key-1234")
    Path("flowloom.toml").write_text('model = "openai:gpt-test"\n', encoding="utf-8")
    ended = terminal("config", "--json")
    rows = ended.json["settings"]
    assert rows["model"]["value"] == "openai:gpt-test"
    assert rows["model"]["origin"].endswith("flowloom.toml")
    assert rows["openai_api_key"] == {"value": "…1234", "origin": "environment OPENAI_API_KEY"}
    assert "very-secret" not in ended.out


def test_doctor_finds_everything_in_place(terminal: Terminal) -> None:
    ended = terminal("doctor", "--json")
    assert [item["subject"] for item in ended.json["findings"] if not item["ok"]] == []
    assert ended.code == 0


def test_doctor_says_what_to_do(terminal: Terminal) -> None:
    ended = terminal("doctor", "--model", "openai:gpt-test")
    assert ended.code == 1
    assert "OPENAI_API_KEY" in ended.out


def test_graph_is_the_composers_own(terminal: Terminal) -> None:
    text = terminal("graph").out
    assert text.startswith("flowchart")
    assert "verifier -.-> generator" in text


def test_index_says_where_it_is(terminal: Terminal) -> None:
    ended = terminal("index", "--json").json
    assert ended["components"] > 200
    assert Path(ended["directory"]).is_dir()
