"""Reading RSS and Atom feeds."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from typing import Any

from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import DateTime, Url
from flowloom.errors import ComponentError

__all__ = ["Entry", "read_feed"]


class Entry(TypedDict):
    """One entry of a feed.

    Attributes:
        id: what tells it from the feed's other entries.
        title: its title.
        url: the page it leads to.
        summary: its text, as the feed gives it; often HTML.
        author: who wrote it.
        published_at: when it was published; empty when the feed does not say.
    """

    id: str
    title: str
    url: Url
    summary: str
    author: str
    published_at: DateTime


def read_feed(url: str) -> list[Entry]:
    """Fetch a feed and return its entries in its order.

    Raises:
        ComponentError: it cannot be fetched, or is no feed.
    """
    import feedparser  # pyright: ignore[reportMissingTypeStubs]  the package has no types
    import httpx

    try:
        response = httpx.get(url, follow_redirects=True, timeout=30)
        response.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ComponentError(f"The feed {url!r} cannot be fetched: {error}.") from error
    feed: Any = feedparser.parse(response.content)
    if not feed.version and not feed.entries:
        raise ComponentError(
            f"There is no feed at {url!r}.",
            hint="Give the address of the RSS or Atom feed, not of the page.",
        )
    return [_entry(entry) for entry in feed.entries]


def _entry(entry: Any) -> Entry:
    # feedparser gives the id for a link that is missing, whether or not it is an address.
    link = entry.get("link", "")
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return {
        "id": entry.get("id") or entry.get("link") or entry.get("title", ""),
        "title": entry.get("title", ""),
        "url": link if "://" in link else "",
        "summary": entry.get("summary", ""),
        "author": entry.get("author", ""),
        "published_at": datetime.fromtimestamp(calendar.timegm(moment), UTC).isoformat()
        if moment
        else "",
    }
