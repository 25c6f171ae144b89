"""Faults of what a step gives to its component."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.fault_model import GONE, Call, Planting, Sample, fault
from benchmarks.fault_shape import renamed, slip
from flowloom.workflow.path import Path

__all__: list[str] = []


def kinds(schema: dict[str, Any]) -> set[str]:
    """Return the JSON types that a schema names at its top, empty if it names none."""
    kind = schema.get("type")
    return set(kind) if isinstance(kind, list) else {kind} if isinstance(kind, str) else set()


def at_inputs(
    sample: Sample, fits: Callable[[dict[str, Any]], bool], *values: Any
) -> Iterator[Planting]:
    """Yield the plantings that give wrong values to the literal inputs whose schema fits."""
    for use in sample.uses:
        for name, old, schema in use.literals():
            if fits(schema):
                yield from (
                    Planting(((use.at(name), value),), (use.at(name),))
                    for value in values
                    if value != old
                )


def with_format(
    sample: Sample, form: str, *values: str, add: dict[str, Any] | None = None
) -> Iterator[Planting]:
    """Yield the plantings of texts that have not the form; ``add`` is a step that can have one."""
    yield from at_inputs(sample, lambda schema: schema.get("format") == form, *values)
    if add is None:
        return
    for name, schema in sample.catalog[add["uses"]].inputs.items():
        if schema.get("format") == form:
            for value in values:
                step = {"id": sample.free_id(), **add, "with": {**add["with"], name: value}}
                edits, here = sample.at_end(step)
                yield Planting(edits, ((*here, "with", name),))


@fault("FL301")
def required_input_left_out(sample: Sample) -> Iterator[Planting]:
    """A required input is not given."""
    for use in sample.uses:
        for name in use.component.required:
            if name in use.inputs and "default" not in use.schema(name):
                yield Planting(((use.at(name), GONE),), (use.path, (*use.path, "with")))


@fault("FL301")
def no_inputs_at_all(sample: Sample) -> Iterator[Planting]:
    """``with`` is left out."""
    for use in sample.uses:
        if any("default" not in use.schema(name) for name in use.component.required):
            where = (*use.path, "with")
            yield Planting(((where, GONE),), (use.path, where))


@fault("FL302")
def misspelt_input(sample: Sample) -> Iterator[Planting]:
    """Two letters of an input's name are swapped."""
    for use in sample.uses:
        for name, value in use.inputs.items():
            new = slip(name)
            if name in use.component.inputs and new not in use.component.inputs:
                yield Planting(renamed(use.at(name), value, new), (use.at(new),))


@fault("FL302")
def invented_input(sample: Sample) -> Iterator[Planting]:
    """An input that sounds right and that the component does not have."""
    for use in sample.uses:
        for name, value in (("verbose", True), ("output_format", "json"), ("recipient_id", "x")):
            if name not in use.component.inputs:
                yield Planting(with_added(use, name, value), (use.at(name),))


def with_added(use: Call, name: str, value: Any) -> tuple[tuple[Path, Any], ...]:
    """Return the edit that gives one more input."""
    return (((*use.path, "with"), {**use.inputs, name: value}),)


@fault("FL101")
def input_beside_with(sample: Sample) -> Iterator[Planting]:
    """An input stands in the step itself, not below ``with``."""
    own = ("id", "name", "uses", "with", "connection", "retry", "timeout", "on_error", "to", "if")
    for call in sample.calls:
        for name, value in call.inputs.items():
            if name not in own:
                where = (*call.path, name)
                yield Planting(((call.at(name), GONE), (where, value)), (where,))


@fault("FL302")
def inner_input_one_level_up(sample: Sample) -> Iterator[Planting]:
    """A field of an object input stands beside the object."""
    for use in sample.uses:
        for name, value in use.inputs.items():
            inner = use.schema(name).get("properties", {})
            for key in value if isinstance(value, dict) else ():
                if key in inner and key not in use.component.inputs:
                    edits = ((use.at(name), {k: v for k, v in value.items() if k != key}),)
                    lifted = ((use.at(key), value[key]),)
                    yield Planting((*edits, *lifted), (use.at(key),))


