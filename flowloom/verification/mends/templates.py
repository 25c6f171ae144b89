"""Mends of ``${{ }}``: FL401 where a text with expressions, or a condition, cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowloom.errors import ExpressionError
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts, Site
from flowloom.verification.mends.registry import Proposal, mend_rule, set_value
from flowloom.verification.mends.syntax import peeled
from flowloom.workflow.cel.tokens import plain_path, tokens
from flowloom.workflow.path import Path, at
from flowloom.workflow.templates import parse_template

__all__: list[str] = []

_BARE = ("condition", "list", "collect", "switch")
_INNER = re.compile(r"\$?\{\{\s*((?:(?!\{\{|\}\}).)*?)\s*\}\}")
_OPEN, _CLOSE = "${{", "}}"


@mend_rule("FL401", "braces left out or too many around an expression")
def braces(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Put the braces right where there is just one way."""
    text = at(facts.data, path)
    for site in facts.sites_at.get(path, ()):
        if not isinstance(text, str):
            continue
        ways = _bare(facts, site, text) if site.role in _BARE else _closed(facts, site, text)
        distinct = tuple(dict.fromkeys(ways))
        if len(distinct) == 1:
            new = distinct[0]
            yield Proposal(set_value(path, new), f"{text!r} is written {new!r}")


def _bare(facts: Facts, site: Site, text: str) -> Iterator[str]:
    """Yield the right ways to write a field that is one expression."""
    environment = facts.types.environment(site.place.block)
    whole = len(_INNER.findall(text)) == 1 and _INNER.fullmatch(text.strip())
    joined = _INNER.sub(lambda found: _operand(found.group(1), bool(whole)), text).strip()
    for expression in (peeled(text), joined):
        if expression and environment.check(expression).ok:
            styled = f"{_OPEN} {expression} {_CLOSE}" if _is_one_template(text) else expression
            if styled != text:
                yield styled


def _is_one_template(text: str) -> bool:
    return (
        text.strip().startswith(_OPEN)
        and text.count(_OPEN) == 1
        and not (text.strip().rpartition(_CLOSE)[2])
    )


def _operand(expression: str, whole: bool) -> str:
    return expression if whole or plain_path(expression) else f"({expression})"


def _closed(facts: Facts, site: Site, text: str) -> Iterator[str]:
    """Yield the ways to close a ``${{`` in a text so that all its expressions are right."""
    if not site.broken:
        return
    start = text.find(_OPEN, site.column)
    if start < 0:
        return
    ends = [
        token.start
        for token in tokens(text, start + len(_OPEN))
        if token.kind == "operator" and token.text == "}"
    ]
    ways = [text[:end] + "}" + text[end:] for end in ends] or [f"{text.rstrip()} {_CLOSE}"]
    for way in ways:
        if _is_right(facts, site, way):
            yield way


def _is_right(facts: Facts, site: Site, text: str) -> bool:
    try:
        template = parse_template(text)
    except ExpressionError:
        return False
    environment = facts.types.environment(site.place.block)
    return all(environment.check(part.text).ok for part in template.expressions)
