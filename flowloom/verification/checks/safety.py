"""FL7xx: secrets in plain text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule
from flowloom.workflow.path import Path

__all__: list[str] = []

SECRET = rule(
    "FL701",
    "error",
    "A secret in plain text.",
    example="name: x\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'}}",
    mender="person",
)
RANDOM = rule(
    "FL702",
    "warning",
    "A text that looks like a random key.",
    example="name: x\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: 'kR7pZq2LmX9vTb4NcW8yHd3GfJ6sQa1E'}}",
    mender="person",
)
_STRUCTURE = frozenset(
    ["id", "uses", "as", "if", "while", "switch", "for_each", "collect", "connection"]
)
_KEY_FORMS = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,}|xox[abprs]-[A-Za-z0-9-]{10,}"
    r"|sk-[A-Za-z0-9_-]{20,}|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|sk_live_[0-9A-Za-z]{16,}"
    r"|glpat-[0-9A-Za-z_-]{20,}|ya29\.[0-9A-Za-z_-]{20,}|\d{8,10}:[A-Za-z0-9_-]{35}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|://[^/\s:@]+:[^/\s:@$]+@"
)
_SECRET_NAME = re.compile(
    r"(?i)(?:^|_|-)(?:password|passwd|secret|api_?key|access_?token|auth_?token|authorization"
    r"|private_?key|client_?secret)\Z"
)
_TOKEN = re.compile(r"[A-Za-z0-9+=-]{32,}")
MIN_LENGTH = 6
MIN_ENTROPY = 4.3
"""Bits per character; English words and paths lie under 4, random base64 above 4.5."""


@check("document", (SECRET, RANDOM))
def secrets(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report texts that look like keys, and values under names of secrets."""
    for path, text in _texts(facts.data, ()):
        name = str(path[-1]) if path else ""
        if name in _STRUCTURE or len(text) < MIN_LENGTH:
            continue
        why = _why_secret(text, name)
        random = not why and any(map(_is_random, _TOKEN.findall(text)))
        if why or random:
            yield Finding(
                code=SECRET if why else RANDOM,
                path=path,
                message=f"{why or 'The text looks random'}; a workflow is no place for secrets.",
                hint="Remove it, revoke it where it was real, and name a 'connection' instead.",
                step=_step(facts, path),
            )


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    pending: list[tuple[Path, Any]] = [(path, value)]
    while pending:
        here, item = pending.pop()
        if isinstance(item, str):
            yield here, item
        elif isinstance(item, dict):
            pending.extend(((*here, str(key)), inner) for key, inner in item.items())
        elif isinstance(item, list):
            pending.extend(((*here, index), inner) for index, inner in enumerate(item))


def _why_secret(text: str, name: str) -> str:
    if _KEY_FORMS.search(text):
        return "The text has the form of a key"
    if _SECRET_NAME.search(name) and "${{" not in text:
        return f"{name!r} holds a literal text"
    return ""


def _is_random(token: str) -> bool:
    counts = Counter(token)
    kinds = [any(map(test, token)) for test in (str.isdigit, str.islower, str.isupper)]
    entropy = -sum(n / len(token) * math.log2(n / len(token)) for n in counts.values())
    return all(kinds) and entropy >= MIN_ENTROPY


def _step(facts: Facts, path: Path) -> str:
    around = [node for node in facts.tree.nodes if path[: len(node.path)] == node.path]
    return around[-1].id if around else ""
