"""Changes of workflows over the built-in catalog: what they change, and that nothing else does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from flowloom.assembly import Assembly
from flowloom.graph.composer import compose_sync
from flowloom.graph.result import Result
from flowloom.workflow.diff import diff, render_diff
from flowloom.workflow.document import read_document

NEWS = """\
name: news
trigger:
  uses: core.schedule
  with: {cron: "0 8 * * 1-5", timezone: Europe/Paris}
steps:
  - id: feed   # every morning
    uses: rss.read
    with: {url: "https://a.example.com/rss", limit: 10}
  - id: each
    for_each: steps.feed.output
    as: entry
    do:
      - id: post
        uses: slack.chat.post_message
        with: {channel: "#news", text: "${{ entry.title }}"}
  - id: done
    uses: core.log
    with: {message: 'finished'}
"""
STOCK = """\
name: stock
steps:
  - {id: read, uses: csv.read_file, with: {path: stock.csv}}
  - id: low
    uses: list.filter
    with: {items: "${{ steps.read.output }}", field: quantity, operator: less_than, value: 5}
  - id: any
    if: size(steps.low.output) > 0
    then:
      - {id: mail, uses: email.send, with: {to: buyer@example.com, subject: Low, body: Order}}
    else:
      - {id: fine, uses: core.log, with: {message: enough}}
"""
LOAD = """\
name: load
steps:
  - {id: get, uses: http.download, with: {url: "https://a.example.com/x.zip", path: x.zip}}
  - {id: unpack, uses: file.unzip, with: {path: "${{ steps.get.output.path }}", directory: /data}}
  - {id: note, uses: email.send, with: {to: ops@example.com, subject: Done, body: Unpacked}}
"""
MAIL = """\
name: mail
trigger: {uses: core.email_received}
steps:
  - {id: sum, uses: ai.summarize, with: {text: "${{ trigger.output.text }}"}}
  - id: post
    uses: slack.chat.post_message
    with: {channel: "#mail", text: "${{ steps.sum.output }}"}
"""
PEOPLE = """\
name: people
steps:
  - {id: read, uses: csv.read_file, with: {path: people.csv}}
  - id: grown
    uses: list.filter
    with: {items: "${{ steps.read.output }}", field: age, operator: greater_or_equal, value: 18}
  - {id: sort, uses: list.sort, with: {items: "${{ steps.grown.output }}", field: name}}
  - {id: save, uses: json.write_file, with: {path: grown.json, value: "${{ steps.sort.output }}"}}
