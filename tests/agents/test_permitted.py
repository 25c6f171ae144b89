"""Which changes of a repair are refused: those of steps that no diagnostic concerns."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.agents.permitted import unasked_changes
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import document_of
from flowloom.workflow.edits import (
    Change,
    RemoveStep,
    SetValue,
    apply_changes,
)


def log(step_id: str, text: str = "hi") -> dict[str, Any]:
    return {"id": step_id, "uses": "demo.log", "with": {"text": text}}


WORKFLOW = document_of(
    {
        "name": "x",
        "inputs": {"go": {"type": "boolean"}},
        "outputs": {"text": "${{ steps.a.output.text }}"},
        "steps": [
            log("a"),
            {"id": "c", "if": "inputs.go", "then": [log("b")], "else": [log("d")]},
            log("e", "${{ steps.a.output.text }}"),
        ],
    }
)


def concerning(path: str, step: str = "") -> tuple[Diagnostic, ...]:
    return (Diagnostic(code="FL303", severity="error", path=path, message="wrong", step=step),)


def set_text(path: str) -> Change:
    return SetValue(path=path, value="new")


@pytest.mark.parametrize(
    ("change", "diagnostics", "refused"),
    [
        (set_text("steps[0].with.text"), concerning("steps[0].with.text", "a"), ()),
        (set_text("steps[0].with.text"), concerning("steps[0].with.text"), ()),
        (set_text("steps[1].then[0].with.text"), concerning("steps[0].with", "a"), ("b",)),
        (set_text("steps[1].if"), concerning("steps[1].then[0]", "b"), ()),
        (set_text("steps[1].then[0].with.text"), concerning("steps[1].if", "c"), ("b",)),
        (set_text("steps[2].with.text"), concerning("steps[0]", "a"), ()),
        (RemoveStep(id="d"), concerning("steps[0]", "a"), ("d",)),
        (RemoveStep(id="a"), concerning("steps[0]", "a"), ()),
        (SetValue(path="name", value="y"), concerning("name"), ()),
        (SetValue(path="name", value="y"), concerning("steps[0]", "a"), ("name",)),
        (SetValue(path="inputs.go.type", value="string"), concerning("steps[1].if", "c"), ()),
        (SetValue(path="inputs.go.type", value="string"), concerning("inputs"), ()),
        (set_text("inputs.go.description"), concerning("steps[0]", "a"), ("inputs.go",)),
        (SetValue(path="inputs.new", value={"type": "string"}), concerning("steps[0]", "a"), ()),
        (set_text("outputs.text"), concerning("steps[0]", "a"), ()),
        (set_text("outputs.text"), concerning("steps[2]", "e"), ("outputs.text",)),
    ],
)
def test_what_no_diagnostic_concerns_is_named(
    change: Change, diagnostics: tuple[Diagnostic, ...], refused: tuple[str, ...]
) -> None:
    after = apply_changes(WORKFLOW, (change,))
    assert unasked_changes(WORKFLOW, after, diagnostics) == refused


def test_a_step_that_the_message_names_is_concerned() -> None:
    after = apply_changes(WORKFLOW, (set_text("steps[1].then[0].with.text"),))
    found = Diagnostic(
        code="FL508",
        severity="error",
        path="steps[2].with",
        step="e",
        message="steps.b is not there.",
    )
    assert unasked_changes(WORKFLOW, after, (found,)) == ()


def test_where_a_planned_step_is_missing_an_unplanned_one_may_be_renamed() -> None:
    after = apply_changes(WORKFLOW, (SetValue(id="d", path="id", value="wanted"),))
    missing = concerning("steps")
    assert unasked_changes(WORKFLOW, after, missing, {"a", "b", "c", "e", "wanted"}) == ()
    assert unasked_changes(WORKFLOW, after, missing, {"a", "b", "c", "d", "e"}) == ("d",)


def test_what_names_a_step_concerned_changes_only_there() -> None:
    found = concerning("steps[0].with.text", "a")
    text = SetValue(id="e", path="with.text", value="${{ steps.a.output.text + '!' }}")
    level = SetValue(id="e", path="with.level", value="error")
    assert unasked_changes(WORKFLOW, apply_changes(WORKFLOW, [text]), found) == ()
    assert unasked_changes(WORKFLOW, apply_changes(WORKFLOW, [text, level]), found) == ("e",)
    gone = apply_changes(WORKFLOW, [RemoveStep(id="e")])
    assert unasked_changes(WORKFLOW, gone, found) == ("e",)
    gone = apply_changes(WORKFLOW, [RemoveStep(id="e"), RemoveStep(id="a")])
    assert "e" not in unasked_changes(WORKFLOW, gone, found)
