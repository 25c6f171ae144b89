"""What an input is called in words: by its name, its description and what stands beside a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flowloom.offline.filling.literals import Value
from flowloom.offline.reading.lexicon import singular, word_set
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = [
    "TEXTS", "TITLES", "InputName", "description_noun", "format_of", "is_main_text", "item_schema",
    "name_of_input", "same_stem", "spaced", "words_before",
]  # fmt: skip

TEXTS = ("text", "message", "body", "content", "comment", "caption", "line", "description")
TITLES = ("title", "subject", "name", "summary", "headline", "heading")
_GENERIC = frozenset({"id", "key", "number", "name", "code", "or", "idorkey", "string", "path"})
_CONNECTORS = word_set(
    "is of to as called named titled the a an equals equal number no nr id key set reads named"
    " with it like"
)
_NO_UNITS = word_set(
    "many most less least least than result results number left page wait returned given smallest"
    " largest first issue pull request message time unix when whether needs with from that below"
)
_DESCRIBED = re.compile(
    r"^(?:the\s+)?(?:new\s+)?(?:ids?|ts|names?|numbers?|keys?|logins?|address(?:es)?|part"
    r"|e-?mail address)"
    r"(?:\s+or\s+\w+)*\s+of\s+(?:an?\s+|the\s+)?([a-z-]+(?:\s(?!that|who|which|to|by)[a-z-]+)?)",
    re.I,
)
_HEAD = re.compile(
    r"^(?:the|a|an|its)\s+([a-z-]+)(?=\s+(?:to|they|of|that|for|in|as)\b|[.;,]|$)", re.I
)


@dataclass(frozen=True)
class InputName:
    """The words that mean one input.

    Attributes:
        full: its whole name; ``short`` the name without "id", "number" and the like.
        others: other words for it, from its description and its group of near-synonyms.
        group: ``text`` for what is said, ``title`` for what something is called, else empty.
    """

    full: tuple[str, ...]
    short: tuple[str, ...]
    others: frozenset[str]
    group: str = ""

    def strength(self, words: tuple[str, ...]) -> float:
        """Return how surely the last of some words (singular, lower case) mean this input."""
        for wanted, points in ((self.full, 3.0), (self.short, 2.5)):
            if wanted and words[-len(wanted) :] == wanted:
                return points
        if not words:
            return 0.0
        if "".join(words[-2:]) == "".join(self.full):
            return 3.0
        if self.short and same_stem(words[-1], self.short[-1]):
            return 2.0
        if (
            words[-1] not in _GENERIC
            and len(words[-1]) > 4
            and (self.short or ("",))[-1].endswith(words[-1])
        ):
            return 1.6  # "sheet" of a spreadsheet
        return 1.5 if words[-1] in self.others else 0.0


def same_stem(word: str, name: str) -> bool:
    """ "labelled" and ``label``, "assigned" and ``assignee``, "dated" and ``date``."""
    stem = re.sub(r"(?:l?led|ted|ned|ed|ing)$", "", word)
    if stem != word and len(stem) >= 3 and (name.startswith(stem) and len(name) - len(stem) <= 3):
        return True
    return len(word) >= 6 and len(name) >= 6 and word[:6] == name[:6] and word != name


def name_of_input(name: str, schema: dict[str, Any]) -> InputName:
    """Return the words that mean an input of this name and schema."""
    counts = kind_of_schema(schema) in ("integer", "number")
    return _name_of(name, str(schema.get("description") or ""), counts)


@lru_cache(maxsize=4096)
def _name_of(name: str, description: str, counts: bool) -> InputName:
    full = tuple(singular(word) for word in spaced(name).split())
    short = tuple(word for word in full if word not in _GENERIC) or full
    others = set[str]()
    noun = description_noun(description)
    if noun:
        others |= {singular(noun.split()[-1]), noun, "".join(word[0] for word in noun.split())}
    if counts:  # "two decimals", "280 characters", "10 rows": units that the description names.
        words = re.findall(r"[a-z]{4,}", description.lower())
        others |= {singular(word) for word in words} - _NO_UNITS
    for group in (TEXTS, TITLES):
        if name in group:
            others |= set(group) - {"name", "description", "line", "comment", "caption"}
    if name == "range":
        others |= {"cell", "sheet", "tab", "range"}
    if name in ("url", "link", "href"):
        others |= {"url", "link", "address", "site", "page", "website"}
    group = "title" if name in TITLES else "text" if name in TEXTS else ""
    return InputName(full, short, frozenset(others), group)


def description_noun(description: str) -> str:
    """Return what a description says that the input names: "Number of the issue" is an issue."""
    text = description.strip()
    match = _DESCRIBED.match(text) or _HEAD.match(text)
    return match.group(1).lower() if match else ""


def spaced(name: str) -> str:
    """Return a name in camel or snake case as words in lower case."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", name).lower()


def words_before(text: str, value: Value | int, *, connectors: bool = True) -> tuple[str, ...]:
    """Return the words right before a value, in the singular, without "is", "of", "called" …

    They end at a comma, another value or a number of words.
    """
    start = value if isinstance(value, int) else value.start
    before = re.split(r"[⟧,;.()]", text[:start])[-1].replace(":", " ").replace("=", " ")
    words = [word.lower() for word in re.findall(r"[A-Za-z][\w'’-]*|#", before)]
    while connectors and words and (words[-1] in _CONNECTORS or words[-1] == "#"):
        if words[-3:-1] == ["of", "it"] or words[-3:-1] == ["of", "them"]:
            break
        if (
            words[-1] in ("to", "with")
            and len(words) > 1
            and words[-2] not in ("equal", "set", "it")
        ):
            break
        words.pop()
    return tuple(singular(word.split("'")[0].split("’")[0]) for word in words[-4:])


def format_of(schema: dict[str, Any]) -> str:
    """Return the format of an input, of its items, or of the first form that it may have."""
    found = schema.get("format")
    if not isinstance(found, str):
        inner = item_schema(schema) or next(
            (item for item in schema.get("anyOf", []) if item.get("format")), {}
        )
        found = inner.get("format")
    return found if isinstance(found, str) else ""


def item_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of the items of an array, empty for anything else."""
    items = schema.get("items")
    return items if isinstance(items, dict) else {}


def is_main_text(name: str, schema: dict[str, Any]) -> bool:
    """Return whether an input is what is said or written, rather than where or how."""
    if schema.get("enum") or format_of(schema) or kind_of_schema(schema) != "string":
        return False
    return name in (*TEXTS, "question", "prompt", "html", "markdown", "data", "template")