@fault("FL303")
def text_where_a_number_goes(sample: Sample) -> Iterator[Planting]:
    """``limit: many``."""
    yield from at_inputs(
        sample,
        lambda schema: kinds(schema) <= {"integer", "number"} != set() and bool(kinds(schema)),
        "many",
        "a few",
    )


@fault("FL303")
def number_written_as_text(sample: Sample) -> Iterator[Planting]:
    """``limit: "50"``."""
    for use in sample.uses:
        for name, old, schema in use.literals():
            if kinds(schema) in ({"integer"}, {"number"}) and not isinstance(old, bool):
                yield Planting(((use.at(name), str(old)),), (use.at(name),))


@fault("FL303")
def fraction_where_an_integer_goes(sample: Sample) -> Iterator[Planting]:
    """``limit: 2.5``."""
    yield from at_inputs(sample, lambda schema: kinds(schema) == {"integer"}, 2.5)


@fault("FL303")
def text_where_a_boolean_goes(sample: Sample) -> Iterator[Planting]:
    """``overwrite: maybe``."""
    yield from at_inputs(sample, lambda schema: kinds(schema) == {"boolean"}, "maybe", 1)


@fault("FL303")
def list_where_a_text_goes(sample: Sample) -> Iterator[Planting]:
    """A list or an object as the text."""
    yield from at_inputs(
        sample,
        lambda schema: kinds(schema) == {"string"} and "enum" not in schema,
        ["a", "b"],
        {"text": "a"},
    )


@fault("FL303")
def text_where_a_list_goes(sample: Sample) -> Iterator[Planting]:
    """``labels: bug``."""
    yield from at_inputs(sample, lambda schema: kinds(schema) == {"array"}, "a, b", {"a": 1})


@fault("FL303")
def null_where_a_value_goes(sample: Sample) -> Iterator[Planting]:
    """``channel:`` with nothing behind it."""
    yield from at_inputs(
        sample, lambda schema: kinds(schema) in ({"string"}, {"integer"}, {"array"}), None
    )


@fault("FL303")
def wrong_item_in_a_list(sample: Sample) -> Iterator[Planting]:
    """One entry of a list has another type."""
    for use in sample.uses:
        for name, old, schema in use.literals():
            if isinstance(old, list) and kinds(schema.get("items", {})) == {"string"}:
                yield Planting(((use.at(name), [*old, 7]),), ((*use.at(name), len(old)),))


@fault("FL303")
def key_left_out_of_an_object(sample: Sample) -> Iterator[Planting]:
    """An object input without a key that it needs."""
    for use in sample.uses:
        for name, value in use.inputs.items():
            for path, inner, schema in _objects(use.at(name), value, use.schema(name)):
                for key in schema.get("required", ()):
                    if key in inner:
                        yield Planting((((*path, key), GONE),), (path, use.at(name)), within=True)


