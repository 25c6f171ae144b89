"""A run put together from what a person chose: data set, strategies, models and limits."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from flowloom.agents.chat_model import chat_model
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.retriever import Search
from flowloom.agents.retry_policy import RetryPolicy
from flowloom.assembly import open_catalog, open_index
from flowloom.catalog.catalog import Catalog
from flowloom.errors import ConfigError
from flowloom.evaluation.cases import Case, Dataset
from flowloom.evaluation.datasets.tools import read_tools
from flowloom.evaluation.metrics.matching import embedding_likeness
from flowloom.evaluation.prices import PriceTable
from flowloom.evaluation.runner.manifest import environment, program_hash, write_manifest
from flowloom.evaluation.runner.metered_model import Brake, Meter, MeteredModel
from flowloom.evaluation.runner.progress import Progress
from flowloom.evaluation.runner.run import RunEnd, Runner
from flowloom.evaluation.runner.scorers import LocalScorer, PoolScorer, Scorer
from flowloom.evaluation.runner.store import RunStore
from flowloom.evaluation.runner.trials import Arm, Trial, arms_of, content_key, trials_of
from flowloom.evaluation.scoring import Judge
from flowloom.evaluation.strategies.interface import Equipment, Strategy
from flowloom.evaluation.strategies.ladder import strategy_of
from flowloom.evaluation.strategies.names import StrategyName
from flowloom.evaluation.strategies.outlines import check_outlining, outline_strategy_of
from flowloom.graph.limits import Limits
from flowloom.offline.meaning.classifier import Embed
from flowloom.retrieval.query import Hit, Query
from flowloom.settings import Settings, prepare_data_directory

__all__ = ["CASES", "SAMPLES", "Experiment", "run_experiment", "run_over"]

CASES = "dataset.json"
SAMPLES = "samples.sqlite"
_TRIES = 6
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """What a run is to measure, and how.

    Attributes:
        examples: cases that few-shot strategies choose from.
        tools: the tool file of Seal-Tools or NesTools, whose tools are then the catalog.
        temperature: sent to models that take one; None leaves it to the server.
        keep_replies: whether the same request is asked once only; not for timing.
        workers: processes that score; 0 scores in this one.
    """

    dataset: Dataset
    strategies: tuple[StrategyName, ...]
    models: tuple[str, ...] = ()
    settings: Settings
    prices: PriceTable
    out: Path
    examples: tuple[Case, ...] = ()
    tools: Path | None = None
    repeats: int = 1
    seed: int = 0
    temperature: float | None = None
    concurrency: int = 4
    budget_usd: float | None = None
    keep_replies: bool = True
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)

    @property
    def arms(self) -> tuple[Arm, ...]:
        """Every strategy with its model."""
        return arms_of(self.strategies, self.models)

    @property
    def wants_outlines(self) -> bool:
        """Whether the cases want outlines in words, not workflows (WorFBench)."""
        return any(case.scoring == "outline" for case in self.dataset.cases)

    @property
    def limits(self) -> Limits:
        """What one trial may spend."""
        given = self.settings
        return Limits(
            max_attempts=given.max_attempts, timeout=given.timeout, max_tokens=given.max_tokens
        )


def run_experiment(experiment: Experiment, on_progress: OnProgress = lambda _: None) -> RunEnd:
    """Run, or go on with what an interrupted run in the same directory has left.

    Raises:
        ConfigError: a strategy has no model, or a budget is given and a model has no price.
        StorageError: the directory cannot be written.
        The errors of ``flowloom.assembly.open_index``.
    """
    _check(experiment)
    settings, tools = experiment.settings, experiment.tools
    catalog = _catalog_of(settings, tools)
    search, embed = _no_search, None
    if any(name.searches for name in experiment.strategies):
        name = f"tools-{catalog.content_hash[:16]}" if tools else ""
        index = open_index(catalog, settings, name=name)
        search, embed = index.search, index.embed
    by_meaning = experiment.wants_outlines
    make_judge = partial(_make_judge, settings, tools, experiment.prices, by_meaning)
    return run_over(experiment, catalog, search, make_judge, on_progress, embed)


def run_over(
    experiment: Experiment,
    catalog: Catalog,
    search: Search,
    make_judge: Callable[[], Judge],
    on_progress: OnProgress = lambda _: None,
    embed: Embed | None = None,
) -> RunEnd:
    """Run over a catalog and a search at hand; see ``run_experiment``.

    Args:
        make_judge: called in each scoring process; see ``PoolScorer``.
    """
    _check(experiment)
    conditions = _conditions(experiment, catalog)
    manifest = _manifest(experiment, catalog, conditions)
    with RunStore(experiment.out / SAMPLES) as store, _scorer(experiment, make_judge) as scorer:
        (experiment.out / CASES).write_text(experiment.dataset.model_dump_json(), "utf-8")
        write_manifest(experiment.out, manifest)
        meter = Meter(experiment.prices)
        runner = Runner(
            dataset=experiment.dataset.sheet.name,
            store=store,
            scorer=scorer,
            strategy_for=_strategies(experiment, catalog, search, embed, meter, store),
            judge=content_key(
                [program_hash(), catalog.content_hash, experiment.prices.model_dump()]
            ),
            meter=meter,
            concurrency=experiment.concurrency,
            budget_usd=experiment.budget_usd,
            on_progress=on_progress,
        )
        total = store.set_plan(trial.key for trial in _trials(experiment, conditions))
        end = asyncio.run(runner.run(_trials(experiment, conditions), total))
        write_manifest(experiment.out, {**manifest, "end": _end(end, meter)})
    return end


def _no_search(query: Query) -> Sequence[Hit]:
    raise RuntimeError(f"no strategy of this run searches, but {query.text!r} was searched for")


def _trials(experiment: Experiment, conditions: dict[str, Any]) -> Iterator[Trial]:
    return trials_of(
        experiment.dataset,
        experiment.arms,
        repeats=experiment.repeats,
        seed=experiment.seed,
        conditions=conditions,
    )


def _check(experiment: Experiment) -> None:
    needing = [item for item in experiment.strategies if item.needs_model]
    if needing and not experiment.models:
        raise ConfigError(
            f"The strategy {str(needing[0])!r} needs a language model.",
            hint="Name one with --models, such as openai:gpt-5, or take the strategy 'offline'.",
        )
    if not experiment.dataset.cases:
        raise ConfigError("No case is left to run.", hint="Check --split, --language and --limit.")
    if experiment.wants_outlines:
        for name in experiment.strategies:
            check_outlining(name)
    usable = [
        item
        for item in experiment.examples
        if (item.scoring == "outline") == experiment.wants_outlines
    ]
    if any(item.examples for item in needing) and not usable:
        raise ConfigError(
            "There are no worked examples to choose from.",
            hint="Name some with --examples, in the data set's own form.",
        )
    for model in experiment.models if needing and experiment.budget_usd is not None else ():
        if experiment.prices.of(model) is None:
            raise ConfigError(
                f"The model {model!r} has no price, so the budget cannot be kept.",
                hint="Give its price in a file with --prices, or leave out --budget-usd.",
            )


def _strategies(
    experiment: Experiment,
    catalog: Catalog,
    search: Search,
    embed: Embed | None,
    meter: Meter,
    store: RunStore,
) -> Callable[[Trial], Strategy]:
    """Return a function that makes each strategy once for a model and a repeat."""
    made: dict[tuple[Arm, int], Strategy] = {}
    equipment = Equipment(
        catalog=catalog,
        search=search,
        embed=embed,
        limits=experiment.limits,
        examples=experiment.examples,
    )
    kept = store if experiment.keep_replies else None
    brakes = {model: Brake() for model in experiment.models}
    opened: dict[str, LanguageModel] = {}

    def strategy_for(trial: Trial) -> Strategy:
        place = (trial.arm, trial.repeat)
        if place not in made:
            strategy, model = trial.arm.strategy, None
            if strategy.needs_model:
                name = trial.arm.model
                if name not in opened:
                    opened[name] = _opened(experiment.settings, name)
                model = _metered(experiment, trial, opened[name], meter, brakes[name], kept)
            own = replace(equipment, model=model, seed=trial.seed)
            chosen = outline_strategy_of if experiment.wants_outlines else strategy_of
            made[place] = chosen(strategy, own)
        return made[place]

    return strategy_for


def _opened(settings: Settings, name: str) -> LanguageModel:
    return chat_model(
        name,
        base_url=settings.base_url,
        api_key=settings.openai_api_key.get_secret_value(),
        policy=RetryPolicy(tries=_TRIES),
    )


def _metered(
    experiment: Experiment,
    trial: Trial,
    plain: LanguageModel,
    meter: Meter,
    brake: Brake,
    store: RunStore | None,
) -> MeteredModel:
    wanted = {"temperature": experiment.temperature, "seed": trial.seed}
    known = type(plain.chat).model_fields
    sampling = {key: value for key, value in wanted.items() if key in known and value is not None}
    return MeteredModel(
        name=plain.name,
        chat=plain.chat.model_copy(update=sampling),
        policy=plain.policy,
        sleep=brake.sleep,
        meter=meter,
        brake=brake,
        store=store,
        repeat=trial.repeat,
        sampling=content_key([experiment.settings.base_url, sampling]),
    )


@contextmanager
def _scorer(experiment: Experiment, make_judge: Callable[[], Judge]) -> Generator[Scorer]:
    if not experiment.workers:
        yield LocalScorer(make_judge())
        return
    with PoolScorer(make_judge, experiment.workers) as scorer:
        yield scorer


def _make_judge(
    settings: Settings, tools: Path | None, prices: PriceTable, by_meaning: bool
) -> Judge:
    catalog = _catalog_of(settings, tools)
    if not by_meaning:
        return Judge(catalog, prices)
    from flowloom.retrieval.embedder import embedder_for

    embedder = embedder_for(settings.embedder, prepare_data_directory(settings.data_dir) / "models")
    return Judge(catalog, prices, embedding_likeness(embedder.embed))


def _catalog_of(settings: Settings, tools: Path | None) -> Catalog:
    return open_catalog(settings).catalog if tools is None else read_tools(tools)


def _conditions(experiment: Experiment, catalog: Catalog) -> dict[str, Any]:
    """Return what answers hang on beside case, strategy, model and seed."""
    return {
        "program": program_hash(),
        "catalog": catalog.content_hash,
        "embedder": experiment.settings.embedder,
        "base_url": experiment.settings.base_url,
        "limits": vars(experiment.limits),
        "temperature": experiment.temperature,
        "examples": content_key([item.model_dump(mode="json") for item in experiment.examples]),
    }


def _manifest(
    experiment: Experiment, catalog: Catalog, conditions: dict[str, Any]
) -> dict[str, Any]:
    dataset = experiment.dataset
    cases = content_key([item.model_dump(mode="json") for item in dataset.cases])
    return {
        "dataset": {**dataset.sheet.model_dump(), "cases": len(dataset.cases), "hash": cases},
        "arms": [{"strategy": str(arm.strategy), "model": arm.model} for arm in experiment.arms],
        "repeats": experiment.repeats,
        "seeds": [experiment.seed + index for index in range(experiment.repeats)],
        "conditions": conditions,
        "components": len(catalog),
        "tools": str(experiment.tools or ""),
        "examples": [item.id for item in experiment.examples],
        "concurrency": experiment.concurrency,
        "budget_usd": experiment.budget_usd,
        "keep_replies": experiment.keep_replies,
        "prices": experiment.prices.model_dump(),
        "sources": list(experiment.settings.catalog),
        "environment": environment(),
    }


def _end(end: RunEnd, meter: Meter) -> dict[str, Any]:
    return {
        "finished": end.progress.done,
        "of": end.progress.total,
        "reason": end.reason,
        "usd_of_this_run": meter.usd,
        "model_calls_of_this_run": meter.calls,
        "kept_replies_of_this_run": meter.kept,
        "models_without_a_price": sorted(meter.unpriced),
    }
