"""The lexical layer of CEL: where strings, numbers, comments and brackets stand in a text.

Follows the lexis of the CEL specification (https://github.com/google/cel-spec, "Syntax").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = [
    "KEYWORDS",
    "RESERVED_WORDS",
    "Token",
    "is_identifier",
    "is_variable_name",
    "plain_path",
    "tokens",
]

KEYWORDS = frozenset({"true", "false", "null", "in"})
_WORDS = """
    as break const continue else for function if import let loop package namespace return var
    void while
"""
RESERVED_WORDS = KEYWORDS | frozenset(_WORDS.split())
"""Words that can be no variable; behind a dot only the keywords cannot stand."""
_IDENTIFIER = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*\Z")

_PLAIN_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[(?:0|[1-9]\d{0,8})\])*\Z", re.ASCII)
_PLAIN_PART = re.compile(r"\.?([A-Za-z_]\w*)|\[(\d+)\]", re.ASCII)

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>//[^\n]*)
    | (?P<string>
          (?:[rR][bB]?|[bB][rR])(?:\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|"[^"\r\n]*"|'[^'\r\n]*')
        | [bB]?(?:\"{3}(?:\\[\s\S]|[^\\])*?\"{3}|'{3}(?:\\[\s\S]|[^\\])*?'{3}
                |"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*')
      )
    | (?P<number>0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?)
    | (?P<name>[_a-zA-Z][_a-zA-Z0-9]*)
    | (?P<quoted>`[^`\r\n]*`)
    | (?P<operator>&&|\|\||[=!<>]=|[\s\S])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """One token: ``kind`` is space, comment, string, number, name, quoted or operator."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Offset behind the token."""
        return self.start + len(self.text)


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """Yield the tokens of a text from an offset; what is no CEL comes as single operators."""
    for match in _TOKEN.finditer(text, start):
        yield Token(match.lastgroup or "operator", match.group(), match.start())


def is_identifier(name: str) -> bool:
    """Whether a name can stand behind a dot as it is."""
    return _IDENTIFIER.match(name) is not None and name not in KEYWORDS


def is_variable_name(name: str) -> bool:
    """Whether a name can be a variable (reserved words cannot)."""
    return _IDENTIFIER.match(name) is not None and name not in RESERVED_WORDS


def plain_path(text: str) -> tuple[str | int, ...] | None:
    """Return the parts of a text that only selects, such as ``steps.a.items[0]``, else None."""
    if not _PLAIN_PATH.match(text):
        return None
    found = _PLAIN_PART.findall(text)
    parts = tuple(name if name else int(index) for name, index in found)
    if not is_variable_name(str(parts[0])) or not KEYWORDS.isdisjoint(parts):
        return None
    return parts
