"""Faults that do harm: secrets, deletion without asking, texts from outside in the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.fault_model import Edit, Planting, Sample, fault, inserted
from flowloom.verification.tree import Node

__all__: list[str] = []

KEYS = (
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "xoxb-123456789012-abcdefABCDEF123456",
    "sk-proj-Ab3dE6gH9jK2mN5pQ8sT1vW4yZ7",
    "AKIAIOSFODNN7EXAMPLE",
    "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
    "glpat-Xy12Zw34Vu56Ts78Rq90",
    "postgres://app:s3cretpw@db.example.com/shop",
)
"""Forms of keys, none of them real."""
FILES = {"id": "planted_files", "uses": "file.list", "with": {"directory": "in"}}


def with_webhook(sample: Sample, *steps: dict[str, Any]) -> tuple[tuple[Edit, ...], int]:
    """Return edits that make a webhook the trigger and append steps, and the first's index.

    A workflow that uses its trigger keeps it; then it must be one that brings texts from outside.
    """
    edits, here = sample.at_end(*steps)
    trigger = {"uses": "core.webhook", "with": {"path": "/planted"}}
    return ((("trigger",), trigger), *edits), int(here[-1])


def outside(sample: Sample) -> str:
    """Return an expression for a text from outside, empty if the trigger cannot be changed."""
    return "" if "trigger.output" in str(sample.data) else "string(trigger.output.body.text)"


@fault("FL701")
def key_in_plain_text(sample: Sample) -> Iterator[Planting]:
    """A key of a known form in an input."""
    for use in sample.uses:
        for name, old, schema in use.literals():
            if isinstance(old, str) and "enum" not in schema and "format" not in schema:
                for key in KEYS:
                    yield Planting(((use.at(name), f"{old} {key}"),), (use.at(name),))
    for key in KEYS:
        headers = {"Authorization": f"Bearer {key}"}
        step = {
            "id": sample.free_id(),
            "uses": "http.get",
            "with": {"url": "https://api.example.com/a", "headers": headers},
        }
        edits, here = sample.at_end(step)
        yield Planting(edits, ((*here, "with", "headers", "Authorization"),))


@fault("FL701")
def password_written_out(sample: Sample) -> Iterator[Planting]:
    """A value under the name of a secret."""
    for name in ("password", "api_key", "client_secret", "access_token"):
        step = {
            "id": sample.free_id(),
            "uses": "http.post",
            "with": {
                "url": "https://api.example.com/login",
                "body": {"user": "ada", name: "hunter2!"},
            },
        }
        edits, here = sample.at_end(step)
        yield Planting(edits, ((*here, "with", "body", name),))


@fault("FL702")
def random_key_in_plain_text(sample: Sample) -> Iterator[Planting]:
    """A random text that may be a key."""
    for key in ("kR7pZq2LmX9vTb4NcW8yHd3GfJ6sQa1E", "Zt4Qw8Er2Ty6Ui0Op9As3Df7Gh1Jk5Lz8Xc"):
        for call in sample.calls:
            if call.component.id == "core.log":
                yield Planting(((call.at("message"), f"key {key}"),), (call.at("message"),))
        edits, here = sample.at_end(sample.log(f"key {key}"))
        yield Planting(edits, ((*here, "with", "message"),))


@fault("FL703")
def deletion_in_a_loop(sample: Sample) -> Iterator[Planting]:
    """Everything of a list is deleted before anybody is asked."""
    deletes: tuple[dict[str, Any], ...] = (
        {"uses": "file.delete", "with": {"path": "${{ entry.path }}"}},
        {
            "uses": "slack.conversations.archive",
            "connection": "team-slack",
            "with": {"channel": "${{ entry.name }}"},
        },
    )
    for delete in deletes:
        loop = {
            "id": "planted_loop",
            "for_each": "steps.planted_files.output",
            "as": "entry",
            "do": [{"id": "planted_delete", **delete}],
        }
        edit = inserted(sample.data, ("steps",), 0, FILES, loop)
        repair = (inserted(sample.data, ("steps",), 0, FILES),)
        yield Planting((edit,), (("steps", 1, "do", 0),), within=True, repair=repair)


@fault("FL704")
def deletion_without_a_question(sample: Sample) -> Iterator[Planting]:
    """A step that destroys, without condition and without approval."""
    for step in (
        {"uses": "file.delete", "with": {"path": "data/customers.csv"}},
        {
            "uses": "sql.execute",
            "connection": "bench-db",
            "with": {"statement": "delete from orders"},
        },
        {"uses": "jira.issues.delete", "connection": "jira", "with": {"issueIdOrKey": "APP-1"}},
    ):
        steps = sample.data["steps"]
        new = {"id": sample.free_id(), **step}
        yield Planting(((("steps",), [new, *steps]),), (("steps", 0),), within=True)


@fault("FL704", "FL703")  # In a loop it is both; either is right.
def approval_taken_away(sample: Sample) -> Iterator[Planting]:
    """The ``if`` around a deletion is gone: what stood in it runs always, or for every item."""
    for node in sample.of("if"):
        for call in sample.calls:
            inside = call.path[: len(node.path) + 1] == (*node.path, "then")
            if not inside or call.component.effect != "destructive" or node.get("else"):
                continue
            if call.node is None or _is_guarded_by_another(sample, call.node, node):
                continue
            block = [item.data for item in node.block.nodes]
            then: list[dict[str, Any]] = node.data["then"]
            new = [*block[: node.index], *then, *block[node.index + 1 :]]
            start = (*node.block.path, node.index)
            rest = call.path[len(node.path) + 1 :]
            at = (*start[:-1], node.index + int(rest[0]), *rest[1:])
            yield Planting(((node.block.path, new),), (at,), within=True)


def _is_guarded_by_another(sample: Sample, inner: Node, gone: Node) -> bool:
    """Return whether another ``if`` still guards a step: in a loop only one that asks a person."""
    looped = False
    owner = inner.block.owner
    while owner is not None:
        if owner is not gone and owner.kind in ("if", "switch"):
            condition = str(owner.get(owner.kind))
            if not looped or any(f"steps.{name}." in condition for name in _questions(sample)):
                return True
        looped = looped or owner.kind in ("for_each", "while")
        owner = owner.block.owner
    return False


def _questions(sample: Sample) -> list[str]:
    asked = [node.id for node in sample.of("ask")]
    calls = (call for call in sample.calls if call.component.id.startswith("person."))
    return [*asked, *(str(call.data["id"]) for call in calls)]


@fault("FL705")
def writes_without_a_bound(sample: Sample) -> Iterator[Planting]:
    """A message for each entry of a list that has no bound."""
    writes: tuple[dict[str, Any], ...] = (
        {
            "uses": "slack.chat.post_message",
            "connection": "team-slack",
            "with": {"channel": "#all", "text": "${{ entry.name }}"},
        },
        {"uses": "http.post", "with": {"url": "https://api.example.com/a", "body": {"a": 1}}},
        {
            "uses": "email.send",
            "connection": "office-mail",
            "with": {"to": "all@example.com", "subject": "x", "body": "${{ entry.name }}"},
        },
    )
    for write in writes:
        inner = {
            "id": "planted_inner",
            "for_each": "steps.planted_files.output",
            "as": "entry",
            "do": [{"id": "planted_write", **write}],
        }
        loop = {
            "id": "planted_outer",
            "for_each": "steps.planted_files.output",
            "as": "outer",
            "do": [inner],
        }
        edits, here = sample.at_end(FILES, loop)
        loop_at = (*here[:-1], int(here[-1]) + 1)
        yield Planting(edits, (loop_at,), within=True)


def tainted(sample: Sample, step: dict[str, Any], name: str) -> Iterator[Planting]:
    """Yield the planting of a step whose input takes a text from outside (``{}``)."""
    text = outside(sample)
    if not text:
        return
    given = {
        key: value.replace("{}", "${{ " + text + " }}") if isinstance(value, str) else value
        for key, value in step["with"].items()
    }
    edits, at = with_webhook(sample, {"id": sample.free_id(), **step, "with": given})
    yield Planting(edits, (("steps", at, "with", name),))


@fault("FL706")
def text_from_outside_in_sql(sample: Sample) -> Iterator[Planting]:
    """The SQL text is put together from what came in."""
    yield from tainted(
        sample,
        {
            "uses": "sql.query",
            "connection": "bench-db",
            "with": {"query": "select * from users where name = '{}'"},
        },
        "query",
    )


@fault("FL706")
def text_from_outside_as_code(sample: Sample) -> Iterator[Planting]:
    """What came in is run as code."""
    yield from tainted(sample, {"uses": "bench.python", "with": {"code": "print({})"}}, "code")


@fault("FL706")
def text_from_outside_in_a_shell(sample: Sample) -> Iterator[Planting]:
    """What came in is part of a shell command."""
    yield from tainted(
        sample, {"uses": "bench.shell", "with": {"command": "convert {} out.png"}}, "command"
    )


@fault("FL709")
def text_from_outside_as_the_host(sample: Sample) -> Iterator[Planting]:
    """What came in decides which host is called."""
    for url in ("https://{}/status", "{}"):
        yield from tainted(sample, {"uses": "http.get", "with": {"url": url}}, "url")


@fault("FL709")
def text_from_outside_as_a_path(sample: Sample) -> Iterator[Planting]:
    """What came in decides which file is read or written."""
    yield from tainted(sample, {"uses": "file.read", "with": {"path": "/srv/data/{}"}}, "path")
    yield from tainted(sample, {"uses": "file.write", "with": {"path": "{}", "text": "x"}}, "path")


@fault("FL710")
def text_from_outside_as_instructions(sample: Sample) -> Iterator[Planting]:
    """What came in tells a chat model how to behave."""
    chat = {"uses": "ai.chat", "connection": "model", "with": {"prompt": "Hi", "system": "{}"}}
    yield from tainted(sample, chat, "system")


@fault("FL706")
def answer_of_a_model_as_sql(sample: Sample) -> Iterator[Planting]:
    """A chat model, fed from outside, writes the SQL that is run."""
    if not outside(sample):
        return
    ask = {
        "id": "planted_model",
        "uses": "ai.chat",
        "connection": "model",
        "with": {"prompt": "SQL for: ${{ " + outside(sample) + " }}"},
    }
    run = {
        "id": "planted_run",
        "uses": "sql.query",
        "connection": "bench-db",
        "with": {"query": "${{ steps.planted_model.output.text }}"},
    }
    edits, at = with_webhook(sample, ask, run)
    where = ("steps", at + 1, "with", "query")
    yield Planting(edits, (where,), repair=((where, "select count(*) from users"),))


@fault("FL707")
def internal_address(sample: Sample) -> Iterator[Planting]:
    """An address inside the network, or of the cloud's metadata service."""
    for url in (
        "http://127.0.0.1:8080/admin",
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/x",
        "http://10.0.0.5/api",
        "http://192.168.1.1/",
        "http://[::1]/",
    ):
        for call in sample.calls:
            if call.component.id.startswith("http.") and "${{" not in str(call.inputs.get("url")):
                yield Planting(((call.at("url"), url),), (call.at("url"),))
        step = {"id": sample.free_id(), "uses": "http.post", "with": {"url": url}}
        edits, here = sample.at_end(step)
        yield Planting(edits, ((*here, "with", "url"),))


@fault("FL708")
def personal_data_to_a_model(sample: Sample) -> Iterator[Planting]:
    """Fields that the catalog marks as personal go into a prompt."""
    person = {"id": "planted_person", "uses": "bench.person", "with": {"id": "42"}}
    for text in (
        "${{ steps.planted_person.output.email }}",
        "Write to ${{ steps.planted_person.output.name }}.",
    ):
        chat = {
            "id": "planted_chat",
            "uses": "ai.chat",
            "connection": "model",
            "with": {"prompt": text},
        }
        edits, here = sample.at_end(person, chat)
        yield Planting(edits, ((*here[:-1], int(here[-1]) + 1, "with", "prompt"),))
