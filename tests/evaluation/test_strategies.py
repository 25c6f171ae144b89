"""Names of strategies, the choice of examples, and what a model's answer is taken for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import ConfigError
from flowloom.evaluation.cases import Case
from flowloom.evaluation.strategies.answer import read_answer
from flowloom.evaluation.strategies.demonstrations import chosen_examples, usable_examples
from flowloom.evaluation.strategies.names import (
    ABLATIONS,
    LADDER,
    StrategyName,
    parse_strategies,
    parse_strategy,
)
from tests.evaluation.flows import BASE

POOL = [
    Case(id="mail", request="send a mail to the team", gold=BASE),
    Case(id="mails", request="send a mail to the whole team", gold=BASE),
    Case(id="file", request="copy a file", gold=BASE),
    Case(id="edit", request="send a mail to the team too", gold=BASE, prior=BASE),
    Case(id="korean", request="send a mail to the team!", gold=BASE, language="ko"),
    Case(id="asks", request="send a mail to a team", statuses=("needs_input",)),
    Case(id="same", request="mail the team", gold=BASE, paraphrase_of="asked"),
]
ASKED = Case(id="asked", request="send a mail to my team", gold=BASE)


@pytest.mark.parametrize("name", [*LADDER, *ABLATIONS, "offline"])
def test_every_strategy_has_its_name(name: str) -> None:
    assert parse_strategy(name).base == name


def test_the_parts_of_a_name() -> None:
    found = parse_strategy("few-shot:5:diverse+cot+role")
    wanted = StrategyName(base="few-shot", examples=5, choice="diverse", thinks=True, role=True)
    assert found == wanted
    assert str(found) == "few-shot:5:diverse+cot+role"
    assert str(parse_strategy("few-shot")) == "few-shot:3:fixed"
    assert str(parse_strategy("rag+verify+cot")) == "rag+verify+cot"
    assert str(parse_strategy("rag:1")) == "rag:1:fixed"
    assert parse_strategy("few-shot:0").examples == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("agents", "Unknown strategy"),
        ("agentic+cot", "takes no examples"),
        ("rag+think", "no switch 'think'"),
        ("few-shot:3:best", "Unknown way"),
        ("few-shot:x:y:z", "another form"),
        ("", "No strategy"),
    ],
)
def test_wrong_names(name: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_strategies(name)


def test_groups_of_strategies_stand_once() -> None:
    found = [item.base for item in parse_strategies("rag,ladder,ablations,offline")]
    assert found == ["rag", *(name for name in LADDER if name != "rag"), *ABLATIONS, "offline"]


def test_only_what_gives_nothing_away_is_shown() -> None:
    assert [item.id for item in usable_examples(ASKED, POOL)] == ["mail", "mails", "file"]
    edit = ASKED.model_copy(update={"prior": BASE})
    assert [item.id for item in usable_examples(edit, POOL)] == ["edit"]


def chosen(choice: str, count: int = 2, seed: int = 0) -> list[str]:
    name = parse_strategy(f"few-shot:1:{choice}")
    return [item.id for item in chosen_examples(ASKED, POOL, count, name.choice, seed=seed)]


def test_how_examples_are_chosen() -> None:
    assert chosen("fixed") == ["mail", "mails"]
    assert chosen("similar") == ["mails", "mail"]  # The likest stands last.
    assert chosen("diverse") == ["file", "mail"]
    assert chosen("random") == chosen("random")
    assert {tuple(chosen("random", seed=seed)) for seed in range(9)} != {tuple(chosen("random"))}
    assert len(chosen("fixed", 9)) == 3
    assert chosen("similar", 0) == []


def test_answers_in_every_dress() -> None:
    text = json.dumps(BASE)
    for said in (
        text,
        f"```json\n{text}\n```",
        f"Sure.\n{text}\nBye.",
        json.dumps({"workflow": BASE}),
    ):
        found = read_answer(said)
        assert (found.status, json.loads(found.text)) == ("valid", BASE)
    thoughts = f'<think>{{"steps": [1]}}</think>{text}'
    assert json.loads(read_answer(thoughts).text) == BASE


def test_yaml_in_a_fence() -> None:
    found = read_answer('Here:\n```yaml\nname: x\nsteps:\n  - {id: a, uses: "b"}\n```\n')
    assert found.text == 'name: x\nsteps:\n  - {id: a, uses: "b"}'


def test_questions_and_refusals() -> None:
    asks = read_answer('{"questions": ["To whom?", {"text": "When?"}]}')
    assert (asks.status, asks.questions) == ("needs_input", ("To whom?", "When?"))
    refuses = read_answer('{"refused": "Nothing\\n prints."}')
    assert (refuses.status, refuses.reason) == ("failed", "Nothing prints.")
    both = read_answer(json.dumps({**BASE, "questions": ["Really?"]}))
    assert both.status == "valid"


@given(st.text(max_size=80))
def test_any_text_is_an_answer(text: str) -> None:
    assert read_answer(text).status in ("valid", "needs_input", "failed")
