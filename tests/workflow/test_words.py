"""Schedules, expressions and changes in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.workflow.changes_in_words import changes_in_words
from flowloom.workflow.cron_words import cron_in_words
from flowloom.workflow.diff import Difference, diff
from flowloom.workflow.expression_words import expression_in_words

LIST: dict[str, Any] = {"id": "issues", "uses": "hub.issues.list", "with": {"state": "open"}}
POST: dict[str, Any] = {
    "id": "post",
    "uses": "chat.post",
    "with": {"channel": "#a", "text": "${{ steps.issues.output[0].title }}"},
}
LOG: dict[str, Any] = {"id": "log", "uses": "core.log", "with": {"message": "hi"}}


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 9 * * 1", "every Monday at 9:00"),
        ("30 8 * * 1-5", "every weekday at 8:30"),
        ("0 9,18 * * *", "every day at 9:00 and 18:00"),
        ("*/5 * * * *", "every 5 minutes"),
        ("15 */2 * * *", "every 2 hours at minute 15"),
        ("0 9-17 * * 1-5", "every hour from 9:00 to 17:00 every weekday"),
        ("0 9 1,15 * *", "on the 1st and 15th of the month at 9:00"),
        ("0 0 L * *", "on the last day of the month at 0:00"),
        ("0 9 * * 1#1", "on the first Monday of the month at 9:00"),
        ("0 9 3 1,7 *", "on the 3rd of the month in January and July at 9:00"),
        ("0 9 * * MON-WED", "from Monday to Wednesday at 9:00"),
        ("0 9 22 * 5", "on the 22nd of the month and every Friday at 9:00"),
        ("0 9 * * 8", "on the cron schedule '0 9 * * 8'"),
        ("never", "on the schedule 'never'"),
    ],
)
def test_schedules(cron: str, words: str) -> None:
    assert cron_in_words(cron) == words


@given(st.lists(st.sampled_from(["*", "0", "5", "1-5", "*/2", "1,2", "L", "x", "99"]), max_size=6))
def test_every_schedule_has_words(fields: list[str]) -> None:
    assert cron_in_words(" ".join(fields))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("size(steps.a.output) > 5", "the result of 'a' has more than 5 items"),
        ("steps.a.output.size() == 0", "the result of 'a' is empty"),
        ("size(steps.a.output) != 0", "the result of 'a' is not empty"),
        (
            'issue.state == "open" && !issue.done',
            'the state of the issue is "open" and the done of the issue does not hold',
        ),
        ("${{ inputs.limit }}", "the input 'limit'"),
        ("trigger.output.subject", "the subject of what started the run"),
        ('"a" in issue.labels || has(issue.x)',
         '"a" is in the labels of the issue or there is the x of the issue'),
        ("steps.a.output.map(e, e.title)", "the title of each item of the result of 'a'"),
        ("a.b == '&&'", "the b of the a is '&&'"),
        ("f(x) + 1", "`f(x) + 1`"),
        ("${{ a", "`${{ a`"),
    ],
)  # fmt: skip
def test_expressions(text: str, words: str) -> None:
    assert expression_in_words(text) == words


def told(before: dict[str, Any], after: dict[str, Any]) -> str:
    return changes_in_words(diff(before, after))


def flow(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "demo", **more, "steps": list(steps)}


CRON = {"trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * 1"}}}
DAILY = {"trigger": {"uses": "core.schedule", "with": {"cron": "0 8 * * *", "timezone": "UTC"}}}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (flow(LIST), flow(LIST), "Nothing changed."),
        (flow(LIST), flow(LIST, POST), "Added 'post' (chat.post)."),
        (flow(LIST, POST), flow(POST), "Removed 'issues'."),
        (flow(LIST, POST), flow(POST, LIST), "Moved 'post'."),
        (
            flow(LIST, POST),
            flow(LIST, {**POST, "with": {**POST["with"], "channel": "#b"}}),
            "Changed 'channel' of 'post' from \"#a\" to \"#b\".",
        ),
        (
            flow(LIST, POST),
            flow(LIST, {"id": "c", "if": "size(steps.issues.output) > 5", "then": [POST]}),
            "Made 'post' depend on a condition: the result of 'issues' has more than 5 items.",
        ),
        (
            flow(LIST, POST),
            flow(LIST, {"id": "e", "for_each": "steps.issues.output", "do": [POST]}),
            "Put 'post' into a loop over the result of 'issues'.",
        ),
        (
            flow(LIST),
            flow(LIST, {"id": "c", "if": "inputs.a", "then": [POST, LOG]}),
            "Added 'c' (if the input 'a').",
        ),
        (
            flow(LIST, **CRON),
            flow(LIST, LOG, **DAILY),
            "Added 'log' (core.log). Made it run every day at 8:00 (UTC).",
        ),
        (flow(LIST, **CRON), flow(LIST), "Removed the trigger: it is started by hand."),
        (
            flow(LIST),
            flow(LIST, inputs={"repo": {"type": "string", "description": "x"}}),
            "Added the input 'repo'.",
        ),
        (flow(LIST), {**flow(LIST), "name": "digest"}, 'Renamed the workflow to "digest".'),
        (
            flow(LOG),
            flow({**LOG, "retry": {"max_attempts": 3, "delay": "1s"}, "on_error": "continue"}),
            "Changed retry of 'log' and set what happens on an error of 'log' to \"continue\".",
        ),
    ],
)
def test_changes(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    assert told(before, after) == words


def test_many_changes_are_counted() -> None:
    many = [{**LOG, "id": f"log{number}"} for number in range(6)]
    assert told(flow(LIST), flow(LIST, *many)) == (
        "Added 'log0' (core.log), 'log1' (core.log), 'log2' (core.log) and 3 more steps."
    )
    values = {"id": "a", "uses": "x", "with": {f"k{number}": 1 for number in range(7)}}
    assert told(flow({"id": "a", "uses": "x"}), flow(values)).endswith("changed 4 more values.")


_VALUES = st.none() | st.text(max_size=5) | st.integers() | st.dictionaries(st.text(), st.text())


@given(
    st.lists(
        st.builds(
            Difference,
            kind=st.sampled_from(["added", "removed", "moved", "changed"]),
            step=st.text(max_size=4),
            path=st.sampled_from(
                ["steps[0]", "with.a", "trigger.uses", "inputs.a.type", "if", "x[", ""]
            ),
            before=_VALUES,
            after=_VALUES,
        ),
        max_size=8,
    )
)
def test_any_differences_can_be_told_in_one_line(items: list[Difference]) -> None:
    text = changes_in_words(items)
    assert text.endswith(".")
    assert "\n" not in text
