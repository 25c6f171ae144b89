"""``flowloom compose``, offline and with a scripted model: results, files and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal
from tests.conftest import ROOT

REQUEST = "post 'hello' to #eng in Slack"
PLAN: dict[str, Any] = {
    "name": "greet",
    "summary": "Says hello.",
    "steps": [{"id": "greet", "kind": "call", "text": "post a message in Slack"}],
}
WORKFLOW: dict[str, Any] = {
    "name": "greet",
    "steps": [
        {
            "id": "greet",
            "uses": "slack.chat.post_message",
            "with": {"channel": "#eng", "text": "hello"},
        }
    ],
}


def script(*answers: dict[str, Any]) -> str:
    Path("script.json").write_text(json.dumps(answers), encoding="utf-8")
    return "scripted:script.json"


def test_offline_writes_a_valid_workflow(terminal: Terminal) -> None:
    ended = terminal("compose", REQUEST, "--out", "flow.yaml")
    assert ended.code == 0
    for stage in ("planner", "retriever", "generator", "verifier"):
        assert f"▸ {stage}" in ended.err
    assert "plan:" in ended.err
    assert "written to flow.yaml" in ended.err
    assert "valid (offline)" in ended.err
    assert terminal("verify", "flow.yaml").code == 0
    assert "slack.chat.post_message" in Path("flow.yaml").read_text(encoding="utf-8")


def test_json_is_one_object_and_stderr_is_silent(terminal: Terminal) -> None:
    ended = terminal("compose", REQUEST, "--json")
    assert ended.code == 0
    result = ended.json
    assert result["status"] == "valid"
    assert result["model"] == "offline"
    assert result["usage"]["model_calls"] == 0
    assert set(result["usage"]["seconds"]) >= {"planner", "retriever", "generator", "verifier"}
    assert result["workflow"]["steps"][0]["uses"] == "slack.chat.post_message"
    assert {"diagnostics", "plan", "questions", "assumptions"} <= set(result)


@pytest.mark.parametrize(
    ("form", "start"), [("mermaid", "flowchart"), ("json", "{"), ("yaml", "name:")]
)
def test_the_workflow_goes_to_stdout_in_the_form_asked_for(
    terminal: Terminal, form: str, start: str
) -> None:
    assert terminal("compose", REQUEST, "--format", form).out.startswith(start)


def test_a_scripted_model_goes_the_same_way(terminal: Terminal) -> None:
    model = script(
        {"agent": "planner", "answer": PLAN},
        {"agent": "generator", "answer": {"workflow": WORKFLOW}},
    )
    result = terminal("compose", REQUEST, "--model", model, "--json").json
    assert result["status"] == "valid"
    assert result["workflow"] == WORKFLOW
    assert result["usage"]["model_calls"] == 2


def test_questions_end_with_their_own_code(terminal: Terminal) -> None:
    plan = {**PLAN, "steps": [], "questions": [{"text": "Which channel?"}]}
    model = script({"agent": "planner", "answer": plan})
    ended = terminal("compose", "tell them", "--model", model, "--no-input", "--out", "flow.yaml")
    assert ended.code == 3
    assert "question: Which channel?" in ended.err
    assert not Path("flow.yaml").exists()


def test_what_stays_wrong_is_a_failure_with_its_diagnostics(terminal: Terminal) -> None:
    wrong = json.loads(json.dumps(WORKFLOW))
    del wrong["steps"][0]["with"]["channel"]
    model = script(
        {"agent": "planner", "answer": PLAN},
        {"agent": "generator", "answer": {"workflow": wrong}},
        {"agent": "generator", "answer": {"changes": []}, "repeat": True},
    )
    ended = terminal(
        "compose", REQUEST, "--model", model, "--out", "flow.yaml", "--max-attempts", "2"
    )
    assert ended.code == 1
    assert "'channel'" in ended.err
    assert not Path("flow.yaml").exists()


def test_an_edit_leaves_the_rest_byte_for_byte(terminal: Terminal) -> None:
    text = (
        "# mine\nname: greet\nsteps:\n"
        "- id: greet   # first\n  uses: core.log\n  with: {message: hello}\n"
    )
    Path("flow.yaml").write_text(text, encoding="utf-8")
    request = "at the end, post 'done' to #eng in Slack"
    ended = terminal("compose", request, "--edit", "flow.yaml", "--out", "new.yaml")
    assert ended.code == 0
    assert "changed: + " in ended.err
    new = Path("new.yaml").read_text(encoding="utf-8")
    assert new.startswith(text)
    assert "slack.chat.post_message" in new.removeprefix(text)


def test_an_interrupt_leaves_nothing_half_written(tmp_path: Path, data_dir: Path) -> None:
    program = (
        "import signal, sys\n"
        "import flowloom.cli.files as files\n"
        "real = files.os.fsync\n"
        "files.os.fsync = lambda handle: (signal.raise_signal(signal.SIGINT), real(handle))\n"
        "from flowloom.cli import main\n"
        f"sys.exit(main(['compose', {REQUEST!r}, '--out', 'flow.yaml']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"FLOWLOOM_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert "interrupted" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_explain_shows_each_stage(terminal: Terminal) -> None:
    ended = terminal("compose", REQUEST, "--explain")
    for title in ("segments", "classes", "references", "components", "order", "inputs"):
        assert f"\n{title}\n" in ended.err
    assert "(margin " in ended.err
    assert "given in the request" in ended.err


def test_explain_is_data_under_json(terminal: Terminal) -> None:
    plain = json.loads(terminal("compose", REQUEST, "--json").out)
    assert "explanation" not in plain
    found = json.loads(terminal("compose", REQUEST, "--json", "--explain").out)["explanation"]
    assert found["segments"]
    assert found["steps"][0]["component"] == "slack.chat.post_message"
    assert found["steps"][0]["candidates"][0]["score"] > 0


def test_explain_with_a_model_shows_its_candidates_only(terminal: Terminal) -> None:
    model = script({"answer": PLAN}, {"answer": WORKFLOW})
    ended = terminal("compose", REQUEST, "--model", model, "--explain")
    assert "segments" not in ended.err
    assert "greet: " in ended.err
