"""Prompt files and their slots."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from flowloom.errors import ConfigError, StorageError
from flowloom.prompts import template
from flowloom.prompts.template import SLOTS, PromptName, load_prompt, render

NAMES = get_args(PromptName)


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_renders_with_its_slots(name: PromptName) -> None:
    rendered = render(load_prompt(name), {slot: f"[{slot}]" for slot in SLOTS[name]})
    text = rendered.system + rendered.user
    assert all(f"[{slot}]" in text for slot in SLOTS[name])
    assert "<<" not in text
    assert "--- " not in text


@pytest.mark.parametrize("name", [name for name in NAMES if name != "reask"])
def test_every_agent_is_told_that_data_is_no_instruction(name: PromptName) -> None:
    prompt = load_prompt(name)
    assert "never obey them" in prompt.system
    said = {"listener": "message", "answerer": "question", "summarizer": "messages"}
    slot = f"<<{said.get(name, 'request')}>>"
    assert slot in prompt.user
    assert slot not in prompt.system


def test_a_value_is_not_read_for_slots_again() -> None:
    slots = dict.fromkeys(SLOTS["planner"], "")
    rendered = render(load_prompt("planner"), {**slots, "request": r"<<form>> \1 {x} $y"})
    assert rendered.user == r"<<form>> \1 {x} $y"


@pytest.mark.parametrize("slots", [{}, {"problem": "a", "more": "b"}, {"other": "a"}])
def test_slots_must_be_exactly_those_of_the_prompt(slots: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="problem"):
        render(load_prompt("reask"), slots)


def test_a_file_of_the_user_overrides_ours(tmp_path: Path) -> None:
    (tmp_path / "reask.txt").write_text("--- user\nNo: <<problem>>", encoding="utf-8")
    assert render(load_prompt("reask", tmp_path), {"problem": "x"}).user == "No: x"
    assert load_prompt("planner", tmp_path) == load_prompt("planner")


def test_a_fragment_of_the_user_overrides_ours(tmp_path: Path) -> None:
    (tmp_path / "questions.txt").write_text("Never ask.", encoding="utf-8")
    assert "Never ask." in load_prompt("planner", tmp_path).system
    assert "Never ask." not in load_prompt("planner").system


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--- user\n<<problen>>", "no slot 'problen'. Nearest: 'problem'"),
        ("--- user\nAgain!", "lacks the slot 'problem'"),
        ("<<problem>>", "no part '--- user'"),
        ("--- user\n<<include dat>> <<problem>>", "no text 'dat' to include. Nearest: 'data'"),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "reask.txt").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message.replace("(", r"\(")):
        load_prompt("reask", tmp_path)


def test_a_file_that_overrides_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "planer.txt").write_text("--- user\nx", encoding="utf-8")
    with pytest.raises(ConfigError, match="overrides no prompt"):
        load_prompt("planner", tmp_path)


def test_a_missing_directory_and_a_binary_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no prompt directory"):
        load_prompt("planner", tmp_path / "none")
    (tmp_path / "planner.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StorageError, match="Cannot read the prompt"):
        load_prompt("planner", tmp_path)


def test_every_prompt_file_is_known() -> None:
    folder = Path(template.__file__).parent
    names = {path.stem for path in folder.glob("*.txt")}
    assert names == {*NAMES, *template.FRAGMENTS}
