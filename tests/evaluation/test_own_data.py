"""A data set of one's own: pairs of files, and what a person corrected in chats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import StorageError
from flowloom.evaluation.datasets.own_data import (
    cases_of_folder,
    cases_of_versions,
    checked,
    suite_text,
)
from flowloom.evaluation.datasets.redaction import without_secrets, without_secrets_in_text
from flowloom.evaluation.datasets.suite import read_suite
from flowloom.storage.records import Author, StoredVersion
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.workflow.document import dump_yaml
from tests.evaluation.flows import BASE, changed, without

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3
GOOD: dict[str, Any] = {"diagnostics": []}
BAD: dict[str, Any] = {"diagnostics": [{"code": "FL201", "severity": "error"}]}


def version(
    number: int,
    parent: int,
    author: Author,
    data: dict[str, Any],
    message: str = "",
    verdict: dict[str, Any] = GOOD,
) -> StoredVersion:
    return StoredVersion(
        number=number,
        parent=parent,
        author=author,
        at="2026-01-01T00:00:00Z",
        message=message,
        text=dump_yaml(data),
        verdict=verdict,
    )


def test_pairs_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Do it.\n")
    (tmp_path / "a.yaml").write_text(dump_yaml(BASE))
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "edit b.md").write_text("Do less.")
    (tmp_path / "team" / "edit b.json").write_text(json.dumps(without("steps", 3)))
    (tmp_path / "team" / "edit b.before.yaml").write_text(dump_yaml(BASE))
    (tmp_path / "alone.txt").write_text("Nothing beside it.")
    first, second = cases_of_folder(tmp_path)
    assert (first.id, first.request, first.gold, first.prior) == ("a", "Do it.", BASE, None)
    assert (second.id, second.level) == ("team-edit-b", "edit")
    assert (second.gold, second.prior) == (without("steps", 3), BASE)


def test_a_folder_without_pairs(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no pair"):
        cases_of_folder(tmp_path)


def test_what_a_person_corrected_is_right() -> None:
    other = changed("name", value="other")
    third = changed("name", value="third")
    found = list(
        cases_of_versions(
            "t",
            [
                version(1, 0, "composer", BASE, "Make it."),
                version(2, 1, "person", other),
                version(3, 2, "person", third),
                version(4, 3, "composer", BASE, "Shorter."),
                version(5, 3, "person", other),
            ],
        )
    )
    (case,) = found
    assert (case.id, case.request, case.prior) == ("t-1", "Make it.", None)
    assert case.gold == third


def test_what_nobody_corrected_counts_only_on_demand() -> None:
    versions = [
        version(1, 0, "composer", BASE, "Make it."),
        version(2, 1, "composer", without("steps", 3), "Less."),
        version(3, 2, "composer", BASE, "Wrong.", BAD),
    ]
    assert list(cases_of_versions("t", versions)) == []
    first, second = cases_of_versions("t", versions, accepted=True)
    assert (first.id, second.id) == ("t-1", "t-2")
    assert (second.prior, second.level) == (BASE, "edit")


def test_secrets_are_taken_out() -> None:
    assert without_secrets_in_text(f'Use "{TOKEN}" for acme/app.') == 'Use "REMOVED" for acme/app.'
    assert without_secrets_in_text("Post hello to #eng, ok?") == "Post hello to #eng, ok?"
    data = {"headers": {"api_key": "letmein1", "x": ["a", TOKEN]}, "n": 5, "t": "${{ inputs.a }}"}
    assert without_secrets(data) == {
        "headers": {"api_key": "REMOVED", "x": ["a", "REMOVED"]},
        "n": 5,
        "t": "${{ inputs.a }}",
    }


def test_a_key_over_several_lines_goes_whole() -> None:
    text = "Use this:\n-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"
    assert "MIIabc" not in without_secrets_in_text(text)


def test_what_does_not_verify_is_left_out_and_the_rest_is_read_back(tmp_path: Path) -> None:
    good = list(
        cases_of_versions("t", [version(1, 0, "composer", BASE, f"Use {TOKEN}")], accepted=True)
    )
    broken = good[0].model_copy(
        update={"id": "x", "gold": changed("steps", 0, "uses", value="no.such")}
    )
    found = checked([*good, broken], EXAMPLE_CATALOG)
    assert [case.id for case in found.cases] == ["t-1"]
    assert found.left_out[0].startswith("x: FL201")
    file = tmp_path / "mine.yaml"
    text = suite_text("mine", found.cases)
    assert TOKEN not in text
    file.write_text(text, encoding="utf-8")
    (case,) = read_suite(file).cases
    assert (case.request, case.gold) == ("Use REMOVED", BASE)
