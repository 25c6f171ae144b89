"""Pure parts: commands, answers by number, marks in the tree, completion."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from flowloom.cli.chat.completion import ChatCompleter, Names
from flowloom.cli.chat.replying import reply_to
from flowloom.cli.chat.session import check_thread_id, new_thread_id
from flowloom.cli.chat.slash import COMMANDS, parse_slash
from flowloom.cli.chat.tree_marks import differences_of, marked_tree
from flowloom.errors import UserError
from flowloom.graph.conversation.state import Pending
from flowloom.intents import Answers
from flowloom.workflow.outline import Question

CHANNEL = Question(text="Which channel?", suggestions=("#eng", "#ops"), default="#eng")
TIME = Question(text="When?", suggestions=("9:00", "10:00", "11:00"))


# -- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_understood_as_its_help_says(name: str) -> None:
    command = COMMANDS[name]
    argument = command.values[0] if command.values else "x" if command.argument else ""
    slash = parse_slash(f" /{name} {argument} ")
    assert slash is not None
    assert (slash.command, slash.argument) == (command, argument)


@pytest.mark.parametrize("line", ["hello", "/data/in.csv is the file", "/", "a /undo", "/Undo"])
def test_other_lines_are_messages(line: str) -> None:
    assert parse_slash(line) is None


@given(st.text())
def test_lines_without_a_slash_in_front_are_messages(line: str) -> None:
    assert line.strip().startswith("/") or parse_slash(line) is None


@given(st.text())
def test_whatever_stands_behind_a_command_is_taken_or_told(argument: str) -> None:
    with suppress(UserError):
        slash = parse_slash(f"/show {argument}")
        assert slash is None or slash.argument in ("", "tree", "yaml", "json", "mermaid")


def test_ids_of_threads_are_checked() -> None:
    assert check_thread_id(new_thread_id())
    for wrong in ("", "a b", "../x", "ü", "x" * 65):
        with pytest.raises(UserError, match="cannot have the id"):
            check_thread_id(wrong)


# -- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "questions", "said"),
    [
        ("2", [CHANNEL], ("#ops",)),
        ("", [CHANNEL], ("#eng",)),
        ("2, 3", [CHANNEL, TIME], ("#ops", "11:00")),
        ("1 1", [CHANNEL, TIME], ("#eng", "9:00")),
    ],
)
def test_numbers_and_an_empty_line_answer(
    text: str, questions: list[Question], said: tuple[str, ...]
) -> None:
    pending = Pending(kind="questions", questions=tuple(questions))
    assert reply_to(text, pending) == ("\n".join(said), Answers(texts=said))


@pytest.mark.parametrize("text", ["3", "0", "1 2", "#general", "2 more"])
def test_other_words_are_left_to_the_listener(text: str) -> None:
    assert reply_to(text, Pending(kind="questions", questions=(CHANNEL,))) == (text, None)


def test_an_empty_line_answers_nothing_without_a_default() -> None:
    pending = Pending(kind="questions", questions=(CHANNEL, TIME))
    assert reply_to("", pending) == ("", None)


def test_a_number_for_an_unclear_message_is_a_message() -> None:
    assert reply_to("2", Pending(kind="intent", questions=(CHANNEL,))) == ("#ops", None)


# -- marks ---------------------------------------------------------------------------------------


def flow(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "demo", "steps": list(steps), **more}


def call(name: str, text: str = "hi") -> dict[str, Any]:
    return {"id": name, "uses": "slack.post", "with": {"text": text}}


def marks(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    rows = marked_tree(after, differences_of(before, after))
    return [f"{row.mark} {row.text.split()[0].rstrip(':')}" for row in rows if row.mark != " "]


def test_added_changed_and_moved_steps_are_marked() -> None:
    before = flow(call("a"), call("b"), call("c"))
    assert marks(before, flow(call("a"), call("b", "x"), call("c"), call("d"))) == ["~ b", "+ d"]
    assert marks(before, flow(call("c"), call("a"), call("b"))) == ["> c"]
    assert marks(before, flow(call("c", "x"), call("a"), call("b"))) == ["~ c"]


def test_trigger_inputs_outputs_and_name_are_marked() -> None:
    before = flow(call("a"), outputs={"x": "1", "y": "2"})
    after = flow(
        call("a"),
        trigger={"uses": "core.schedule", "with": {"cron": "0 9 * * *"}},
        inputs={"channel": {"type": "string"}},
        outputs={"x": "1", "y": "3"},
    )
    assert marks(before, after) == ["~ inputs", "~ trigger", "~ output"]
    assert marks(before, {**before, "name": "other"}) == ["~ other"]


def test_a_workflow_of_its_own_has_no_marks() -> None:
    assert marks(flow(call("a")), flow(call("b"))) == []
    assert differences_of(None, flow(call("b"))) == ()


def test_a_nested_step_that_is_left_makes_it_an_edit() -> None:
    block = {"id": "check", "if": "true", "then": [call("a"), call("b")]}
    assert [item.step for item in differences_of(flow(block), flow(call("a")))] == [
        "check",
        "b",
        "a",
    ]


# -- completion ----------------------------------------------------------------------------------

NAMES = Names(
    steps=("post_slack", "check"),
    version=2,
    versions=3,
    components=(("slack.chat.post_message", "Post a message"), ("email.send", "Send an e-mail")),
)


def completed(line: str) -> list[str]:
    offered = ChatCompleter(NAMES).get_completions(Document(line), CompleteEvent())
    return [f"{line[: len(line) + item.start_position]}{item.text}" for item in offered]


def test_commands_and_their_arguments_are_completed() -> None:
    assert completed("/ver") == ["/versions", "/verify"]
    assert completed("/show j") == ["/show json"]
    assert completed("/goto ") == ["/goto 3", "/goto 2", "/goto 1"]
    assert completed("/quit x") == []


def test_steps_and_components_are_completed_in_a_message() -> None:
    assert completed("remove post") == ["remove post_slack", "remove slack.chat.post_message"]
    assert completed("use 'email.") == ["use 'email.send"]
    assert completed("remove ") == []


def test_files_are_completed(tmp_path: Any) -> None:
    (tmp_path / "flow.yaml").touch()
    assert completed(f"/save {tmp_path}/fl") == [f"/save {tmp_path}/flow.yaml"]
