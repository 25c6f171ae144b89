"""Quoted keys written as field selections, so that CEL can check them on typed objects.

``m['name']`` and ``m['X-Header']`` select a property of a JSON object, but CEL knows no index on
a message. For checking (never for evaluation) they become ``m.name`` and ``m._0``, padded so that
no column moves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from flowloom.workflow.cel.tokens import Token, is_identifier, tokens

__all__ = ["normalise_keys"]

_SIMPLE = re.compile(r"""(["'])([^\\]*)\1\Z""")
_MAY_NEED_IT = re.compile(r"""\[\s*\??\s*["']|`""")


def normalise_keys(text: str, stand_ins: Mapping[str, str]) -> str:
    """Return the text with quoted keys as field names; it has the same length.

    Args:
        text: an expression that can be parsed.
        stand_ins: the field names that stand for keys that are no identifiers.
    """
    if not _MAY_NEED_IT.search(text):
        return text
    found = [token for token in tokens(text) if token.kind not in ("space", "comment")]
    out = text
    for index, token in enumerate(found):
        span, key, dot = _key_at(found, index, token)
        field = stand_ins.get(key, key if is_identifier(key) else "")
        written = f"{dot}{field}" if field else ""
        if span and written and len(written) <= span[1] - span[0]:
            out = out[: span[0]] + written.ljust(span[1] - span[0]) + out[span[1] :]
    return out


def _key_at(
    found: list[Token], index: int, token: Token
) -> tuple[tuple[int, int] | None, str, str]:
    """Return span, key and dot of a key that starts here (no span: none does)."""
    if token.kind == "quoted":
        return (token.start, token.end), token.text[1:-1], ""
    if token.text != "[" or not index or not _ends_operand(found[index - 1]):
        return None, "", ""
    rest = found[index + 1 : index + 4]
    dot = "."
    if rest and rest[0].text == "?":
        rest, dot = rest[1:], ".?"
    if len(rest) < 2 or rest[0].kind != "string" or rest[1].text != "]":
        return None, "", ""
    match = _SIMPLE.match(rest[0].text)
    if match is None:
        return None, "", ""
    return (token.start, rest[1].end), match.group(2), dot


def _ends_operand(token: Token) -> bool:
    if token.kind == "name":
        return token.text != "in"
    return token.kind in ("quoted", "string") or token.text in (")", "]", "}")
