"""``flowloom eval``: measure strategies and models, report, compare, make a data set."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from flowloom.cli import output
from flowloom.cli.options import (
    BuiltinOption,
    CatalogOption,
    ConfigOption,
    DataDirOption,
    EmbedderOption,
    JsonOption,
)

if TYPE_CHECKING:
    from flowloom.evaluation.cases import Case, Dataset
    from flowloom.evaluation.intervals import Interval
    from flowloom.evaluation.reports.verdict import Change
    from flowloom.evaluation.runner.experiment import Experiment
    from flowloom.evaluation.runner.progress import Progress
    from flowloom.evaluation.runner.run import RunEnd
    from flowloom.settings import Settings

__all__ = ["app"]

INTERRUPTED = 130
UNFINISHED = 3
WORSE = 1
MOST_THREADS = 100_000
OutOption: TypeAlias = Annotated[Path, typer.Option("--out", help="Directory of the run.")]

app = typer.Typer(
    help="Measure what strategies and models are worth.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("run")
def run_evaluation(
    strategies: Annotated[
        str,
        typer.Option(
            "--strategies",
            help="With commas: zero-shot, few-shot:5:similar, whole-catalog, rag, rag+verify, "
            "agentic, no-planner, no-per-step-retrieval, no-rule-mending, no-loop, offline; or "
            "'ladder', 'ablations'. Single prompts take +cot and +role.",
        ),
    ] = "offline",
    models: Annotated[
        str | None, typer.Option("--models", help="With commas, such as openai:gpt-5.")
    ] = None,
    dataset: Annotated[
        str,
        typer.Option(
            "--dataset",
            help="'own', 'paraphrases', 'korean', 'adversarial'; a path of our form; or "
            "flow-bench, nestools, seal-tools, worfbench with ':FILE'.",
        ),
    ] = "own",
    split: Annotated[
        str | None, typer.Option("--split", help="Only this split, such as test.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Only requests in this language.")
    ] = None,
    tag: Annotated[str | None, typer.Option("--tag", help="Only cases with this tag.")] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only so many cases, spread evenly.")
    ] = None,
    examples: Annotated[
        str | None,
        typer.Option(
            "--examples",
            help="Data set of worked examples [default: the development split of 'own'].",
        ),
    ] = None,
    tools: Annotated[
        Path | None,
        typer.Option("--tools", help="Tool file of NesTools or Seal-Tools: the catalog."),
    ] = None,
    repeat: Annotated[int, typer.Option("--repeat", min=1, help="Answers to each case.")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the first repeat.")] = 0,
    temperature: Annotated[
        float | None, typer.Option("--temperature", min=0.0, help="Else the server's own.")
    ] = None,
    budget_usd: Annotated[
        float | None, typer.Option("--budget-usd", min=0.0, help="Begin nothing beyond it.")
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=256, help="Answers under way at once.")
    ] = 4,
    workers: Annotated[
        int | None, typer.Option("--workers", min=0, help="Processes that score [default: cores].")
    ] = None,
    timing: Annotated[
        bool,
        typer.Option("--timing", help="Measure time: one answer at once, no kept replies."),
    ] = False,
    prices: Annotated[
        Path | None, typer.Option("--prices", help="Your own prices, before ours.")
    ] = None,
    out: OutOption = Path("flowloom-eval"),
    as_json: JsonOption = False,
    base_url: Annotated[
        str | None, typer.Option("--base-url", help="Address of an OpenAI-compatible server.")
    ] = None,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    embedder: EmbedderOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Run strategies over a data set; the same command again goes on where it stopped."""
    from flowloom.cli.session import settings_of
    from flowloom.evaluation.datasets.named import read_named
    from flowloom.evaluation.prices import read_prices
    from flowloom.evaluation.runner.experiment import Experiment
    from flowloom.evaluation.strategies.names import parse_strategies

    names = parse_strategies(strategies)
    flags: dict[str, Any] = {
        "base_url": base_url,
        "catalog": catalog or None,
        "builtin": builtin,
        "embedder": embedder,
        "data_dir": data_dir,
    }
    chosen = read_named(dataset).only(split=split, language=language, tag=tag)
    more: dict[str, Any] = {} if workers is None else {"workers": workers}
    shots = any(name.examples for name in names)
    experiment = Experiment(
        dataset=_spread(chosen, limit),
        strategies=names,
        models=tuple(item.strip() for item in (models or "").split(",") if item.strip()),
        settings=settings_of(config, **flags).settings,
        prices=read_prices(prices),
        out=out,
        examples=_examples(examples) if shots else (),
        tools=tools,
        repeats=repeat,
        seed=seed,
        temperature=temperature,
        concurrency=1 if timing else concurrency,
        budget_usd=budget_usd,
        keep_replies=not timing,
        **more,
    )
    return _run(experiment, as_json)


