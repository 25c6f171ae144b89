"""Personal data is found on its way to a chat model, and only there."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.catalog.sources import builtin_catalog
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of

Step = dict[str, Any]
MAILS = {"id": "mails", "uses": "email.search", "connection": "box"}
TRIGGER = {"uses": "core.email_received", "connection": "box"}


def chat(prompt: str) -> Step:
    return {"id": "c", "uses": "ai.chat", "connection": "m", "with": {"prompt": prompt}}


def each(*do: Step) -> Step:
    return {"id": "each", "for_each": "steps.mails.output", "as": "mail", "do": list(do)}


def transform(uses: str, **given: Any) -> Step:
    return {"id": "t", "uses": uses, "with": given}


def diagnostics(*steps: Step) -> list[Any]:
    data = {"name": "x", "trigger": TRIGGER, "steps": list(steps)}
    verdict = verify(document_of(data), builtin_catalog())
    return [item for item in verdict.diagnostics if item.code == "FL708"]


JSON = transform("json.format", value="${{ steps.mails.output }}")
SORT = transform("list.sort", items="${{ steps.mails.output }}", field="date")
PLUCK = transform("list.pluck", items="${{ steps.mails.output }}", field="sender")
PERSONAL: dict[str, tuple[list[Step], str]] = {
    "field": ([chat("${{ trigger.output.sender }}")], "steps[0].with.prompt"),
    "field in a text": ([chat("To ${{ trigger.output.sender_name }}.")], "steps[0].with.prompt"),
    "loop item": (
        [MAILS, each(chat("From ${{ mail.sender }}"))],
        "steps[1].do[0].with.prompt",
    ),
    "list of them": ([chat("${{ trigger.output.to.join(', ') }}")], "steps[0].with.prompt"),
    "mapped": (
        [MAILS, chat("${{ steps.mails.output.map(m, m.sender).join(',') }}")],
        "steps[1].with.prompt",
    ),
    "through a filter": (
        [MAILS, SORT, chat("${{ steps.t.output.map(m, m.sender).join(',') }}")],
        "steps[2].with.prompt",
    ),
    "whole objects as a text": (
        [MAILS, JSON, chat("${{ steps.t.output }}")],
        "steps[2].with.prompt",
    ),
    "a picked field": (
        [MAILS, PLUCK, chat("${{ steps.t.output.map(i, string(i)).join(',') }}")],
        "steps[2].with.prompt",
    ),
}


@pytest.mark.parametrize("name", PERSONAL)
def test_personal_data_for_a_model_is_reported(name: str) -> None:
    steps, path = PERSONAL[name]
    assert [item.path for item in diagnostics(*steps)] == [path]


HARMLESS: dict[str, list[Step]] = {
    "subject": [chat("${{ trigger.output.subject }}: ${{ trigger.output.text }}")],
    "how many": [MAILS, chat("${{ string(size(steps.mails.output)) }} mails")],
    "other field of an item": [MAILS, each(chat("${{ mail.subject }}"))],
    "other field mapped": [MAILS, chat("${{ steps.mails.output.map(m, m.subject).join(',') }}")],
    "other picked field": [
        MAILS,
        {**PLUCK, "with": {**PLUCK["with"], "field": "subject"}},
        chat("${{ steps.t.output.map(i, string(i)).join(',') }}"),
    ],
    "not a model": [
        {"id": "l", "uses": "core.log", "with": {"message": "${{ trigger.output.sender }}"}}
    ],
    "answer of the model": [chat("Hi"), {**chat("${{ steps.c.output.text }}"), "id": "c2"}],
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_not_personal_is_not_reported(name: str) -> None:
    assert diagnostics(*HARMLESS[name]) == []


def test_the_message_names_the_field() -> None:
    (item,) = diagnostics(chat("${{ trigger.output.sender }}"))
    assert "'trigger.output.sender'" in item.message
    assert (item.severity, item.mender, item.step) == ("warning", "person", "c")


def test_the_services_mark_who_people_are() -> None:
    marked = [item.id for item in builtin_catalog() if "x-personal" in str(item.output)]
    for service in ("slack.users", "stripe.customers", "hubspot.contacts", "jira.users", "email"):
        assert any(name.startswith(service) for name in marked), service
