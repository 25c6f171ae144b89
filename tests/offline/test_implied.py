"""Steps that a request implies come first: reading, looking up, computing, writing as text."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.offline.filling.implied import writer_of
from flowloom.offline.filling.sources import Source
from flowloom.offline.rendering.schemas import Typed
from tests.offline.filling import builtin, filled, step, with_steps_first

ROWS = step("csv.read_file", path="a.csv")


@pytest.mark.parametrize(
    ("component", "words", "sources", "before", "values"),
    [
        (
            "list.count", "count the rows in data.csv", [],
            [("csv.read_file", {"path": "data.csv"})],
            {"items": "${{ steps.first1.output }}"},
        ),
        (
            "text.count", "count the words of notes.txt", [],
            [("file.read", {"path": "notes.txt"})],
            {"text": "${{ steps.first1.output }}"},
        ),
        (
            "list.merge", "merge jan.csv and feb.csv", [],
            [("csv.read_file", {"path": "jan.csv"}), ("csv.read_file", {"path": "feb.csv"})],
            {"items": "${{ steps.first1.output }}", "other": "${{ steps.first2.output }}"},
        ),
        (
            "list.count", "count its rows", [step("http.download", url="x", path="a.csv")],
            [("csv.read_file", {"path": "${{ steps.download.output.path }}"})],
            {"items": "${{ steps.first1.output }}"},
        ),
        (
            "json.write_file", "save the newest 3 posts of https://x.com/feed/atom as posts.json",
            [],
            [("rss.read", {"url": "https://x.com/feed/atom", "limit": 3})],
            {"path": "posts.json", "value": "${{ steps.first1.output }}"},
        ),
        (
            "slack.conversations.invite", "invite ada@x.com to the Slack channel C02", [],
            [("slack.users.lookup_by_email", {"email": "ada@x.com"})],
            {"channel": "C02", "users": "${{ steps.first1.output.user.id }}"},
        ),
        (
            "open_meteo.forecast", "get the weather forecast for Berlin", [],
            [("open_meteo.geocode", {"name": "Berlin"})],
            {
                "latitude": "${{ steps.first1.output.results[0].latitude }}",
                "longitude": "${{ steps.first1.output.results[0].longitude }}",
            },
        ),
        (
            "core.log", "log the total of the column amount", [ROWS],
            [("list.aggregate", {"items": "${{ steps.read_file.output }}", "operation": "sum",
                                 "field": "amount"})],
            {"message": "${{ string(steps.first1.output) }}"},
        ),
        (
            "core.log", "log a Markdown table of them", [ROWS],
            [("markdown.table", {"items": "${{ steps.read_file.output }}"})],
            {"message": "${{ steps.first1.output }}"},
        ),
        (
            "core.log", "log the result", [ROWS],
            [("json.format", {"value": "${{ steps.read_file.output }}"})],
            {"message": "${{ steps.first1.output }}"},
        ),
    ],
)  # fmt: skip
def test_what_must_come_first(
    component: str,
    words: str,
    sources: list[Source],
    before: list[tuple[str, dict[str, Any]]],
    values: dict[str, Any],
) -> None:
    found, first = with_steps_first(component, words, *sources)
    assert first == before
    assert found.values == values


def test_a_target_is_not_read() -> None:
    found, first = with_steps_first("list.sort", "sort them by age into sorted.csv", ROWS)
    assert first == []
    assert found.target == "sorted.csv"
    assert found.values["items"] == "${{ steps.read_file.output }}"


@pytest.mark.parametrize(
    ("schema", "target", "component"),
    [
        ({"type": "array", "items": {"type": "object"}}, "out.csv", "csv.write_file"),
        ({"type": "array", "items": {"type": "object"}}, "out.json", "json.write_file"),
        ({"type": "object"}, "out.yaml", "yaml.write_file"),
        ({"type": "string"}, "out.md", "file.write"),
    ],
)
def test_a_result_is_written_by_its_type_and_the_files_ending(
    schema: dict[str, Any], target: str, component: str
) -> None:
    found = writer_of(Typed("steps.a.output", schema), target, builtin())
    assert found is not None
    assert found.component.id == component
    assert target in found.values.values()


def test_nothing_is_put_first_where_no_step_may_be() -> None:
    assert filled("list.count", "count the rows in data.csv").missing == ["items"]
