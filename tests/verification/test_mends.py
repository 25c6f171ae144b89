"""Each rule that mends, what it must leave alone, and what holds for all of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.mending import Mended, mend, mend_one
from flowloom.verification.mends.nearness import only_near, slips
from flowloom.verification.mends.registry import mend_rules
from flowloom.verification.registry import rules
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of, dump_json, read_document
from flowloom.workflow.path import Path, at, parse_path
from tests.conftest import ROOT
from tests.verification.test_verifier import READ, log


def _open_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


TEXT = {"type": "string"}
CATALOG = EXAMPLE_CATALOG.merged(
    [
        Component(
            id="mail.send",
            input={
                **_open_object(
                    to={"type": "string", "format": "email"},
                    zone={"type": "string", "format": "timezone"},
                    urgent={"type": "boolean"},
                    rate={"type": "number"},
                    options=_open_object(footer=TEXT, copies={"type": "integer"}),
                ),
                "required": ["to"],
            },
            output=_open_object(id=TEXT),
        ),
        Component(id="note.write", input=_open_object(text=TEXT, times=TEXT)),
        Component(id="mail.old", input=_open_object(to=TEXT), deprecated=True, replaced_by="x.new"),
        Component(id="x.new", input=_open_object(to=TEXT, more=TEXT)),
        Component(id="mail.older", input=_open_object(to=TEXT), deprecated=True, replaced_by="x.t"),
        Component(id="x.t", input=_open_object(text=TEXT)),
    ]
)
CRON = {"cron": "0 9 * * *"}


def fixed(data: dict[str, Any], *, warnings: bool = False) -> Mended:
    document = document_of(data)
    return mend(document, CATALOG, verify(document, CATALOG).diagnostics, warnings=warnings)


def steps(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "x", **more, "steps": [READ, *found]}


def mail(**inputs: Any) -> dict[str, Any]:
    return {"id": "a", "uses": "mail.send", "with": {"to": "a@b.org", **inputs}}


def branch(condition: str) -> dict[str, Any]:
    return {"id": "a", "if": condition, "then": [log("hi", "b")]}


RAN = "steps.r.output"
MENDED = {
    "FL101 key": ({"id": "a", "uses": "demo.log", "wiht": {"text": "hi"}}, log("hi")),
    "FL101 input": ({"id": "a", "uses": "demo.log", "text": "hi"}, log("hi")),
    "FL101 second input": (
        {"id": "a", "uses": "demo.log", "with": {"text": "hi"}, "times": 3},
        log("hi", times=3),
    ),
    "FL103": ({"id": "a", "usse": "demo.log", "with": {"text": "hi"}}, log("hi")),
    "FL201 case": ({"id": "a", "uses": "Demo.Log", "with": {"text": "hi"}}, log("hi")),
    "FL201 separator": ({"id": "a", "uses": "demo_log", "with": {"text": "hi"}}, log("hi")),
    "FL206": (log("hi") | {"connection": "mine"}, log("hi")),
    "FL302 name": (mail(urgnet=True), mail(urgent=True)),
    "FL302 level": (mail(footer="bye"), mail(options={"footer": "bye"})),
    "FL303 choice": (log("hi", level="Eror"), log("hi", level="error")),
    "FL303 bool": (mail(urgent="True"), mail(urgent=True)),
    "FL303 number": (mail(rate="2.5"), mail(rate=2.5)),
    "FL303 inside": (mail(options={"copies": "5"}), mail(options={"copies": 5})),
    "FL303 reference": (
        log("hi", times=f"{RAN}.count"),
        log("hi", times=f"${{{{ {RAN}.count }}}}"),
    ),
    "FL304 zone": (mail(zone="europe/berlin"), mail(zone="Europe/Berlin")),
    "FL304 space": (mail(to=" a@b.org"), mail(to="a@b.org")),
    "FL306": (
        {"id": "a", "uses": "demo.sort", "with": {"items": f"${{{{ {RAN}.rows }}}}", "by": "nmae"}},
        {"id": "a", "uses": "demo.sort", "with": {"items": f"${{{{ {RAN}.rows }}}}", "by": "name"}},
    ),
    "FL401 equals": (branch(f"{RAN}.count = 3"), branch(f"{RAN}.count == 3")),
    "FL401 same": (branch(f"{RAN}.count === 3"), branch(f"{RAN}.count == 3")),
    "FL401 not the same": (branch(f"{RAN}.count !== 3"), branch(f"{RAN}.count != 3")),
    "FL401 and": (
        branch(f"{RAN}.count > 3 and {RAN}.text != 'a and b'"),
        branch(f"{RAN}.count > 3 && {RAN}.text != 'a and b'"),
    ),
    "FL401 single": (
        branch(f"{RAN}.count > 3 | {RAN}.count < 1"),
        branch(f"{RAN}.count > 3 || {RAN}.count < 1"),
    ),
    "FL401 not": (
        branch(f"not {RAN}.count == 3 or {RAN}.count > 9"),
        branch(f"!({RAN}.count == 3) || {RAN}.count > 9"),
    ),
    "FL401 braces of two": (
        branch(f"${{{{ {RAN}.count }}}} > 3"),
        branch(f"{RAN}.count > 3"),
    ),
    "FL401 half open": (branch(f"{RAN}.count > 3 }}}}"), branch(f"{RAN}.count > 3")),
    "FL401 half closed": (
        branch(f"${{{{ {RAN}.count > 3"),
        branch(f"{RAN}.count > 3"),
    ),
    "FL401 doubled": (
        log(f"${{{{ ${{{{ {RAN}.text }}}} }}}}"),
        log(f"${{{{ {RAN}.text }}}}"),
    ),
    "FL401 a brace left out": (
        log(f"Hi ${{{{ {RAN}.text }}, bye"),
        log(f"Hi ${{{{ {RAN}.text }}}}, bye"),
    ),
    "FL401 the end left out": (log(f"Hi ${{{{ {RAN}.text"), log(f"Hi ${{{{ {RAN}.text }}}}")),
    "FL402 variable": (log("${{ step.r.output.text }}"), log(f"${{{{ {RAN}.text }}}}")),
    "FL402 function": (branch(f"len({RAN}.rows) > 3"), branch(f"size({RAN}.rows) > 3")),
    "FL402 word": (branch(f"{RAN}.count > 3 || True"), branch(f"{RAN}.count > 3 || true")),
    "FL403": (log(f"a ${{{{ {RAN}.txet }}}}"), log(f"a ${{{{ {RAN}.text }}}}")),
    "FL403 of an item": (
        log(f"${{{{ {RAN}.rows[0].nmae }}}}"),
        log(f"${{{{ {RAN}.rows[0].name }}}}"),
    ),
    "FL404": (branch(f"{RAN}.rows[0].age > 10"), branch(f"{RAN}.rows[0].age > 10.0")),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_slip_with_one_mend_is_mended(name: str) -> None:
    step, right = MENDED[name]
    once = fixed(steps(step))
    assert once.document.data == steps(right)
    assert verify(once.document, CATALOG).valid
    assert [item.code for item in once.applied] == [name.split()[0]]
    assert fixed(once.document.data).applied == ()


LEFT_ALONE = {
    "another component": {"id": "a", "uses": "demo.something", "with": {"text": "hi"}},
    "another input": {"id": "a", "uses": "demo.log", "with": {"words": "hi"}},
    "a bool in words": mail(urgent="yes"),
    "zeros in front": mail(options={"copies": "007"}),
    "no number": mail(rate="nan"),
    "another field": log(f"${{{{ {RAN}.words }}}}"),
    "another step": log("${{ steps.q.output.text }}"),
    "not in": branch(f"{RAN}.text not in ['a']"),
    "a map that is not closed": log("Hi ${{ {'a': 1 }"),
    "a reference that is not there": log("hi", times="steps.nothing.output.count"),
    "a reference of another type": log("hi", times=f"{RAN}.text"),
    "a choice that may be two": log("hi", level="e"),
}


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_has_no_one_mend_is_left_alone(name: str) -> None:
    document = document_of(steps(LEFT_ALONE[name]))
    found = verify(document, CATALOG)
    assert not found.valid
    assert mend(document, CATALOG, found.diagnostics, warnings=True).document is document


def test_names_of_steps_and_inputs_in_expressions() -> None:
    first = {"id": "reader", "uses": "demo.read"}
    text = "${{ inputs.adress + steps.raeder.output.text }}"
    data = {"name": "x", "inputs": {"address": TEXT}, "steps": [first, log(text)]}
    once = fixed(data)
    assert once.document.data["steps"][1] == log("${{ inputs.address + steps.reader.output.text }}")
    assert {item.code for item in once.applied} == {"FL501", "FL506"}


@pytest.mark.parametrize(
    ("macro", "cron"), [("@daily", "0 0 * * *"), ("@HOURLY", "0 * * * *"), (" 0 9 * * *", None)]
)
def test_cron_macros(macro: str, cron: str | None) -> None:
    once = fixed(steps(trigger={"uses": "demo.every", "with": {"cron": macro}}))
    assert once.document.data["trigger"]["with"]["cron"] == (cron or macro)


def test_a_trigger_as_the_first_step_is_the_trigger() -> None:
    first = {"id": "daily", "uses": "demo.every", "with": CRON}
    once = fixed({"name": "x", "steps": [first, log("hi")]})
    assert once.document.data == {
        "name": "x",
        "steps": [log("hi")],
        "trigger": {"uses": "demo.every", "with": CRON},
    }
    used = {"name": "x", "steps": [first, log("${{ steps.daily.output.at }}")]}
    assert fixed(used).applied == ()
    assert fixed({"name": "x", "steps": [log("hi"), {**first, "name": "Daily"}]}).applied == ()


def test_an_id_that_nothing_means_is_given_again() -> None:
    once = fixed({"name": "x", "steps": [log("hi"), log("ho"), log("hu", "a_2")]})
    assert [step["id"] for step in once.document.data["steps"]] == ["a", "a_3", "a_2"]
    meant = {"name": "x", "steps": [log("hi"), log("ho"), log("${{ steps.a.output.text }}", "b")]}
    assert fixed(meant).applied == ()


def test_a_deprecated_component_is_replaced_only_where_warnings_are_mended() -> None:
    old = {"name": "x", "steps": [{"id": "a", "uses": "mail.old", "with": {"to": "me"}}]}
    assert fixed(old).applied == ()
    assert fixed(old, warnings=True).document.data["steps"][0]["uses"] == "x.new"
    other = {"name": "x", "steps": [{"id": "a", "uses": "mail.older", "with": {"to": "me"}}]}
    assert fixed(other, warnings=True).applied == ()


def test_a_mend_that_brings_others_to_light_goes_with_them() -> None:
    step = {"id": "a", "uses": "demo.lgo", "with": {"txt": "hi", "times": "3"}}
    once = fixed(steps(step))
    assert once.document.data == steps(log("hi", times=3))
    assert {item.code for item in once.applied} == {"FL201", "FL302", "FL303"}
    # A warning that comes to light is no reason to leave an error.
    named = {"name": "x", "steps": [{"id": "a", "uses": "demo.remvoe", "with": {"name": "f"}}]}
    assert fixed(named).applied == fixed(named, warnings=True).applied != ()
    # Here a required input is missing: a right name for the component would be no gain.
    lost = {"id": "a", "uses": "demo.lgo", "with": {"times": 3}}
    assert fixed(steps(lost)).applied == ()


def test_many_mends_that_help_together_and_two_that_would_meet() -> None:
    found = [log("hi", f"a{number}") | {"uses": "demo.lgo"} for number in range(20)]
    once = fixed({"name": "x", "steps": found})
    assert verify(once.document, CATALOG).valid
    assert [item.code for item in once.applied] == ["FL201"] * 20
    # Both would become 'text': one value would be lost.
    step = {"id": "a", "uses": "demo.log", "with": {"txt": "one", "texxt": "two", "times": "3"}}
    met = fixed(steps(step))
    assert set(met.document.data["steps"][1]["with"].values()) >= {"one", "two"}


def test_only_the_codes_asked_for_and_only_one_finding() -> None:
    document = document_of(
        steps(log("hi", times="3", level="INFO"), mail(urgnet=True) | {"id": "c"})
    )
    found = verify(document, CATALOG).diagnostics
    some = mend(document, CATALOG, found, codes={"FL302"})
    assert [item.code for item in some.applied] == ["FL302"]
    one = mend_one(document, CATALOG, found[0])
    assert [(item.code, item.path) for item in one.applied] == [(found[0].code, found[0].path)]


def test_every_rule_is_for_a_code_that_exists() -> None:
    assert set(mend_rules()) <= set(rules())
    assert all(rule.summary for found in mend_rules().values() for rule in found)


TEXTS = {
    "quotes": "name: 'x'   # mine\nsteps:\n- id: a\n  uses:   'demo.lgo'  # here\n"
    "  with: {text: hi}\n",
    "flow": 'name: "x"\nsteps: [{id: a, uses: demo.log, with: {"txet": hi}}]\n',
    "condition": "name: x\n\nsteps:\n    - id: a\n      if:   'not true' # why\n      then:\n"
    "      - {id: b,   uses: demo.log, with: {text: hi}}\n",
    "json": '{"name": "x",\n\t"steps": [ {"id":"a", "uses":"demo.log", "wiht":{"text":"hi"}} ]}',
}
REPAIRS = {
    "quotes": ("'demo.lgo'", "'demo.log'"),
    "flow": ('"txet"', '"text"'),
    "condition": ("'not true'", "'!(true)'"),
    "json": ('"wiht"', '"with"'),
}


@pytest.mark.parametrize("name", TEXTS)
def test_all_other_characters_stay(name: str) -> None:
    document = read_document(TEXTS[name])
    once = mend(document, CATALOG, verify(document, CATALOG).diagnostics)
    assert once.document.text == TEXTS[name].replace(*REPAIRS[name])


@pytest.mark.parametrize(("other", "changed"), [("note.write", False), ("demo.log", True)])
def test_an_alias_is_changed_only_where_all_its_places_want_it(other: str, changed: bool) -> None:
    text = (
        "name: x\nsteps:\n  - {id: a, uses: demo.log, with: &w {text: hi, times: '3'}}\n"
        f"  - {{id: b, uses: {other}, with: *w}}\n"
    )
    document = read_document(text)
    once = mend(document, CATALOG, verify(document, CATALOG).diagnostics)
    assert once.document.text == (text.replace("'3'", "3") if changed else text)


@pytest.mark.parametrize(
    ("name", "candidate"),
    [
        ("include_archived", "exclude_archived"),
        ("step1", "step2"),
        ("email.send", "gmail.send"),
        ("bcc", "cc"),
        ("get", "set"),
        ("lte", "lt"),
        ("no", "on"),
        ("unread", "read"),
        ("increment", "decrement"),
        ("min_size", "max_size"),
        ("start_date", "end_date"),
    ],
)
def test_names_that_mean_something_else_are_no_slips(name: str, candidate: str) -> None:
    assert slips(name, candidate) is None
    assert slips(candidate, name) is None


def test_one_of_several_near_names_is_none() -> None:
    assert only_near("mesages", ["messages", "mesage"]) is None
    assert only_near("postMessage", ["post_message", "post_messages"]) == "post_message"


# What holds whatever is broken.

FOLDERS = (ROOT / "examples", ROOT / "tests" / "verification" / "workflows")
FILES = [
    path
    for folder in FOLDERS
    for path in sorted(folder.glob("*.yaml"))
    if path.name != "requests.yaml"
]


@lru_cache(maxsize=1)
def _catalog() -> Catalog:
    return builtin_catalog()


@lru_cache(maxsize=512)
def _text(index: int) -> str:
    return FILES[index].read_text(encoding="utf-8")


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the place of every value below the top."""
    if path:
        yield path
    inner: Any = ()
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in inner:
        yield from _places(item, (*path, key))


