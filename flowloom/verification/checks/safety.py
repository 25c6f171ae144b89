"""FL7xx: secrets in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.verification.facts import Facts, Finding
from flowloom.verification.registry import check, rule
from flowloom.verification.secret_forms import looks_random, secret_form
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


@check("document", (SECRET, RANDOM))
def secrets(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report texts that look like keys, and values under names of secrets."""
    ids = {node.path: node.id for node in facts.tree.nodes}
    for path, text in _texts(facts.data, ()):
        name = _name(path)
        why = secret_form(name, text)
        if why or (name not in _STRUCTURE and looks_random(name, text)):
            yield Finding(
                code=SECRET if why else RANDOM,
                path=path,
                message=f"{why or 'The text looks random'}; a workflow is no place for secrets.",
                hint="Remove it, revoke it where it was real, and name a 'connection' instead.",
                step=_step(ids, path),
            )


def _name(path: Path) -> str:
    """Return the name that a text stands under; a declared input's default has the input's."""
    names = [part for part in path if isinstance(part, str)]
    if len(names) > 2 and names[0] == "inputs" and names[-1] in ("default", "examples"):
        return names[-2]
    return names[-1] if names else ""


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


def _step(ids: Mapping[Path, str], path: Path) -> str:
    around = (ids.get(path[:length]) for length in range(len(path), 0, -1))
    return next((found for found in around if found), "")
