"""FL2xx: components and connections."""

from __future__ import annotations

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.near_components import near_components
from tests.verification.findings import found, places


@pytest.fixture(scope="module")
def builtin() -> Catalog:
    return builtin_catalog()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("github.create_issue", "github.issues.create"),
        ("createGithubIssue", "github.issues.create"),
        ("http.gte", "http.get"),
        ("http.get_", "http.get"),
        ("slack.post_message", "slack.chat.post_message"),
        ("send_email", "email.send"),
        ("openai.chat", "ai.chat"),
        ("read_csv", "csv.read_file"),
        ("todoist.create_task", "todoist.tasks.create"),
    ],
)
def test_the_component_that_was_meant_comes_first(builtin: Catalog, name: str, meant: str) -> None:
    assert near_components(builtin, name)[0] == meant


def test_a_title_counts_too() -> None:
    known = [
        Component(id="m365.x17", title="Send an e-mail", keywords=("mail", "outlook")),
        Component(id="m365.x18", title="Delete a file"),
    ]
    assert near_components(Catalog(known), "outlook.send") == ("m365.x17",)


def test_what_is_like_nothing_has_no_candidates(builtin: Catalog) -> None:
    assert near_components(builtin, "zzz.qqq") == ()


def test_a_large_catalog_is_searched_by_words() -> None:
    known = [Component(id=f"service{n}.thing{n}.get", title=f"Get {n}") for n in range(3_000)]
    catalog = Catalog([*known, Component(id="parcel.labels.print", title="Print a label")])
    assert near_components(catalog, "parcel.print_label")[0] == "parcel.labels.print"


SEND = {"uses": "demo.send", "with": {"to": "#eng", "text": "hi"}}
STORE = {"uses": "demo.store", "with": {"key": "k", "text": "hi"}}


def test_one_connection_of_two_types_is_found_at_the_second() -> None:
    items = found(
        {"id": "a", **SEND, "connection": "mine"},
        {"id": "b", **STORE, "connection": "other"},
        {"id": "c", **STORE, "connection": "mine"},
    )
    (item,) = (one for one in items if one.code == "FL208")
    assert item.path == "steps[2].connection"
    assert "'store'" in item.message
    assert "'demo'" in item.message
    assert "'a'" in item.message
    assert item.candidates == ("other",)


def test_one_connection_for_steps_of_one_type_is_right() -> None:
    items = found(
        {"id": "a", **SEND, "connection": "mine"},
        {"id": "b", **SEND, "connection": "mine"},
        {"id": "c", **STORE, "connection": "other"},
    )
    assert places(items) == []
