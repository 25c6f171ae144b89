"""Secrets taken out of requests and workflows before they become a data set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flowloom.verification.secret_forms import looks_random, secret_form

__all__ = ["REMOVED", "without_secrets", "without_secrets_in_text"]

REMOVED = "REMOVED"
_PARTS = re.compile(r"(\s+)")
_QUOTES = "\"'`,;.()[]{}<>"


def without_secrets_in_text(text: str, name: str = "") -> str:
    """Return a text in which each word that is a secret is ``REMOVED``.

    Where the words alone show nothing but the whole text has a secret's form (a private key over
    several lines), the whole text is.

    Args:
        name: the key that the text stands under, if it stands in a workflow.
    """
    if secret_form(name, text) and not secret_form("", text):
        return REMOVED  # Its name tells that all of it is secret.
    cleaned = "".join(map(_word, _PARTS.split(text)))
    return REMOVED if secret_form("", cleaned) else cleaned


def without_secrets(value: Any, name: str = "") -> Any:
    """Return plain data with the same done to every text in it."""
    if isinstance(value, Mapping):
        return {key: without_secrets(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [without_secrets(item, name) for item in value]
    return without_secrets_in_text(value, name) if isinstance(value, str) else value


def _word(word: str) -> str:
    bare = word.strip(_QUOTES)
    if not bare or not (secret_form("", bare) or looks_random("", bare)):
        return word
    return word.replace(bare, REMOVED)
