"""The report as Markdown, and the samples and figures as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from flowloom.evaluation.intervals import Interval
from flowloom.evaluation.reports.figures import (
    HEADLINES,
    MORE_FIGURES,
    Group,
    Leader,
    by_group,
    leaders,
    mistake_table,
    paired,
)
from flowloom.evaluation.reports.loading import Run

__all__ = ["figures_csv", "markdown_report", "samples_csv"]


def markdown_report(run: Run) -> str:
    """Return leaderboard, comparisons, groups and mistakes as Markdown tables."""
    found = leaders(run)
    sheet = run.dataset.sheet
    parts = [
        f"# {_text(sheet.name)} {_text(sheet.version)}".rstrip(),
        f"{len(run.dataset.cases):,} cases, {run.count:,} of {run.planned:,} samples; 95 % "
        "intervals in brackets.",
        _table(
            ["strategy", "samples", *HEADLINES.values(), "invented", "calls", "tokens", "USD", "s"],
            [_leader_row(item) for item in found],
        ),
    ]
    pairs = paired(run)
    if pairs:
        rows = [
            [
                item.first,
                item.second,
                _signed(item.correct.difference),
                f"{item.mcnemar.only_first} / {item.mcnemar.only_second}",
                f"{item.p_value:.3g}",
                "yes" if item.beyond_noise else "no",
            ]
            for item in pairs
        ]
        head = ["first", "second", "correct, second - first", "only first / second", "p (Holm)"]
        parts += ["## Comparisons", _table([*head, "beyond noise"], rows)]
    for title, groups in (
        ("Correct by level", by_group(run, lambda case: (case.level,))),
        ("Correct by domain", by_group(run, lambda case: (case.domain,))),
    ):
        if len(groups) > 1:
            parts += [f"## {title}", _group_table(groups)]
    mistakes = mistake_table(run)
    if mistakes:
        names = [item.arm.name for item in found]
        rows = [
            [kind, *(f"{row[name][0]:.1%} + {row[name][1]:.1%}" for name in names)]
            for kind, row in mistakes.items()
        ]
        parts += [
            "## Mistakes",
            "Share of samples with one: the model's + the retriever's.",
            _table(["kind", *names], rows),
        ]
    return "\n\n".join(parts) + "\n"


def _leader_row(item: Leader) -> list[str]:
    return [
        item.arm.name,
        str(len(item.arm.samples)),
        *(_bracketed(item.figures.get(name)) for name in HEADLINES),
        "–" if item.hallucinated is None else f"{item.hallucinated:.1%}",
        f"{item.model_calls:.1f}",
        f"{item.tokens:.0f}",
        "not known" if item.cost_usd is None else f"{item.cost_usd:.4f}",
        f"{item.seconds_median:.2f}",
    ]


def _group_table(groups: Sequence[Group]) -> str:
    names = list(dict.fromkeys(name for group in groups for name in group.correct))
    rows = [
        [group.name, str(group.cases), *(_bracketed(group.correct.get(name)) for name in names)]
        for group in groups
    ]
    return _table(["", "cases", *names], rows)


def figures_csv(run: Run) -> str:
    """Return every figure of every arm: arm, figure, value, low, high, clusters."""
    rows: list[Sequence[object]] = []
    for item in leaders(run):
        where: tuple[object, ...] = (item.arm.strategy, item.arm.model)
        for name, value in item.figures.items():
            rows.append((*where, name, value.value, value.low, value.high, value.count))
        plain = {
            **{
                f"{part}_micro_{name}": getattr(found, name)
                for part, found in item.micro.items()
                for name in ("precision", "recall", "f1")
            },
            "hallucination_rate": item.hallucinated,
            "draft_hallucination_rate": item.draft_hallucinated,
            "tokens": item.tokens,
            "model_calls": item.model_calls,
            "attempts": item.attempts,
            "cost_usd": item.cost_usd,
            "seconds_median": item.seconds_median,
            "seconds_p95": item.seconds_p95,
            "errors": item.errors,
        }
        rows += [(*where, name, value, "", "", "") for name, value in plain.items()]
        for k, (at, hat) in item.repeats.items():
            rows.append((*where, f"pass@{k}", at, "", "", ""))
            rows.append((*where, f"pass^{k}", hat, "", "", ""))
    return _csv(["strategy", "model", "figure", "value", "low", "high", "count"], rows)


def samples_csv(run: Run) -> str:
    """Return one row for each sample, with all its figures and the kinds of its mistakes."""
    names = list(dict.fromkeys([*HEADLINES, *MORE_FIGURES]))
    names += ["model_calls", "input_tokens", "output_tokens", "cost_usd", "seconds", "attempts"]
    head = ["strategy", "model", "case", "repeat", "level", "domain", "claimed", "status"]
    rows: list[list[object]] = []
    for arm in run.arms:
        for item in arm.samples:
            case, figures = arm.case_of(item), item.scores.figures()
            kinds = " ".join(dict.fromkeys(mistake.kind for mistake in item.scores.mistakes))
            rows.append(
                [
                    arm.strategy,
                    arm.model,
                    case.id,
                    item.sample.repeat,
                    case.level,
                    case.domain,
                    item.scores.claimed,
                    item.scores.status,
                    *(figures.get(name, "") for name in names),
                    kinds,
                ]
            )
    return _csv([*head, *names, "mistakes"], rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    return out.getvalue()


def _safe(cell: object) -> object:
    # A spreadsheet takes a text that begins so for a formula.
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_text, line))} |" for line in lines)


def _text(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|").replace("<", "&lt;")


def _bracketed(value: Interval | None) -> str:
    return "–" if value is None else f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"


def _signed(value: Interval) -> str:
    return f"{value.value:+.3f} [{value.low:+.3f}, {value.high:+.3f}]"
