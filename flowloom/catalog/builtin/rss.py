"""RSS and Atom feeds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from flowloom.catalog.builtin.feeds import Entry, read_feed
from flowloom.catalog.builtin.hints import Url
from flowloom.catalog.python_functions import component

__all__: list[str] = []


@component(
    id="rss.read",
    title="Read an RSS feed",
    keywords=["news", "blog", "atom", "articles", "headlines", "podcast", "posts"],
    provider="RSS",
)
def read(url: Url, limit: Annotated[int, Field(ge=1)] = 50) -> list[Entry]:
    """Fetch an RSS or Atom feed, and return its entries with title, link, text and date.

    Args:
        url: the feed's address.
        limit: how many entries are returned at most.
    """
    return read_feed(url)[:limit]
