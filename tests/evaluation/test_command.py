"""``flowloom eval`` as a person types it."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from flowloom.cli.chat.session import OWNER
from flowloom.evaluation.datasets.named import read_named
from flowloom.storage.database import open_database
from flowloom.storage.records import StoredVersion
from flowloom.storage.threads import ThreadStore
from tests.cli.terminal import Terminal

GOOD = {"name": "hi", "steps": [{"id": "say", "uses": "core.log", "with": {"message": "hello"}}]}
SUITE = """
dataset: {name: tiny, version: "1"}
cases:
  - id: say
    request: Log "hello".
    expected: {steps: [{id: say, uses: core.log, with: {message: hello}}]}
  - id: twice
    request: Log "hello" and then "bye".
    expected:
      steps:
        - {id: one, uses: core.log, with: {message: hello}}
        - {id: two, uses: core.log, with: {message: bye}}
"""


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOWLOOM_DATA_DIR", str(tmp_path / "data"))
    answer = {"agent": "single", "repeat": True, "answer": GOOD}
    Path("script.yaml").write_text(json.dumps([answer]), encoding="utf-8")
    Path("suite.yaml").write_text(SUITE, encoding="utf-8")
    before = signal.getsignal(signal.SIGTERM)
    yield Terminal(capsys)
    signal.signal(signal.SIGTERM, before)


RUN = (
    *("eval", "run", "--strategies", "zero-shot", "--models", "scripted:script.yaml"),
    *("--dataset", "suite.yaml", "--workers", "0"),
)


def test_run_report_and_compare(terminal: Terminal) -> None:
    ended = terminal(*RUN, "--out", "one")
    assert ended.code == 0
    assert ended.out == "2 of 2 ($0.00) correct: zero-shot 1/2\n"
    assert ended.err.splitlines()[0] == "1 of 2 ($0.00) correct: zero-shot 1/1"
    reported = terminal("eval", "report", "--out", "one")
    assert "| zero-shot | 2 | 0.500" in reported.out
    names = {"report.html", "report.md", "figures.csv", "samples.csv", "manifest.json"}
    assert names <= {file.name for file in Path("one").iterdir()}
    assert terminal(*RUN, "--out", "two").code == 0
    compared = terminal("eval", "compare", "one", "two")
    assert (compared.code, "no change beyond noise" in compared.out) == (0, True)


def test_the_same_command_again_asks_nothing(terminal: Terminal) -> None:
    first = terminal(*RUN, "--out", "one", "--json").json
    again = terminal(*RUN, "--out", "one", "--json").json
    assert (again["done"], again["total"], again["arms"]) == (2, 2, first["arms"])


def test_only_a_part(terminal: Terminal) -> None:
    assert terminal(*RUN, "--limit", "1", "--json").json["total"] == 1
    assert terminal(*RUN, "--language", "ko").code == 2


def test_without_a_model(terminal: Terminal) -> None:
    ended = terminal("eval", "run", "--strategies", "rag", "--dataset", "suite.yaml")
    assert (ended.code, ended.is_one_line) == (2, True)
    assert "needs a language model" in ended.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--strategies", "agents"), "Unknown strategy 'agents'"),
        (("run", "--dataset", "onw"), "no data set 'onw'"),
        (("report", "--out", "nothing"), "holds no run"),
        (("compare", "a", "b"), "holds no run"),
        (("new", "mine.yaml"), "Say where from"),
        (("run", "--prices", "none.yaml"), "Cannot read the prices"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    terminal: Terminal, arguments: tuple[str, ...], said: str
) -> None:
    ended = terminal("eval", *arguments)
    assert (ended.code, ended.is_one_line) == (2, True)
    assert said in ended.err


def test_a_data_set_of_a_folder_can_be_run(terminal: Terminal) -> None:
    folder = Path("pairs")
    folder.mkdir()
    (folder / "a.txt").write_text('Log "hello".', encoding="utf-8")
    (folder / "a.json").write_text(json.dumps(GOOD), encoding="utf-8")
    (folder / "b.txt").write_text("Do nothing.", encoding="utf-8")
    (folder / "b.json").write_text('{"name": "b", "steps": [{"id": "x", "uses": "no.such"}]}')
    made = terminal("eval", "new", "mine.yaml", "--from", "pairs")
    assert made.out == "1 case in mine.yaml\n"
    assert "left out: b: FL201" in made.err
    ended = terminal(*RUN[:-4], "--dataset", "mine.yaml", "--workers", "0", "--json")
    assert ended.json["arms"]["zero-shot · scripted:script.yaml"]["correct"] == 1


def talked(*authors: Literal["composer", "person"]) -> None:
    """Keep a chat of the terminal's owner with one version by each author."""

    async def talk() -> None:
        async with open_database(Path("data")) as database:
            store = ThreadStore(database)
            await store.create("t", OWNER)
            for number, author in enumerate(authors, 1):
                version = StoredVersion(
                    number=number,
                    parent=number - 1,
                    author=author,
                    at="2026-01-01",
                    message="Log hello" if number == 1 else "",
                    text=json.dumps(GOOD | {"name": author}),
                    format="json",
                    verdict={"diagnostics": []},
                )
                await store.change("t", version=version)

    Path("data").mkdir()
    asyncio.run(talk())


def test_a_data_set_of_chats(terminal: Terminal) -> None:
    talked("composer", "person")
    assert terminal("eval", "new", "chats.yaml", "--threads", "--json").json["cases"] == 1
    assert "name: person" in Path("chats.yaml").read_text(encoding="utf-8")


def test_a_chat_that_nobody_corrected(terminal: Terminal) -> None:
    talked("composer")
    none = terminal("eval", "new", "chats.yaml", "--threads")
    assert (none.code, "--accepted takes the valid ones" in none.err) == (2, True)
    made = terminal("eval", "new", "chats.yaml", "--threads", "--accepted")
    assert (made.code, made.out) == (0, "1 case in chats.yaml\n")
    assert read_named("chats.yaml").cases[0].request == "Log hello"
    other = terminal("eval", "new", "chats.yaml", "--threads", "--accepted", "--owner", "x")
    assert (other.code, "no saved chat" in other.err) == (2, True)
