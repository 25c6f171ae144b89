"""Whatever is wrong is said in one line, with an exit code and nothing half written."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from flowloom.cli.files import read_request
from flowloom.graph.limits import MAX_REQUEST
from tests.cli.terminal import Terminal

SLACK = "post hello to #eng in Slack"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compose", ""], "empty"),
        (["compose", "x" * 20_000], "20,000 characters"),
        (["compose", SLACK, "--model", "nonsense"], "nonsense"),
        (["compose", SLACK, "--model", "openai:gpt-test"], "OPENAI_API_KEY"),
        (["compose", SLACK, "--edit", "absent.yaml"], "absent.yaml"),
        (["compose", SLACK, "--edit", "binary.yaml"], "UTF-8"),
        (["compose", SLACK, "--edit", "broken.yaml"], "line 2"),
        (["compose", SLACK, "--catalog", "absent.json"], "absent.json"),
        (["compose", SLACK, "--catalog", "wrong.yaml"], "line"),
        (["compose", SLACK, "--out", "absent/flow.yaml"], "no directory"),
        (["compose", SLACK, "--out", "."], "directory"),
        (["compose", SLACK, "--data-dir", "newer"], "newer"),
        (["compose", SLACK, "--data-dir", "binary.yaml/data"], "cannot be used"),
        (["compose", SLACK, "--timeout", "-1"], "timeout"),
        (["compose", SLACK, "--no-such-option"], "--no-such-option"),
        (["compose", SLACK, "--config", "absent.toml"], "absent.toml"),
        (["compose", SLACK, "--config", "wrong.toml"], "'modell'"),
        (["verify", "absent.yaml"], "absent.yaml"),
        (["verify", "binary.yaml"], "UTF-8"),
        (["show", "broken.yaml"], "line 2"),
        (["nonsense"], "nonsense"),
    ],
)
def test_bad_input_is_one_line(terminal: Terminal, arguments: list[str], says: str) -> None:
    Path("binary.yaml").write_bytes(b"\xff\xfe\x00\x80")
    Path("broken.yaml").write_text("name: x\nsteps: [", encoding="utf-8")
    Path("wrong.yaml").write_text("components:\n  - id: a b c\n", encoding="utf-8")
    Path("wrong.toml").write_text('modell = "offline"\n', encoding="utf-8")
    Path("newer").mkdir()
    Path("newer/version").write_text("99\n", encoding="utf-8")
    before = sorted(Path().rglob("*"))
    ended = terminal.run(arguments)
    assert ended.code == 2
    assert says in ended.err
    assert ended.is_one_line
    assert sorted(Path().rglob("*")) == before


def test_a_dead_model_server_is_one_line_and_a_failure(terminal: Terminal) -> None:
    ended = terminal(
        "compose", SLACK, "--model", "openai:gpt-test", "--base-url", "http://127.0.0.1:9/v1"
    )
    assert ended.code == 1
    assert "'openai:gpt-test' cannot be reached" in ended.err
    assert "Traceback" not in ended.err


def test_wrong_entries_are_left_out_where_that_is_asked_for(terminal: Terminal) -> None:
    text = "components:\n  - id: a b c\n  - {id: good.one, description: Does good}\n"
    Path("mixed.yaml").write_text(text, encoding="utf-8")
    arguments = ["catalog", "list", "--no-builtin", "--catalog", "mixed.yaml", "--json"]
    refused = terminal.run(arguments)
    assert refused.code == 2
    assert "line 2" in refused.err
    taken = terminal.run([*arguments, "--skip-invalid"])
    assert [item["id"] for item in taken.json["components"]] == ["good.one"]
    assert "line 2" in taken.err


def test_errors_are_json_where_json_is_asked_for(terminal: Terminal) -> None:
    error = terminal("compose", "", "--json").json["error"]
    assert error["exit_code"] == 2
    assert "empty" in error["message"]


def test_a_full_disk_leaves_the_earlier_file(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("flow.yaml").write_text("earlier", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ended = terminal("compose", "post 'hello' to #eng in Slack", "--out", "flow.yaml")
    assert ended.code == 2
    assert "No space left on device" in ended.err
    assert Path("flow.yaml").read_text(encoding="utf-8") == "earlier"
    assert [item.name for item in Path().iterdir()] == ["flow.yaml"]


def test_a_request_from_stdin_that_is_no_text(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe"), encoding="utf-8"))
    ended = terminal("compose", "-")
    assert ended.code == 2
    assert "UTF-8" in ended.err


def test_a_request_may_be_as_long_as_everywhere(terminal: Terminal) -> None:
    assert read_request(f" {'x' * MAX_REQUEST}\n") == "x" * MAX_REQUEST
    ended = terminal("compose", "x" * (MAX_REQUEST + 1))
    assert (ended.code, ended.is_one_line) == (2, True)
    assert "10,001 characters; the limit is 10,000" in ended.err
