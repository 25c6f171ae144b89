"""Messages, commands, questions, Ctrl-C and termination in a conversation over stand-ins."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import pytest

from flowloom.cli.chat.json_screen import JsonScreen
from flowloom.cli.chat.plain_screen import PlainScreen
from flowloom.errors import ModelError
from flowloom.roles import Draft, Planned, PlanTask
from flowloom.workflow.edits import SetValue
from flowloom.workflow.outline import Outline, OutlineEdit, Question
from tests.cli.chat.talks import rich_screen, session_over, talk
from tests.graph.stand_ins import OUTLINE, ScriptedGenerator, ScriptedPlanner, workflow

EDIT = Outline(edits=(OutlineEdit(op="change", target="post", text="say more"),))
CHANGE = Draft(changes=(SetValue(id="post", path="with.text", value="more"),))
ASKING = OUTLINE.model_copy(
    update={
        "questions": (
            Question(text="Which channel?", suggestions=("#eng", "#ops"), default="#ops"),
        )
    }
)
Capture = pytest.CaptureFixture[str]


async def test_an_edit_is_shown_with_its_changes_and_marks(tmp_path: Path, capsys: Capture) -> None:
    generator = ScriptedGenerator([Draft(workflow=workflow()), CHANGE])
    planner = ScriptedPlanner([OUTLINE, EDIT])
    code = await talk(tmp_path, "new post", "edit it", planner=planner, generator=generator)
    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "> new post",
        "Made the workflow 'demo' with 1 step.",
        "  demo (version 1)",
        "  ├─ trigger: by hand",
        '  └─ post: slack.post (text="hello")',
        "",
        "> edit it",
        "Changed 'text' of 'post' from \"hello\" to \"more\".",
        '~ post: with.text: "hello" -> "more"',
        "  demo (version 2)",
        "  ├─ trigger: by hand",
        '~ └─ post: slack.post (text="more")',
        "",
    ]


async def test_undo_redo_and_goto_show_what_is_at_hand(tmp_path: Path, capsys: Capture) -> None:
    generator = ScriptedGenerator([Draft(workflow=workflow()), CHANGE])
    planner = ScriptedPlanner([OUTLINE, EDIT])
    await talk(tmp_path, "new post", "edit it", planner=planner, generator=generator)
    capsys.readouterr()
    assert await talk(tmp_path, "/undo", "/redo", "/goto 1", "/goto 2", "/goto 9") == 0
    out = capsys.readouterr().out
    assert '~ post: with.text: "more" -> "hello"' in out
    assert '~ └─ post: slack.post (text="more")' in out
    assert [line for line in out.splitlines() if line.startswith("Now at")] == [
        "Now at version 1.",
        "Now at version 2.",
        "Now at version 1.",
        "Now at version 2.",
    ]
    assert "no version 9" in out


async def test_commands_list_versions_changes_and_texts(tmp_path: Path, capsys: Capture) -> None:
    lines = ("new post", "/versions", "/diff", "/show", "/show json", "/show mermaid", "/verify")
    assert await talk(tmp_path, *lines) == 0
    out = capsys.readouterr().out
    assert ">1             composer" in out
    assert "Version 1, made from nothing:\n+ post (uses slack.post) at steps[0]\n" in out
    assert out.count('  └─ post: slack.post (text="hello")') == 2
    assert '"uses": "slack.post"' in out
    assert "flowchart TD" in out
    assert "It is valid: 0 errors, 0 warnings, 0 notes." in out


async def test_without_a_workflow_commands_say_so(tmp_path: Path, capsys: Capture) -> None:
    assert await talk(tmp_path, "/show", "/versions", "/threads") == 2
    shown = capsys.readouterr()
    assert "There is no workflow yet. Say what it is to do." in shown.err
    assert "No versions yet." in shown.out
    assert "No threads yet." in shown.out


async def test_what_is_wrong_does_not_end_the_conversation(tmp_path: Path, capsys: Capture) -> None:
    lines = ("/undoo", "/undo 0", "/show pdf", "/goto", "/help now", "new post")
    assert await talk(tmp_path, *lines) == 2
    shown = capsys.readouterr()
    assert "There is no command '/undoo'. Nearest: '/undo'" in shown.err
    assert "'0' is not a number from 1 on." in shown.err
    assert "'/show' does not know 'pdf'." in shown.err
    assert "Something is missing behind '/goto'. /goto VERSION" in shown.err
    assert "'/help' takes nothing behind it." in shown.err
    assert "Made the workflow 'demo'" in shown.out


async def test_a_workflow_is_saved_and_exported(tmp_path: Path, capsys: Capture) -> None:
    flow, drawing = tmp_path / "flow.json", tmp_path / "flow.mmd"
    lines = ("new post", f"/save {flow}", f"/export {drawing}", "/save mine", "/save mine")
    assert await talk(tmp_path, *lines) == 0
    out = capsys.readouterr().out
    assert f"Version 1 is written to {flow}." in out
    assert "Version 1 is kept as 'mine' in place of the earlier one." in out
    assert json.loads(flow.read_text(encoding="utf-8"))["name"] == "demo"
    assert drawing.read_text(encoding="utf-8").startswith("flowchart TD")
    lines = (f"/save {tmp_path}/no/x.yaml", f"/export {tmp_path}/x.pdf", "/save a b")
    assert await talk(tmp_path, *lines) == 2
    err = capsys.readouterr().err
    assert "give another file" in err
    assert "Let its name end with one of .yaml" in err
    assert "cannot be saved as 'a b'" in err


# -- questions and plans -------------------------------------------------------------------------


async def test_a_question_is_asked_again_on_opening_and_answered_by_number(
    tmp_path: Path, capsys: Capture
) -> None:
    question = ["Which channel?", "  1) #eng", "  2) #ops (default)", ""]
    assert await talk(tmp_path, "new post", planner=ScriptedPlanner([ASKING])) == 3
    assert capsys.readouterr().out.splitlines() == ["> new post", *question]
    planner = ScriptedPlanner([OUTLINE])
    assert await talk(tmp_path, "1", planner=planner) == 0
    assert capsys.readouterr().out.splitlines()[: len(question) + 1] == [*question, "> 1"]
    assert planner.tasks[0].request == "post\nWhich channel? #eng"


async def test_an_empty_line_takes_the_default(tmp_path: Path) -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    assert await talk(tmp_path, "", "new post", "", planner=planner) == 0
    assert planner.tasks[1].request == "post\nWhich channel? #ops"


async def test_a_plan_is_shown_again_and_approved(tmp_path: Path, capsys: Capture) -> None:
    assert await talk(tmp_path, "/approve on", "new post") == 3
    plan = ["  starts: start by hand", "  post: post a message (Slack)"]
    assert [line for line in capsys.readouterr().out.splitlines() if line in plan] == plan
    screen, written = rich_screen()
    assert await talk(tmp_path, "/approve", "edit post twice", "/undo", screen=screen) == 0
    text = written.getvalue()
    assert text.count("Shall it be done so?") == 2
    assert "post    post a message (Slack)" in text
    assert "Plans are carried out." in text


# -- how turns end -------------------------------------------------------------------------------


async def test_a_failing_model_is_told_and_is_the_exit_code(
    tmp_path: Path, capsys: Capture
) -> None:
    generator = ScriptedGenerator([ModelError("The server is down.", hint="Start it.")])
    assert await talk(tmp_path, "new post", generator=generator) == 1
    assert "The server is down. Start it." in capsys.readouterr().err
    assert await talk(tmp_path, "new post") == 0


class Held:
    """A planner that waits until it is let go, and says when it was asked."""

    def __init__(self, *signals: signal.Signals) -> None:
        self.signals = list(signals)
        self.tasks: list[PlanTask] = []

    async def plan(self, task: PlanTask) -> Planned:
        self.tasks.append(task)
        if self.signals:
            signal.raise_signal(self.signals.pop(0))
            await asyncio.Event().wait()
        return Planned(outline=OUTLINE)


async def test_ctrl_c_cancels_the_turn_and_the_thread_is_usable(
    tmp_path: Path, capsys: Capture
) -> None:
    before = signal.getsignal(signal.SIGINT)
    code = await talk(tmp_path, "new post", "new post", planner=Held(signal.SIGINT))
    assert code == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:4] == ["> new post", "Cancelled; the workflow is as it was.", "", "> new post"]
    assert "  demo (version 1)" in out
    assert signal.getsignal(signal.SIGINT) is before


async def test_a_turn_that_was_cut_off_goes_on_when_the_thread_is_opened(
    tmp_path: Path, capsys: Capture
) -> None:
    assert await talk(tmp_path, "new post", "never read", planner=Held(signal.SIGTERM)) == 130
    capsys.readouterr()
    assert await talk(tmp_path) == 0
    shown = capsys.readouterr()
    assert "Going on with what was cut off: new post" in shown.err
    assert "Made the workflow 'demo' with 1 step." in shown.out


async def test_a_turn_of_another_process_is_seen_through(tmp_path: Path, capsys: Capture) -> None:
    asked, go = asyncio.Event(), asyncio.Event()

    class Waiting:
        async def plan(self, task: PlanTask) -> Planned:
            asked.set()
            await go.wait()
            return Planned(outline=OUTLINE)

    class LettingGo(PlainScreen):
        def remark(self, text: str) -> None:
            super().remark(text)
            if text.startswith("Another process"):
                go.set()

    async with session_over(tmp_path, planner=Waiting()) as first:
        await first.prepare()
        await first.conversations.start("t", "new post", owner="local")
        await asked.wait()
        assert await talk(tmp_path, screen=LettingGo()) == 0
    shown = capsys.readouterr()
    assert "Another process is at work on: new post" in shown.err
    assert "Made the workflow 'demo' with 1 step." in shown.out


# -- the other screens ---------------------------------------------------------------------------


async def test_json_prints_each_event_and_what_commands_find(
    tmp_path: Path, capsys: Capture
) -> None:
    code = await talk(tmp_path, "new post", "/show", "/verify", "/nothing", screen=JsonScreen())
    assert code == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    events = [line for line in lines if "number" in line]
    assert [line["number"] for line in events] == list(range(1, len(events) + 1))
    assert events[0]["data"] == {"type": "message", "text": "new post"}
    assert events[-1]["data"] == {"type": "turn_ended", "state": "done"}
    tree, findings, problem = lines[len(events) :]
    assert tree["rows"][0] == {"mark": " ", "guides": "", "text": "demo (version 1)"}
    assert findings["verdict"]["diagnostics"] == []
    assert problem["shown"] == "problem"


async def test_the_terminal_shows_plan_stages_and_tree(tmp_path: Path) -> None:
    screen, written = rich_screen()
    generator = ScriptedGenerator([Draft(workflow=workflow("\x1b[2J[red]x")), CHANGE])
    planner = ScriptedPlanner([OUTLINE, EDIT])
    lines = ("new post", "edit it", "/show yaml", "/versions")
    code = await talk(tmp_path, *lines, screen=screen, planner=planner, generator=generator)
    assert code == 0
    text = written.getvalue()
    assert "post    post a message (Slack)" in text
    assert "planner" in text
    assert '~ └─ post: slack.post (text="more")' in text
    assert "\x1b" not in text
    assert "[red]x" in text
    assert ">2       1     composer" in text
