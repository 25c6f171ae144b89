"""Secrets: the forms of keys are found wherever they stand, and what looks alike is not."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of

A40 = "Ab3dE6gH9jK2mN5pQ8sT1vW4yZ7aB0cD3eF6gH9j"
HEX32 = "0123456789abcdef0123456789abcdef"


def found(given: dict[str, Any], **document: Any) -> list[tuple[str, str]]:
    step = {"id": "a", "uses": "demo.log", "with": given}
    verdict = verify(document_of({"name": "x", "steps": [step], **document}), EXAMPLE_CATALOG)
    return [(item.code, item.path) for item in verdict.diagnostics if item.code[:4] == "FL70"]


KEYS = {
    "github": "ghp_" + A40[:36],
    "github fine grained": "github_pat_" + A40 + A40,
    "gitlab": "glpat-" + A40[:20],
    "slack": "xoxb-123456789012-abcdefABCDEF",
    "slack webhook": "https://hooks.slack.com/services/" + "T0AAAAAAA/B0BBBBBBB/" + A40[:24],
    "discord webhook": f"https://discord.com/api/webhooks/123456789012345678/{A40}{A40}",
    "stripe": "sk_" + "live_" + A40[:24],
    "stripe test": "rk_" + "test_" + A40[:24],
    "openai": "sk-proj-" + A40,
    "anthropic": "sk-ant-api03-" + A40,
    "aws id": "AKIAIOSFODNN7EXAMPLE",
    "google": "AIza" + A40[:35],
    "npm": "npm_" + A40[:36],
    "pypi": "pypi-" + A40 + A40,
    "sendgrid": f"SG.{A40[:22]}.{A40}",
    "twilio": "SK" + HEX32,
    "telegram": "123456789:" + A40[:35],
    "jwt": f"eyJ{A40[:20]}.eyJ{A40[:20]}.{A40}",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\nMII",
    "basic": "postgres://app:s3cretpw@db.example.com/shop",
    "key in a link": "https://api.example.com/x?api_key=abcdef123456",
    "curl": "curl -H 'Authorization: Bearer abcdef123456'",
    "connection string": "Server=db;User Id=app;Password=hunter22;",
    "inside a sentence": f"use ghp_{A40[:36]} for it",
}


@pytest.mark.parametrize("name", KEYS)
def test_a_key_in_a_text_is_found_at_its_place(name: str) -> None:
    assert found({"text": KEYS[name]}) == [("FL701", "steps[0].with.text")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer xyz123"),
        ("authorization", "Basic YWJjOmRlZg=="),
        ("X-Api-Key", "abc12345"),
        ("password", "hunter22"),
        ("clientSecret", "abcdefgh"),
        ("aws_secret_access_key", "abcdefgh"),
    ],
)
def test_a_literal_under_the_name_of_a_secret_is_found(name: str, value: str) -> None:
    assert found({"text": "a", "headers": {name: value}}) == [
        ("FL701", f"steps[0].with.headers.{name}" if "-" not in name else _bracketed(name))
    ]


def _bracketed(name: str) -> str:
    return f"steps[0].with.headers.{name}"


def test_the_default_of_an_input_counts_under_the_name_of_the_input() -> None:
    inputs = {"api_key": {"type": "string", "default": "abc12345"}}
    assert found({"text": "a"}, inputs=inputs) == [("FL701", "inputs.api_key.default")]


@pytest.mark.parametrize(
    "text", ["kR7pZq2LmX9vTb4NcW8yHd3GfJ6sQa1E", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEX3MPL5K8Y"]
)
def test_what_looks_random_is_a_warning(text: str) -> None:
    assert found({"text": text}) == [("FL702", "steps[0].with.text")]


HARMLESS = {
    "uuid": {"text": "8F14E45F-CEEA-467F-ABCD-123456789012"},
    "git sha": {"text": "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    "hash under its name": {"text": "a", "sha": A40},
    "picture": {"text": "a", "image": "data:image/png;base64," + A40 * 9},
    "bare picture": {"text": "a", "photo": A40 * 9},
    "long link": {"text": f"https://example.com/a/{A40}/b?page=2&utm_source={A40}"},
    "document id": {"text": "a", "spreadsheetId": "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"},
    "file path": {"text": "/srv/Reports2026/Quarter3/CustomerOrders/Final2/Version10/summary.csv"},
    "cron": {"text": "*/15 9-17 * * 1-5"},
    "identifier": {"text": "theVeryLongNameOfAFunctionThatSomeoneWroteIn2026"},
    "slug": {"text": "sk-learn-a-very-long-slug-of-a-page-about-it"},
    "expression": {"text": "${{ 'a' + 'b' }}", "password": "${{ inputs.password }}"},
    "bearer of an expression": {"text": "a", "Authorization": "Bearer ${{ inputs.token }}"},
    "page token": {"text": "a", "pageToken": A40},
    "word": {"text": "the password is wrong; ask for a new secret key"},
    "asked fields": {"text": "a", "fields": {"password": "string", "secret": "the word they say"}},
    "sql": {"text": "select * from users where password = :password"},
    "masked": {"text": "Server=db;Password=***;"},
    "time with port": {"text": "http://example.com:8080/a@b"},
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_a_secret_is_not_reported(name: str) -> None:
    inputs = {"password": {"type": "string"}, "token": {"type": "string"}}
    assert found(HARMLESS[name], inputs=inputs) == []


def test_the_finding_names_the_step_inside_a_block() -> None:
    inner = {"id": "b", "uses": "demo.log", "with": {"text": KEYS["github"]}}
    steps = [{"id": "p", "parallel": [[inner]]}]
    verdict = verify(document_of({"name": "x", "steps": steps}), EXAMPLE_CATALOG)
    item = next(item for item in verdict.diagnostics if item.code == "FL701")
    assert (item.step, item.path) == ("b", "steps[0].parallel[0][0].with.text")
    assert "GitHub" in item.message
