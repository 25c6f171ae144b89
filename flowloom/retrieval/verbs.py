"""Classes of general English action verbs; no names of services."""

from __future__ import annotations

import re
from functools import lru_cache

from flowloom.retrieval.words import tokens

__all__ = ["METHOD_PATH", "entry_action", "text_action"]

METHOD_PATH = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE)\s+(/\S*)")

_CLASSES = {
    "read": "get list retrieve fetch read find search show lookup query view download check "
    "browse describe display count",
    "create": "create add make new insert post send register publish upload compose write "
    "generate open book schedule",
    "update": "update change edit modify set rename replace patch move assign adjust",
    "delete": "delete remove cancel drop clear erase revoke unsubscribe detach unfollow",
}
_VERBS = {verb: name for name, verbs in _CLASSES.items() for verb in verbs.split()}
_METHODS = {"GET": "read", "HEAD": "read", "PATCH": "update", "DELETE": "delete"}


@lru_cache(maxsize=4096)
def entry_action(name: str) -> str:
    """The class of an entry's action: read, create, update, delete; empty if it is not clear."""
    found = METHOD_PATH.search(name)
    if found and found.group(1) in _METHODS:
        return _METHODS[found.group(1)]
    return _first_class(tokens(name)[:4])


def text_action(text: str) -> str:
    """The class of the first action verb that a text states, if it stands at its beginning."""
    return _first_class(tokens(text)[:6])


def _first_class(words: list[str]) -> str:
    return next((_VERBS[word] for word in words if word in _VERBS), "")
