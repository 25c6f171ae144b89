"""Scores over real HTTP: every metric, and every mistake and blame that test_ladder has not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowloom.evaluation.cases import Case
from flowloom.evaluation.mistakes import MISTAKE_KINDS
from flowloom.evaluation.reports.figures import leaders
from flowloom.evaluation.reports.loading import load_run
from tests.evaluation.flows import BASE, REQUEST, changed, flow, step, without
from tests.evaluation.test_ladder import CASE, experiment, only, run
from tests.evaluation.test_taxonomy import ONE_BY_ONE, PLANTED, SIDE_BY_SIDE, SORTED
from tests.servers.chat_server import ChatServer


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as started:
        yield started


READ = step("read", "demo.read")
GOLD = flow(
    READ,
    step("log", "demo.log", text="x"),
    trigger={"uses": "demo.every", "with": {"cron": "0 9 * * *"}},
    description="Log the text.",
)
MADE = flow(READ, step("send", "demo.send", to="y", text="x"), description="Send the text.")
PLAIN = Case(id="p", request='Every day at 9:00 read the text and log "x".', gold=GOLD)


def test_every_metric_by_hand(server: ChatServer, tmp_path: Path) -> None:
    server.say(MADE, tokens=(3000, 100))
    run(experiment(server, tmp_path, "rag", PLAIN))
    found = only(tmp_path).scores.figures()
    wanted = {
        # It is a workflow without an error, and not the one that was wanted.
        **dict.fromkeys(("parsed", "convertible", "valid", "dry_run", "right_status"), 1),
        **dict.fromkeys(("correct", "exact", "false_claim"), 0),
        # 5 + 4 nodes: trigger and cron go (2), log becomes send (2), `to` comes (1).
        "flow_sim": 1 - 5 / 9,
        # 3 + 2 nodes: the trigger goes (1), log becomes send (2).
        "flow_sim_without_inputs": 1 - 3 / 5,
        # Of flow-trigger, trigger-cron, flow-read, flow-log, log-text only flow-read is there.
        "tree_bleu": 1 / 5,
        "trigger_match": 0,
        # read and log against read and send.
        **dict.fromkeys(("component_precision", "component_recall", "component_f1"), 1 / 2),
        "component_jaccard": 1 / 3,
        # every-read and read-log against start-read and read-send.
        "edge_f1": 0,
        # Of the trigger's cron and log's text nothing is there.
        **dict.fromkeys(("input_exact", "input_type"), 0),
        # read and send exist; every, read and log were among the candidates.
        **dict.fromkeys(("named", "drafted"), 2),
        **dict.fromkeys(("hallucinated", "draft_hallucinated"), 0),
        **dict.fromkeys(("hallucination_rate", "draft_hallucination_rate"), 0),
        "candidate_recall": 1,
        # "x" is there, 9:00 is not.
        "faithfulness": 1 / 2,
        # the, text: 2 of 3 and 3 words.
        "description_rouge_l": 2 / 3,
        # 2 of 3 words; with one added to each (1 + 1) of (2 + 1) pairs, 1 of 2, 1 of 1.
        "description_bleu": (2 / 3 * 2 / 3 * 1 / 2) ** (1 / 4),
        "model_calls": 1,
        "attempts": 1,
        "input_tokens": 3000,
        "output_tokens": 100,
        "cost_usd": (3000 * 1 + 100 * 10) / 1e6,
        "seconds": found["seconds"],
    }
    assert found == pytest.approx(wanted)


def test_references_and_edits_by_hand(server: ChatServer, tmp_path: Path) -> None:
    gold = changed("steps", 2, "do", 0, "with", "text", value="Bye")
    made = changed("steps", 1, "then", 0, "with", "text", value="x", base=gold)
    made["steps"].append(step("more", "demo.remove", name="x"))
    server.say(made)
    run(
        experiment(
            server, tmp_path, "zero-shot", CASE.model_copy(update={"prior": BASE, "gold": gold})
        )
    )
    found = only(tmp_path).scores
    # Two of seven references are gone, and the loop's text is as wanted.
    assert found.reference_f1 == pytest.approx(2 * 5 / (7 + 5))
    # 27 statements as in test_metrics, without the text that was to change: one of 26 is lost.
    assert found.edit_locality == pytest.approx(25 / 26)
    assert found.edit_damage == 2


def test_repeats_by_hand(server: ChatServer, tmp_path: Path) -> None:
    server.say(BASE)
    server.say(MADE)
    run(experiment(server, tmp_path, "zero-shot", repeats=2))
    (found,) = leaders(load_run(tmp_path))
    assert found.repeats == {1: (0.5, 0.5), 2: (1.0, 0.0)}


def case(name: str, gold: dict[str, Any] | None, **more: Any) -> Case:
    fields = {"id": name, "request": REQUEST, "gold": gold, **more}
    return Case.model_validate(fields)


EDITED = changed("steps", 2, "do", 0, "with", "text", value="Bye")
SECRET = changed("steps", 2, "do", 0, "with", "text", value="ghp_" + "a1B2c3D4e5F6" * 3)
REST: list[tuple[Case, Any, list[str]]] = [
    (case("refused", BASE), {"refused": "No."}, ["status.refused"]),
    (case("answered", None, statuses=("failed",)), BASE, ["status.answered"]),
    (case("wrong", None, statuses=("failed",)), {"questions": ["Which?"]}, ["status.wrong"]),
    (case("unparseable", BASE), "I cannot say.", ["format.unparseable"]),
    (case("flattened", SIDE_BY_SIDE), ONE_BY_ONE, ["structure.parallel_flattened"]),
    (case("side-by-side", ONE_BY_ONE), SIDE_BY_SIDE, ["structure.extra_dependency"]),
    (case("implied", SORTED), flow(READ), ["semantics.implicit_step"]),
    (
        case("damaged", EDITED, prior=BASE),
        changed("steps", 1, "else", 0, "with", "key", value="other", base=EDITED),
        ["inputs.extraction", "semantics.edit_damage"],
    ),
    (case("secret", BASE, free=("send.text",)), SECRET, ["semantics.invalid"]),
]


def test_the_other_mistakes_are_told_too(server: ChatServer, tmp_path: Path) -> None:
    for _, answer, _ in REST:
        server.say(answer)
    cases = [item for item, _, _ in REST]
    # Some requests are the same, and their answers are not.
    run(experiment(server, tmp_path, "zero-shot", *cases, keep_replies=False))
    (arm,) = load_run(tmp_path).arms
    told = {
        item.sample.case: sorted(mistake.kind for mistake in item.scores.mistakes)
        for item in arm.samples
    }
    assert told == {item.id: wanted for item, _, wanted in REST}


def test_only_one_kind_cannot_come_from_an_output() -> None:
    planted = {kind for _, wanted, _ in PLANTED for kind in wanted}
    planted |= {kind for _, _, wanted in REST for kind in wanted}
    # It stands for what no comparison sees; test_taxonomy makes it of equal forms.
    assert set(MISTAKE_KINDS) - planted == {"semantics.runs_but_wrong"}


NEVER_FOUND = "demo.send"
BLAMED: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "another of its provider",
        BASE,
        changed("steps", 2, "do", 0, value=step("send", "demo.notify", channel="#a", text="b")),
        "component.near_synonym",
    ),
    (
        "an invented one",
        BASE,
        changed("steps", 2, "do", 0, "uses", value="demo.mail"),
        "component.hallucinated",
    ),
    (
        "none",
        flow(READ, step("send", NEVER_FOUND, to="a", text="b")),
        flow(READ),
        "component.missing",
    ),
]


@pytest.mark.parametrize(
    ("gold", "made", "kind"), [row[1:] for row in BLAMED], ids=[row[0] for row in BLAMED]
)
def test_who_is_to_blame(
    server: ChatServer, tmp_path: Path, gold: dict[str, Any], made: dict[str, Any], kind: str
) -> None:
    asked = case("c", gold, request="Read the text and send it.")
    for strategy, blame in (("rag", "retriever"), ("whole-catalog", "model")):
        server.say(made)
        run(experiment(server, tmp_path / strategy, strategy, asked))
        found = [item for item in only(tmp_path / strategy).scores.mistakes if item.kind == kind]
        assert [item.blame for item in found] == [blame]
        # What was found is the model's, whatever else was not.
    server.say(without("steps", 3))
    run(experiment(server, tmp_path / "other", "rag", case("c", BASE)))
    assert [item.blame for item in only(tmp_path / "other").scores.mistakes] == ["model"]
