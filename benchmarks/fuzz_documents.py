"""Documents for the fuzz run, as hypothesis strategies: arbitrary, mutated and structured ones."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias, cast

from hypothesis import strategies as st

from benchmarks.fault_run import bench_catalog, good_workflows
from benchmarks.fuzz_expressions import Chooser
from benchmarks.fuzz_workflows import workflow_drawn
from flowloom.catalog.catalog import Catalog
from flowloom.workflow.models import KIND_KEYS

__all__ = ["KINDS", "Data", "arbitrary", "documents", "fuzz_catalog", "mutated", "structured"]

Data: TypeAlias = dict[str, Any]
KINDS = ("arbitrary", "mutated", "structured")
_WORDS = (
    *KIND_KEYS,
    *("id", "with", "do", "then", "else", "elif", "as", "steps", "name", "inputs", "outputs"),
    *("trigger", "cases", "when", "default", "catch", "finally", "collect", "concurrency"),
    *("max_iterations", "on_error", "retry", "timeout", "connection", "choices", "to", "type"),
    *("a", "s1", "item", "core.log", "message", "csv.read_file", "path", "http.get", "url"),
)
_EXPRESSIONS = (
    "steps.a.output",
    "${{ steps.a.output }}",
    "${{ a",
    "${{ inputs.x + 1 }}",
    "x ${{ item.name }} y",
    "size(steps.s1.output) > 0",
    "true",
    "${{ }}",
    "[1, 2]",
    "has(steps.a)",
)


@lru_cache(maxsize=1)
def fuzz_catalog() -> Catalog:
    """Return the catalog that the documents are made over and checked with."""
    return bench_catalog()


@lru_cache(maxsize=1)
def _good() -> tuple[Data, ...]:
    return tuple(sample.data for sample in good_workflows(fuzz_catalog()))


def arbitrary() -> st.SearchStrategy[Data]:
    """Return a strategy for data of any shape, with the language's words as keys and values."""
    words = st.sampled_from(_WORDS)
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    scalars = (
        words
        | st.sampled_from(_EXPRESSIONS)
        | st.none()
        | st.booleans()
        | numbers
        | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
    )
    keys = words | st.text(st.characters(exclude_categories=("Cs",)), max_size=4)
    values = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
        max_leaves=25,
    )
    steps = st.fixed_dictionaries(
        {"name": scalars, "steps": st.lists(st.dictionaries(words, values, max_size=5), max_size=4)}
    )
    return st.dictionaries(keys, values, max_size=6) | steps


@st.composite
def structured(draw: st.DrawFn) -> Data:
    """Draw a workflow over the catalog, as ``fuzz_workflows`` makes them."""
    careless = draw(st.sampled_from((False, False, True)))
    return workflow_drawn(Chooser(draw, careless=careless), fuzz_catalog())


@st.composite
def mutated(draw: st.DrawFn) -> Data:
    """Draw a good workflow, with one to three random changes."""
    choose = Chooser(draw, careless=True)
    data = copy.deepcopy(choose.one(_good()))
    for _ in range(choose.number(1, 3)):
        _mutate(choose, data)
    return data


def _mutate(choose: Chooser, data: Data) -> None:
    places = list(_places(data))
    if not places:
        return
    owner, key = choose.one(places)
    value = owner[key]
    change = choose.number(0, 7)
    if change <= 3 and isinstance(value, str):
        owner[key] = _other_text(choose, value, places)
    elif change == 4:
        del owner[key]
    elif change == 5:
        owner[key] = _scalar(choose)
    elif change == 6 and isinstance(owner, list):
        other = choose.number(0, len(owner) - 1)
        owner[key], owner[other] = owner[other], owner[key]
    else:
        other, place = choose.one(places)
        owner[key] = copy.deepcopy(other[place])


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in nested data: what holds it, and its key or index."""
    if isinstance(value, dict):
        for key, item in cast(dict[str, Any], value).items():
            yield cast(Any, value), key
            yield from _places(item)
    elif isinstance(value, list):
        for index, item in enumerate(cast(list[Any], value)):
            yield cast(Any, value), index
            yield from _places(item)


def _scalar(choose: Chooser) -> Any:
    return choose.one([*_EXPRESSIONS, *_WORDS, None, True, 0, -1, 3.5, [], {}, 10**20, "\x00"])


_PIECES = re.compile(r"[A-Za-z_]\w*|\d+|[=!<>]=|&&|\|\||[^\w\s]")
_NEW = ("==", "!=", "<", "&&", "||", "+", "/", ".", "[0]", "has", "size", "null", "''", "1", "1.5")


def _other_text(choose: Chooser, text: str, places: list[tuple[Any, Any]]) -> str:
    """Return a text with one of its words or signs left out, or another one in its place."""
    pieces = list(_PIECES.finditer(text))
    if not pieces:
        return choose.one(_EXPRESSIONS)
    found = choose.one(pieces)
    words = [piece.group() for piece in pieces]
    texts = [owner[key] for owner, key in places if isinstance(owner[key], str)]
    words += _PIECES.findall(choose.one(texts))
    new = choose.one(["", *_NEW, *words])
    return text[: found.start()] + new + text[found.end() :]


def documents(kinds: tuple[str, ...] = KINDS) -> st.SearchStrategy[Data]:
    """Return a strategy for documents of all kinds; two fifths are structured."""
    every = {"arbitrary": arbitrary(), "mutated": mutated(), "structured": structured()}
    return st.one_of(*(every[kind] for kind in kinds))
