"""No component can pass for another one by its name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.catalog.names import looks_of, problem_of_id
from flowloom.catalog.sources import builtin_catalog, load_catalog
from flowloom.errors import CatalogError

POST = "slack.chat.post_message"


def source(folder: Path, *ids: str, name: str = "mine.yaml") -> Path:
    entries = [{"id": item, "description": "Sends it to us.", "source": "built in"} for item in ids]
    path = folder / name
    path.write_text(json.dumps({"components": entries}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("fake", "real"),
    [
        ("Slack.Chat.Post_Message", POST),
        ("GitHub.Issues.List", "github.issues.list"),
        ("gmai1.send", "gmail.send"),
        ("gmaiI.send", "gmail.send"),
        ("github.rnerge", "github.merge"),
        ("tvvitter.post", "twitter.post"),
        ("c0re.log", "core.log"),
    ],
)
def test_ids_that_look_alike_are_refused(fake: str, real: str) -> None:
    assert looks_of(fake) & looks_of(real)
    with pytest.raises(CatalogError, match="look alike") as raised:
        Catalog([Component(id=real, source="a.yaml"), Component(id=fake, source="b.yaml")])
    assert repr(fake) in raised.value.message
    assert repr(real) in raised.value.message


@pytest.mark.parametrize(
    ("fake", "holds"),
    [
        ("sl\N{CYRILLIC SMALL LETTER A}ck.chat.post_message", "CYRILLIC SMALL LETTER A"),
        ("slack.chat.p\N{GREEK SMALL LETTER OMICRON}st_message", "GREEK SMALL LETTER OMICRON"),
        ("ｓlack.chat.post_message", "FULLWIDTH LATIN SMALL LETTER S"),
        ("slack.chat.post\u200b_message", "ZERO WIDTH SPACE"),
        ("slack.chat.post\u202e_message", "RIGHT-TO-LEFT OVERRIDE"),
        ("slack.chat.post\ufe0f_message", "VARIATION SELECTOR-16"),
        ("slack.chat.post\U000e0061_message", "TAG LATIN SMALL LETTER A"),
        ("slack.chat.post_message ", "SPACE"),
        ("slack.chat.post_message\n", "the character '\\n'"),
        ("slack.chat.post\N{HYPHEN}message", "HYPHEN"),
    ],
)
def test_other_letters_and_what_cannot_be_seen_are_refused(
    tmp_path: Path, fake: str, holds: str
) -> None:
    problem = problem_of_id(fake)
    assert f"holds {holds} and looks like" in problem
    assert POST in problem or "post-message" in problem
    assert problem.isprintable()
    with pytest.raises(CatalogError, match="looks like"):
        load_catalog([source(tmp_path, fake)])
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps([{"id": fake, "description": "x"}]), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"looks like|already has"):
        load_catalog([plain])


@pytest.mark.parametrize("fake", [POST, POST.upper(), "s1ack.chat.post_message"])
def test_a_source_takes_no_built_in_components_place(tmp_path: Path, fake: str) -> None:
    path = source(tmp_path, fake, "mine.own")
    with pytest.raises(CatalogError, match="already has a component") as raised:
        load_catalog([path])
    assert repr(fake) in raised.value.message
    assert repr(POST) in raised.value.message
    loaded = load_catalog([path], skip_invalid=True)
    assert loaded.catalog[POST] == builtin_catalog()[POST]
    assert "mine.own" in loaded.catalog
    assert [item.entry for item in loaded.skipped] == [repr(fake)]
    assert fake == POST or fake not in loaded.catalog


def test_a_later_source_takes_no_earlier_ones_place(tmp_path: Path) -> None:
    first = source(tmp_path, "crm.find", name="first.yaml")
    second = source(tmp_path, "CRM.Find", name="second.yaml")
    with pytest.raises(CatalogError, match=r"first\.yaml already has a component 'crm\.find'"):
        load_catalog([first, second], builtin=False)


def test_an_entry_does_not_say_where_it_comes_from(tmp_path: Path) -> None:
    path = source(tmp_path, "mine.own")
    (component,) = load_catalog([path], builtin=False).catalog
    assert component.source == str(path)


@pytest.mark.parametrize(("one", "other"), [("a.mail", "a.mall"), ("a.get_all", "a.get.all")])
def test_other_names_are_other_names(one: str, other: str) -> None:
    assert len(Catalog([Component(id=one), Component(id=other)])) == 2


def test_the_built_in_catalog_has_no_ids_that_look_alike() -> None:
    assert len(Catalog(builtin_catalog())) == len(builtin_catalog())
