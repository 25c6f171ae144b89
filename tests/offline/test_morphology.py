"""Forms of verbs, and verbs in nouns."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.morphology import (
    gerund_of,
    is_base_form,
    is_only_verb,
    nominal_of,
    participle_of,
    third_person,
    third_person_of,
)


@pytest.mark.parametrize(
    ("word", "verb"),
    [
        ("written", "write"), ("sent", "send"), ("deduped", "dedupe"), ("put", "put"),
        ("unsubscribed", "unsubscribe"), ("squash-merged", "squash-merge"), ("stale", ""),
        ("zipped", "zip"), ("red", ""), ("folder", ""),
    ],
)  # fmt: skip
def test_participles(word: str, verb: str) -> None:
    assert participle_of(word) == verb


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("creation", "create"), ("translation", "translate"), ("conversion", "convert"),
        ("retrieval", "retrieve"), ("assignment", "assign"), ("cancellation", "cancel"),
        ("folder", ""), ("list", ""),
    ],
)  # fmt: skip
def test_nouns_of_actions(noun: str, verb: str) -> None:
    assert nominal_of(noun) == verb


def test_other_forms() -> None:
    assert gerund_of("onboarding") == "onboard"
    assert gerund_of("string") == ""
    assert third_person_of("signs") == "sign"
    assert (third_person("go"), third_person("be")) == ("goes", "is")


def test_a_verb_may_be_a_noun_as_well() -> None:
    assert is_base_form("star")
    assert not is_only_verb("star")
    assert is_only_verb("escalate")
    assert not is_base_form("the")
