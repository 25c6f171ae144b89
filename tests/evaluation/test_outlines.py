"""Outlines as answers: from a single prompt, from planners, and through a whole run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowloom.agents.chat_model import chat_model
from flowloom.errors import ConfigError
from flowloom.evaluation.cases import Case
from flowloom.evaluation.datasets.worfbench import parse_outline
from flowloom.evaluation.prompts.outline import outline_prompt
from flowloom.evaluation.strategies.demonstrations import usable_examples
from flowloom.evaluation.strategies.interface import Equipment
from flowloom.evaluation.strategies.names import parse_strategy
from flowloom.evaluation.strategies.outlines import outline_strategy_of, outline_text
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.workflow.outline import Outline, OutlineBlock, OutlineStep
from tests.cli.terminal import Terminal

GOLD = "Node:\n1: boil water\n2: pour it\nEdges: (START,1) (1,2) (2,END)"
TEA = Case(id="tea", request="Make tea.", scoring="outline", reference=GOLD)


def no_search(query: object) -> tuple[()]:
    return ()


def step(name: str, **more: object) -> OutlineStep:
    return OutlineStep.model_validate({"id": name, "text": f"do {name}", **more})


def block(label: str, *names: str) -> OutlineBlock:
    return OutlineBlock(label=label, steps=tuple(step(name) for name in names))


def edges(*steps: OutlineStep) -> str:
    return outline_text(Outline(steps=steps)).rpartition("Edges: ")[2]


def test_a_plan_in_words() -> None:
    assert outline_text(Outline()) == ""
    assert outline_text(Outline(steps=(step("a"), step("b")))) == (
        "Node:\n1: do a\n2: do b\nEdges: (START,1) (1,2) (2,END)"
    )
    both = step("p", kind="parallel", blocks=(block("branch", "b"), block("branch", "c")))
    assert edges(step("a"), both, step("d")) == "(START,1) (1,2) (1,3) (2,4) (3,4) (4,END)"
    assert edges(both) == "(START,1) (START,2) (1,END) (2,END)"


def test_what_follows_a_condition_waits_for_every_way() -> None:
    one = step("i", kind="if", blocks=(block("then", "a"),))
    assert edges(one, step("z")) == "(START,1) (1,2) (2,3) (1,3) (3,END)"
    two = step("i", kind="if", blocks=(block("then", "a"), block("else", "b")))
    assert edges(two, step("z")) == "(START,1) (1,2) (1,3) (2,4) (3,4) (4,END)"
    loop = step("l", kind="for_each", blocks=(block("do", "a", "b"),))
    assert edges(loop, step("z")) == "(START,1) (1,2) (2,3) (3,4) (4,END)"
    # What the text says is what is read back.
    assert parse_outline(outline_text(Outline(steps=(loop,)))).edges == {(0, 1), (1, 2)}


def test_the_prompt_has_examples_and_switches() -> None:
    system, user = outline_prompt(TEA, [TEA], thinks=True, role=True)
    assert "experienced" in system
    assert "step by step" in system
    assert "1: boil water" in system
    assert "Make tea." in user
    assert "<<" not in system + user
    plain, _ = outline_prompt(TEA)
    assert "Examples" not in plain


def test_examples_are_outlines_too() -> None:
    other = TEA.model_copy(update={"id": "coffee", "request": "Make coffee."})
    flow = Case(id="f", request="x", gold={"name": "f", "steps": []})
    assert usable_examples(TEA, [TEA, other, flow]) == [other]
    assert usable_examples(flow, [other]) == []


def test_who_writes_no_outlines_is_refused() -> None:
    equipment = Equipment(catalog=EXAMPLE_CATALOG, search=no_search)
    with pytest.raises(ConfigError, match="writes workflows"):
        outline_strategy_of(parse_strategy("rag"), equipment)
    with pytest.raises(ConfigError, match="needs a language model"):
        outline_strategy_of(parse_strategy("zero-shot"), equipment)


SCRIPT = [
    {"agent": "single", "answer": GOLD},
    {"agent": "single", "answer": "I would boil water first."},
    {"agent": "planner", "answer": {"steps": [{"id": "a", "text": "boil water"}]}},
    {"agent": "planner", "answer": {"steps": [], "questions": [{"text": "Which tea?"}]}},
    {"agent": "planner", "answer": {"steps": [], "unsupported": ["There is no kettle."]}},
]


async def test_single_prompts_and_planners(tmp_path: Path) -> None:
    file = tmp_path / "script.json"
    file.write_text(json.dumps(SCRIPT), encoding="utf-8")
    model = chat_model(f"scripted:{file}")
    equipment = Equipment(catalog=EXAMPLE_CATALOG, search=no_search, model=model)
    single = outline_strategy_of(parse_strategy("zero-shot"), equipment)
    right, unread = await single.solve(TEA), await single.solve(TEA)
    assert (right.status, right.text, right.spent.model_calls) == ("valid", GOLD, 1)
    assert (unread.status, unread.reason) == ("failed", "The outline has no nodes.")
    agents = outline_strategy_of(parse_strategy("agentic"), equipment)
    planned, asked, refused = [await agents.solve(TEA) for _ in range(3)]
    assert planned.text == "Node:\n1: boil water\nEdges: (START,1) (1,END)"
    assert (asked.status, asked.questions) == ("needs_input", ("Which tea?",))
    assert (refused.status, refused.reason) == ("failed", "There is no kettle.")


async def test_the_offline_planner_writes_one() -> None:
    equipment = Equipment(catalog=EXAMPLE_CATALOG, search=no_search)
    offline = outline_strategy_of(parse_strategy("offline"), equipment)
    case = TEA.model_copy(update={"request": "Read the file a.txt, then log it."})
    found = await offline.solve(case)
    assert (found.status, found.model) == ("valid", "offline")
    assert len(parse_outline(found.text).nodes) == 2


def test_a_run_over_worfbench(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    turns = [
        {"role": "system", "content": "You are a helpful task planner."},
        {"role": "user", "content": "Make tea."},
        {"role": "assistant", "content": GOLD.replace("Edges", "Edge")},
    ]
    row = {"source": "alfworld", "conversations": turns, "id": "alfworld_1", "category": "eval"}
    Path("graph_eval.json").write_text(json.dumps([row]), encoding="utf-8")
    answer = GOLD.replace("boil water", "boil the water")
    Path("script.json").write_text(
        json.dumps([{"agent": "single", "repeat": True, "answer": answer}]), encoding="utf-8"
    )
    terminal = Terminal(capsys)
    run = (
        *("eval", "run", "--dataset", "worfbench:graph_eval.json", "--workers", "0"),
        *("--models", "scripted:script.json", "--data-dir", str(tmp_path / "data")),
    )
    ended = terminal(*run, "--strategies", "zero-shot")
    # By meaning, not by letter: "boil the water" stands for "boil water".
    assert (ended.code, ended.out) == (0, "1 of 1 ($0.00) correct: zero-shot 1/1\n")
    assert terminal("eval", "report", "--out", "flowloom-eval").code == 0
    figures = Path("flowloom-eval/figures.csv").read_text("utf-8")
    assert "zero-shot,scripted:script.json,published_graph_f1,1.0" in figures
    refused = terminal(*run, "--strategies", "rag", "--out", "other")
    assert (refused.code, "writes workflows" in refused.err) == (2, True)
    refused = terminal(*run, "--strategies", "few-shot", "--out", "other")
    assert (refused.code, "no worked examples" in refused.err) == (2, True)
