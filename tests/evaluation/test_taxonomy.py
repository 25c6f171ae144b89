"""Every kind of mistake, planted in a workflow, is told as that kind and as no other."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.evaluation.alignment import align
from flowloom.evaluation.cases import Case
from flowloom.evaluation.forms import FlowForm, form_of
from flowloom.evaluation.mistakes import MISTAKE_KINDS, Mistake
from flowloom.evaluation.samples import Output
from flowloom.evaluation.scoring import Judge, score
from flowloom.evaluation.taxonomy import Evidence, mistakes_of
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.workflow.document import dump_yaml
from tests.evaluation.flows import BASE, REQUEST, changed, flow, step, without

JUDGE = Judge(EXAMPLE_CATALOG)
NOTE = ("steps", 1, "then", 0)
SEND = ("steps", 2, "do", 0)


def case_of(gold: dict[str, Any] | None = BASE, **more: Any) -> Case:
    return Case.model_validate({"id": "c", "request": REQUEST, "gold": gold, **more})


def mistakes(made: dict[str, Any], case: Case, **more: Any) -> tuple[Mistake, ...]:
    output = Output.model_validate({"status": "valid", "text": dump_yaml(made), **more})
    return score(case, output, JUDGE).mistakes


def kinds(made: dict[str, Any], gold: dict[str, Any] = BASE) -> list[str]:
    return sorted(item.kind for item in mistakes(made, case_of(gold)))


def swapped() -> dict[str, Any]:
    steps: list[Any] = BASE["steps"]
    return {**BASE, "steps": [steps[0], steps[2], steps[1], steps[3]]}


def note_in_the_loop() -> dict[str, Any]:
    made = without("steps", 1, "then", 0)
    made["steps"][2]["do"].append(BASE["steps"][1]["then"][0])
    return made


def calm_in_then() -> dict[str, Any]:
    made = without("steps", 1, "else")
    made["steps"][1]["then"].append(BASE["steps"][1]["else"][0])
    return made


def unguarded() -> dict[str, Any]:
    busy: dict[str, Any] = BASE["steps"][1]
    made = without("steps", 1)
    made["steps"][1:1] = [*busy["then"], *busy["else"]]
    return made


SIDE_BY_SIDE = flow(
    step("read", "demo.read"),
    {
        "id": "both",
        "parallel": [
            [step("log", "demo.log", text="a")],
            [step("store", "demo.store", key="k", text="b")],
        ],
    },
)
ONE_BY_ONE = flow(
    step("read", "demo.read"),
    step("log", "demo.log", text="a"),
    step("store", "demo.store", key="k", text="b"),
)
SORTED = flow(step("read", "demo.read"), step("s", "demo.fetch", url="https://a.example/b"))

PLANTED: list[tuple[str, list[str], dict[str, Any]]] = [
    (
        "another component of the provider",
        ["component.near_synonym"],
        changed(*NOTE, value=step("note", "demo.store", key="k", text="t")),
    ),
    (
        "a step that is not in the catalog",
        ["component.hallucinated"],
        changed(*SEND, "uses", value="demo.mail"),
    ),
    ("a step too few", ["component.missing"], without("steps", 3)),
    (
        "a step too many",
        ["component.extra"],
        changed("steps", value=[*BASE["steps"], step("z", "demo.chat", prompt="x")]),
    ),
    ("no trigger", ["references.hallucinated", "trigger.type"], without("trigger")),
    ("another time", ["trigger.inputs"], changed("trigger", "with", "cron", value="0 8 * * *")),
    ("a time that is none", ["trigger.inputs"], changed("trigger", "with", "cron", value="daily")),
    ("another order", ["structure.order"], swapped()),
    ("a condition is missing", ["structure.missing_dependency"], unguarded()),
    ("in another step's block", ["structure.wrong_parent"], note_in_the_loop()),
    ("in another branch", ["structure.wrong_branch"], calm_in_then()),
    ("a value of another type", ["inputs.type"], changed(*SEND, "with", "text", value=5)),
    ("another value", ["inputs.extraction"], changed(*SEND, "with", "text", value="Bye")),
    (
        "another field of the right step",
        ["inputs.extraction"],
        changed(
            *NOTE,
            "with",
            "text",
            value="${{ string(steps.read.output.count) }} at ${{ trigger.output.at }}",
        ),
    ),
    (
        "another value of an output",
        ["interface.outputs"],
        changed("outputs", "rows", value="${{ steps.read.output.count }}"),
    ),
    ("an input left out", ["inputs.omission"], without(*NOTE, "with", "level")),
    ("an input not asked for", ["inputs.redundancy"], changed(*NOTE, "with", "times", value=2)),
    (
        "an input that does not exist",
        ["inputs.redundancy"],
        changed(*NOTE, "with", "colour", value="x"),
    ),
    (
        "the value in another form",
        ["inputs.transformation"],
        changed(*SEND, "with", "text", value="hello!"),
    ),
    (
        "other work on the right values",
        ["inputs.transformation"],
        changed("steps", 1, "if", value="size(steps.read.output.rows) > 50"),
    ),
    (
        "one of two references is lost",
        ["references.omitted"],
        changed(*NOTE, "with", "text", value="${{ steps.read.output.text }} at nine"),
    ),
    ("a literal", ["references.literal"], changed(*NOTE, "with", "text", value="the text")),
    (
        "another step's output",
        ["references.wrong_producer"],
        changed(*SEND, "with", "to", value="${{ steps.read.output.text }}"),
    ),
    (
        "no step's output",
        ["references.hallucinated"],
        changed(*SEND, "with", "to", value="${{ steps.people.output.text }}"),
    ),
    (
        "a later step's output",
        ["references.before_definition"],
        changed(*NOTE, "with", "text", value="${{ steps.asker.output.text }}"),
    ),
    (
        "a step in a branch",
        ["references.out_of_scope"],
        changed(*SEND, "with", "text", value="${{ steps.note.output.text }}"),
    ),
    (
        "a run input is missing",
        ["interface.inputs", "references.literal"],
        changed("inputs", value={}, base=changed("steps", 3, "with", "text", value="Ada")),
    ),
    ("an output under another name", ["interface.outputs"], changed("outputs", value={"n": 1})),
    ("no step at all", ["format.not_convertible"], {"name": "x"}),
]


@pytest.mark.parametrize(
    ("wanted", "made"), [row[1:] for row in PLANTED], ids=[row[0] for row in PLANTED]
)
def test_a_planted_mistake(wanted: list[str], made: dict[str, Any]) -> None:
    assert kinds(made) == wanted


def test_parallel_branches_one_after_the_other() -> None:
    assert kinds(ONE_BY_ONE, SIDE_BY_SIDE) == ["structure.parallel_flattened"]
    assert kinds(SIDE_BY_SIDE, ONE_BY_ONE) == ["structure.extra_dependency"]


def test_a_step_that_the_request_implies() -> None:
    assert kinds(flow(step("read", "demo.read")), SORTED) == ["semantics.implicit_step"]


def test_the_gold_workflow_has_no_mistake() -> None:
    assert mistakes(BASE, case_of()) == ()


def test_a_free_text_is_right_in_any_wording_that_keeps_its_references() -> None:
    case = case_of(free=("send.text", "note.text"))
    made = changed(*SEND, "with", "text", value="Good day")
    made["steps"][1]["then"][0]["with"]["text"] = "no link"
    assert [item.kind for item in mistakes(made, case)] == ["references.literal"]


def test_an_edit_that_damages() -> None:
    gold = changed(*SEND, "with", "text", value="Bye")
    made = changed("steps", 1, "else", 0, "with", "key", value="other", base=gold)
    found = mistakes(made, case_of(gold, prior=BASE))
    assert sorted(item.kind for item in found) == ["inputs.extraction", "semantics.edit_damage"]
    assert "demo.store key" in next(item.found for item in found if "edit" in item.kind)


def test_it_runs_and_yet_is_wrong() -> None:
    form = form_of(BASE)
    evidence = Evidence(
        request="", gold=form, found=form, diagnostics=(), catalog=EXAMPLE_CATALOG.ids
    )
    assert [item.kind for item in mistakes_of(evidence)] == ["semantics.runs_but_wrong"]


def test_it_is_as_wanted_and_yet_invalid() -> None:
    secret = changed(*SEND, "with", "text", value="ghp_" + "a1B2c3D4e5F6" * 3)
    assert [item.kind for item in mistakes(secret, case_of(free=("send.text",)))] == [
        "semantics.invalid"
    ]
    lacking = without(*SEND, "with", "text")
    assert [item.kind for item in mistakes(lacking, case_of(free=("send.text",)))] == [
        "inputs.omission"
    ]


@pytest.mark.parametrize(
    ("statuses", "gold", "status", "text", "wanted"),
    [
        (("valid",), BASE, "valid", "Sorry, I cannot.", ["format.unparseable"]),
        (("valid",), BASE, "valid", "", ["format.unparseable"]),
        (("valid",), BASE, "needs_input", "", ["status.refused"]),
        (("valid",), BASE, "error", "", ["status.refused"]),
        (("valid", "needs_input"), BASE, "needs_input", "", []),
        (("needs_input",), None, "valid", dump_yaml(BASE), ["status.answered"]),
        (("failed",), None, "valid", "no", ["status.answered"]),
        (("failed",), None, "needs_input", "", ["status.wrong"]),
        (("failed",), None, "failed", "", []),
    ],
)
def test_statuses(
    statuses: tuple[str, ...],
    gold: dict[str, Any] | None,
    status: str,
    text: str,
    wanted: list[str],
) -> None:
    output = Output.model_validate({"status": status, "text": text})
    found = score(case_of(gold, statuses=statuses), output, JUDGE)
    assert [item.kind for item in found.mistakes] == wanted
    assert found.correct is (not wanted)


def test_every_kind_is_planted() -> None:
    planted = {kind for _, wanted, _ in PLANTED for kind in wanted}
    elsewhere = {
        "status.refused",
        "status.answered",
        "status.wrong",
        "format.unparseable",
        "structure.parallel_flattened",
        "structure.extra_dependency",
        "semantics.implicit_step",
        "semantics.edit_damage",
        "semantics.invalid",
        "semantics.runs_but_wrong",
    }
    assert planted | elsewhere == set(MISTAKE_KINDS)
    assert not planted & elsewhere


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (changed(*SEND, "uses", value="demo.mail"), "demo.send"),
        (changed(*SEND, value=step("send", "demo.notify", channel="#a", text="b")), "demo.send"),
        (without("steps", 1, "else"), "demo.store"),
    ],
)
def test_the_retriever_is_to_blame_for_what_it_did_not_find(
    made: dict[str, Any], expected: str
) -> None:
    others = tuple(name for name in EXAMPLE_CATALOG.ids if name != expected)
    case = case_of()
    for candidates, blame in (
        (None, "model"),
        (others, "retriever"),
        ((*others, expected), "model"),
    ):
        (found,) = mistakes(made, case, candidates=candidates)
        assert (found.expected, found.blame) == (expected, blame)


def test_a_trigger_that_was_not_found() -> None:
    found = mistakes(without("trigger"), case_of(), candidates=("demo.read",))
    assert {item.kind: item.blame for item in found} == {
        "trigger.type": "retriever",
        "references.hallucinated": "model",
    }


def test_what_stood_there_before_need_not_be_found() -> None:
    gold = changed("steps", value=[*BASE["steps"], step("z", "demo.send", to="a", text="b")])
    (found,) = [
        item
        for item in mistakes(BASE, case_of(gold, prior=BASE), candidates=())
        if item.kind == "component.missing"
    ]
    assert found.blame == "model"


def test_alignment_pairs_each_step_once() -> None:
    one = form_of(flow(step("a", "x.a"), step("b", "x.b"), step("c", "y.c"), step("d", "z.d")))
    other = form_of(flow(step("1", "x.b"), step("2", "x.a"), step("3", "x.e"), step("4", "w.w")))
    found = align(one, other)
    pairs = {pair.gold.label: pair.found.label for pair in found.pairs}
    assert pairs == {"x.a": "x.a", "x.b": "x.b", "y.c": "x.e", "z.d": "w.w"}
    assert (found.missing, found.extra) == ((), ())
    assert align(one, FlowForm()).missing == one.all_steps
