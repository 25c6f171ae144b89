"""What a workflow differs in from the accepted one that is nearest, in words, place by place.

Compared are trigger, components, kinds of steps, order, nesting, conditions, ``retry``,
``on_error`` and inputs. Not compared: names, descriptions, connections, whom a question goes to,
names and schemas of run inputs, ``timeout``, ``concurrency``, ``collect``, and ``outputs`` unless
they are expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from flowloom.catalog.catalog import Catalog
from flowloom.evaluation.equality.expressions import references
from flowloom.evaluation.equality.normal_form import Defaults, normal_workflow, positions

__all__ = ["defaults_of", "differences"]

_ONLY_IF_EXPECTED = frozenset({"to", "outputs"})


def defaults_of(catalog: Catalog) -> dict[str, dict[str, Any]]:
    """Return the default of each input that has one, by component."""
    return {
        component.id: {
            name: schema["default"]
            for name, schema in cast(dict[str, Any], component.inputs).items()
            if isinstance(schema, dict) and "default" in schema
        }
        for component in catalog
    }


def differences(
    got: dict[str, Any],
    accepted: Sequence[dict[str, Any]],
    free: Sequence[str] = (),
    defaults: Defaults | None = None,
) -> list[str]:
    """Return how a workflow differs from the accepted one that is nearest; empty if it is exact.

    Args:
        got: plain data of a workflow whose shape is right.
        accepted: the workflows that are right.
        free: places whose wording is free; see ``flowloom.evaluation.cases.Case``.
        defaults: the default of each input, by component; see ``defaults_of``.
    """
    found = [_differences(want, got, free, defaults) for want in accepted]
    return min(found, key=len, default=["no workflow is expected"])


def _differences(
    want: dict[str, Any], got: dict[str, Any], free: Sequence[str], defaults: Defaults | None
) -> list[str]:
    free_places = _free_places(want, free)
    asked = frozenset(place for place, key in free_places if key == "choices")
    left, right = (
        normal_workflow(item, questions=asked, defaults=defaults) for item in (want, got)
    )
    return list(_compare("", left, right, frozenset(free_places)))


def _free_places(want: dict[str, Any], free: Sequence[str]) -> list[tuple[str, str]]:
    places = {**positions(want), "trigger": "trigger"}
    parts = [entry.split(".", 1) for entry in free]
    return [(places[step], key) for step, key in parts if step in places]


def _compare(path: str, want: Any, got: Any, free: frozenset[tuple[str, str]]) -> Iterator[str]:
    if isinstance(want, dict) and isinstance(got, dict):
        yield from _compare_keys(path, want, got, free)
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{path}: expected {len(want)} entries, got {len(got)}: {_short(got)}"
            return
        for index, (one, other) in enumerate(zip(want, got, strict=True)):
            yield from _compare(f"{path}[{index}]", one, other, free)
    elif want != got:
        yield f"{path}: expected {_short(want)}, got {_short(got)}"


def _compare_keys(
    path: str, want: dict[str, Any], got: dict[str, Any], free: frozenset[tuple[str, str]]
) -> Iterator[str]:
    place = str(want.get("place", ""))
    for key in dict.fromkeys([*want, *got]):
        here = f"{path}.{key}".lstrip(".")
        left, right = want.get(key), got.get(key)
        if key == "place" or (key in _ONLY_IF_EXPECTED and key not in want):
            continue
        if (place, key) in free:
            yield from _lost_references(here, left, right)
        elif key == "with" and place and left is not None and right is not None:
            yield from _compare_inputs(here, place, left, right, free)
        elif key == "retry" and left and right:
            yield from _compare(here, left, {name: right.get(name) for name in left}, free)
        else:
            yield from _compare(here, left, right, free)


def _compare_inputs(
    path: str,
    place: str,
    want: dict[str, Any],
    got: dict[str, Any],
    free: frozenset[tuple[str, str]],
) -> Iterator[str]:
    for name in sorted({*want, *got}):
        here = f"{path}.{name}"
        if (place, name) in free:
            yield from _lost_references(here, want.get(name), got.get(name))
        elif name not in want:
            yield f"{here}: not asked for, got {_short(got[name])}"
        elif name not in got:
            yield f"{here}: expected {_short(want[name])}, it is missing"
        elif want[name] != got[name]:
            yield f"{here}: expected {_short(want[name])}, got {_short(got[name])}"


def _lost_references(path: str, want: Any, got: Any) -> Iterator[str]:
    lost = _references_in(want) - _references_in(got)
    if lost:
        yield f"{path}: expected a reference to {', '.join(sorted(lost))}, got {_short(got)}"


def _references_in(value: Any) -> frozenset[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return frozenset[str]().union(*(_references_in(item) for item in value))
    if not isinstance(value, str) or "${{" not in value:
        return frozenset()
    inner = (part.split(" }}")[0] for part in value.split("${{ ")[1:])
    return frozenset[str]().union(*(references(text) for text in inner))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:157]}..."