def _swapped(text: str, chance: random.Random) -> str:
    index = chance.randrange(max(len(text) - 1, 1))
    return text[:index] + text[index : index + 2][::-1] + text[index + 2 :]


def _broken_text(text: str, chance: random.Random) -> Any:
    index = chance.randrange(len(text) + 1)
    return chance.choice(
        [
            _swapped(text, chance),
            text[:index] + text[index + 1 :],
            text.upper(),
            text.replace("==", "=").replace("&&", "and"),
            text.replace("}}", "}", 1),
            text.replace("${{", "", 1),
            f"{text} ",
            "steps.nothing.output",
            5,
        ]
    )


def _broken(data: Any, chance: random.Random) -> None:
    """Break one place of the data."""
    *front, last = chance.choice(list(_places(data)))
    owner = at(data, tuple(front))
    value = owner[last]
    if isinstance(last, str) and chance.random() < 0.3:
        owner[chance.choice([_swapped(last, chance), last.upper(), last[:-1] or "z"])] = owner.pop(
            last
        )
    elif isinstance(value, str):
        owner[last] = _broken_text(value, chance)
    elif isinstance(value, bool | int | float):
        owner[last] = chance.choice([str(value), -1, not value])
    elif chance.random() < 0.5:
        del owner[last]
    elif isinstance(value, list):
        value.extend(value[:1])
    else:
        owner[last] = "text"


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], chance) for key in keys}
    return [_shuffled(item, chance) for item in value] if isinstance(value, list) else value


