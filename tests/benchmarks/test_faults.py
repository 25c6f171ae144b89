"""The fault benchmark plants what it says, the same each time, and counts honestly."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.fault_loop import LoopEnd, change_of, loop_end
from benchmarks.fault_model import GONE, Fault, Planting, Sample, apply, inverse, replaced
from benchmarks.fault_run import (
    Case,
    Judge,
    Judged,
    all_faults,
    bench_catalog,
    cases,
    good_workflows,
    judgement,
    mended_back,
)
from benchmarks.fault_schema import schema_errors
from benchmarks.faults import Row, rows_of, summary
from flowloom.verification.diagnostic import Diagnostic, Severity
from flowloom.verification.registry import rules
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of
from flowloom.workflow.edits import apply_changes, changes_of
from flowloom.workflow.path import Path

FAULTS = all_faults()
SAMPLES = good_workflows(bench_catalog())


def case_of(name: str, seed: int = 1) -> Case:
    return next(cases([FAULTS[name]], SAMPLES, most=1, seed=seed))


def test_there_are_enough_classes_and_workflows() -> None:
    assert len(FAULTS) >= 75
    assert len(SAMPLES) > 80


def test_every_code_of_the_verifier_has_a_class() -> None:
    planted = {code for fault in FAULTS.values() for code in fault.codes}
    assert set(rules()) <= planted


@pytest.mark.parametrize("name", FAULTS)
def test_a_class_applies_changes_the_workflow_and_can_be_undone(name: str) -> None:
    case = case_of(name)
    planting, good = case.planting, case.sample.data
    before = json.dumps(good)
    if planting.text:
        assert json.loads(planting.text) == good  # JSON takes the last of two equal keys.
        assert len(planting.text) > len(json.dumps(good, ensure_ascii=False))
        return
    broken = apply(good, planting.edits)
    assert broken != good
    assert json.dumps(good) == before
    assert apply(broken, inverse(good, planting.edits)) == good
    assert planting.at


REPAIRED = [name for name in FAULTS if case_of(name).planting.repair]


@pytest.mark.parametrize("name", REPAIRED)
def test_a_repair_leaves_no_error(name: str) -> None:
    case = case_of(name)
    planting = case.planting
    mended = document_of(apply(case.document.data, planting.repair))
    verdict = verify(
        mended, case.sample.catalog, outline=planting.outline, request=planting.request
    )
    assert verdict.errors == ()
    assert mended.data != case.document.data


def test_the_same_seed_plants_the_same() -> None:
    def plantings(seed: int) -> list[tuple[str, str]]:
        chosen = [FAULTS[name] for name in ("misspelt_input", "misspelt_field", "id_taken_twice")]
        made = cases(chosen, SAMPLES, most=3, seed=seed)
        return [(case.sample.name, repr(case.planting)) for case in made]

    assert plantings(1) == plantings(1)
    assert plantings(1) != plantings(2)


def test_an_edit_leaves_the_rest_alone() -> None:
    data = {"steps": [{"id": "a", "with": {"x": 1}}, {"id": "b"}]}
    assert replaced(data, ("steps", 0, "with", "x"), GONE)["steps"][0] == {"id": "a", "with": {}}
    assert replaced(data, ("steps", 1, "with"), {"y": 2})["steps"][1]["with"] == {"y": 2}
    assert data == {"steps": [{"id": "a", "with": {"x": 1}}, {"id": "b"}]}


def said(code: str, path: str, severity: Severity = "error") -> Diagnostic:
    return Diagnostic(code=code, severity=severity, path=path, message="wrong")


TEXT: Path = ("steps", 0, "with", "text")
STEP: Path = ("steps", 0)


@pytest.mark.parametrize(
    ("found", "at", "within", "expected"),
    [
        ([said("FL1", "steps[0].with.text")], TEXT, False, "caught"),
        ([said("FL1", "steps[0].with.text[2]")], TEXT, False, "caught"),
        ([said("FL9", "x"), said("FL2", "steps[0].with.text")], TEXT, False, "caught"),
        ([said("FL1", "steps[0]", "note")], STEP, False, "caught"),
        ([said("FL1", "steps[0].with.text")], STEP, True, "caught"),
        ([said("FL1", "steps[0].with.text")], STEP, False, "otherwise"),
        ([said("FL1", "steps[0].with")], TEXT, False, "otherwise"),
        ([said("FL3", "steps[0].with.text")], TEXT, False, "otherwise"),
        ([said("FL1", "steps[1].with.text")], TEXT, False, "otherwise"),
        ([said("FL3", "steps[0].with.text", "note")], TEXT, False, "missed"),
        ([], TEXT, False, "missed"),
    ],
)
def test_code_and_place_must_be_right(
    found: list[Diagnostic], at: Path, within: bool, expected: str
) -> None:
    assert judgement(found, ("FL1", "FL2"), (at,), within=within) == expected


def test_what_is_said_of_the_good_workflow_too_is_no_catch() -> None:
    sample = next(item for item in SAMPLES if item.name == "small-hello")  # says FL606: no trigger
    fault = Fault("nothing", ("FL606",), lambda _: iter(()))
    harmless = Planting(((("description",), "Says hello."),), ((),))
    assert Judge().judge(Case(fault, sample, harmless)).judgement == "missed"


def test_rows_and_totals_count_each_case_once() -> None:
    case = case_of("misspelt_input")
    judged = [
        Judged(case, "caught", True, False, ()),
        Judged(case, "otherwise", False, True, ()),
        Judged(case, "missed", False, False, ()),
        Judged(case, "caught", False, False, ()),
    ]
    (row,) = rows_of([case.fault], judged, {})
    assert (row.planted, row.right, row.other, row.missed, row.mended, row.schema) == (
        4,
        2,
        1,
        1,
        1,
        1,
    )
    assert summary([row])["right_percent"] == 50.0


@pytest.mark.parametrize(
    "name", ["misspelt_component", "required_input_left_out", "misspelt_step", "yaml_key_twice"]
)
def test_a_small_run_catches_what_is_planted(name: str) -> None:
    judge = Judge()
    found = [judge.judge(case) for case in cases([FAULTS[name]], SAMPLES, most=3, seed=3)]
    assert [item.judgement for item in found] == ["caught"] * 3


def test_mended_means_equal_to_the_workflow_without_the_fault() -> None:
    case = case_of("misspelt_component")
    found = verify(case.document, case.sample.catalog).diagnostics
    assert mended_back(case, case.document, found)
    other = case_of("invented_component")
    found = verify(other.document, other.sample.catalog).diagnostics
    assert not mended_back(other, other.document, found)


def test_json_schema_catches_types_and_no_references() -> None:
    catalog = bench_catalog()
    log: dict[str, Any] = {"id": "a", "uses": "core.log", "with": {"message": "hi"}}

    def errors(step: dict[str, Any]) -> list[str]:
        return schema_errors(Sample("", {"name": "x", "steps": [step]}, catalog))

    assert errors(log) == []
    assert errors({**log, "with": {"message": "${{ steps.nothing.output }}"}}) == []
    assert errors({**log, "with": {"message": "hi", "level": "loud"}}) != []
    assert errors({**log, "wiht": {}}) != []


def test_the_right_change_of_a_model_ends_the_loop_with_the_good_workflow() -> None:
    case = case_of("key_of_another_language")
    changes = changes_of([change_of(e) for e in inverse(case.sample.data, case.planting.edits)])
    assert apply_changes(case.document, changes).data == case.sample.data
    assert loop_end(case) == "valid"
    assert loop_end(case_of("misspelt_step")) == "by rule"
    assert loop_end(case_of("wrong_version")) == "by rule"
    assert loop_end(case_of("deprecated_component")) == "no error"


def test_a_change_of_a_planted_step_ends_the_loop_too() -> None:
    assert case_of("int_and_double_mixed").planting.repair
    assert loop_end(case_of("int_and_double_mixed")) == "valid"


def test_what_the_loop_is_not_for_is_named_apart() -> None:
    names = ("misspelt_input", "misspelt_step", "unused", "secret", "wrong")
    ends: list[LoopEnd] = ["valid", "by rule", "no error", "person", "failed"]
    rows = [
        Row(name, ("FL1",), 1, 1, 0, 0, 0, 0, end) for name, end in zip(names, ends, strict=True)
    ]
    totals = summary(rows)
    assert (totals["loop_mended"], totals["loop_sent"]) == (2, 3)
    assert totals["loop_ends"]["person"] == 1
    assert "loop_ends" not in summary([Row("x", (), 1, 1, 0, 0, 0, 0)])


def test_documents_are_made_of_plain_data() -> None:
    assert all(document_of(sample.data).data == sample.data for sample in SAMPLES)
