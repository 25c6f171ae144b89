"""``flowloom chat`` in a pipe, whole, over the real offline composer."""

from __future__ import annotations

import io
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Ended, Terminal
from tests.cli.test_startup import loaded
from tests.conftest import ROOT

BEGIN, END = (f"<!-- transcript of flowloom chat: {word} -->\n" for word in ("begin", "end"))
WEATHER = "Every morning at 8, get the weather"
Piped = Callable[..., Ended]


@pytest.fixture
def piped(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Piped:
    """Return a call that feeds lines to ``flowloom chat``."""

    def run(*lines: str, options: tuple[str, ...] = ()) -> Ended:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return terminal("chat", *options)

    return run


def transcript() -> list[str]:
    """Return the lines of the conversation in the README."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition(BEGIN)[2].partition(END)[0]
    return block.removeprefix("```\n$ flowloom chat\n").removesuffix("```\n").splitlines()


def test_the_conversation_in_the_readme_is_what_is_said(piped: Piped) -> None:
    lines = transcript()
    said = [line.removeprefix("> ") for line in lines if line.startswith("> ")]
    assert len(said) == 5
    ended = piped(*said)
    assert ended.out.splitlines() == [*lines, ""]
    assert ended.code == 0


def test_a_thread_is_opened_again_and_written_to_a_file(piped: Piped, terminal: Terminal) -> None:
    first = piped(WEATHER, options=("--thread", "weather"))
    assert first.code == 0
    assert "Thread 'weather', new." in first.err
    assert "▸ planner" in first.err
    again = piped("Run it at 9 instead", "/save flow.yaml", options=("--thread", "weather"))
    assert again.code == 0
    assert "Thread 'weather', version 1 of 1." in again.err
    assert "~ workflow: trigger.with.cron" in again.out
    assert "0 9 * * *" in Path("flow.yaml").read_text(encoding="utf-8")
    assert terminal("verify", "flow.yaml").code == 0
    listed = piped("/threads", options=("--thread", "weather"))
    assert ">weather" in listed.out


def test_json_is_one_event_a_line(piped: Piped) -> None:
    ended = piped(WEATHER, options=("--json", "--thread", "events"))
    events: list[Any] = [json.loads(line) for line in ended.out.splitlines()]
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    types = [event["data"]["type"] for event in events]
    assert types[0] == "message"
    assert types[-1] == "turn_ended"
    assert {"plan", "candidates", "diagnostics", "step", "text", "version"} <= set(types)


def test_a_plan_waits_and_the_exit_code_says_so(piped: Piped) -> None:
    options = ("--approve-plan", "--thread", "plan")
    asked = piped(WEATHER, options=options)
    assert asked.code == 3
    assert asked.out.rstrip().endswith("Say yes, no, or what to change.")
    again = piped("yes", options=options)
    assert again.code == 0
    assert "This is the plan:" in again.out.partition("> yes")[0]
    assert "Made the workflow" in again.out


def test_another_model_is_taken_or_refused_with_a_reason(piped: Piped) -> None:
    ended = piped("/model nonsense", "/model offline", "/model", WEATHER)
    assert ended.code == 2
    assert "Unknown model 'nonsense'." in ended.err
    assert "The model is 'offline'." in ended.out
    assert "Made the workflow" in ended.out


def test_no_text_and_wrong_ids_are_told_in_one_line(
    piped: Piped, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = piped(options=("--thread", "no id"))
    assert (wrong.code, wrong.is_one_line) == (2, True)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\n"), encoding="utf-8"))
    assert "not text in UTF-8" in terminal("chat").err


def test_ctrl_c_while_a_line_is_read_leaves(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1) -> str:
            signal.raise_signal(signal.SIGINT)
            raise AssertionError("the signal is raised as an exception")

    monkeypatch.setattr("sys.stdin", Interrupted())
    assert terminal("chat").code == 130


def test_the_help_loads_nothing_heavy() -> None:
    assert loaded("chat", "--help") == "LOADED 0 []"