"""
WORKFLOWS = {"people": PEOPLE, "news": NEWS, "stock": STOCK, "load": LOAD, "mail": MAIL}


def changed(name: str, request: str, assembly: Assembly) -> Result:
    document = read_document(WORKFLOWS[name])
    return compose_sync(request, composer=assembly.composer, document=document)


def differences(name: str, result: Result) -> list[str]:
    assert result.workflow is not None
    before = read_document(WORKFLOWS[name]).data
    return render_diff(diff(before, result.workflow)).splitlines()


CHANGES: Sequence[tuple[str, str, list[str]]] = [
    # values
    ("news", "Change the channel to #press", ['~ post: with.channel: "#news" -> "#press"']),
    ("news", "Post to #press instead of #news", ['~ post: with.channel: "#news" -> "#press"']),
    ("news", "set the limit to 3", ["~ feed: with.limit: 10 -> 3"]),
    ("news", "read only the first 3 entries", ["~ feed: with.limit: 10 -> 3"]),
    ("news", "Use https://b.example.com/rss instead",
     ['~ feed: with.url: "https://a.example.com/rss" -> "https://b.example.com/rss"']),
    ("stock", "raise the threshold from 5 to 10", ["~ low: with.value: 5 -> 10"]),
    ("stock", "the threshold should be 7", ["~ low: with.value: 5 -> 7"]),
    ("stock", "mail it to boss@example.com instead",
     ['~ mail: with.to: "buyer@example.com" -> "boss@example.com"']),
    ("load", "the mail should go to team@example.com",
     ['~ note: with.to: "ops@example.com" -> "team@example.com"']),
    ("load", 'change the body of the mail to "All done"',
     ['~ note: with.body: "Unpacked" -> "All done"']),
    ("load", "unpack it into /backup instead", ['~ unpack: with.directory: "/data" -> "/backup"']),
    ("load", "cc boss@example.com on the mail", ['~ note: with.cc: nothing -> "boss@example.com"']),
    ("load", "Rename the workflow to nightly", ['~ workflow: name: "load" -> "nightly"']),
    # when it runs
    ("news", "Run it every hour instead",
     ['~ workflow: trigger.with.cron: "0 8 * * 1-5" -> "0 * * * *"']),
    ("news", "change the time to 6:45",
     ['~ workflow: trigger.with.cron: "0 8 * * 1-5" -> "45 6 * * 1-5"']),
    ("news", "Run it at 7:30, weekends included",
     ['~ workflow: trigger.with.cron: "0 8 * * 1-5" -> "30 7 * * *"']),
    ("news", "use Berlin time instead",
     ['~ workflow: trigger.with.timezone: "Europe/Paris" -> "Europe/Berlin"']),
    ("stock", "Start it when a webhook arrives at /stock",
     ['~ workflow: trigger.uses: nothing -> "core.webhook"',
      '~ workflow: trigger.with.path: nothing -> "/stock"']),
    ("mail", "Only react to mails from boss@example.com",
     ['~ workflow: trigger.with.sender: nothing -> "boss@example.com"']),
    # order
    ("news", "Move the log line to the beginning", ["> done: from steps[2] to steps[0]"]),
    ("news", "write the log line before reading the feed", ["> done: from steps[2] to steps[0]"]),
    ("load", "swap the last two steps", ["> note: from steps[2] to steps[1]"]),
    ("load", "send the email first", ["> note: from steps[2] to steps[0]"]),
    # conditions
    ("stock", "the other way round",
     ['~ any: if: "size(steps.low.output) > 0" -> "size(steps.low.output) <= 0"']),
    ("stock", "Send the mail only if more than 3 rows are low",
     ['~ any: if: "size(steps.low.output) > 0" -> "size(steps.low.output) > 3"']),
    ("news", 'Only post entries whose title contains "AI"',
     ['+ check (if entry.title.contains("AI")) at steps[1].do[0]',
      "> post: from steps[1].do[0] to steps[1].do[0].then[0]"]),
    ("mail", "only post if the sender is boss@example.com",
     ['+ check (if trigger.output.sender == "boss@example.com") at steps[1]',
      "> post: from steps[1] to steps[1].then[0]"]),
    ("stock", "remove the else branch", ["- fine (uses core.log) at steps[2].else[0]"]),
    # errors
    ("news", "Retry reading the feed 3 times", ["~ feed: retry.max_attempts: nothing -> 3"]),
    ("load", "If sending the mail fails, carry on", ['~ note: on_error: nothing -> "continue"']),
    # new steps
    ("load", "between downloading and unpacking, wait 10 seconds",
     ["+ wait (wait 10s) at steps[1]"]),
    ("stock", "sort the low rows by quantity before checking",
     ["+ sort_row (uses list.sort) at steps[2]",
      '~ any: if: "size(steps.low.output) > 0" -> "size(steps.sort_row.output) > 0"']),
    ("stock", "add a step that logs "
     '"start" at the very beginning', ["+ log (uses core.log) at steps[0]"]),
    # taking a transform away, or a step only sometimes
    ("people", "drop the sorting",
     ["- sort (uses list.sort) at steps[2]",
      '~ save: with.value: "${{ steps.sort.output }}" -> "${{ steps.grown.output }}"']),
    ("load", "Skip the mail if the size is 0",
     ["+ check (if steps.get.output.size != 0) at steps[2]",
      "> note: from steps[2] to steps[2].then[0]"]),
    ("load", "ignore errors when sending the mail",
     ['~ note: on_error: nothing -> "continue"']),
    ("people", "make it 21 instead of 18", ["~ grown: with.value: 18 -> 21"]),
    ("people", "sort in descending order", ['~ sort: with.order: nothing -> "descending"']),
    # two at once
    ("news", "don't write the log line and post to #press instead",
     ["- done (uses core.log) at steps[2]", '~ post: with.channel: "#news" -> "#press"']),
]  # fmt: skip


@pytest.mark.parametrize(("name", "request_text", "wanted"), CHANGES)
def test_a_change_does_what_it_says_and_no_more(
    name: str, request_text: str, wanted: list[str], builtin: Assembly
) -> None:
    result = changed(name, request_text, builtin)
    assert result.status == "valid", result.reason
    assert differences(name, result) == wanted


def test_untouched_lines_stay_as_they_are_written(builtin: Assembly) -> None:
    result = changed("news", "Change the channel to #press", builtin)
    before, after = NEWS.splitlines(), result.text.splitlines()
    changed_lines = [line for line in before if line not in after]
    assert len(before) == len(after)
    assert changed_lines == [line for line in before if "#news" in line]


def test_moved_steps_keep_their_comments_and_quotes(builtin: Assembly) -> None:
    text = changed("news", "Move the log line to the beginning", builtin).text
    assert "- id: feed   # every morning" in text
    assert "with: {message: 'finished'}" in text


def test_a_loop_around_everything_with_a_field_for_an_input(builtin: Assembly) -> None:
    request = "do this for every row in links.csv, using its column link as the url"
    result = changed("load", request, builtin)
    assert result.workflow is not None
    read, loop = result.workflow["steps"]
    assert read["with"] == {"path": "links.csv"}
    assert [step["id"] for step in loop["do"]] == ["get", "unpack", "note"]
    assert loop["do"][0]["with"]["url"] == f"${{{{ {loop['as']}.link }}}}"


def test_what_is_done_on_an_error_stands_in_a_catch_with_what_needs_the_step(
    builtin: Assembly,
) -> None:
    request = 'If reading the feed fails, email a@example.com saying "down" with the subject "Feed"'
    result = changed("news", request, builtin)
    assert result.status == "valid"
    assert result.workflow is not None
    safe: dict[str, Any] = result.workflow["steps"][0]
    assert [step["id"] for step in safe["try"]] == ["feed", "each"]
    assert [step["uses"] for step in safe["catch"]] == ["email.send"]


@pytest.mark.parametrize(
    ("name", "request_text"),
    [
        ("stock", "use less than or equal"),
        ("stock", "remove the condition"),
        ("stock", "Only do this if the moon is full"),
        ("load", "If the download fails, carry on"),
        ("mail", "post the subject instead of the summary"),
    ],
)
def test_a_change_that_is_not_understood_is_never_called_valid(
    name: str, request_text: str, builtin: Assembly
) -> None:
    result = changed(name, request_text, builtin)
    assert result.status in ("failed", "needs_input")
    assert result.reason


def test_a_step_for_another_receiver_says_the_same(builtin: Assembly) -> None:
    result = changed("load", "send it to boss@example.com too", builtin)
    assert result.workflow is not None
    new = result.workflow["steps"][-1]
    assert new["with"] == {"to": "boss@example.com", "subject": "Done", "body": "Unpacked"}
    assert "inputs" not in result.workflow


def test_what_replaces_a_message_says_the_same(builtin: Assembly) -> None:
    result = changed("load", "Use Slack (#ops) instead of the email", builtin)
    assert result.workflow is not None
    assert result.workflow["steps"][-1]["with"] == {"channel": "#ops", "text": "Unpacked"}
    assert "inputs" not in result.workflow
