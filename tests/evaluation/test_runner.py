"""The runner: what is kept when it is killed, scoring in processes, and its parts."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from flowloom.agents.language_model import Reply
from flowloom.errors import StorageError
from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.prices import Price, PriceTable
from flowloom.evaluation.runner.metered_model import Brake, Meter
from flowloom.evaluation.runner.progress import Progress
from flowloom.evaluation.runner.scorers import PoolScorer, score_texts
from flowloom.evaluation.runner.store import RunStore
from flowloom.evaluation.runner.trials import Arm, arms_of, trials_of
from flowloom.evaluation.samples import Output, Sample
from flowloom.evaluation.scoring import Judge
from flowloom.evaluation.strategies.names import parse_strategies
from flowloom.roles import Usage
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.workflow.document import dump_yaml
from tests.evaluation.flows import BASE, REQUEST

CASE = Case(id="c", request=REQUEST, gold=BASE)
RIGHT = Output(status="valid", text=dump_yaml(BASE))

KILLED = """
import os, signal, sys
from pathlib import Path
from flowloom.evaluation.runner.store import RunStore
from flowloom.evaluation.samples import Output, Sample

store = RunStore(Path(sys.argv[1]))
for number in range(1000):
    output = Output(status="failed", reason="x" * 5000)
    store.save(str(number), Sample(dataset="d", case="c", strategy="s", model="m", output=output))
    if number == 299:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def example_judge() -> Judge:
    return Judge(EXAMPLE_CATALOG)


def test_a_kill_in_the_middle_loses_no_finished_sample(tmp_path: Path) -> None:
    file = tmp_path / "samples.sqlite"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(file)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    with RunStore(file) as store:
        assert store.finished_keys() == {str(number) for number in range(300)}
        assert store.sample("299").output.reason == "x" * 5000


KILLED_WHILE_SCORING = """
import asyncio, os, signal
from functools import partial
from flowloom.evaluation.runner.scorers import PoolScorer
from tests.evaluation.test_runner import CASE, RIGHT, example_judge

async def score():
    with PoolScorer(partial(example_judge), 1) as scorer:
        await scorer.score(CASE, RIGHT)
        print("scored", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(score())
"""


def test_a_kill_leaves_no_scoring_process_behind() -> None:
    # The scoring process holds the same stdout: it is read to its end only if that one ends too.
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_SCORING],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "scored\n")


async def test_processes_score_as_this_one_does() -> None:
    with PoolScorer(partial(example_judge), 1) as scorer:
        found = await scorer.score(CASE, RIGHT)
    assert found == score_texts(CASE, RIGHT, example_judge())


def test_trials_have_a_fixed_order_and_keys_of_their_content() -> None:
    other = CASE.model_copy(update={"id": "d"})
    data = Dataset(sheet=Datasheet(name="x"), cases=(CASE, other))
    arms = arms_of(parse_strategies("zero-shot,rag,offline"), ["m:1", "m:2"])
    assert [str(arm) for arm in arms] == [
        "zero-shot · m:1",
        "zero-shot · m:2",
        "rag · m:1",
        "rag · m:2",
        "offline",
    ]

    def keys(dataset: Dataset, seed: int = 0, **conditions: object) -> list[str]:
        found = trials_of(dataset, arms, repeats=2, seed=seed, conditions=conditions)
        return [trial.key for trial in found]

    first = keys(data)
    assert len(set(first)) == len(first) == 2 * 2 * 5
    assert first == keys(data)
    assert not set(first) & set(keys(data, temperature=1))
    assert not set(first[:10]) & set(keys(data, seed=1)[:10])
    changed = data.model_copy(update={"cases": (CASE.model_copy(update={"request": "x"}), other)})
    assert sum(one != two for one, two in zip(first, keys(changed), strict=True)) == 10
    trials = list(trials_of(data, arms, repeats=1, seed=3, conditions={}))
    assert [trial.case.id for trial in trials] == ["c"] * 5 + ["d"] * 5
    assert {trial.seed for trial in trials} == {3}


def test_the_plan_says_what_counts(tmp_path: Path) -> None:
    sample = Sample(dataset="d", case="c", strategy="s", model="m", output=RIGHT)
    with RunStore(tmp_path / "s.sqlite") as store:
        for key in ("old", "b", "a"):
            store.save(key, sample)
            store.save_scores(key, "j", *score_texts(CASE, RIGHT, example_judge()))
        assert store.set_plan(["a", "b", "missing"]) == 3
        assert [item.key for item in store.all_finished()] == ["a", "b"]
        assert store.scored_keys("j") == {"old", "a", "b"}
        assert store.scored_keys("another judge") == set()


def test_replies_are_kept_whole(tmp_path: Path) -> None:
    reply = Reply(text="ja", usage=Usage(model_calls=1, input_tokens=2, output_tokens=3), cut=True)
    with RunStore(tmp_path / "s.sqlite") as store:
        assert store.reply("k") is None
        store.save_reply("k", reply)
        assert store.reply("k") == reply


def test_a_file_that_is_no_store(tmp_path: Path) -> None:
    file = tmp_path / "samples.sqlite"
    file.write_text("no database at all, but quite some text to look at" * 50)
    with pytest.raises(StorageError, match="cannot be used"):
        RunStore(file)


def test_a_store_of_a_broken_disk_is_told(tmp_path: Path) -> None:
    file = tmp_path / "samples.sqlite"
    with RunStore(file) as store:
        connection = sqlite3.connect(file)
        connection.execute("DROP TABLE samples")
        connection.commit()
        connection.close()
        with pytest.raises(StorageError, match="no such table"):
            store.finished_keys()


def test_the_meter_counts_real_calls_by_their_price() -> None:
    meter = Meter(PriceTable(prices=(Price(model="a*", input=1.0, output=2.0),)))
    usage = Usage(model_calls=1, input_tokens=1_000_000, output_tokens=500_000)
    meter.count("abc", usage)
    meter.count("xyz", usage)
    assert (meter.usd, meter.calls, meter.unpriced) == (2.0, 2, {"xyz"})


async def test_a_brake_that_nobody_pulled_stops_nobody() -> None:
    brake = Brake()
    await brake.wait()
    await brake.sleep(0.0)
    await brake.wait()
    assert brake.until > 0


def test_progress_in_one_line() -> None:
    progress = Progress(total=4, usd=0.5)
    scores, _ = score_texts(CASE, RIGHT, example_judge())
    progress.add("rag · m", scores)
    progress.add("rag · m", score_texts(CASE, Output(status="error"), example_judge())[0])
    assert progress.line() == "2 of 4 ($0.50) correct: rag 1/2"
    assert progress.arms["rag · m"].errors == 1
    assert progress.bar() == f"[{'#' * 10}{'-' * 10}]"
    assert str(Arm(parse_strategies("offline")[0], "offline")) == "offline"
