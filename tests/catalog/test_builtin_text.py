"""The built-in components for text, HTML and Markdown."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.builtin.markup import html_to_text
from flowloom.catalog.builtin.text import slugify, truncate
from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import Case, run

PAGE = """<html><head><title>T</title><style>p {}</style></head><body>
<h1>News &amp; more</h1><p>First <b>bold</b>
line.</p><script>alert("x")</script><ul><li>one</li><li>two</li></ul>
<a href="/more">Read  <i>more</i></a><br>end</body></html>"""
ROWS = [{"name": "Ada", "n": 1}, {"name": "<Bob> | Co", "n": 2}]

CASES = [
    Case(
        "text.template",
        {
            "template": "Hi {{ name }}, {{order.total}} due",
            "values": {"name": "Ada", "order": {"total": 5}},
        },
        "Hi Ada, 5 due",
    ),
    Case("text.join", {"items": ["a", 1], "separator": ", "}, "a, 1"),
    Case("text.join", {"items": ["a", "b"], "prefix": "- "}, "- a\n- b"),
    Case("text.split", {"text": "a, b,,c ", "separator": ","}, ["a", "b", "c"]),
    Case("text.split", {"text": "a,,b", "separator": ",", "skip_empty": False}, ["a", "", "b"]),
    Case("text.replace", {"text": "a.b.c", "find": ".", "replacement": "-"}, "a-b-c"),
    Case(
        "text.replace",
        {"text": "a1b22", "find": r"(\d+)", "replacement": r"<\1>", "use_regex": True},
        "a<1>b<22>",
    ),
    Case("text.extract", {"text": "INV-12, inv-7", "pattern": r"INV-(\d+)"}, ["12"]),
    Case(
        "text.extract",
        {"text": "INV-12, inv-7", "pattern": r"inv-\d+", "ignore_case": True},
        ["INV-12", "inv-7"],
    ),
    Case(
        "text.extract_emails",
        {"text": "Ada <ada@example.org>, b.c+d@x.co.uk; ada@example.org."},
        ["ada@example.org", "b.c+d@x.co.uk"],
    ),
    Case(
        "text.extract_links",
        {"text": "See https://example.org/a?b=1, (http://x.org) and https://example.org/a?b=1."},
        ["https://example.org/a?b=1", "http://x.org"],
    ),
    Case("text.contains", {"text": "Urgent request", "find": "URGENT"}, True),
    Case("text.contains", {"text": "Urgent", "find": "URGENT", "ignore_case": False}, False),
    Case("text.change_case", {"text": "ada LOVELACE", "case": "upper"}, "ADA LOVELACE"),
    Case("text.change_case", {"text": "ada LOVELACE", "case": "lower"}, "ada lovelace"),
    Case("text.change_case", {"text": "ada LOVELACE", "case": "title"}, "Ada Lovelace"),
    Case("text.change_case", {"text": "ada LOVELACE", "case": "sentence"}, "Ada lovelace"),
    Case("text.trim", {"text": "\n a  b \n"}, "a  b"),
    Case("text.trim", {"text": "\n a  b \n", "collapse": True}, "a b"),
    Case("text.truncate", {"text": "Hello world", "length": 7}, "Hello…"),
    Case("text.truncate", {"text": "Hello", "length": 5}, "Hello"),
    Case("text.slugify", {"text": " Über uns: Café & Co! "}, "uber-uns-cafe-co"),
    Case("text.count", {"text": "one two\nthree"}, {"characters": 13, "words": 3, "lines": 2}),
    Case(
        "text.hash",
        {"text": "abc"},
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ),
    Case("text.hash", {"text": "abc", "algorithm": "md5"}, "900150983cd24fb0d6963f7d28e17f72"),
    Case("text.encode_base64", {"text": "Grüße"}, base64.b64encode("Grüße".encode()).decode()),
    Case("text.decode_base64", {"data": "R3LDvMOfZQ=="}, "Grüße"),
    Case("text.encode_url", {"text": "a b/c&d"}, "a%20b%2Fc%26d"),
    Case("text.decode_url", {"text": "a%20b%2Fc"}, "a b/c"),
    Case(
        "html.to_text",
        {"html": PAGE},
        "News & more\n\nFirst bold line.\n\n- one\n- two\nRead more\nend",
    ),
    Case("html.extract_links", {"html": PAGE}, [{"url": "/more", "text": "Read more"}]),
    Case(
        "html.table",
        {"items": ROWS},
        "<table>\n<tr><th>name</th><th>n</th></tr>\n<tr><td>Ada</td><td>1</td></tr>\n"
        "<tr><td>&lt;Bob&gt; | Co</td><td>2</td></tr>\n</table>",
    ),
    Case(
        "markdown.table",
        {"items": ROWS, "columns": ["n", "name"]},
        "| n | name |\n| --- | --- |\n| 1 | Ada |\n| 2 | <Bob> \\| Co |",
    ),
    Case(
        "markdown.to_html",
        {"text": "# Hi\n\n<script>x</script> *you*"},
        "<h1>Hi</h1>\n<p>&lt;script&gt;x&lt;/script&gt; <em>you</em></p>\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_gives_the_expected_output(case: Case) -> None:
    assert await run(case.id, case.inputs) == case.expected


@pytest.mark.parametrize(
    ("id", "inputs", "message"),
    [
        ("text.template", {"template": "{{nme}}", "values": {"name": 1}}, "Nearest: 'name'"),
        ("text.extract", {"text": "a", "pattern": "("}, "'(' is no regular expression"),
        ("text.replace", {"text": "a", "find": "a", "replacement": r"\2", "use_regex": True}, "no"),
        ("text.split", {"text": "a", "separator": ""}, "separator is empty"),
        ("text.decode_base64", {"data": "%%%"}, "no text in Base64"),
        ("text.truncate", {"text": "a", "length": "3"}, "in input 'length'"),
        ("text.trim", {"txt": "a"}, "'text.trim' cannot run"),
    ],
)
async def test_failures_say_why(id: str, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(ComponentError) as raised:
        await run(id, inputs)
    assert message in str(raised.value)


async def test_markdown_tables_become_html() -> None:
    table = await run("markdown.table", {"items": ROWS})
    page = await run("markdown.to_html", {"text": table})
    assert "<td>&lt;Bob&gt; | Co</td>" in page


@given(st.text(), st.integers(1, 40))
def test_truncated_text_fits(text: str, length: int) -> None:
    assert len(truncate(text, length)) <= length


@given(st.text())
def test_slugs_are_plain_and_stable(text: str) -> None:
    slug = slugify(text)
    assert slugify(slug) == slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.text())
def test_any_text_can_be_read_as_html(text: str) -> None:
    assert isinstance(html_to_text(text), str)
