"""Answers in few words: nothing invisible, nothing empty, nothing too long."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowloom import Result
from flowloom.api.answers import MAX_PROBLEMS, plain_line, verify_answer, workflow_answer
from flowloom.verification.diagnostic import Diagnostic, Severity, Verdict
from flowloom.workflow.outline import Question


def found(severity: Severity, message: str = "wrong") -> Diagnostic:
    return Diagnostic(code="FL900", severity=severity, path="steps[0]", message=message)


@given(st.text(), st.integers(1, 200))
def test_a_line_is_one_printable_clipped_line(text: str, limit: int) -> None:
    line = plain_line(text, limit)
    assert line.isprintable()
    assert len(line) <= limit
    assert plain_line(line, limit) == line


@given(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=50))
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert plain_line(text, 50) == text


def test_hidden_characters_are_gone() -> None:
    hidden = "a\u200bb\u202ec\U000e0041d\x1b[2Je\nf"
    assert plain_line(hidden, 80) == "a b c d [2Je f"


def test_a_valid_result_is_told_in_two_fields() -> None:
    answer = workflow_answer(Result(status="valid", text="name: x\n", workflow={"name": "x"}))
    assert answer.compact() == {"status": "valid", "workflow": "name: x\n"}


def test_notes_are_left_out_unless_everything_is_wanted() -> None:
    verdict = Verdict(content_hash="", diagnostics=(found("warning"), found("note")))
    brief = verify_answer(verdict)
    assert (brief.valid, brief.errors, brief.warnings) == (True, 0, 1)
    assert [item.severity for item in brief.problems] == ["warning"]
    full = verify_answer(verdict, full=True)
    assert [item.severity for item in full.problems] == ["warning", "note"]


def test_a_long_list_of_problems_is_cut_and_counted() -> None:
    many = tuple(found("error", f"wrong {number}") for number in range(3 * MAX_PROBLEMS))
    answer = verify_answer(Verdict(content_hash="", diagnostics=many))
    assert answer.errors == 3 * MAX_PROBLEMS
    assert len(answer.problems) == MAX_PROBLEMS
    assert len(verify_answer(Verdict(content_hash="", diagnostics=many), full=True).problems) == 60


def test_a_question_keeps_its_suggestions_and_default() -> None:
    question = Question(text="Which\nchannel?", suggestions=("#eng", "#ops"), default="#eng")
    answer = workflow_answer(Result(status="needs_input", questions=(question,), reason="Ask."))
    assert answer.compact() == {
        "status": "needs_input",
        "questions": [
            {"question": "Which channel?", "suggestions": ["#eng", "#ops"], "default": "#eng"}
        ],
        "reason": "Ask.",
    }
