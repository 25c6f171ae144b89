"""The ladder over real HTTP with planted answers, whose scores are known by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from flowloom.errors import ConfigError
from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.prices import Price, PriceTable
from flowloom.evaluation.reports.loading import Run, load_run
from flowloom.evaluation.runner.experiment import Experiment, run_over
from flowloom.evaluation.runner.run import RunEnd
from flowloom.evaluation.runner.store import Finished
from flowloom.evaluation.scoring import Judge
from flowloom.evaluation.strategies.names import parse_strategies
from flowloom.retrieval.query import Hit, Query
from flowloom.settings import Settings
from flowloom.verification.examples import EXAMPLE_CATALOG
from tests.evaluation.flows import BASE, REQUEST, changed, without
from tests.evaluation.test_taxonomy import PLANTED
from tests.servers.chat_server import ChatServer

PRICES = PriceTable(prices=(Price(model="openai:*", input=1.0, output=10.0),))
CASE = Case(id="c", request=REQUEST, gold=BASE, level="nested", domain="demo")
OTHER = CASE.model_copy(update={"id": "shown", "request": "Read and log the text."})
HALLUCINATED = changed("steps", 2, "do", 0, "uses", value="demo.mail")
PLAN = {
    "trigger": {"text": "every day"},
    "steps": [{"id": "read", "text": "read the text"}, {"id": "asker", "text": "log who asked"}],
}


def search(query: Query) -> Sequence[Hit]:
    """Find everything but demo.send."""
    found = [name for name in EXAMPLE_CATALOG.ids if name != "demo.send"]
    return [Hit(id=name, score=1.0) for name in found[: query.k]]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as started:
        yield started


def experiment(
    server: ChatServer, out: Path, strategies: str, *cases: Case, **more: Any
) -> Experiment:
    data: dict[str, Any] = {
        "dataset": Dataset(sheet=Datasheet(name="planted"), cases=cases or (CASE,)),
        "strategies": parse_strategies(strategies),
        "models": ("openai:test",),
        "settings": Settings(base_url=server.url, openai_api_key="key-1"),  # pyright: ignore[reportArgumentType] - Pydantic takes a text for a secret
        "prices": PRICES,
        "out": out,
        "examples": (OTHER,),
        "concurrency": 1,
        "workers": 0,
    }
    return Experiment(**{**data, **more})


def run(made: Experiment) -> RunEnd:
    return run_over(made, EXAMPLE_CATALOG, search, lambda: Judge(EXAMPLE_CATALOG, PRICES))


def only(out: Path) -> Finished:
    (arm,) = load_run(out).arms
    (sample,) = arm.samples
    return sample


def prompt_of(server: ChatServer, index: int = 0) -> str:
    return "\n".join(item["content"] for item in server.requests[index]["messages"])


def kinds(item: Finished) -> list[str]:
    return sorted(mistake.kind for mistake in item.scores.mistakes)


def test_zero_shot_that_is_right(server: ChatServer, tmp_path: Path) -> None:
    server.say(f"Here it is:\n```json\n{json.dumps(BASE)}\n```", tokens=(1000, 200))
    end = run(experiment(server, tmp_path, "zero-shot"))
    item = only(tmp_path)
    assert (end.progress.done, end.reason) == (1, "")
    assert (item.scores.correct, item.scores.valid, item.scores.flow_sim) == (True, True, 1.0)
    assert item.scores.cost_usd == pytest.approx((1000 * 1 + 200 * 10) / 1e6)
    assert (item.scores.model_calls, item.scores.attempts) == (1, 1)
    assert (item.sample.output.candidates, item.diagnostics) == (None, item.diagnostics)
    assert "demo.read" not in prompt_of(server)
    assert "experienced" not in prompt_of(server)
    assert REQUEST in prompt_of(server)


def test_the_switches_and_the_examples_are_in_the_prompt(
    server: ChatServer, tmp_path: Path
) -> None:
    server.say(BASE)
    run(experiment(server, tmp_path, "few-shot:1:similar+cot+role"))
    prompt = prompt_of(server)
    assert OTHER.request in prompt
    assert "demo.read" in prompt
    assert "step by step" in prompt
    assert "experienced" in prompt
    assert only(tmp_path).sample.strategy == "few-shot:1:similar+cot+role"


def test_whole_catalog_shows_every_component(server: ChatServer, tmp_path: Path) -> None:
    server.say("I would read the text first.")
    run(experiment(server, tmp_path, "whole-catalog"))
    assert all(f"{name} | " in prompt_of(server) for name in EXAMPLE_CATALOG.ids)
    item = only(tmp_path)
    assert kinds(item) == ["format.unparseable"]
    assert (item.scores.flow_sim, item.scores.false_claim) == (0.0, True)


def test_the_retriever_is_to_blame_for_what_it_did_not_find(
    server: ChatServer, tmp_path: Path
) -> None:
    server.say(HALLUCINATED)
    run(experiment(server, tmp_path, "rag"))
    item = only(tmp_path)
    assert "demo.send | " not in prompt_of(server)
    assert "demo.read | " in prompt_of(server)
    (mistake,) = item.scores.mistakes
    assert (mistake.kind, mistake.blame) == ("component.hallucinated", "retriever")
    # Gold uses every, read, log, store and send: four of five were found.
    assert item.scores.candidate_recall == pytest.approx(0.8)
    assert (item.scores.named, item.scores.hallucinated) == (6, 1)


def test_one_repair(server: ChatServer, tmp_path: Path) -> None:
    server.say(HALLUCINATED, tokens=(100, 10))
    server.say(BASE, tokens=(200, 20))
    run(experiment(server, tmp_path, "rag+verify"))
    item = only(tmp_path)
    assert "demo.mail" in server.requests[1]["messages"][-1]["content"]
    assert (item.scores.correct, item.scores.attempts, item.scores.model_calls) == (True, 2, 2)
    assert (item.scores.draft_hallucinated, item.scores.hallucinated) == (1, 0)
    assert item.scores.cost_usd == pytest.approx((300 * 1 + 30 * 10) / 1e6)


def test_a_repair_that_fails_is_not_claimed_valid(server: ChatServer, tmp_path: Path) -> None:
    server.say(HALLUCINATED)
    server.say(HALLUCINATED)
    run(experiment(server, tmp_path, "rag+verify"))
    item = only(tmp_path)
    assert (item.scores.claimed, item.scores.false_claim) == ("failed", False)
    assert len(server.requests) == 2


def test_the_agents(server: ChatServer, tmp_path: Path) -> None:
    server.say(PLAN)
    server.say({"workflow": HALLUCINATED})
    server.say({"changes": [{"op": "set", "id": "send", "path": "uses", "value": "demo.send"}]})
    run(experiment(server, tmp_path, "agentic"))
    item = only(tmp_path)
    assert (item.scores.claimed, item.scores.correct) == ("valid", True)
    assert (item.scores.model_calls, item.scores.attempts) == (3, 2)
    assert (item.scores.draft_hallucinated, item.scores.hallucinated) == (1, 0)
    assert item.scores.candidate_recall == pytest.approx(0.8)


def test_without_the_loop_one_draft_is_all(server: ChatServer, tmp_path: Path) -> None:
    server.say(PLAN)
    server.say({"workflow": HALLUCINATED})
    run(experiment(server, tmp_path, "no-loop"))
    item = only(tmp_path)
    assert (item.scores.claimed, item.scores.attempts) == ("failed", 1)
    assert len(server.requests) == 2


def test_without_the_planner_the_generator_is_the_first(server: ChatServer, tmp_path: Path) -> None:
    server.say({"workflow": BASE})
    run(experiment(server, tmp_path, "no-planner"))
    assert only(tmp_path).scores.correct
    assert "There is no outline" in prompt_of(server)


def test_without_search_for_each_step(server: ChatServer, tmp_path: Path) -> None:
    server.say(PLAN)
    server.say({"workflow": BASE})
    run(experiment(server, tmp_path, "no-per-step-retrieval"))
    assert only(tmp_path).scores.correct
    assert "found for asker" not in prompt_of(server, 1)
    assert "found for request" in prompt_of(server, 1)


def test_without_mending_by_rule_a_slip_stays(server: ChatServer, tmp_path: Path) -> None:
    slip = changed("steps", 3, "with", value={"texts": "${{ inputs.who }}"})
    for strategy in ("no-rule-mending", "agentic"):
        server.say(PLAN)
        server.say({"workflow": slip})
        if strategy == "no-rule-mending":
            server.say({"workflow": slip})
        settings = Settings(base_url=server.url, openai_api_key="k", max_attempts=1)  # pyright: ignore[reportArgumentType] - Pydantic takes a text for a secret
        out = tmp_path / strategy
        run(experiment(server, out, strategy, settings=settings, keep_replies=False))
        server.requests.clear()
    assert only(tmp_path / "no-rule-mending").scores.claimed == "failed"
    assert only(tmp_path / "agentic").scores.claimed == "valid"


def test_who_asks_or_refuses_does_not_claim(server: ChatServer, tmp_path: Path) -> None:
    asks = Case(id="a", request="Send it.", statuses=("needs_input",))
    refuses = Case(id="r", request="Fly to the moon.", statuses=("failed",))
    server.say({"questions": ["To whom?"]})
    server.say({"refused": "No component flies."})
    run(experiment(server, tmp_path, "zero-shot", asks, refuses))
    (arm,) = load_run(tmp_path).arms
    assert [item.scores.claimed for item in arm.samples] == ["needs_input", "failed"]
    assert all(item.scores.correct for item in arm.samples)
    assert arm.samples[0].sample.output.questions == ("To whom?",)


def test_every_planted_mistake_is_told(server: ChatServer, tmp_path: Path) -> None:
    cases = [CASE.model_copy(update={"id": f"m{index}"}) for index in range(len(PLANTED))]
    for _, _, made in PLANTED:
        server.say(made)
    run(experiment(server, tmp_path, "zero-shot", *cases, keep_replies=False))
    (arm,) = load_run(tmp_path).arms
    told = {item.sample.case: kinds(item) for item in arm.samples}
    wanted = {f"m{index}": sorted(row[1]) for index, row in enumerate(PLANTED)}
    assert told == wanted


def test_a_server_that_fails_is_asked_again_the_next_time(
    server: ChatServer, tmp_path: Path
) -> None:
    server.fail(400)
    run(experiment(server, tmp_path, "zero-shot"))
    assert only(tmp_path).scores.claimed == "error"
    server.say(BASE)
    end = run(experiment(server, tmp_path, "zero-shot"))
    assert (end.progress.done, only(tmp_path).scores.correct) == (1, True)
    run(experiment(server, tmp_path, "zero-shot"))
    assert len(server.requests) == 2


def test_many_failures_in_a_row_end_the_run(server: ChatServer, tmp_path: Path) -> None:
    cases = [CASE.model_copy(update={"id": f"c{index}"}) for index in range(30)]
    for _ in range(10):
        server.fail(401)
    end = run(experiment(server, tmp_path, "zero-shot", *cases, keep_replies=False))
    assert "10 model calls failed in a row" in end.reason
    assert len(server.requests) == 10


def test_an_interrupted_run_goes_on_where_it_stopped(server: ChatServer, tmp_path: Path) -> None:
    cases = [
        CASE.model_copy(update={"id": f"c{index}", "request": f"{REQUEST} {index}"})
        for index in range(4)
    ]
    for _ in range(4):
        server.say(BASE, tokens=(1_000_000, 0))
    first = run(experiment(server, tmp_path, "zero-shot", *cases, budget_usd=2.0))
    assert (first.progress.done, first.reason) == (2, "The budget of 2 USD is spent.")
    second = run(experiment(server, tmp_path, "zero-shot", *cases, budget_usd=9.0))
    assert (second.progress.done, second.reason) == (4, "")
    assert len(server.requests) == 4


def test_the_same_request_is_asked_once(server: ChatServer, tmp_path: Path) -> None:
    twins = [CASE.model_copy(update={"id": name}) for name in ("one", "two")]
    server.say(BASE)
    run(experiment(server, tmp_path, "zero-shot", *twins))
    assert len(server.requests) == 1
    server.say(BASE)
    server.say(BASE)
    run(experiment(server, tmp_path / "timing", "zero-shot", *twins, keep_replies=False))
    assert len(server.requests) == 3


def test_repeats_are_asked_anew_with_seeds_of_their_own(server: ChatServer, tmp_path: Path) -> None:
    server.say(BASE)
    server.say(without("steps", 3))
    made = experiment(server, tmp_path, "zero-shot", repeats=2, seed=7, temperature=0.5)
    run(made)
    sent = [(item["seed"], item["temperature"]) for item in server.requests]
    assert sent == [(7, 0.5), (8, 0.5)]
    (arm,) = load_run(tmp_path).arms
    assert [item.scores.correct for item in arm.samples] == [True, False]
    assert [item.sample.seed for item in arm.samples] == [7, 8]


def test_a_budget_needs_prices(server: ChatServer, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has no price"):
        run(experiment(server, tmp_path, "zero-shot", budget_usd=1.0, prices=PriceTable()))


def test_a_strategy_needs_its_model(server: ChatServer, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs a language model"):
        run(experiment(server, tmp_path, "zero-shot", models=()))


def test_a_run_has_a_manifest(server: ChatServer, tmp_path: Path) -> None:
    server.say(BASE)
    run(experiment(server, tmp_path, "zero-shot"))
    found: Run = load_run(tmp_path)
    manifest = found.manifest
    assert manifest["arms"] == [{"strategy": "zero-shot", "model": "openai:test"}]
    assert (manifest["seeds"], manifest["end"]["finished"]) == ([0], 1)
    assert manifest["conditions"]["catalog"] == EXAMPLE_CATALOG.content_hash
    assert "key-1" not in (tmp_path / "manifest.json").read_text()


def test_a_server_that_asks_to_wait_is_asked_again(server: ChatServer, tmp_path: Path) -> None:
    server.fail(429, headers={"Retry-After": "0"})
    server.say(BASE)
    end = run(experiment(server, tmp_path, "zero-shot"))
    assert (end.reason, len(server.requests)) == ("", 2)
    assert only(tmp_path).scores.correct
