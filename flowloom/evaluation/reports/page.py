"""The report as one HTML page that needs no network: tables, charts and every sample."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import pairwise

from flowloom.evaluation.intervals import Interval
from flowloom.evaluation.reports.charts import COLOURS, Point, line_chart, scatter
from flowloom.evaluation.reports.figures import (
    HEADLINES,
    MORE_FIGURES,
    Group,
    Leader,
    Pair,
    by_group,
    leaders,
    mistake_table,
    paired,
    recall_curve,
)
from flowloom.evaluation.reports.loading import Run
from flowloom.evaluation.reports.samples_part import samples_part
from flowloom.evaluation.strategies.names import ABLATIONS

__all__ = ["html_report"]

_MOST_SAMPLES = 600


def html_report(run: Run, *, most_samples: int = _MOST_SAMPLES) -> str:
    """Return the page.

    Args:
        most_samples: that are shown one by one; figures always count all.
    """
    found = leaders(run)
    colours = {arm.name: COLOURS[index % len(COLOURS)] for index, arm in enumerate(run.arms)}
    body = [
        _head(run),
        _leaderboard(found, colours),
        _charts(run, found, colours),
        _pairs(paired(run)),
        _groups("By level", "levels", by_group(run, lambda case: (case.level,)), colours),
        _groups("By domain", "domains", by_group(run, lambda case: (case.domain,)), colours),
        _groups("By language", "languages", by_group(run, lambda case: (case.language,)), colours),
        _mistakes(run),
        _all_figures(found),
        samples_part(run, most_samples),
        _manifest(run),
    ]
    return _page(f"flowloom evaluation: {run.dataset.sheet.name}", "\n".join(body))


def _page(title: str, body: str) -> str:
    style, script = _own("page_style.txt"), _own("page_script.txt")
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_hash(script)}'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{body}"
        f"<script>{script}</script></body></html>\n"
    )


def _own(name: str) -> str:
    return files("flowloom.evaluation.reports").joinpath(name).read_text("utf-8")


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _head(run: Run) -> str:
    sheet = run.dataset.sheet
    models = ", ".join(dict.fromkeys(arm.model for arm in run.arms))
    parts = [
        f"<h1>{escape(sheet.name)} {escape(sheet.version)}</h1>",
        f"<p>{len(run.dataset.cases):,} cases, {run.count:,} samples. Models: {escape(models)}. "
        f"flowloom {escape(str(run.manifest['environment']['flowloom']))}.</p>",
        '<nav><a href="#leaderboard">Leaderboard</a><a href="#pairs">Comparisons</a>'
        '<a href="#levels">Levels</a><a href="#domains">Domains</a><a href="#mistakes">Mistakes</a>'
        '<a href="#figures">All figures</a><a href="#samples">Samples</a>'
        '<a href="#manifest">How to repeat it</a></nav>',
    ]
    if run.count < run.planned:
        parts.append(
            f'<p class="warn">The run is not finished: {run.count:,} of {run.planned:,} samples.'
            "</p>"
        )
    if any(arm.model == "offline" for arm in run.arms):
        parts.append(
            "<p>The offline composer works by rules, without a language model: its row measures "
            "the rules.</p>"
        )
    if any(arm.model.startswith("scripted:") for arm in run.arms):
        parts.append(
            '<p class="warn">A scripted model says what its file says: its rows measure the '
            "harness, not a model.</p>"
        )
    return "".join(parts)


def _leaderboard(found: Sequence[Leader], colours: Mapping[str, str]) -> str:
    best = {
        name: max(item.figures[name].value for item in found if name in item.figures)
        for name in HEADLINES
        if sum(name in item.figures for item in found) > 1
    }
    head = "".join(f'<th class="n">{escape(name)}</th>' for name in HEADLINES.values())
    rows: list[str] = []
    for item in found:
        cells = "".join(_figure_cell(item.figures.get(name), best.get(name)) for name in HEADLINES)
        rows.append(
            f"<tr><td>{_dot(colours[item.arm.name])}{escape(item.arm.name)}{_errors(item)}</td>"
            f'<td class="n">{len(item.arm.samples)}</td>{cells}'
            f'<td class="n">{_share(item.hallucinated)}'
            f'<span class="range">draft {_share(item.draft_hallucinated)}</span></td>'
            f'<td class="n">{item.model_calls:.1f}</td><td class="n">{item.tokens:,.0f}</td>'
            f'<td class="n">{_usd(item.cost_usd)}</td>'
            f'<td class="n">{item.seconds_median:.2f}'
            f'<span class="range">p95 {item.seconds_p95:.2f}</span></td></tr>'
        )
    return (
        '<h2 id="leaderboard">Leaderboard</h2><p>Means with their 95 % intervals. Correct: the '
        "right status and, where a workflow is right, exactly that workflow or one equal by "
        "rule. Valid: the full verifier finds no error, whatever the strategy claims. Invented: "
        "named components that the catalog does not have. Calls, tokens, dollars and seconds are "
        "for one request.</p>"
        f'<div class="scroll"><table><tr><th>strategy</th><th class="n">samples</th>{head}'
        '<th class="n">invented</th><th class="n">calls</th><th class="n">tokens</th>'
        f'<th class="n">USD</th><th class="n">seconds</th></tr>{"".join(rows)}</table></div>'
        f"{_repeats(found)}"
    )


def _repeats(found: Sequence[Leader]) -> str:
    repeated = [item for item in found if item.repeats]
    if not repeated:
        return ""
    rows = "".join(
        f"<tr><td>{escape(item.arm.name)}</td>"
        + "".join(
            f'<td class="n">{at:.3f}<span class="range">all: {hat:.3f}</span></td>'
            for at, hat in item.repeats.values()
        )
        + "</tr>"
        for item in repeated
    )
    most = max(len(item.repeats) for item in repeated)
    head = "".join(f'<th class="n">k = {k}</th>' for k in range(1, most + 1))
    return (
        "<h3>Repeats</h3><p>pass@k: one of k tries is correct; all (pass^k): every one of k tries "
        f'is.</p><div class="scroll"><table><tr><th>strategy</th>{head}</tr>{rows}</table></div>'
    )


def _charts(run: Run, found: Sequence[Leader], colours: Mapping[str, str]) -> str:
    if not found:
        return ""

    def points(x: Callable[[Leader], float | None]) -> list[Point]:
        made: list[Point] = []
        for item in found:
            at, value = x(item), item.figures.get("correct")
            if at is not None and value is not None:
                name = item.arm.name
                made.append(Point(name, at, value.value, value.low, value.high, colours[name]))
        return made

    parts = ['<h2 id="charts">Quality against cost and time</h2><div class="charts">']
    cost = points(lambda item: item.cost_usd)
    if any(point.x for point in cost):
        chart = scatter(cost, "US dollars for a request", "correct")
        parts.append(f"<figure>{chart}</figure>")
    time = scatter(points(lambda item: item.seconds_median), "seconds for a request", "correct")
    parts.append(f"<figure>{time}</figure>")
    curves = {arm.name: curve for arm in run.arms if (curve := recall_curve(arm)) is not None}
    if curves:
        chart = line_chart(curves, colours, "candidates looked at", "recall of gold components")
        parts.append(f"<figure>{chart}</figure>")
    arms = " ".join(
        f'<span class="arm">{_dot(colours[item.arm.name])}{escape(item.arm.name)}</span>'
        for item in found
    )
    unpriced = [item.arm.name for item in found if item.cost_usd is None]
    note = f"<p>No price is known for: {escape(', '.join(unpriced))}.</p>" if unpriced else ""
    return f"{''.join(parts)}</div><p>{arms}</p>{note}"


def _pairs(pairs: Sequence[Pair]) -> str:
    if not pairs:
        return '<h2 id="pairs">Comparisons</h2><p>There is only one strategy.</p>'
    names = list(dict.fromkeys(name for pair in pairs for name in (pair.first, pair.second)))
    steps = _steps(names)
    shown = [item for item in pairs if (item.first, item.second) in steps]
    rest = [item for item in pairs if (item.first, item.second) not in steps]
    title = f"<summary>The other {len(rest)} comparisons</summary>"
    more = f"<details>{title}{_pair_table(rest)}</details>" if rest else ""
    return (
        '<h2 id="pairs">Comparisons</h2><p>Each strategy with the one before it, each ablation '
        "with agentic, on the same cases: second minus first with its 95 % interval (bootstrap "
        "over cases), and McNemar's exact test on the cases that only one has right, its p value "
        "corrected for all "
        f"{len(pairs)} comparisons (Holm).</p>{_pair_table(shown)}{more}"
    )


def _steps(names: Sequence[str]) -> set[tuple[str, str]]:
    """Return each strategy with the one before it; an ablation with the whole of its model."""
    parts = {name: name.partition(" · ") for name in names}
    whole = [name for name, part in parts.items() if part[0] not in ABLATIONS]
    found = set(pairwise(whole))
    for name in names:
        if name not in whole:
            full = f"agentic{''.join(parts[name][1:])}"
            found |= {(full, name), (name, full)}
    return found


def _pair_table(pairs: Sequence[Pair]) -> str:
    rows = "".join(
        f"<tr><td>{escape(item.first)}</td><td>{escape(item.second)}</td>"
        f'<td class="n">{item.cases}</td><td class="n">{_signed(item.correct.difference)}</td>'
        f'<td class="n">{item.mcnemar.only_first} / {item.mcnemar.only_second}</td>'
        f'<td class="n">{item.p_value:.3g}</td>'
        f'<td class="n">{_signed(item.flow_sim.difference) if item.flow_sim else "–"}</td>'
        f"<td>{_verdict(item)}</td></tr>"
        for item in pairs
    )
    return (
        '<div class="scroll"><table><tr><th>first</th><th>second</th><th class="n">cases</th>'
        '<th class="n">correct</th><th class="n">only first / second</th><th class="n">p</th>'
        f'<th class="n">FlowSim</th><th></th></tr>{rows}</table></div>'
    )


def _verdict(pair: Pair) -> str:
    if not pair.beyond_noise:
        return '<span class="soft">within noise</span>'
    better = pair.second if pair.correct.difference.value > 0 else pair.first
    return f"<b>{escape(better)}</b> is better"


def _groups(title: str, anchor: str, groups: Sequence[Group], colours: Mapping[str, str]) -> str:
    if len(groups) < 2:
        return f'<span id="{anchor}"></span>'
    arms = list(dict.fromkeys(name for group in groups for name in group.correct))
    head = "".join(f'<th class="n">{_dot(colours[name])}{escape(name)}</th>' for name in arms)
    rows: list[str] = []
    for group in groups:
        values = [item.value for item in group.correct.values()]
        best = max(values) if len(values) > 1 else None
        cells = "".join(_figure_cell(group.correct.get(name), best) for name in arms)
        rows.append(
            f'<tr><td>{escape(group.name)}</td><td class="n">{group.cases}</td>{cells}</tr>'
        )
    return (
        f'<h2 id="{anchor}">{escape(title)}</h2><p>The share that is correct.</p>'
        f'<div class="scroll"><table><tr><th></th><th class="n">cases</th>{head}</tr>'
        f"{''.join(rows)}</table></div>"
    )


def _mistakes(run: Run) -> str:
    table = mistake_table(run)
    title = '<h2 id="mistakes">Mistakes</h2>'
    if not table:
        return f"{title}<p>There are none.</p>"
    arms = [arm.name for arm in run.arms if arm.samples]
    head = "".join(f"<th>{escape(name)}</th>" for name in arms)
    most = max(sum(shares) for row in table.values() for shares in row.values())
    rows = "".join(
        f"<tr><td><code>{escape(kind)}</code></td>"
        + "".join(f"<td>{_bar(row[name], most)}</td>" for name in arms)
        + "</tr>"
        for kind, row in table.items()
    )
    return (
        f"{title}<p>The share of samples with at least one mistake of a kind; a sample may have "
        'several. <span class="key"><i></i>the model\'s <i class="r"></i>the retriever\'s: the '
        "right component was not among the candidates</span></p>"
        f'<div class="scroll"><table><tr><th></th>{head}</tr>{rows}</table></div>'
    )


def _bar(shares: tuple[float, float], most: float) -> str:
    model, retriever = shares
    if not model and not retriever:
        return '<span class="soft">–</span>'
    told = f"{model:.1%}" + (f" + {retriever:.1%}" if retriever else "")
    bars = f'<i style="width:{100 * model / most:.1f}%"></i>'
    bars += f'<i class="r" style="width:{100 * retriever / most:.1f}%"></i>'
    return f'{told}<span class="bar">{bars}</span>'


def _all_figures(found: Sequence[Leader]) -> str:
    names = [*HEADLINES, *MORE_FIGURES]
    own = sorted({name for item in found for name in item.figures if name not in names})
    titles = {**HEADLINES, **MORE_FIGURES, **{name: f"own: {name}" for name in own}}
    head = "".join(f'<th class="n">{escape(item.arm.name)}</th>' for item in found)
    rows = "".join(
        f"<tr><td>{escape(title)}</td>"
        + "".join(_figure_cell(item.figures.get(name), None) for item in found)
        + "</tr>"
        for name, title in titles.items()
        if any(name in item.figures for item in found)
    )
    rows += _micro_rows(found)
    return (
        '<h2 id="figures">All figures</h2><p>Each over the samples that it applies to; see '
        f'docs/evaluation.md for what each means.</p><div class="scroll"><table><tr><th></th>{head}'
        f"</tr>{rows}</table></div>"
    )


def _micro_rows(found: Sequence[Leader]) -> str:
    """Return the figures that papers give over all samples together; they have no interval."""
    parts = dict.fromkeys(part for item in found for part in item.micro)
    return "".join(
        f"<tr><td>own: {escape(part)} {name} over all</td>"
        + "".join(
            f'<td class="n">{getattr(item.micro[part], name):.3f}</td>'
            if part in item.micro
            else '<td class="n soft">–</td>'
            for item in found
        )
        + "</tr>"
        for part in parts
        for name in ("precision", "recall", "f1")
    )


def _manifest(run: Run) -> str:
    text = json.dumps(dict(run.manifest), indent=2, ensure_ascii=False)
    return (
        '<h2 id="manifest">How to repeat it</h2><details><summary>The manifest of the run</summary>'
        f"<pre>{escape(text)}</pre></details>"
    )


def _figure_cell(value: Interval | None, best: float | None) -> str:
    if value is None:
        return '<td class="n soft">–</td>'
    mark = " best" if best is not None and value.value == best > 0 else ""
    bounds = f"{value.low:.3f} – {value.high:.3f}"
    return f'<td class="n{mark}">{value.value:.3f}<span class="range">{bounds}</span></td>'


def _errors(item: Leader) -> str:
    if not item.errors:
        return ""
    return f'<span class="range warn">{item.errors} server errors, counted as wrong</span>'


def _signed(value: Interval) -> str:
    bounds = f"{value.low:+.3f} – {value.high:+.3f}"
    return f'{value.value:+.3f}<span class="range">{bounds}</span>'


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _usd(value: float | None) -> str:
    return "not known" if value is None else f"{value:.4f}" if value else "0"


def _dot(colour: str) -> str:
    return f'<span class="dot" style="background:{colour}"></span>'
