"""Markdown and HTML."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import FieldNames, Rows
from flowloom.catalog.python_functions import component

__all__: list[str] = []

_HIDDEN = {"script", "style", "template", "noscript", "head"}
_BLOCKS = {
    *("p", "div", "br", "tr", "ul", "ol", "table", "section", "article", "header", "footer"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr", "li"),
}


class Link(TypedDict):
    """A link of a page.

    Attributes:
        url: where it leads, as the page says it.
        text: the words of the link.
    """

    url: str
    text: str


class _TextReader(HTMLParser):
    """Collects what a reader of the page sees, and its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[Link] = []
        self._hidden = 0
        self._link = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self.parts.append("\n- " if tag == "li" else "\n")
        if tag in ("td", "th"):
            self.parts.append(" ")
        address = dict(attrs).get("href")
        if tag == "a" and address:
            self.links.append({"url": address, "text": ""})
            self._link = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS and tag not in ("br", "li"):
            self.parts.append("\n")
        if tag == "a":
            self._link = False

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.parts.append(re.sub(r"\s+", " ", data))
        if self._link:
            self.links[-1]["text"] += data

    @property
    def text(self) -> str:
        lines = [line.strip() for line in "".join(self.parts).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _read(page: str) -> _TextReader:
    reader = _TextReader()
    reader.feed(page)
    reader.close()
    return reader


@component(
    id="html.to_text",
    title="HTML to text",
    keywords=["strip tags", "web page text", "plain text", "readable", "scrape"],
    kind="transform",
)
def html_to_text(html: str) -> str:
    """Turn HTML into the plain text that a reader would see.

    Args:
        html: the HTML of a page or of a part of one.
    """
    return _read(html).text


@component(
    id="html.extract_links",
    title="Extract links from HTML",
    keywords=["hyperlinks", "anchors", "urls of page", "crawl"],
    kind="transform",
)
def extract_links(html: str) -> list[Link]:
    """Return the address and words of each link of an HTML page.

    Args:
        html: the HTML.
    """
    return [
        {"url": link["url"], "text": " ".join(link["text"].split())} for link in _read(html).links
    ]


@component(
    id="html.table",
    title="Make an HTML table",
    keywords=["report", "rows to html", "email table", "format table"],
    kind="transform",
)
def html_table(
    items: Rows,
    columns: FieldNames = [],  # noqa: B006  never changed
) -> str:
    """Write a list of rows as an HTML table, such as for an e-mail.

    Args:
        items: the rows, each an object.
        columns: the columns in their order; those of the rows if left out.
    """
    names = columns or list(dict.fromkeys(name for row in items for name in row))
    lines = ["".join(f"<th>{html.escape(name)}</th>" for name in names)]
    for row in items:
        cells = (html.escape(str(row.get(name, ""))) for name in names)
        lines.append("".join(f"<td>{cell}</td>" for cell in cells))
    return "<table>\n" + "\n".join(f"<tr>{line}</tr>" for line in lines) + "\n</table>"


@component(
    id="markdown.to_html",
    title="Markdown to HTML",
    keywords=["render", "convert", "newsletter", "rich text"],
    kind="transform",
)
def markdown_to_html(text: str) -> str:
    """Turn Markdown, tables included, into HTML; HTML inside the text is escaped.

    Args:
        text: the Markdown text.
    """
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


@component(
    id="markdown.table",
    title="Make a Markdown table",
    keywords=["report", "rows to markdown", "format table"],
    kind="transform",
)
def markdown_table(
    items: Rows,
    columns: FieldNames = [],  # noqa: B006  never changed
) -> str:
    """Write a list of rows as a Markdown table.

    Args:
        items: the rows, each an object.
        columns: the columns in their order; those of the rows if left out.
    """
    names = columns or list(dict.fromkeys(name for row in items for name in row))
    rows = [names, ["---"] * len(names), *([row.get(name, "") for name in names] for row in items)]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in rows)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