def _run(experiment: Experiment, as_json: bool) -> int:
    from flowloom.evaluation.runner.experiment import run_experiment

    show = ProgressLines()
    try:
        end = run_experiment(experiment, show)
    except KeyboardInterrupt:
        output.note("stopped; the same command goes on with what is left.")
        return INTERRUPTED
    show.end(end.progress)
    if as_json:
        output.print_json(_end_data(end, experiment.out))
    else:
        output.write_out(output.printable(f"{end.progress.line()}\n"))
        output.note(f"report: flowloom eval report --out {experiment.out}")
    if end.reason:
        output.note(output.one_line(f"stopped early: {end.reason}"))
        return UNFINISHED
    return 0


def _spread(dataset: Dataset, limit: int | None) -> Dataset:
    count = len(dataset.cases)
    if limit is None or limit >= count:
        return dataset
    chosen = tuple(dataset.cases[index * count // limit] for index in range(limit))
    return dataset.model_copy(update={"cases": chosen})


def _examples(name: str | None) -> tuple[Case, ...]:
    from flowloom.evaluation.datasets.named import read_named

    if name is not None:
        return read_named(name).cases
    return read_named("own").only(split="development").cases


def _end_data(end: RunEnd, out: Path) -> dict[str, Any]:
    progress = end.progress
    arms = {name: vars(item) for name, item in progress.arms.items()}
    return {
        "done": progress.done,
        "total": progress.total,
        "usd": progress.usd,
        "reason": end.reason,
        "arms": arms,
        "directory": str(out),
    }


class ProgressLines:
    """Shows a run's progress on stderr: one changing line on a terminal, else a line now and then.

    A line comes each time a twentieth of the run is done.
    """

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._said = -1

    def __call__(self, progress: Progress) -> None:
        """Show where the run is."""
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            line = output.printable(f"{progress.bar()} {progress.line()}")
            sys.stderr.write(f"\r\x1b[2K{line[:width]}")
            sys.stderr.flush()
            return
        part = 20 * progress.done // max(1, progress.total)
        if part > self._said:
            self._said = part
            output.note(progress.line())

    def end(self, progress: Progress) -> None:
        """Leave the changing line."""
        if self._live and progress.done:
            sys.stderr.write("\n")


@app.command("report")
def report(
    out: OutOption = Path("flowloom-eval"),
    most_samples: Annotated[
        int, typer.Option("--samples", min=0, help="Most samples on the page, one by one.")
    ] = 600,
    as_json: JsonOption = False,
) -> int:
    """Write report.html, report.md, figures.csv and samples.csv into the run's directory."""
    from flowloom.cli.files import write_atomically
    from flowloom.evaluation.reports.loading import load_run
    from flowloom.evaluation.reports.page import html_report
    from flowloom.evaluation.reports.tables import figures_csv, markdown_report, samples_csv

    run = load_run(out)
    texts = {
        "report.html": html_report(run, most_samples=most_samples),
        "report.md": markdown_report(run),
        "figures.csv": figures_csv(run),
        "samples.csv": samples_csv(run),
    }
    for name, text in texts.items():
        write_atomically(out / name, text)
    if as_json:
        output.print_json({"samples": run.count, "files": [str(out / name) for name in texts]})
    else:
        output.write_out(output.printable(texts["report.md"]))
        output.note(f"written to {out}: {', '.join(texts)}")
    return 0


@app.command("compare")
def compare(
    before: Annotated[Path, typer.Argument(help="Directory of the earlier run.")],
    after: Annotated[Path, typer.Argument(help="Directory of the later run.")],
    as_json: JsonOption = False,
) -> int:
    """Say what became better or worse beyond noise; the exit code is 1 if something is worse."""
    from flowloom.evaluation.reports.loading import load_run
    from flowloom.evaluation.reports.verdict import compare_runs

    changes = compare_runs(load_run(before), load_run(after))
    if as_json:
        output.print_json({"arms": [_change_data(item) for item in changes]})
    else:
        for item in changes:
            output.write_out(output.printable(_change_text(item)))
    return WORSE if any(item.is_worse for item in changes) else 0


def _word(item: Change) -> str:
    return "worse" if item.is_worse else "better" if item.is_better else "no change beyond noise"


def _change_data(item: Change) -> dict[str, Any]:
    correct, similar = item.pair.correct.difference, item.pair.flow_sim
    return {
        "arm": item.arm,
        "verdict": _word(item),
        "cases": item.pair.cases,
        "correct": _interval_data(correct),
        "p_value": item.pair.p_value,
        "flow_sim": _interval_data(similar.difference) if similar else None,
        "lost": list(item.lost),
        "gained": list(item.gained),
    }


def _interval_data(interval: Interval) -> dict[str, float]:
    return {"difference": interval.value, "low": interval.low, "high": interval.high}


def _change_text(item: Change) -> str:
    lines = [f"{item.arm}: {_word(item)} ({item.pair.cases} cases)"]
    lines.append(f"  correct {_interval(item.pair.correct.difference)}, p {item.pair.p_value:.3g}")
    if item.pair.flow_sim is not None:
        lines.append(f"  FlowSim {_interval(item.pair.flow_sim.difference)}")
    for word, cases in (("lost", item.lost), ("gained", item.gained)):
        if cases:
            lines.append(f"  {word}: {', '.join(cases)}")
    return "\n".join(lines) + "\n"


def _interval(value: Interval) -> str:
    return f"{value.value:+.3f} [{value.low:+.3f}, {value.high:+.3f}]"


@app.command("new")
def new_dataset(
    out: Annotated[Path, typer.Argument(help="File of the new data set, such as mine.yaml.")],
    folder: Annotated[
        Path | None, typer.Option("--from", help="Folder of pairs: NAME.txt and NAME.yaml.")
    ] = None,
    threads: Annotated[
        bool,
        typer.Option("--threads", help="From saved chats: what you have corrected is right."),
    ] = False,
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="Whose chats [default: those made on this machine]."),
    ] = None,
    accepted: Annotated[
        bool, typer.Option("--accepted", help="Also valid answers that nobody has corrected.")
    ] = False,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Make a data set of your own requests and workflows; secrets are taken out."""
    from flowloom.cli.files import write_atomically
    from flowloom.cli.session import loaded_catalog, settings_of
    from flowloom.errors import ConfigError
    from flowloom.evaluation.datasets.own_data import cases_of_folder, checked, suite_text

    if (folder is None) != threads:
        raise ConfigError("Say where from.", hint="Give --from FOLDER, or --threads.")
    settings = settings_of(
        config, catalog=catalog or None, builtin=builtin, data_dir=data_dir
    ).settings
    cases = cases_of_folder(folder) if folder else _cases_of_threads(settings, owner, accepted)
    found = checked(cases, loaded_catalog(settings).catalog)
    for reason in found.left_out:
        output.note(output.one_line(f"left out: {reason}"))
    if not found.cases:
        raise ConfigError("No case can be used.", hint=_why_none(threads, accepted, found.left_out))
    write_atomically(out, suite_text(out.stem, found.cases))
    if as_json:
        output.print_json({"cases": len(found.cases), "left_out": list(found.left_out)})
    else:
        count = len(found.cases)
        output.write_out(f"{count} case{'s' if count > 1 else ''} in {out}\n")
        output.note("Read it before you pass it on: only known forms of secrets are taken out.")
    return 0


def _why_none(threads: bool, accepted: bool, left_out: tuple[str, ...]) -> str:
    if left_out or not threads:
        return "A gold workflow must pass: flowloom verify FILE"
    if accepted:
        return "There is no saved chat with a valid workflow; see --data-dir, --database, --owner."
    return "No workflow of a chat was corrected by hand; --accepted takes the valid ones too."


def _cases_of_threads(settings: Settings, owner: str | None, accepted: bool) -> list[Case]:
    import asyncio

    from flowloom.cli.chat.session import OWNER
    from flowloom.evaluation.datasets.own_data import cases_of_versions
    from flowloom.storage.database import open_database
    from flowloom.storage.threads import ThreadStore

    async def read() -> list[Case]:
        async with open_database(settings.data_dir, settings.database) as database:
            store = ThreadStore(database)
            found: list[Case] = []
            for thread in await store.list(OWNER if owner is None else owner, limit=MOST_THREADS):
                versions = await store.versions(thread.id)
                found += cases_of_versions(thread.id, versions, accepted=accepted)
            return found

    return asyncio.run(read())
