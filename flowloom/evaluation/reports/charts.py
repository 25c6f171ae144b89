"""Charts as inline SVG: no script, no network; every text is escaped."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["COLOURS", "Point", "line_chart", "scatter"]

COLOURS = (
    "#2b6cb0",
    "#c05621",
    "#2f855a",
    "#805ad5",
    "#b83280",
    "#718096",
    "#00838f",
    "#8d6e00",
    "#d53f8c",
    "#4a5568",
    "#38a169",
    "#b7791f",
    "#553c9a",
    "#e53e3e",
)
"""By arm, in the order of the run; labels say the same in words."""
_WIDTH, _HEIGHT = 460, 300
_MOST_LABELS = 7
"""Beyond it labels would cover each other; the page has a key."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 16, 44


@dataclass(frozen=True)
class Point:
    """One arm in a scatter; ``low`` and ``high`` are the interval of ``y``."""

    label: str
    x: float
    y: float
    low: float
    high: float
    colour: str


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    is_log: bool = False

    def share(self, value: float) -> float:
        """Return where a value stands, 0 to 1."""
        low, high, at = self.low, self.high, value
        if self.is_log:
            low, high, at = math.log10(low), math.log10(high), math.log10(max(value, self.low))
        return (at - low) / (high - low)

    def ticks(self) -> list[float]:
        """Return some values to be written at the axis."""
        if self.is_log:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            step = max(1, (last - first) // 5)
            return [10.0**power for power in range(first, last + 1, step)]
        step = _round_step((self.high - self.low) / 5)
        count = int((self.high - self.low) / step + 1e-9)
        return [self.low + step * index for index in range(count + 1)]


def scatter(points: Sequence[Point], x_label: str, y_label: str) -> str:
    """Return quality against cost or time; the x axis is logarithmic where values lie far apart."""
    xs = [point.x for point in points]
    positive = [x for x in xs if x > 0]
    is_log = len(positive) == len(xs) and max(xs) > 20 * min(xs)
    axis = _Axis(_power(min(xs), math.floor), _power(max(xs), math.ceil), True)
    if not is_log or axis.low == axis.high:
        axis = _Axis(0.0, max(xs) * 1.1 or 1.0)
    y_axis = _Axis(0.0, 1.0)
    parts = _frame(axis, y_axis, x_label, y_label)
    placed: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda item: item.y):
        x, y = _x(axis, point.x), _y(y_axis, point.y)
        low, high = _y(y_axis, point.low), _y(y_axis, point.high)
        told = f"{point.label}: {_number(point.x)}, {point.y:.3f}"
        parts.append(
            f'<g stroke="{point.colour}" fill="{point.colour}"><title>{escape(told)}</title>'
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{low:.1f}" y2="{high:.1f}" stroke-width="2"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5"/></g>'
        )
        if len(points) <= _MOST_LABELS:
            parts.append(_label(point.label, x, y, placed))
    return _svg(parts, f"{y_label} against {x_label}")


def line_chart(
    series: Mapping[str, Mapping[int, float]],
    colours: Mapping[str, str],
    x_label: str,
    y_label: str,
) -> str:
    """Return lines over few whole numbers, which stand evenly apart."""
    places = sorted({x for line in series.values() for x in line})
    at = {x: index / max(1, len(places) - 1) for index, x in enumerate(places)}
    y_axis = _Axis(0.0, 1.0)
    parts = _frame(None, y_axis, x_label, y_label)
    for x in places:
        left = _LEFT + at[x] * (_WIDTH - _LEFT - _RIGHT)
        parts.append(_text(left, _HEIGHT - _BOTTOM + 16, str(x), "middle"))
    for name, line in series.items():
        spots = [
            (_LEFT + at[x] * (_WIDTH - _LEFT - _RIGHT), _y(y_axis, line[x])) for x in sorted(line)
        ]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(
            f'<g><title>{escape(name)}</title><polyline points="{way}" fill="none" '
            f'stroke="{colours[name]}" stroke-width="2"/></g>'
        )
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colours[name]}"/>' for x, y in spots
        ]
    return _svg(parts, f"{y_label} by {x_label}")


def _frame(axis: _Axis | None, y_axis: _Axis, x_label: str, y_label: str) -> list[str]:
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts = [
        f'<line class="axis" x1="{_LEFT}" x2="{right}" y1="{bottom}" y2="{bottom}"/>',
        _text((_LEFT + right) / 2, _HEIGHT - 8, x_label, "middle"),
        f'<g transform="translate(14 {(_TOP + bottom) / 2:.0f}) rotate(-90)">'
        f"{_text(0, 0, y_label, 'middle')}</g>",
    ]
    for tick in y_axis.ticks():
        y = _y(y_axis, tick)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{tick:.1f}", "end"))
    for tick in axis.ticks() if axis else ():
        if axis is not None and axis.low <= tick <= axis.high * 1.0001:
            parts.append(_text(_x(axis, tick), bottom + 16, _number(tick), "middle"))
    return parts


def _label(text: str, x: float, y: float, placed: list[tuple[float, float]]) -> str:
    anchor = "start" if x < _WIDTH * 0.6 else "end"
    left = x + 9 if anchor == "start" else x - 9
    top = y + 4
    while any(abs(top - other) < 12 and abs(x - at) < 150 for at, other in placed):
        top -= 12
    placed.append((x, top))
    return _text(left, top, text, anchor, "label")


def _text(x: float, y: float, text: str, anchor: str, kind: str = "tick") -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
    )


def _svg(parts: Sequence[str], title: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _x(axis: _Axis, value: float) -> float:
    return _LEFT + axis.share(value) * (_WIDTH - _LEFT - _RIGHT)


def _y(axis: _Axis, value: float) -> float:
    return _HEIGHT - _BOTTOM - axis.share(value) * (_HEIGHT - _TOP - _BOTTOM)


def _power(value: float, whole: Callable[[float], int]) -> float:
    return 10.0 ** whole(math.log10(value)) if value > 0 else 1.0


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step)) if step > 0 else 1.0
    return next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= step * 0.999)


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1_000 else f"{value:,.0f}"
