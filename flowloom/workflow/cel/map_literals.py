"""Map literals of mixed values, as CEL is to take them.

The compiler gives a map the type of its first values where later ones may be anything:
``{"name": "a", "value": x}`` counts as a map of strings, and ``.value < 1.0`` as wrong. With the
first value as ``dyn`` it is what the language says: a map of anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flowloom.workflow.cel.tokens import Token, tokens

__all__ = ["with_dynamic_maps"]

_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_LITERALS = frozenset(["true", "false", "null"])


def with_dynamic_maps(text: str) -> str:
    """Return the text with the first value of each mixed map literal written as ``dyn(…)``.

    Args:
        text: an expression that can be parsed.
    """
    if "{" not in text:
        return text
    found = [token for token in tokens(text) if token.kind not in ("space", "comment")]
    marks: list[tuple[int, str]] = []
    for index, token in enumerate(found):
        if token.text == "{" and (index == 0 or found[index - 1].kind not in ("name", "quoted")):
            values = list(_values(found, index))
            if len(values) > 1 and not all(map(_is_literal, values)):
                marks += [(values[0][0].start, "dyn("), (values[0][-1].end, ")")]
    for at, mark in sorted(marks, reverse=True):
        text = text[:at] + mark + text[at:]
    return text


def _values(found: Sequence[Token], opening: int) -> Iterator[list[Token]]:
    """Yield the values of the map literal whose bracket stands at an index."""
    depth = 1
    value: list[Token] | None = None  # None: in a key
    for token in found[opening + 1 :]:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        ends = depth == 0 or (depth == 1 and token.text == ",")
        if ends and value:
            yield value
        if depth == 0:
            return
        if ends:
            value = None
        elif value is not None:
            value.append(token)
        elif depth == 1 and token.text == ":":
            value = []


def _is_literal(value: Sequence[Token]) -> bool:
    return len(value) == 1 and (value[0].kind in ("string", "number") or value[0].text in _LITERALS)
