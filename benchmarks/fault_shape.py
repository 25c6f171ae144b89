"""Faults of the document's shape: keys, kinds, ids, empty lists, sizes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.fault_model import GONE, Edit, Planting, Sample, fault
from flowloom.workflow.path import Path

__all__: list[str] = []

STEP_KEYS = (
    "with",
    "connection",
    "retry",
    "timeout",
    "on_error",
    "collect",
    "do",
    "then",
    "else",
    "cases",
    "default",
    "try",
    "catch",
    "finally",
    "choices",
    "max_iterations",
    "name",
)


def slip(word: str) -> str:
    """Return a word with two letters swapped, as a quick hand writes it."""
    middle = len(word) // 2
    for at in (*range(middle, len(word)), *range(1, middle)):
        if word[at - 1] != word[at]:
            return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return word + "x"


def renamed(path: Path, value: Any, new: str) -> tuple[Edit, ...]:
    """Return the edits that give a key another name."""
    return ((path, GONE), ((*path[:-1], new), value))


@fault("FL101")
def misspelt_key_of_a_step(sample: Sample) -> Iterator[Planting]:
    """``wiht`` for ``with``: what the step says with it is lost."""
    for node in sample.nodes:
        for key in STEP_KEYS:
            if key in node.data and key != "try":  # without ``try`` the kind is unknown
                new = slip(key)
                edits = renamed((*node.path, key), node.get(key), new)
                yield Planting(edits, ((*node.path, new),))


@fault("FL101")
def misspelt_key_at_the_top(sample: Sample) -> Iterator[Planting]:
    """``ouputs`` for ``outputs``."""
    for key in ("description", "inputs", "trigger", "outputs"):
        if key in sample.data:
            yield Planting(renamed((key,), sample.data[key], slip(key)), ((slip(key),),))


@fault("FL101")
def misspelt_key_of_the_trigger(sample: Sample) -> Iterator[Planting]:
    """``wiht`` below ``trigger``."""
    if "with" in sample.data.get("trigger", {}):
        value = sample.data["trigger"]["with"]
        yield Planting(renamed(("trigger", "with"), value, "wiht"), (("trigger", "wiht"),))


@fault("FL101")
def key_of_another_language(sample: Sample) -> Iterator[Planting]:
    """A key that exists elsewhere: ``needs`` of GitHub Actions, ``depends_on``, ``next``."""
    for node in sample.nodes:
        for key, value in (("needs", "a"), ("depends_on", ["a"]), ("next", "b"), ("run", "ls")):
            yield Planting((((*node.path, key), value),), ((*node.path, key),))


@fault("FL102")
def step_without_id(sample: Sample) -> Iterator[Planting]:
    """A step that nobody refers to has no ``id``."""
    named = json.dumps(sample.data)
    for node in sample.nodes:
        if f"steps.{node.id}" not in named:
            yield Planting((((*node.path, "id"), GONE),), (node.path, (*node.path, "id")))


@fault("FL102")
def block_left_out(sample: Sample) -> Iterator[Planting]:
    """A loop without ``do``, an ``if`` without ``then``, a switch without ``cases``."""
    for node in sample.nodes:
        for key in ("then", "do", "cases"):
            if key in node.data:
                where = (*node.path, key)
                yield Planting(((where, GONE),), (node.path, where))


@fault("FL102")
def case_without_when(sample: Sample) -> Iterator[Planting]:
    """A case that does not say when."""
    for node in sample.of("switch"):
        for index in range(len(node.data["cases"])):
            where = (*node.path, "cases", index, "when")
            yield Planting(((where, GONE),), (where[:-1], where))


@fault("FL102")
def workflow_without_name(sample: Sample) -> Iterator[Planting]:
    """No ``name`` at the top."""
    yield Planting(((("name",), GONE),), ((), ("name",)))


@fault("FL102")
def workflow_without_steps(sample: Sample) -> Iterator[Planting]:
    """No ``steps`` at the top."""
    yield Planting(((("steps",), GONE),), ((), ("steps",)))


@fault("FL103")
def step_without_kind(sample: Sample) -> Iterator[Planting]:
    """A step with ``with`` and without ``uses``."""
    for call in sample.calls:
        yield Planting((((*call.path, "uses"), GONE),), (call.path,))


@fault("FL103")
def misspelt_kind(sample: Sample) -> Iterator[Planting]:
    """``usse``, ``foreach``, ``for-each``, ``repeat``: no kind of step."""
    other = {
        "uses": "usse",
        "for_each": "foreach",
        "while": "repeat",
        "switch": "match",
        "parallel": "paralel",
        "stop": "exit",
        "ask": "prompt",
        "wait": "sleep",
    }
    for node in sample.nodes:
        for key, new in other.items():
            if key in node.data:
                yield Planting(
                    renamed((*node.path, key), node.get(key), new), (node.path,), within=True
                )


@fault("FL101", "FL103")  # The key that is too many, or the kind that is in doubt: both are right.
def two_kinds_in_one_step(sample: Sample) -> Iterator[Planting]:
    """A step with ``uses`` and ``if``, as GitHub Actions have it, or with ``uses`` and ``wait``."""
    for call in sample.calls:
        for key, value in (("if", "1 < 2"), ("wait", "5s"), ("stop", "the end")):
            yield Planting((((*call.path, key), value),), ((*call.path, key), call.path))


@fault("FL104")
def id_is_no_identifier(sample: Sample) -> Iterator[Planting]:
    """An id that expressions cannot name."""
    named = json.dumps(sample.data)
    for node in sample.nodes:
        if f"steps.{node.id}" not in named:
            for bad in (f"1{node.id}", f"{node.id}-2", "two words", "", "a" * 65, "naïve"):
                where = (*node.path, "id")
                yield Planting(((where, bad),), (where,))


@fault("FL112")
def id_is_a_word_of_the_expressions(sample: Sample) -> Iterator[Planting]:
    """``id: in``: no expression can name the step."""
    named = json.dumps(sample.data)
    for node in sample.nodes:
        if f"steps.{node.id}" not in named:
            for word in ("in", "true", "false", "null"):
                where = (*node.path, "id")
                yield Planting(((where, word),), (where,))


@fault("FL104")
def loop_variable_is_no_identifier(sample: Sample) -> Iterator[Planting]:
    """A name after ``as`` that expressions cannot use; nothing uses it."""
    for node in sample.of("for_each"):
        if f"{node.get('as') or 'item'}" not in json.dumps([node.get("do"), node.get("collect")]):
            where = (*node.path, "as")
            yield Planting(((where, "the row"),), (where,))
    edits, here = sample.at_end(
        {
            "id": sample.free_id(),
            "for_each": "[1, 2]",
            "as": "a row",
            "do": [{"id": "planted_log", "uses": "core.log", "with": {"message": "x"}}],
        }
    )
    yield Planting(edits, ((*here, "as"),), repair=(((*here, "as"), "a_row"),))


@fault("FL105", "FL104")  # An id that is a number is no text, and no identifier.
def key_with_a_wrong_type(sample: Sample) -> Iterator[Planting]:
    """A number where a text goes, a text where a list goes."""
    wrong = {
        "uses": 3,
        "with": ["a"],
        "connection": 5,
        "retry": "often",
        "timeout": 30,
        "then": "log",
        "do": {"id": "x"},
        "parallel": "both",
        "choices": "yes",
        "ask": 4,
        "as": 1,
        "collect": True,
        "max_iterations": "ten",
        "concurrency": "two",
        "stop": None,
    }
    for node in sample.nodes:
        for key, value in wrong.items():
            if key in node.data:
                where = (*node.path, key)
                yield Planting(((where, value),), (where,), within=True)


@fault("FL105")
def step_is_a_text(sample: Sample) -> Iterator[Planting]:
    """A text in the list of steps."""
    ((block, steps),) = sample.at_end({})[0]
    index = steps.index({})
    yield Planting(
        ((block, [*steps[:index], "then log it", *steps[index + 1 :]]),),
        (("steps", index),),
        ("FL105", "FL103"),
    )


@fault("FL105")
def setting_out_of_its_range(sample: Sample) -> Iterator[Planting]:
    """Retries, durations and limits that the language does not allow."""
    for call in sample.calls:
        wrong: tuple[tuple[Path, Any, Any], ...] = (
            (("retry",), {"max_attempts": 0}, "max_attempts"),
            (("retry",), {"delay": "soon"}, "delay"),
            (("retry",), {"backoff": 0.1}, "backoff"),
            (("timeout",), "half an hour", None),
            (("on_error",), "ignore", None),
        )
        for key, value, deeper in wrong:
            where = (*call.path, *key, *([deeper] if deeper else []))
            yield Planting((((*call.path, *key), value),), (where,))
    for kind, key in (("while", "max_iterations"), ("for_each", "concurrency")):
        for node in sample.of(kind):
            yield Planting((((*node.path, key), 0),), ((*node.path, key),))
    for node in sample.of("stop"):
        yield Planting((((*node.path, "status"), "done"),), ((*node.path, "status"),))


@fault("FL105", "FL304")  # The language's own duration; whether type or form is wrong is the same.
def wait_for_no_duration(sample: Sample) -> Iterator[Planting]:
    """``wait: a moment``."""
    for bad in ("a moment", "10 minuets", "5x", "-3s"):
        edits, here = sample.at_end({"id": sample.free_id(), "wait": bad})
        yield Planting(edits, ((*here, "wait"),))


@fault("FL106", "FL105")  # `name: ''` is a text too short; the list that needs an entry is FL106.
def empty_where_something_must_be(sample: Sample) -> Iterator[Planting]:
    """No steps, no cases, no branches, no name."""
    yield Planting(((("steps",), []),), (("steps",),))
    yield Planting(((("name",), ""),), (("name",),))
    for kind, key in (("switch", "cases"), ("parallel", "parallel")):
        for node in sample.of(kind):
            yield Planting((((*node.path, key), []),), ((*node.path, key),))


@fault("FL107")
def id_taken_twice(sample: Sample) -> Iterator[Planting]:
    """A step with the id of an earlier one."""
    named = json.dumps(sample.data)
    for index, node in enumerate(sample.nodes[1:], 1):
        if f"steps.{node.id}" not in named:
            where = (*node.path, "id")
            yield Planting(((where, sample.nodes[index - 1].id),), (where,))


@fault("duplicate key")
def yaml_key_twice(sample: Sample) -> Iterator[Planting]:
    """The same key twice in one step of the YAML text: one of them would be lost."""
    for node in sample.nodes:
        lines = json.dumps({key: value for key, value in node.data.items()}, ensure_ascii=False)
        twice = lines[:-1] + ', "id": ' + json.dumps(node.id) + "}"
        text = json.dumps(sample.data, ensure_ascii=False).replace(lines, twice, 1)
        if twice in text:
            yield Planting((), ((*node.path, "id"),), text=text)


@fault("FL108")
def block_with_nothing_in_it(sample: Sample) -> Iterator[Planting]:
    """``then: []``: what it was for is lost."""
    named = json.dumps(sample.data)
    for node in sample.nodes:
        for key in ("then", "do", "try"):
            block: list[dict[str, Any]] = node.get(key) or []
            inside = json.dumps(block)
            if (
                block
                and not any(
                    f"steps.{other.id}" in named
                    for other in sample.nodes
                    if f'"{other.id}"' in inside
                )
                and "collect" not in node.data
            ):
                yield Planting((((*node.path, key), []),), ((*node.path, key),))


@fault("FL109")
def blocks_too_deep(sample: Sample) -> Iterator[Planting]:
    """Thirteen levels of blocks around one step."""
    inner: dict[str, Any] = sample.log()
    for depth in range(13):
        inner = {"id": f"planted_level_{depth}", "parallel": [[inner]]}
    edits, here = sample.at_end(inner)
    yield Planting(edits, (here,), within=True)


@fault("FL110")
def loop_variable_hides_a_name(sample: Sample) -> Iterator[Planting]:
    """``as: steps``, or the name of the loop around it."""
    body = {"uses": "core.log", "with": {"message": "x"}}
    for name in ("steps", "inputs", "trigger", "run", "error", "index"):
        step = {
            "id": sample.free_id(),
            "for_each": "[1, 2]",
            "as": name,
            "do": [{"id": "planted_log", **body}],
        }
        edits, here = sample.at_end(step)
        yield Planting(edits, ((*here, "as"),), repair=(((*here, "as"), "one"),))
    inner = {"id": "planted_inner", "for_each": "[1]", "as": "row", "do": [{"id": "pl", **body}]}
    outer = {"id": sample.free_id(), "for_each": "[1]", "as": "row", "do": [inner]}
    edits, here = sample.at_end(outer)
    where = (*here, "do", 0, "as")
    yield Planting(edits, (where,), repair=((where, "cell"),))


@fault("FL111", limit=1)
def far_too_many_steps(sample: Sample) -> Iterator[Planting]:
    """More than 5,000 steps."""
    edits, _ = sample.at_end(*({"id": f"planted_{n}", "wait": "1s"} for n in range(5_001)))
    yield Planting(edits, (("steps",), ()))


@fault("FL113")
def input_without_schema(sample: Sample) -> Iterator[Planting]:
    """``type: text``, or a bound that is no number, in the schema of a declared input."""
    declared: dict[str, Any] = sample.data.get("inputs") or {}
    for name, schema in declared.items():
        if isinstance(schema.get("type"), str):
            for wrong in ("text", "int", "list", 3):
                path = ("inputs", name, "type")
                yield Planting(((path, wrong),), (path,))
        for key in ("minimum", "enum", "required"):
            path = ("inputs", name, key)
            yield Planting(((path, "many"),), (path,))
