"""The suites that come along: every gold workflow passes the full verifier, and nothing leaks."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from flowloom.assembly import open_catalog
from flowloom.catalog.catalog import Catalog
from flowloom.errors import ConfigError, StorageError
from flowloom.evaluation.cases import Case, Dataset
from flowloom.evaluation.datasets.named import read_named
from flowloom.evaluation.reading import Judge
from flowloom.evaluation.samples import Output
from flowloom.evaluation.scoring import judge_output
from flowloom.settings import Settings
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of, dump_json

NAMES = ("own", "paraphrases", "korean", "adversarial")


@cache
def suite(name: str) -> Dataset:
    return read_named(name)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return open_catalog(Settings(data_dir=tmp_path_factory.mktemp("data"))).catalog


def by_id() -> dict[str, Case]:
    return {case.id: case for case in suite("own").cases}


def test_the_own_suite_has_eight_domains_of_five_levels() -> None:
    cases = suite("own").cases
    counts = Counter((case.domain, case.level) for case in cases)
    assert len(cases) == 200
    assert len(counts) == 40
    assert set(counts.values()) == {5}
    halves = Counter((case.level, case.split) for case in cases)
    assert set(halves.values()) == {20}


def test_each_suite_has_a_sheet_and_two_halves() -> None:
    for name in NAMES:
        found = suite(name)
        assert found.sheet.name == f"flowloom-{name}"
        assert found.sheet.licence
        assert {case.split for case in found.cases} == {"development", "test"}


@pytest.mark.parametrize("name", NAMES)
def test_every_gold_workflow_passes_the_verifier(name: str, catalog: Catalog) -> None:
    judge = Judge(catalog)
    for case in suite(name).cases:
        for gold in case.accepted:
            right = judge_output(case, Output(status="valid", text=dump_json(gold)), judge)
            errors = [item.message for item in right.diagnostics if item.severity == "error"]
            assert errors == [], case.id
            assert (right.scores.correct, right.scores.mistakes) == (True, ()), case.id


def test_no_prior_workflow_is_broken_or_is_the_answer(catalog: Catalog) -> None:
    for case in suite("own").cases:
        if case.prior is not None:
            assert verify(document_of(case.prior), catalog).errors == (), case.id
            assert case.prior != case.gold


def test_requests_are_different() -> None:
    for name in NAMES:
        requests = [(case.request, str(case.prior)) for case in suite(name).cases]
        assert len(set(requests)) == len(requests)


@pytest.mark.parametrize("name", ["paraphrases", "korean"])
def test_other_words_have_the_same_gold(name: str) -> None:
    for case in suite(name).cases:
        source = by_id()[case.paraphrase_of]
        assert case.request != source.request
        assert (case.gold, case.prior, case.split) == (
            # A gold workflow is called after its case, and names do not count.
            {**(source.gold or {}), "name": (case.gold or {})["name"]},
            source.prior,
            source.split,
        )


def test_korean_is_korean() -> None:
    cases = suite("korean").cases
    assert len(cases) >= 30
    for case in cases:
        assert case.language == "ko"
        assert any("가" <= char <= "힣" for char in case.request)


def test_the_adversarial_ones_have_no_workflow_to_make() -> None:
    cases = suite("adversarial").cases
    kinds = Counter(tag for case in cases for tag in case.tags)
    assert set(kinds) == {"impossible", "ambiguous", "contradictory", "hostile"}
    assert set(kinds.values()) == {8}
    assert all(case.gold is None and "valid" not in case.statuses for case in cases)


def test_names_of_data_sets(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("- {id: a, request: Do it., statuses: [failed]}", encoding="utf-8")
    assert [case.id for case in read_named(str(file)).cases] == ["a"]
    with pytest.raises(ConfigError, match="Nearest: 'own'"):
        read_named("owm")
    with pytest.raises(StorageError, match="no data set"):
        read_named("missing/file.yaml")
