"""One picture of a run that stands by itself, as SVG: every arm in every group of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from flowloom.evaluation.intervals import Interval
from flowloom.evaluation.reports.charts import COLOURS

__all__ = ["BarGroup", "grouped_bars"]

_WIDTH, _HEIGHT = 760, 300
_LEFT, _RIGHT, _TOP, _LINE = 44, 12, 58, 18
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1a202c}.soft{fill:#5a6577}.title{font-weight:600}"
    ".back{fill:#fff}.grid{stroke:#d8dee8}.mark{stroke:#1a202c}.dot{fill:#fff;stroke:#1a202c}"
    "@media(prefers-color-scheme:dark){text{fill:#e6e9ef}.soft{fill:#9aa5b6}.back{fill:#151a21}"
    ".grid{stroke:#39424f}.mark{stroke:#e6e9ef}.dot{fill:#151a21;stroke:#e6e9ef}}"
)


@dataclass(frozen=True)
class BarGroup:
    """A group of cases; by arm the height of a bar with its interval, and of a dot."""

    name: str
    cases: int
    bars: Mapping[str, Interval]
    dots: Mapping[str, Interval]


def grouped_bars(groups: Sequence[BarGroup], title: str, note: str) -> str:
    """Return the picture; it follows the reader's choice of light or dark.

    Args:
        groups: from left to right; values lie between 0 and 1.
        note: below the title, says what bars and dots are.
    """
    arms = list(dict.fromkeys(name for group in groups for name in group.bars))
    height = _HEIGHT + _LINE * len(arms)
    parts = [
        f'<rect class="back" width="{_WIDTH}" height="{height}"/>',
        _text(_LEFT, 20, title, "title"),
        _text(_LEFT, 38, note, "soft"),
        *_grid(),
    ]
    width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(groups))
    for index, group in enumerate(groups):
        parts += _group(group, arms, _LEFT + index * width, width)
    for index, name in enumerate(arms):
        top = _HEIGHT + 8 + index * _LINE
        box = f'<rect x="{_LEFT}" y="{top - 9}" width="10" height="10" fill="{_colour(index)}"/>'
        parts += [box, _text(_LEFT + 16, top, name)]
    told = escape(f"{title}. {note}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img" aria-label="{told}">'
        f"<style>{_STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _grid() -> list[str]:
    parts: list[str] = []
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        right = _WIDTH - _RIGHT
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(_LEFT - 8, y + 4, f"{tenth / 10:.1f}", "soft", "end"))
    return parts


def _group(group: BarGroup, arms: Sequence[str], left: float, width: float) -> list[str]:
    middle, bottom = left + width / 2, _y(0.0)
    parts = [
        _text(middle, bottom + 18, group.name, "", "middle"),
        _text(middle, bottom + 34, f"{group.cases} cases", "soft", "middle"),
    ]
    bar = min(46.0, width * 0.8 / max(1, len(arms)))
    start = middle - bar * len(arms) / 2
    for index, name in enumerate(arms):
        value, dot = group.bars.get(name), group.dots.get(name)
        x = start + index * bar
        if value is not None:
            parts += _bar(value, x, bar, _colour(index), number=len(arms) <= 2)
        if dot is not None:
            y = _y(dot.value)
            parts.append(f'<circle class="dot" cx="{x + bar / 2:.1f}" cy="{y:.1f}" r="3.5"/>')
    return parts


def _bar(value: Interval, x: float, width: float, colour: str, *, number: bool) -> list[str]:
    top, middle = _y(value.value), x + width / 2
    parts = [
        f'<rect x="{x + 1:.1f}" y="{top:.1f}" width="{width - 2:.1f}" '
        f'height="{_y(0.0) - top:.1f}" fill="{colour}"/>',
        f'<line class="mark" x1="{middle:.1f}" x2="{middle:.1f}" y1="{_y(value.low):.1f}" '
        f'y2="{_y(value.high):.1f}"/>',
    ]
    if number:
        parts.append(_text(middle, _y(value.high) - 5, f"{value.value:.3f}", "", "middle"))
    return parts


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _y(value: float) -> float:
    bottom = _HEIGHT - 48
    return bottom - value * (bottom - _TOP)


def _colour(index: int) -> str:
    return COLOURS[index % len(COLOURS)]
