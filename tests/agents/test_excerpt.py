"""What of a workflow a model sees."""

from __future__ import annotations

from typing import Any

from flowloom.agents.excerpt import diagnostics_text, excerpt, shown_for_edit
from flowloom.workflow.document import document_of
from tests.graph.stand_ins import error


def call(name: str, text: str = "") -> dict[str, Any]:
    return {"id": name, "uses": "slack.post", "with": {"text": text or f"text of {name}"}}


def large() -> dict[str, Any]:
    inner = [call(f"inner{number}") for number in range(12)]
    outer = [call(f"outer{number}", "long " * 30) for number in range(20)]
    return {
        "name": "large",
        "trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * *"}},
        "steps": [*outer, {"id": "branch", "if": "true", "then": inner}],
    }


def test_of_a_small_one_too_only_the_steps_concerned_are_shown() -> None:
    document = document_of({"name": "small", "steps": [call("a"), call("b")]})
    text = excerpt(document, [error()])
    assert "text of a" in text
    assert "text of b" not in text
    assert "- b: slack.post" in text


def test_steps_inside_one_concerned_are_ids() -> None:
    cases = [{"when": "1", "do": [call("one")]}]
    switch = {"id": "pick", "switch": "inputs.n", "cases": cases, "default": []}
    text = excerpt(document_of({"name": "x", "steps": [switch]}), [error()])
    assert "text of one" not in text
    assert "default: []" in text
    assert "- one" in text


def test_of_a_large_one_only_the_innermost_steps_concerned_are_shown() -> None:
    document = document_of(large())
    found = error().model_copy(update={"path": "steps[20].then[3].with.text"})
    text = excerpt(document, [found, found])
    assert len(text) < len(document.text) / 3
    assert text.count("text of inner3") == 1
    assert "text of inner4" not in text
    assert "  - inner4: slack.post" in text
    assert "- branch: if" in text
    assert "0 9 * * *" in text
    assert text.index("- outer2:") < text.index("- outer10:") < text.index("- branch:")


def test_diagnostics_are_one_line_each() -> None:
    item = error("No\nsuch input.", hint="Take another.", candidates=("text", "blocks"))
    line = "- FL900 at steps[0]: No such input. Take another. Could be: text, blocks."
    assert diagnostics_text([item, item]) == f"{line}\n{line}"


def test_an_edit_is_shown_a_small_workflow_whole_and_a_large_one_in_outline() -> None:
    small = document_of({"name": "small", "steps": [call("a")]})
    assert shown_for_edit(small, "anything") == small.text
    steps = [call(f"step{number}", f"{'x' * 700} {number}") for number in range(60)]
    steps[40]["with"]["text"] = "Announce the quarterly dividend"
    text = shown_for_edit(document_of({"name": "large", "steps": steps}), "no dividend; step7 goes")
    assert "Announce the quarterly dividend" in text
    assert "# in full: step7\n" in text
    assert "- step59: slack.post" in text
    assert len(text) < 15_000
