"""What the README shows of the ladder: figures as data, and a table and a picture made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flowloom.evaluation.intervals import Interval
from flowloom.evaluation.reports.figures import Group, Leader, by_group, leaders
from flowloom.evaluation.reports.loading import ArmSamples, Run
from flowloom.evaluation.reports.picture import BarGroup, grouped_bars

__all__ = ["HERE", "Record", "picture_of", "record_of", "table_of", "with_table", "write_record"]

HERE = Path(__file__).parent.parent
BEGIN, END = "<!-- ladder: begin -->", "<!-- ladder: end -->"
_FIGURES = {
    "correct": "correct",
    "valid": "valid",
    "flow_sim": "FlowSim",
    "flow_sim_without_inputs": "without inputs",
    "component_f1": "component F1",
    "input_exact": "inputs exact",
}
Record = Mapping[str, Any]


def record_of(run: Run) -> dict[str, Any]:
    """Return the figures that the README shows, as JSON data."""
    sheet = run.dataset.sheet
    return {
        "dataset": f"{sheet.name} {sheet.version}".strip(),
        "cases": len(run.dataset.cases),
        "samples": run.count,
        "planned": run.planned,
        "arms": {_told(item.arm): _arm(item) for item in leaders(run)},
        "levels": {
            item.name: _level(item, run) for item in by_group(run, lambda case: (case.level,))
        },
    }


def _told(arm: ArmSamples) -> str:
    offline = arm.model == "offline"
    return "offline composer, no language model" if offline else f"{arm.strategy} · {arm.model}"


def _arm(item: Leader) -> dict[str, Any]:
    found = {name: _numbers(value) for name, value in item.figures.items() if name in _FIGURES}
    plain = {
        "invented": item.hallucinated or 0.0,
        "usd": item.cost_usd,
        "seconds": item.seconds_median,
    }
    return {
        **found,
        **{name: value if value is None else round(value, 4) for name, value in plain.items()},
    }


def _level(group: Group, run: Run) -> dict[str, Any]:
    told = {arm.name: _told(arm) for arm in run.arms}
    return {
        "cases": group.cases,
        "correct": {told[name]: _numbers(value) for name, value in group.correct.items()},
        "flow_sim": {told[name]: _numbers(value) for name, value in group.flow_sim.items()},
    }


def _numbers(value: Interval) -> list[float]:
    return [round(value.value, 4), round(value.low, 4), round(value.high, 4)]


def table_of(record: Record) -> str:
    """Return the table as Markdown: a row for each arm, rates with their 95 % intervals."""
    head = ["strategy · model", *_FIGURES.values(), "invented", "USD", "s"]
    rows = [[name, *_cells(found)] for name, found in record["arms"].items()]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(found: Mapping[str, Any]) -> list[str]:
    cells = [_interval(found[name]) if name in found else "–" for name in _FIGURES]
    usd = "not known" if found["usd"] is None else f"{found['usd']:.4f}"
    return [*cells, f"{found['invented']:.1%}", usd, f"{found['seconds']:.2f}"]


def _interval(numbers: list[float]) -> str:
    value, low, high = numbers
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def picture_of(record: Record) -> str:
    """Return the picture as SVG: correct and FlowSim by level, and over all."""
    arms = record["arms"]
    whole = {name: {arm: arms[arm][name] for arm in arms} for name in ("correct", "flow_sim")}
    groups: dict[str, Record] = {"all": {"cases": record["cases"], **whole}, **record["levels"]}
    return grouped_bars(
        [
            BarGroup(
                name, found["cases"], _intervals(found["correct"]), _intervals(found["flow_sim"])
            )
            for name, found in groups.items()
        ],
        f"{record['dataset']}: exactly right, by level",
        "Bars: correct, with 95 % intervals. Dots: FlowSim.",
    )


def _intervals(numbers: Mapping[str, list[float]]) -> dict[str, Interval]:
    return {name: Interval(*values, count=0) for name, values in numbers.items()}


def with_table(text: str, record: Record) -> str:
    """Return the README with its table made anew.

    Raises:
        ValueError: it has no place for the table.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the text has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{table_of(record)}\n{END}{after}"


def write_record(record: Record, root: Path = HERE) -> None:
    """Write the figures and the picture below ``docs/``, and the table into the README."""
    readme = root / "README.md"
    text = with_table(readme.read_text("utf-8"), record)
    (root / "docs" / "ladder.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    (root / "docs" / "ladder.svg").write_text(picture_of(record), "utf-8")
    readme.write_text(text, "utf-8")
