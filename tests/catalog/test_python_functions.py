"""The source "Python functions": schemas from hints and docstrings, users' modules, calls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from flowloom.catalog.component import Component, McpRun
from flowloom.catalog.docstrings import read_docstring
from flowloom.catalog.python_functions import (
    Account,
    Injected,
    component,
    component_from_function,
    components_from_module,
    import_target,
)
from flowloom.catalog.run_python import call_python
from flowloom.catalog.type_schema import pydantic_schema_of, schema_of
from flowloom.errors import CatalogError, ComponentError


class Point(TypedDict):
    """A point.

    Attributes:
        x: how far right,
            in metres.
        title: its name.
    """

    x: float
    title: NotRequired[str]


@dataclasses.dataclass
class Box:
    """A box."""

    corner: Point
    tags: list[str]


class Node(BaseModel):
    """A model that contains itself."""

    children: list[Node] = []


@component(
    id="shapes.move",
    keywords=["shift"],
    kind="transform",
    effect="write",
    connection="cad",
    taint={"script": "code"},
)
def move_point(
    point: Point,
    by: Annotated[int, Field(ge=1, description="from the hint")] = 1,
    unit: Literal["m", "cm"] = "m",
    script: str | None = None,
    *,
    connection: Account,
    clock: Injected[Callable[[], float] | None] = None,
) -> list[Point]:
    """Move a point,
    and return it.

    More that is not shown.

    Args:
        point: what to move.
        unit (str): the unit.

    Returns:
        The point.
    """
    step = by * (0.01 if unit == "cm" else 1)
    return [{"x": point["x"] + step + (clock() if clock else 0) + len(connection)}]


def test_a_decorated_function_becomes_a_component() -> None:
    made = component_from_function(move_point)
    point = {
        "type": "object",
        "properties": {
            "x": {"type": "number", "description": "how far right, in metres."},
            "title": {"type": "string", "description": "its name."},
        },
        "required": ["x"],
    }
    assert (made.id, made.title, made.kind, made.effect) == (
        "shapes.move",
        "Move point",
        "transform",
        "write",
    )
    assert made.description == "Move a point, and return it."
    assert made.connection is not None
    assert made.connection.type == "cad"
    assert made.taint == {"script": "code"}
    assert made.input == {
        "type": "object",
        "properties": {
            "point": {**point, "description": "what to move."},
            "by": {
                "type": "integer",
                "minimum": 1,
                "default": 1,
                "description": "from the hint",
            },
            "unit": {
                "type": "string",
                "enum": ["m", "cm"],
                "default": "m",
                "description": "the unit.",
            },
            "script": {"type": "string"},
        },
        "required": ["point"],
        "additionalProperties": False,
    }
    assert made.output == {"type": "array", "items": point}


async def test_a_component_is_called_with_what_the_runner_gives() -> None:
    made = component_from_function(move_point)
    inputs = {"point": {"x": 1}, "by": 2}
    output = await call_python(made, inputs, {"key": "k"}, {"clock": lambda: 10, "other": 1})
    assert output == [{"x": 14}]


@pytest.mark.parametrize(
    ("inputs", "connection", "message"),
    [
        ({}, {"k": "v"}, "'point' is a required property"),
        ({"point": {"x": "far"}}, {"k": "v"}, "in input 'point.x'"),
        ({"point": {"x": 1}, "by": 0}, {"k": "v"}, "in input 'by'"),
        ({"point": {"x": 1}, "spead": 1}, {"k": "v"}, "'spead' was unexpected"),
        ({"point": {"x": 1}}, {}, "without a connection of type 'cad'"),
    ],
)
async def test_calls_that_cannot_run(
    inputs: dict[str, Any], connection: dict[str, str], message: str
) -> None:
    with pytest.raises(ComponentError) as raised:
        await call_python(component_from_function(move_point), inputs, connection)
    assert message in str(raised.value)
    assert "'shapes.move'" in str(raised.value)


async def test_only_python_functions_can_be_called() -> None:
    with pytest.raises(CatalogError, match="is not a Python function"):
        await call_python(Component(id="a", run=McpRun(tool="t")), {})


HINTS: list[Any] = [
    str,
    Any,
    list,
    dict,
    bool,
    list[int],
    dict[str, Any],
    dict[str, float],
    str | int | None,
    Literal["a"],
    Literal[1, 2],
    Annotated[list[str], Field(min_length=1, max_length=3)],
    Annotated[float, Field(gt=0, lt=1)],
    Annotated[str, Field(max_length=3, json_schema_extra={"format": "uri"})],
]


@pytest.mark.parametrize("hint", HINTS, ids=str)
def test_plain_hints_give_what_pydantic_gives(hint: Any) -> None:
    assert schema_of(hint) == pydantic_schema_of(hint)


def test_other_hints_go_through_pydantic_without_references() -> None:
    schema = schema_of(dict[str, Box])
    inner = schema["additionalProperties"]
    assert inner["properties"]["tags"] == {"type": "array", "items": {"type": "string"}}
    # A property may be called "title": only schema titles are left out.
    assert set(inner["properties"]["corner"]["properties"]) == {"x", "title"}


@pytest.mark.parametrize(
    ("hint", "message"),
    [(Node, "'Node' contains itself"), (Callable[[], int], "no JSON Schema")],
)
def test_hints_without_a_schema(hint: Any, message: str) -> None:
    with pytest.raises(CatalogError, match=message):
        schema_of(hint)


def test_docstrings() -> None:
    text = read_docstring(
        "One.\n\nArgs:\n  a: first\n    more: of it\n  *b (int): second\n\nRaises:\n  X: y\n"
    )
    assert text.summary == "One."
    assert text.entries == {"a": "first more: of it", "b": "second"}
    assert read_docstring(None).summary == ""


BILLING = '''
"""Our billing."""
from __future__ import annotations
from collections.abc import Iterator
import asyncio
from json import dumps


def tax(amount: float, rate: float = 0.19) -> float:
    """Return the tax on an amount.

    Args:
        amount: the net amount.
    """
    return amount * rate


async def slow_tax(amount: float) -> float:
    """Return the tax, later."""
    await asyncio.sleep(0)
    if amount < 0:
        raise ValueError("negative")
    return amount * 0.19


def _hidden() -> None: ...
'''


@pytest.fixture
def billing(tmp_path: Path) -> Path:
    file = tmp_path / "flowloom_test_billing.py"
    file.write_text(BILLING)
    return file


async def test_a_users_file_offers_its_public_functions(billing: Path) -> None:
    tax, slow = components_from_module(billing)
    assert (tax.id, slow.id) == ("flowloom_test_billing.tax", "flowloom_test_billing.slow_tax")
    assert tax.source == str(billing)
    assert tax.inputs["rate"] == {"type": "number", "default": 0.19}
    assert tax.inputs["amount"]["description"] == "the net amount."
    assert await call_python(tax, {"amount": 100}) == 19
    assert await call_python(slow, {"amount": 100}) == 19
    with pytest.raises(ComponentError, match=r"slow_tax' failed with ValueError: negative"):
        await call_python(slow, {"amount": -1})
    assert components_from_module(str(billing)) == (tax, slow)


def test_a_module_that_decorates_offers_only_what_it_decorates() -> None:
    assert [made.id for made in components_from_module(__name__)] == ["shapes.move"]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def f(a) -> int:\n    'Do.'\n", "parameter 'a' of 'bad:f' has no type hint"),
        ("def f(a: int):\n    'Do.'\n", "'bad:f' has no return type"),
        ("def f(a: int) -> int: ...\n", "'bad:f' has no docstring"),
        ("def f(*a: int) -> int:\n    'Do.'\n", "which no schema can describe"),
        ("def f(a: 'Gone') -> int:\n    'Do.'\n", "type hints of 'bad:f' cannot be read"),
        ("x = 1\n", "has no public function"),
        ("def f(:\n", "cannot be imported"),
        ("import gone_package\n", "cannot be imported (ModuleNotFoundError"),
        ("{}['key']\n", "cannot be imported (KeyError: 'key')"),
    ],
)
def test_what_cannot_be_described_is_named(tmp_path: Path, code: str, message: str) -> None:
    file = tmp_path / "bad.py"
    file.write_text(code)
    with pytest.raises(CatalogError) as raised:
        components_from_module(file)
    assert message in str(raised.value)


def test_a_file_that_failed_can_be_mended_and_loaded(tmp_path: Path) -> None:
    file = tmp_path / "flowloom_test_mended.py"
    file.write_text("1 / 0\n")
    with pytest.raises(CatalogError, match="ZeroDivisionError"):
        components_from_module(file)
    file.write_text("def f(a: int) -> int:\n    'Do it.'\n    return a\n")
    (made,) = components_from_module(file)
    assert made.description == "Do it."


def test_a_target_that_does_not_exist() -> None:
    with pytest.raises(CatalogError, match="has no function 'gone'"):
        import_target("flowloom.catalog.builtin.text:gone")
    with pytest.raises(CatalogError, match="cannot be imported"):
        import_target("flowloom.gone:f")


async def test_a_polling_function_gives_the_list_of_its_outputs() -> None:
    made = component_from_function(_poll, target=f"{__name__}:_poll", id="poll")
    assert made.output == {"type": "integer"}
    assert await call_python(made, {"count": 2}) == [0, 1]


def _poll(count: int) -> Iterator[int]:
    """Give numbers."""
    yield from range(count)
