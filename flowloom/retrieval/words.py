"""Words out of identifiers, paths and plain text."""

from __future__ import annotations

import re

__all__ = ["split_name", "tokens"]

_VERSION = re.compile(r"(?<![^\W_])[vV]?\d+(?:[._]\d+)+(?![^\W_])")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_CHUNK = re.compile(r"[^\W_]+")
_CAMEL = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])"  # playlistId -> playlist Id
    r"|(?<=[A-Z])(?=[A-Z][a-z])"  # HTTPServer -> HTTP Server
)
_GLUED = re.compile(
    r"^(retrieve|create|update|delete|upsert|remove|download|upload|search|replace)"
    r"(all|by\w*|with\w*|or\w{5,}|many|one)$"
)
"""Lower-case verbs glued to a preposition, as generators of identifiers write them."""


def split_name(name: str) -> str:
    """Split an identifier or a path into its words, without versions and path parameters.

    Args:
        name: Such as ``getUserById``, ``GET /pets/{petId}`` or ``Jira_Issue__2_0_0__create_Issue``.

    Returns:
        The words in order and in their own case, each once, separated by single spaces.
    """
    plain = _VERSION.sub(" ", _PLACEHOLDER.sub(" ", name))
    words = (word for chunk in _CHUNK.findall(plain) for word in _split(chunk))
    first: dict[str, str] = {}
    for word in words:
        first.setdefault(word.lower(), word)
    return " ".join(first.values())


def tokens(text: str) -> list[str]:
    """All words of a text in lower case, identifiers split: what lexical search sees."""
    chunks = _CHUNK.findall(_VERSION.sub(" ", text))
    return [word.lower() for chunk in chunks for word in _split(chunk)]


def _split(chunk: str) -> list[str]:
    glued = _GLUED.match(chunk)
    return list(glued.groups()) if glued else _CAMEL.sub(" ", chunk).split()
