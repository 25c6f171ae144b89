"""The kind of change that a sentence asks for, in wordings that it was not learnt from."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from flowloom.assembly import Assembly
from flowloom.offline.meaning.classifier import ChangeKinds
from flowloom.offline.meaning.exemplars import exemplars
from flowloom.offline.meaning.neutral import neutral
from flowloom.offline.reading.masking import mask

SERVICES = ("desk", "chatter", "mail", "hub")
NOUNS = frozenset({"ticket", "folder", "message", "e-mail", "issue", "file", "list"})
RIGHT = 0.85


def held_out() -> dict[str, list[str]]:
    path = Path(__file__).parent / "change_wordings.yaml"
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def neutral_of(text: str) -> str:
    return neutral(mask(text).text, SERVICES, NOUNS)


def best_of(texts: list[str], kinds: ChangeKinds) -> list[str]:
    shares = kinds.shares([neutral_of(text) for text in texts])
    return [max(found, key=lambda kind: found[kind]) for found in shares]


def test_held_out_wordings_are_of_their_kinds(builtin: Assembly) -> None:
    kinds = ChangeKinds(builtin.index.embed)
    wordings = held_out()
    rates = {
        kind: sum(found == kind for found in best_of(texts, kinds)) / len(texts)
        for kind, texts in wordings.items()
    }
    right = sum(rates[kind] * len(texts) for kind, texts in wordings.items())
    assert right / sum(map(len, wordings.values())) >= RIGHT
    assert min(rates.values()) >= 0.6, rates


def test_no_held_out_wording_is_an_exemplar() -> None:
    known = {item.text.lower() for item in exemplars()}
    said = [neutral_of(text).lower() for texts in held_out().values() for text in texts]
    assert not known & set(said)


def test_every_kind_has_enough_exemplars() -> None:
    kinds = [item.kind for item in exemplars()]
    assert set(held_out()) == set(kinds)
    assert min(map(kinds.count, set(kinds))) >= 15


def test_without_vectors_the_cues_decide() -> None:
    [shares] = ChangeKinds().shares(["Do not create the item any more"])
    assert max(shares, key=lambda kind: shares[kind]) == "remove"
    assert sum(shares.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("use Chatter for the ticket, not Mail", "use Acmeapp for the item, not Othersoft"),
        ('Set the folder to "x"', "Set the item to X1"),
        ("Do not list the issues", "Do not list the items"),
        ("In case the message is 5, stop", "In case the item is X1, stop"),
        ("Run it at 8:30", "Run it at 8:30"),
    ],
)
def test_what_a_sentence_is_about_is_left_out(said: str, bare: str) -> None:
    assert neutral_of(said) == bare
