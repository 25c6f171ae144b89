"""Mends of expressions that CEL cannot read, and of whole numbers where CEL needs others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flowloom.errors import ExpressionError
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts, Site
from flowloom.verification.mends.registry import Proposal, mend_rule, set_value
from flowloom.workflow.cel.tokens import Token, plain_path, tokens
from flowloom.workflow.path import Path, at

__all__ = ["peeled", "replace_expression"]

_SYMBOLS = {"=": "==", "&": "&&", "|": "||"}
_WORDS = {"and": "&&", "or": "||"}
_OPENED = re.compile(r"\s*\$?\{\{?")
_CLOSED = re.compile(r"\}\}?\s*\Z")


def replace_expression(facts: Facts, site: Site, new: str) -> tuple[Proposal, ...]:
    """Return the proposal to write one expression otherwise, the text around it as it is."""
    text = str(at(facts.data, site.path))
    end = site.column + len(site.text)
    if text[site.column : end] != site.text or new == site.text:
        return ()
    changed = text[: site.column] + new + text[end:]
    return (Proposal(set_value(site.path, changed), f"{site.text!r} is written {new!r}"),)


def peeled(text: str) -> str:
    """Return an expression without the braces around it, however many there are."""
    while True:
        inner = _CLOSED.sub("", _OPENED.sub("", text, count=1) if _OPENED.match(text) else text)
        if inner == text:
            return text.strip()
        text = inner


@mend_rule("FL401", "'=', '===', '&', '|', 'and', 'or' or 'not' in an expression; doubled braces")
def unreadable_expression(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write the operators as CEL does, if the expression is right then."""
    for site in facts.sites_at.get(path, ()):
        if site.checked is None or not any(p.kind == "syntax" for p in site.checked.problems):
            continue
        environment = facts.types.environment(site.place.block)
        tries = dict.fromkeys(
            new
            for text in (site.text, peeled(site.text))
            if (new := with_cel_operators(text)) is not None and environment.check(new).ok
        )
        if len(tries) == 1:
            yield from replace_expression(facts, site, next(iter(tries)))


def with_cel_operators(text: str) -> str | None:
    """Return an expression with the operators of other languages as CEL writes them.

    None if it holds a ``not`` whose reach cannot be told.
    """
    found = [token for token in tokens(text) if token.kind != "comment"]
    written: list[str] = []
    index = 0
    while index < len(found):
        token = found[index]
        if token.kind == "name" and token.text == "not" and not _is_field(found, index):
            negated = _negated(found, index)
            if negated is None:
                return None
            operand, index = negated
            inner = with_cel_operators(operand)
            if inner is None:
                return None
            written.append(f"!{inner}" if plain_path(inner) else f"!({inner})")
            continue
        written.append(_operator(found, index))
        index += 1
    return "".join(written)


def _operator(found: Sequence[Token], index: int) -> str:
    token = found[index]
    if token.kind == "name" and not _is_field(found, index):
        return _WORDS.get(token.text, token.text)
    if token.kind != "operator":
        return token.text
    before = found[index - 1].text if index else ""
    if token.text == "=" and before in ("==", "!="):
        return ""  # === and !==
    return _SYMBOLS.get(token.text, token.text)


def _is_field(found: Sequence[Token], index: int) -> bool:
    before = [token.text for token in found[:index] if token.kind != "space"]
    return bool(before) and before[-1] in (".", "?")


def _negated(found: Sequence[Token], index: int) -> tuple[str, int] | None:
    """Return what a ``not`` stands before, as Python reads it, and the index behind it."""
    depth = 0
    end = index + 1
    while end < len(found):
        text = found[end].text
        if depth == 0 and (text in ("and", "or", "&&", "||", "&", "|", "?", ":", ",", ")", "]")):
            break
        depth += (text in "([{") - (text in ")]}") if found[end].kind == "operator" else 0
        end += 1
    operand = "".join(token.text for token in found[index + 1 : end])
    if not operand.strip() or operand.split()[0] == "in":
        return None
    behind = operand[len(operand.rstrip()) :]
    # The space behind it belongs to what follows.
    return operand.strip(), end - bool(behind)


@mend_rule("FL404", "a whole number such as 10 beside a number that may have a fraction")
def whole_numbers(facts: Facts, item: Diagnostic, path: Path) -> Iterator[Proposal]:
    """Write whole numbers as 10.0 where the other side needs that."""
    from flowloom.workflow.expressions import rewrite_int_literals

    for site in facts.sites_at.get(path, ()):
        if site.checked is None or site.checked.ok:
            continue
        try:
            new = rewrite_int_literals(site.text, facts.types.environment(site.place.block))
        except ExpressionError:
            continue
        if new is not None:
            yield from replace_expression(facts, site, new)
