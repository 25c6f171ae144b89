"""The own cases are sound (each expected workflow verifies), and so is their comparison."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.sources import builtin_catalog
from flowloom.evaluation.equality.expressions import Names, normal_expression, references
from flowloom.evaluation.equality.normal_form import positions
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of
from tests.offline.own_cases import HALVES, Case, Half, defaults_of, judge, matches, read_half

ALL = [case for half in HALVES for case in read_half(half)]
by_case = pytest.mark.parametrize("case", ALL, ids=[case.id for case in ALL])
by_half = pytest.mark.parametrize("half", HALVES)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return builtin_catalog()


@by_case
def test_what_is_accepted_verifies_and_matches_itself(case: Case, catalog: Catalog) -> None:
    workflows = [*case.accepted, *([case.workflow] if case.workflow else [])]
    for workflow in workflows:
        verdict = verify(document_of(workflow), catalog)
        assert [(item.path, item.message) for item in verdict.errors] == []
    for workflow in case.accepted:
        assert matches(workflow, case, defaults_of(catalog)) == []


@by_case
def test_an_edit_changes_something(case: Case) -> None:
    if case.workflow:
        assert matches(case.workflow, case) != []


@by_case
def test_every_free_place_is_a_step(case: Case) -> None:
    known = {step for item in case.accepted for step in positions(item)} | {"trigger"}
    assert {entry.split(".")[0] for entry in case.free} <= known


@by_case
def test_a_case_says_what_is_right(case: Case) -> None:
    assert set(case.statuses) <= {"valid", "needs_input", "failed"}
    assert ("valid" in case.statuses) == (case.expected is not None)
    assert case.tags
    assert case.id.startswith(case.half[:3])


def test_ids_and_requests_are_unique() -> None:
    edits = Counter((case.request, str(case.workflow)) for case in ALL)
    assert max(Counter(case.id for case in ALL).values()) == 1
    assert max(edits.values()) == 1


@by_half
def test_a_half_is_large_enough(half: Half) -> None:
    cases = [case for case in ALL if case.half == half]
    assert len(cases) >= 60
    assert sum(case.workflow is not None for case in cases) >= 12
    assert sum("language" in case.tags for case in cases) >= 2


def test_the_development_half_covers_every_theme_as_often_as_the_measured_one() -> None:
    development, measure = (Counter(case.theme for case in read_half(half)) for half in HALVES)
    assert development >= measure


LISTED: dict[str, Any] = {
    "trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * 1-5"}},
    "steps": [
        {"id": "list", "uses": "github.issues.list", "with": {"owner": "acme", "repo": "app"}},
        {
            "id": "many",
            "if": "size(steps.list.output) > 5",
            "then": [
                {
                    "id": "each",
                    "for_each": "steps.list.output",
                    "as": "issue",
                    "do": [
                        {
                            "id": "post",
                            "uses": "slack.chat.post_message",
                            "with": {"channel": "#eng", "text": "${{ issue.title }}"},
                        }
                    ],
                }
            ],
            "else": [{"id": "log", "uses": "core.log", "with": {"message": "few"}}],
        },
    ],
}


def case_of(workflow: dict[str, Any], **more: Any) -> Case:
    base = Case(
        id="x",
        request="x",
        half="development",
        theme="x",
        tags=("x",),
        workflow=None,
        expected=workflow,
        alternatives=(),
        statuses=("valid",),
        free=(),
    )
    return replace(base, **more)


def changed(*path: str | int, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(LISTED)
    inner: Any = made
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return made


POST = ("steps", 1, "then", 0, "do", 0)


def renamed() -> dict[str, Any]:
    made = copy.deepcopy(LISTED)
    listed, many = made["steps"]
    each = many["then"][0]
    listed["id"], many["if"] = "a", "size(steps.a.output)>5"
    each |= {"id": "b", "for_each": "${{ steps.a.output }}", "as": "x", "name": "Each"}
    each["do"][0]["with"]["text"] = "${{x.title}}"
    return made | {"name": "other", "description": "other"}


@pytest.mark.parametrize(
    "got",
    [
        renamed(),
        changed("trigger", "with", "cron", value="0 9 * * MON,TUE,WED,THU,FRI"),
        changed("steps", 1, "if", value="steps.list.output.size() >= 6"),
        changed(*POST, "with", "channel", value="eng"),
        changed(*POST, "connection", value="work"),
        changed("steps", 0, "with", "state", value="open"),
    ],
)
def test_what_does_the_same_is_equal(got: dict[str, Any], catalog: Catalog) -> None:
    assert matches(got, case_of(LISTED), defaults_of(catalog)) == []


@pytest.mark.parametrize(
    ("got", "place"),
    [
        (changed("steps", 0, "uses", value="github.pulls.list"), "steps[0].uses"),
        (changed("steps", 0, "with", value={"owner": "acme"}), "steps[0].with.repo"),
        (changed("steps", 0, "with", "labels", value="bug"), "steps[0].with.labels"),
        (changed("steps", 1, "if", value="size(steps.list.output) >= 5"), "steps[1].if"),
        (changed("steps", 1, "then", value=[]), "steps[1].then"),
        (changed("steps", 1, "else", value=[]), "steps[1].else"),
        (changed(*POST, "on_error", value="continue"), "steps[1].then[0].do[0].on_error"),
        (changed("trigger", "with", "cron", value="0 9 * * *"), "trigger.with.cron"),
        (changed("trigger", value=None), "trigger"),
        (
            changed(*POST, "with", "text", value="${{ issue.body }}"),
            "steps[1].then[0].do[0].with.text",
        ),
    ],
)
def test_another_part_is_a_difference_at_its_place(got: dict[str, Any], place: str) -> None:
    found = matches(got, case_of(LISTED))
    assert [item.split(":")[0] for item in found] == [place]


def test_another_nesting_is_a_difference() -> None:
    flat = copy.deepcopy(LISTED)
    flat["steps"] = [flat["steps"][0], flat["steps"][1]["then"][0]]
    assert matches(flat, case_of(LISTED)) != []


def test_the_wording_of_a_free_text_does_not_count() -> None:
    case = case_of(LISTED, free=("post.text", "log.message", "log.level"))
    other = changed(*POST, "with", "text", value="New: ${{ issue.title }}!")
    other["steps"][1]["else"][0]["with"] = {"message": "nothing", "level": "warning"}
    assert matches(other, case) == []
    assert matches(other, case_of(LISTED)) != []


def test_what_a_free_text_refers_to_counts() -> None:
    case = case_of(LISTED, free=("post.text",))
    lost = changed(*POST, "with", "text", value="New issue")
    assert matches(lost, case) == [
        "steps[1].then[0].do[0].with.text: expected a reference to item0.title, got 'New issue'"
    ]


def test_the_nearest_accepted_workflow_counts() -> None:
    other = changed("steps", 0, "uses", value="github.pulls.list")
    assert matches(other, case_of(LISTED, alternatives=(other,))) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"id": "a", "wait": "90m"}, {"id": "a", "wait": "1h30m"}),
        (
            {"id": "a", "wait": "2h"},
            {"id": "b", "uses": "core.wait", "with": {"duration": "120m"}},
        ),
        (
            {"id": "a", "wait": '${{ timestamp("2026-12-24T18:00:00Z") }}'},
            {"id": "b", "uses": "core.wait_until", "with": {"time": "2026-12-24T19:00:00+01:00"}},
        ),
        (
            {"id": "a", "ask": "Who?"},
            {"id": "b", "uses": "person.ask", "with": {"question": "Who?"}},
        ),
    ],
)
def test_a_step_and_the_component_for_it_are_equal(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert matches({"steps": [other]}, case_of({"steps": [one]})) == []


def test_the_path_of_a_written_file_can_be_a_reference() -> None:
    write = {"id": "w", "uses": "file.write", "with": {"path": "a.txt", "text": "x"}}
    literal = {"id": "d", "uses": "file.delete", "with": {"path": "a.txt"}}
    linked = {"id": "d", "uses": "file.delete", "with": {"path": "${{ steps.w.output.path }}"}}
    assert matches({"steps": [write, linked]}, case_of({"steps": [write, literal]})) == []


def asked(choices: list[str], condition: str) -> dict[str, Any]:
    then = [{"id": "log", "uses": "core.log", "with": {"message": "x"}}]
    ask = {"id": "q", "ask": "Go?", "choices": choices}
    return {"steps": [ask, {"id": "c", "if": condition, "then": then}]}


def test_free_choices_are_affirmed_or_denied() -> None:
    case = case_of(asked(["yes", "no"], 'steps.q.output == "yes"'), free=("q.choices",))
    assert matches(asked(["reject", "approve"], 'steps.q.output != "reject"'), case) == []
    assert matches(asked(["reject", "approve"], 'steps.q.output == "reject"'), case) != []
    strict = replace(case, free=())
    assert matches(asked(["approve", "reject"], 'steps.q.output == "approve"'), strict) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.b  ==  'x'", 'a.b == "x"'),
        ("!steps.f.output", "steps.f.output == false"),
        ("size(steps.f.output) == 0", "size(steps.f.output) < 1"),
        ("size(steps.f.output) != 0", "(size(steps.f.output) > 0)"),
        ("steps.f.output.map(x, x.y).join(', ')", 'steps.f.output.map(each, each.y).join(", ")'),
        ('a < "2026-01-01"', 'a < "2026-01-01T00:00:00Z"'),
    ],
)
def test_equal_spellings_of_an_expression(one: str, other: str) -> None:
    assert normal_expression(one, Names()) == normal_expression(other, Names())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a > 5", "a >= 5"),
        ("size(a) > 1", "size(a) != 1"),
        ("a && b == true", "a && b"),
        ("x.map(a, a.y)", "x.map(a, a.z)"),
        ("a.size", "b.size"),
        ('a == "x"', "a == x"),
    ],
)
def test_other_expressions_stay_other(one: str, other: str) -> None:
    assert normal_expression(one, Names()) != normal_expression(other, Names())


def test_what_an_expression_refers_to() -> None:
    names = Names(steps={"list": "s0"}, items={"row": "item0"})
    text = 'steps.list.output.map(e, e.title).join("\\n") + row.name + trigger.output.text'
    assert references(normal_expression(text, names)) == {
        "steps.s0.output",
        "each.title",
        "item0.name",
        "trigger.output.text",
    }


def test_a_status_that_is_not_accepted_is_wrong() -> None:
    case = case_of(LISTED, statuses=("needs_input", "valid"))
    assert judge("needs_input", None, case) == []
    assert judge("valid", LISTED, case) == []
    assert judge("valid", changed("trigger", value=None), case) != []
    assert judge("failed", None, case) == ["status: expected needs_input or valid, got failed"]


def test_a_workflow_where_none_is_right_is_a_difference() -> None:
    case = case_of(LISTED, expected=None, statuses=("needs_input",))
    assert matches(LISTED, case) == ["no workflow is expected"]