def _mended(document: Document) -> Mended:
    return mend(document, _catalog(), verify(document, _catalog()).diagnostics)


broken_workflows = st.tuples(
    st.integers(0, len(FILES) - 1), st.randoms(use_true_random=False), st.integers(1, 4)
)


@settings(max_examples=40)
@given(broken_workflows)
def test_of_every_broken_workflow(case: tuple[int, random.Random, int]) -> None:
    index, chance, count = case
    data = read_document(_text(index)).data
    for _ in range(count):
        _broken(data, chance)
    document = document_of(data)
    before = verify(document, _catalog())
    once = _mended(document)
    after = verify(once.document, _catalog())
    # Errors never grow, no new code, a document without errors stays, byte for byte.
    assert len(after.errors) <= len(before.errors) - (1 if once.applied else 0)
    assert {item.code for item in after.errors} <= {item.code for item in before.errors}
    assert (once.document is document) == (not once.applied)
    assert before.errors or once.document.text == document.text
    # Once is enough; the same again; the order of keys does not matter.
    assert _mended(once.document).document is once.document
    assert _mended(document).document.text == once.document.text
    shuffled = document_of(_shuffled(data, chance))
    assert _mended(shuffled).document.data == once.document.data
    # With warnings too (--fix): at least the same, and again once is enough.
    diagnostics = before.diagnostics
    more = mend(document, _catalog(), diagnostics, warnings=True).document
    last = verify(more, _catalog())
    assert len(last.errors) <= len(after.errors)
    assert mend(more, _catalog(), last.diagnostics, warnings=True).document is more
    # The form does not matter either.
    as_json = read_document(dump_json(data))
    assert _mended(as_json).document.data == once.document.data


@settings(max_examples=25)
@given(broken_workflows)
def test_the_rest_of_the_text_is_the_authors(case: tuple[int, random.Random, int]) -> None:
    """One misspelt key of an input or component in the author's own text: one line changes."""
    index, chance, _ = case
    text = _text(index)
    places = [place for place in _places(read_document(text).data) if place[-1] == "uses"]
    name = str(at(read_document(text).data, chance.choice(places)))
    wrong = text.replace(f"uses: {name}", f"uses: {name.upper()}", 1)
    document = read_document(wrong)
    once = _mended(document)
    assert once.document.text in (text, wrong)
    assert once.document.text == text or verify(document, _catalog()).errors


def test_places_of_mends_are_paths() -> None:
    once = fixed(steps(log("hi", times="3")))
    assert at(steps(log("hi", times="3")), parse_path(once.applied[0].path)) == "3"
    assert once.applied[0].line > 0