def _objects(
    path: Path, value: Any, schema: dict[str, Any]
) -> Iterator[tuple[Path, dict[str, Any], dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value, schema
        for key, inner in value.items():
            yield from _objects((*path, key), inner, schema.get("properties", {}).get(key, {}))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _objects((*path, index), inner, schema.get("items", {}))


@fault("FL303")
def value_that_is_no_choice(sample: Sample) -> Iterator[Planting]:
    """A value that the enumeration does not have."""
    yield from at_inputs(sample, lambda schema: "enum" in schema, "whatever", "none of these")


@fault("FL303")
def choice_in_another_case(sample: Sample) -> Iterator[Planting]:
    """``state: OPEN`` for ``open``."""
    for use in sample.uses:
        for name, old, schema in use.literals():
            if "enum" in schema and isinstance(old, str) and old.swapcase() not in schema["enum"]:
                yield Planting(((use.at(name), old.swapcase()),), (use.at(name),))


@fault("FL303")
def number_below_the_least(sample: Sample) -> Iterator[Planting]:
    """A number below ``minimum``."""
    for use in sample.uses:
        for name, _, schema in use.literals():
            if "minimum" in schema:
                yield Planting(((use.at(name), schema["minimum"] - 1),), (use.at(name),))


@fault("FL303")
def number_above_the_most(sample: Sample) -> Iterator[Planting]:
    """A number above ``maximum``."""
    for use in sample.uses:
        for name, _, schema in use.literals():
            if "maximum" in schema:
                yield Planting(((use.at(name), schema["maximum"] + 1),), (use.at(name),))


@fault("FL303")
def too_few_entries(sample: Sample) -> Iterator[Planting]:
    """A list with fewer entries than it needs."""
    for use in sample.uses:
        for name, schema in use.component.inputs.items():
            if schema.get("minItems", 0) > 0 and name in use.inputs:
                yield Planting(((use.at(name), []),), (use.at(name),))


@fault("FL304")
def bad_email(sample: Sample) -> Iterator[Planting]:
    """An address without @, or without a host."""
    bad = ("ops at example.com", "ops@", "@example.com", "ops")
    yield from with_format(sample, "email", *bad)
    for use in sample.uses:
        if use.component.id == "email.send" and "${{" not in str(use.inputs["to"]):
            yield Planting(((use.at("to"), [bad[0]]),), (use.at("to"),))


@fault("FL304", "FL307")  # Text or list of texts: the form of the text, or none of both.
def bad_email_where_a_list_may_stand(sample: Sample) -> Iterator[Planting]:
    """An address without host where one address or several may be given."""
    yield from at_inputs(sample, lambda schema: "anyOf" in schema, "ops at example.com", "ops@")


@fault("FL304")
def bad_uri(sample: Sample) -> Iterator[Planting]:
    """An address of the web without scheme, or with a space."""
    add = {"uses": "http.get", "with": {}}
    yield from with_format(sample, "uri", "example.com/a", "http//example.com", "https://", add=add)


@fault("FL304")
def bad_date(sample: Sample) -> Iterator[Planting]:
    """A day that does not exist, or in another order."""
    add = {"uses": "todoist.tasks.create", "connection": "todoist", "with": {"content": "x"}}
    yield from with_format(sample, "date", "2026-02-30", "24.12.2026", "tomorrow", add=add)


@fault("FL304")
def bad_time(sample: Sample) -> Iterator[Planting]:
    """A time that does not exist."""
    add = {"uses": "core.wait_until", "with": {}}
    bad = ("2026-13-01T00:00:00Z", "2026-01-01T25:00:00Z", "next monday")
    yield from with_format(sample, "date-time", *bad, add=add)


@fault("FL304")
def bad_duration(sample: Sample) -> Iterator[Planting]:
    """``5 minuets``."""
    add = {"uses": "core.wait", "with": {}}
    yield from with_format(sample, "duration", "5 minuets", "soon", "P", add=add)


@fault("FL304")
def bad_cron(sample: Sample) -> Iterator[Planting]:
    """A schedule with a field too many, or out of range."""
    bad = ("0 25 * * *", "* * * *", "0 0 9 * * 1-5", "every morning", "61 * * * *", "0 9 * * 8")
    yield from with_format(sample, "cron", *bad)


@fault("FL304")
def bad_time_zone(sample: Sample) -> Iterator[Planting]:
    """``Europe/Seoul``."""
    add = {"uses": "date.now", "with": {}}
    yield from with_format(sample, "timezone", "Europe/Seoul", "CEST time", "UTC+9", add=add)


@fault("FL304")
def bad_regular_expression(sample: Sample) -> Iterator[Planting]:
    """A pattern with an open bracket."""
    add = {"uses": "text.extract", "with": {"text": "x"}}
    yield from with_format(sample, "regex", "([0-9]+", "*abc", "[z-a]", add=add)


@fault("FL304")
def bad_sql(sample: Sample) -> Iterator[Planting]:
    """SQL that does not parse."""
    add = {"uses": "sql.query", "connection": "bench-db", "with": {}}
    bad = (
        "selec * from orders",
        "select from where",
        "select * from orders where (a = 1",
        "select 'open from orders",
        "get all the orders",
    )
    yield from with_format(sample, "sql", *bad, add=add)


@fault("FL304")
def text_without_its_pattern(sample: Sample) -> Iterator[Planting]:
    """A text that does not match the input's ``pattern``."""
    yield from at_inputs(sample, lambda schema: "pattern" in schema, "orders", "no slash")


@fault("FL305")
def expression_of_another_type(sample: Sample) -> Iterator[Planting]:
    """A list where a text goes, a text where a number or a list goes."""
    values = {
        "string": "${{ [1, 2] }}",
        "integer": "${{ run.id }}",
        "number": "${{ run.id }}",
        "array": "${{ run.id }}",
        "boolean": "${{ run.id }}",
    }
    for use in sample.calls:
        for name in use.inputs:
            kind = kinds(use.schema(name))
            if len(kind) == 1 and kind <= set(values):
                where = use.at(name)
                yield Planting(
                    ((where, values[kind.copy().pop()]),),
                    (where,),
                    ("FL305", "FL407") if kind == {"string"} else (),
                )


@fault("FL305")
def number_into_a_text_input(sample: Sample) -> Iterator[Planting]:
    """An int expression where a text goes."""
    for use in sample.calls:
        for name in use.inputs:
            if kinds(use.schema(name)) == {"string"} and "enum" not in use.schema(name):
                yield Planting(((use.at(name), "${{ size(run.id) }}"),), (use.at(name),))


@fault("FL306")
def field_that_the_items_do_not_have(sample: Sample) -> Iterator[Planting]:
    """``field: amuont`` for a list whose items are known."""
    for call in sample.calls:
        if call.component.id in ("list.sort", "list.filter", "list.group_by", "list.pluck"):
            step = sample.by_id.get(str(call.inputs.get("items")).split(".")[1])
            used = sample.call(step.id) if step else None
            items = used.component.output.get("items", {}) if used else {}
            if items.get("properties"):
                yield Planting(((call.at("field"), "no_such_field"),), (call.at("field"),))
    sort = {
        "id": "planted_sort",
        "uses": "list.sort",
        "with": {"items": "${{ steps.planted_files.output }}", "field": "nmae"},
    }
    files = {"id": "planted_files", "uses": "file.list", "with": {"directory": "in"}}
    edits, here = sample.at_end(files, sort)
    where = (*here[:-1], int(here[-1]) + 1, "with", "field")
    yield Planting(edits, (where,), repair=((where, "name"),))


@fault("FL303")
def value_that_fits_none_of_several(sample: Sample) -> Iterator[Planting]:
    """A number where a text or a list of texts goes."""
    yield from at_inputs(sample, lambda schema: "anyOf" in schema or "oneOf" in schema, 5, {"a": 1})


@fault("FL307")
def inputs_that_exclude_each_other(sample: Sample) -> Iterator[Planting]:
    """Both of two inputs of which only one may be given."""
    for call in sample.calls:
        if call.component.id == "bench.notify":
            name, value = ("user", "ada") if "channel" in call.inputs else ("channel", "#eng")
            yield Planting(
                with_added(call, name, value),
                (call.path, (*call.path, "with"), call.at("user"), call.at("channel")),
            )
    both = {"text": "Hello", "channel": "#eng", "user": "ada"}
    edits, here = sample.at_end({"id": sample.free_id(), "uses": "bench.notify", "with": both})
    yield Planting(edits, (here, (*here, "with")), within=True)


@fault("FL308")
def none_of_the_inputs_of_which_one_must_be(sample: Sample) -> Iterator[Planting]:
    """None of two inputs of which one must be given."""
    for call in sample.calls:
        name = next((name for name in ("channel", "user") if name in call.inputs), "")
        if call.component.id == "bench.notify" and name:
            yield Planting(((call.at(name), GONE),), (call.path, (*call.path, "with")))
    step = {"id": sample.free_id(), "uses": "bench.notify", "with": {"text": "Hello"}}
    edits, here = sample.at_end(step)
    yield Planting(edits, (here, (*here, "with")))
