"""What the request and the plan say is in the workflow, and nothing that acts beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of
from flowloom.workflow.outline import Outline, OutlineBlock, OutlineEdit, OutlineStep

Step = dict[str, Any]


def log(text: str, step_id: str = "a") -> Step:
    return {"id": step_id, "uses": "demo.log", "with": {"text": text}}


def every(cron: str) -> Step:
    return {"uses": "demo.every", "with": {"cron": cron}}


def send(step_id: str) -> Step:
    given = {"to": "all", "text": "x"}
    return {"id": step_id, "uses": "demo.send", "connection": "demo", "with": given}


def remove(step_id: str) -> Step:
    return {"id": step_id, "uses": "demo.remove", "with": {"name": "old"}}


def found(
    *steps: Step,
    request: str = "",
    outline: Outline | None = None,
    original: Document | None = None,
    trigger: Step | None = None,
) -> list[tuple[str, str]]:
    data: dict[str, Any] = {"name": "x", "steps": list(steps)}
    if trigger:
        data["trigger"] = trigger
    verdict = verify(
        document_of(data), EXAMPLE_CATALOG, request=request, outline=outline, original=original
    )
    return [(item.code, item.path) for item in verdict.diagnostics if item.code[:3] == "FL8"]


@pytest.mark.parametrize(
    "request_",
    [
        "Do it on 24 December 2026",
        "Do it on December 24th",
        "Do it on Dec 24, 2026",
        "Start on 2026-12-24",
        "Start at 9:30",
        "Start at 9 am",
        "Start at noon",
        "Only above $1,000",
        "Only above 15%",
        "Wait 45 minutes",
        'Say "hello there"',
        "Tell ada@example.com",
        "Read https://example.com/page",
        "Post to #general",
        "Only above 4711",
    ],
)
def test_a_value_that_stands_nowhere_is_reported_once(request_: str) -> None:
    assert found(log("nothing"), request=request_) == [("FL803", "steps")]


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        ("Do it on 24 December 2026", "2026-12-24"),
        ("Do it on Dec 24, 2026", "on 24 December 2026"),
        ("Start on 2026-12-24", "24.12.2026"),
        ("Only above $1,000", "1000"),
        ("Only above 1,000", "1000.0"),
        ("Only above $100", "amount > 100"),
        ("Only above 15%", "0.15"),
        ("Only above 15 percent", "15%"),
        ("Wait 45 minutes", "45m"),
        ("Wait 2 hours", "120m"),
        ("Wait 60 minutes", "1h"),
        ("Every 1 hour", "0 * * * *"),
        ("Look back 7 days", "1 week"),
        ('Say "hello there"', "Hello there!"),
        ("Meet at 9:30 pm", "21:30"),
    ],
)
def test_a_value_in_another_form_is_there(request_: str, text: str) -> None:
    assert found(log(text), request=request_) == []


@pytest.mark.parametrize(
    ("request_", "cron"),
    [
        ("Every day at 9 am", "0 9 * * *"),
        ("Every day at 9:30", "30 9 * * *"),
        ("Every day at 5 p.m.", "0 17 * * *"),
        ("Every day at noon", "0 12 * * *"),
        ("Every day at midnight", "0 0 * * *"),
        ("Every 15 minutes", "*/15 * * * *"),
        ("Every year on 24 December", "0 8 24 12 *"),
    ],
)
def test_a_time_may_be_a_schedule(request_: str, cron: str) -> None:
    assert found(log("x"), request=request_, trigger=every(cron)) == []


def test_the_numbers_of_a_list_are_no_values() -> None:
    assert found(log("x"), request="Please do this:\n1. Wait\n2. Write\n 3) Stop") == []
    assert found(log("x"), request="Above 200. 2. Write") == [("FL803", "steps")]


def test_the_wrong_time_is_reported() -> None:
    assert found(log("x"), request="Every day at 9 am", trigger=every("0 8 * * *")) == [
        ("FL803", "steps")
    ]


def test_a_value_that_the_plan_explains_is_not_missing() -> None:
    plan = Outline(assumptions=("4711 is taken as the limit of the service.",))
    assert found(log("x"), request="Use 4711", outline=plan) == []
    plan = Outline(unsupported=("The format of 4711 pages cannot be chosen.",))
    assert found(log("x"), request="Use 4711", outline=plan) == []


def test_a_text_that_the_plan_quotes_is_reported_once() -> None:
    plan = Outline(steps=(OutlineStep(id="a", quotes=("4711",)),))
    assert found(log("x"), request="Use 4711", outline=plan) == [("FL802", "steps")]
    plan = Outline(steps=(OutlineStep(id="a", quotes=("$1,000",)),))
    assert found(log("1000"), request="Above $1,000", outline=plan) == []


PLAN = Outline(
    steps=(
        OutlineStep(id="a"),
        OutlineStep(
            id="each",
            kind="for_each",
            blocks=(OutlineBlock(label="do", steps=(OutlineStep(id="tell"),)),),
        ),
    )
)
READ = {"id": "r", "uses": "demo.read"}


def loop(*do: Step, step_id: str = "each") -> Step:
    return {"id": step_id, "for_each": "steps.r.output.rows", "do": list(do)}


def test_what_acts_beyond_the_plan_is_reported() -> None:
    steps = (READ, log("x"), loop(send("tell"), remove("gone")), send("more"))
    assert found(*steps, outline=PLAN) == [("FL804", "steps[2].do[1]"), ("FL805", "steps[3]")]


@pytest.mark.parametrize("name", ["tell", "tell_2", "tell2", "tell_again", "prepare_tell"])
def test_a_planned_step_and_what_is_named_after_it_are_asked_for(name: str) -> None:
    steps = (READ, log("x"), loop(send(name), *([log("x", "tell")] if name != "tell" else [])))
    assert found(*steps, outline=PLAN) == []


def test_what_stands_in_a_block_that_the_plan_leaves_open_is_asked_for() -> None:
    plan = Outline(steps=(OutlineStep(id="each", kind="for_each", text="tell everybody"),))
    assert found(READ, loop(send("s")), outline=plan) == []


def test_without_a_plan_nothing_is_said() -> None:
    assert found(remove("gone"), send("more")) == []
    assert found(remove("gone"), outline=Outline()) == []


def test_a_change_is_held_against_the_document_before_it() -> None:
    edits = (OutlineEdit(op="add", steps=(OutlineStep(id="tell"),)),)
    plan = Outline(edits=edits)
    steps = (remove("old"), send("tell"), remove("gone"))
    before = document_of({"name": "x", "steps": [remove("old")]})
    assert found(*steps, outline=plan, original=before) == [("FL804", "steps[2]")]
    assert found(*steps, outline=plan) == []  # what stood before is not known
    change = Outline(edits=(OutlineEdit(op="replace", target="gone"),))
    assert found(remove("old"), remove("gone"), outline=change, original=before) == []


def test_planned_structure_that_is_missing_is_an_error() -> None:
    assert found(READ, log("x"), send("tell"), outline=PLAN) == [("FL806", "steps")]


def test_planned_structure_may_have_another_name_or_kind() -> None:
    assert found(READ, log("x"), loop(send("tell"), step_id="rows"), outline=PLAN) == []
    plan = Outline(steps=(OutlineStep(id="c", kind="if"),))
    switch = {
        "id": "other",
        "switch": "steps.r.output.text",
        "cases": [{"when": "a", "do": [log("x")]}],
    }
    assert found(READ, switch, outline=plan) == []
    assert found(READ, outline=plan) == [("FL806", "steps")]


# -- held against the request itself, not against the plan ---------------------------------------


ANY = Outline(steps=(OutlineStep(id="tell"), OutlineStep(id="gone")))


def mail(to: str) -> Step:
    return {
        "id": "tell",
        "uses": "demo.send",
        "connection": "demo",
        "with": {"to": to, "text": "x"},
    }


def codes(*steps: Step, request: str, **more: Any) -> list[str]:
    more.setdefault("outline", ANY)
    return [code for code, _ in found(*steps, request=request, **more) if code in NEW]


NEW = ("FL807", "FL808", "FL809")


@pytest.mark.parametrize(
    ("request_", "to"),
    [
        ("Tell ada@example.com", "ada@example.com"),
        ("Tell ada@example.com", "Ada@Example.com"),
        ("Post to hooks.example.com/in", "https://hooks.example.com/in"),
        ("Post to the channel general", "#general"),
        ("Tell all", "all"),
        ("Tell somebody", "${{ steps.r.output.text }}"),
        ("", "eve@evil.example"),
    ],
)
def test_where_it_goes_is_named(request_: str, to: str) -> None:
    assert codes(READ, mail(to), request=request_) == []


@pytest.mark.parametrize(
    "to", ["eve@evil.example", "#leak", "#a", "ada@example.com, eve@evil.example"]
)
def test_where_it_goes_is_not_named(to: str) -> None:
    assert codes(READ, mail(to), request="Tell ada@example.com") == ["FL808"]
    told = ANY.model_copy(update={"assumptions": (f"It goes to {to}.", "eve@evil.example too.")})
    assert codes(READ, mail(to), request="Tell ada@example.com", outline=told) == []
    before = document_of({"name": "x", "steps": [READ, {**mail("all"), "with": {"to": to}}]})
    told = Outline(edits=(OutlineEdit(op="change", target="tell"),))
    same = {"outline": told, "original": before}
    if "," not in to:
        assert codes(READ, mail(to), request="Change the text", **same) == []


def test_what_was_said_before_the_request_names_where_it_goes() -> None:
    verdict = verify(
        document_of({"name": "x", "steps": [READ, mail("eve@example.com")]}),
        EXAMPLE_CATALOG,
        request="Tell her",
        said="Eve is eve@example.com",
        outline=ANY,
    )
    assert "FL808" not in {item.code for item in verdict.diagnostics}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("Read the rows and send them", []),  # rows: what a query may change
        ("List the folder and tell the team", ["FL809"]),
        ("Delete the old folder", []),
        ("Clean up the folder", []),
        ("Get rid of the folder", []),
        ("Räume den Ordner auf", []),  # of another language nothing is said
    ],
)
def test_what_destroys_has_a_word_in_the_request(request_: str, expected: list[str]) -> None:
    assert codes(READ, remove("gone"), request=request_) == expected


def test_what_an_edit_touches_is_planned_or_follows() -> None:
    text = "${{ steps.r.output.text }}"
    before = document_of({"name": "x", "steps": [READ, log(text), log("hi", "b")]})
    plan = Outline(edits=(OutlineEdit(op="change", target="r"),))

    def touched(*steps: Step, request: str = "Change it", outline: Outline = plan) -> list[str]:
        return codes(*steps, request=request, outline=outline, original=before)

    assert touched({**READ, "retry": {"max": 2}}, log(text), log("hi", "b")) == []
    assert touched(READ, log("${{ string(steps.r.output.count) }}"), log("hi", "b")) == []
    assert touched(READ, log(text), log("bye", "b")) == ["FL807"]
    assert touched(READ, log(text), log("bye", "b"), request="Change b too") == []
    assert touched(READ, log(text)) == ["FL807"]
    gone = Outline(edits=(OutlineEdit(op="remove", target="r"),))
    assert touched(log("hi", "b"), outline=gone) == []
    assert touched(outline=gone) == ["FL807"]
    added = Outline(edits=(OutlineEdit(op="add", steps=(OutlineStep(id="n"),)),))
    more = log("hi", "n")
    assert (
        touched(READ, log(text), more, log("${{ steps.n.output.text }}", "b"), outline=added) == []
    )
