"""``flowloom compose`` at a real terminal: a live line, questions, and answers that go on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.pseudo_terminal import PATIENCE, PseudoTerminal

QUESTION = {"text": "Which channel?", "suggestions": ["#eng", "#ops"], "default": "#eng"}
PLAN: dict[str, Any] = {"steps": [{"id": "greet", "text": "post a message in Slack"}]}
WORKFLOW = {
    "name": "greet",
    "steps": [
        {
            "id": "greet",
            "uses": "slack.chat.post_message",
            "with": {"channel": "#ops", "text": "hello"},
        }
    ],
}
Start = Callable[[], PseudoTerminal]


@pytest.fixture
def asking(tmp_path: Path, data_dir: Path) -> Iterator[Start]:
    """Return what starts a run that asks for a channel."""
    started: list[PseudoTerminal] = []

    def start() -> PseudoTerminal:
        answers = [
            {"agent": "planner", "answer": {"questions": [QUESTION]}},
            {"agent": "planner", "contains": "Which channel? #ops", "answer": PLAN},
            {"agent": "generator", "answer": {"workflow": WORKFLOW}},
        ]
        (tmp_path / "script.json").write_text(json.dumps(answers), encoding="utf-8")
        words = ("compose", "say hello", "--model", "scripted:script.json", "--out", "flow.json")
        started.append(PseudoTerminal(*words, data_dir=data_dir, cwd=tmp_path))
        return started[0]

    yield start
    for terminal in started:
        terminal.close()


def test_an_answer_goes_on_with_the_run(asking: Start, tmp_path: Path) -> None:
    terminal = asking()
    seen = terminal.seen_until("[#eng]:")
    assert "planner …" in seen  # The stage at work, as a line that moves.
    assert "▸" not in seen
    assert "Which channel?\n  1) #eng\n  2) #ops\n" in seen
    terminal.type_in("2\n")
    assert "valid (scripted" in terminal.seen_until("written to flow.json")
    assert terminal.process.wait(PATIENCE) == 0
    assert json.loads((tmp_path / "flow.json").read_text(encoding="utf-8")) == WORKFLOW


@pytest.mark.parametrize(("key", "code"), [("\x04", 3), ("\x03", 130)])
def test_who_does_not_answer_ends_the_run(
    asking: Start, tmp_path: Path, key: str, code: int
) -> None:
    terminal = asking()
    terminal.seen_until("[#eng]:")
    terminal.type_in(key)
    seen = terminal.seen_until("needs input" if code == 3 else "interrupted")
    assert terminal.process.wait(PATIENCE) == code
    assert "Traceback" not in seen
    assert not (tmp_path / "flow.json").exists()
