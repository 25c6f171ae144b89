"""Provider routing: which services a request names, by names derived from the entries themselves.

A provider is known by its name (``Microsoft Teams``), its last word (``teams``), its host name
(``monday.com``, ``monday``) and, where it has several products, by the heads of its groups
(``Gmail API users`` -> ``gmail``). A name that the descriptions of other providers also use as an
ordinary word (``teams``, ``notion``) counts only when the request writes it like a name: with a
capital letter, or straight after "in", "on", "via", "using", "from" or "to".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.words import tokens

__all__ = ["Alias", "aliases", "candidate_phrases", "limit_per_provider", "named"]

_MOST_WORDS = 4
_MARKERS = frozenset(
    {
        "api",
        "apis",
        "rest",
        "http",
        "service",
        "services",
        "client",
        "management",
        "web",
        "sdk",
        "platform",
        "public",
        "v1",
        "v2",
        "v3",
        "v4",
    }
)
_HOST_WORDS = frozenset(
    {"www", "api", "local", "com", "org", "net", "io", "co", "gov", "ac", "app", "dev"}
)
_HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", re.IGNORECASE)
_POINTERS = frozenset({"in", "on", "via", "using", "from", "to", "into", "with", "through"})
_LOWER_WORD = re.compile(r"(?<![\w./@-])[a-z][a-z0-9]+(?![\w@])(?!\.\w)")
_ORDINARY_PROVIDERS = 3
_CAPITAL = re.compile(r"[^\W\d_a-z]")


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of a service: its words in lower case, and the positions of its components."""

    words: str
    ordinary: bool
    positions: tuple[int, ...]


def aliases(entries: Sequence[Entry]) -> list[Alias]:
    """All names of services of a catalog."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for position, entry in enumerate(entries):
        for words in dict.fromkeys(_names(entry)):
            members[words].append(position)
            owners[words].add(entry.provider)
    common = _ordinary_words(entries, {words for words in members if " " not in words}, owners)
    return [Alias(words, words in common, tuple(positions)) for words, positions in members.items()]


def _names(entry: Entry) -> Iterator[str]:
    provider = entry.provider.strip()
    if not provider:
        return
    host = provider.split("/")[0]
    if _HOST.match(host):
        yield " ".join(tokens(host))
        labels = [label for label in host.lower().split(".") if label not in _HOST_WORDS]
        yield " ".join(tokens(max(labels, key=len, default="")))
    else:
        words = tokens(provider)
        yield " ".join(words)
        yield provider.lower()
        if len(words) > 1 and len(words[-1]) > 2:
            yield words[-1]
    yield _head(entry.group)


def _head(group: str) -> str:
    """The words of a group before the first that only says that it is an interface."""
    head: list[str] = []
    for word in tokens(group):
        if word in _MARKERS:
            break
        head.append(word)
    return " ".join(head) if len(head) <= _MOST_WORDS else ""


def _ordinary_words(
    entries: Iterable[Entry], names: set[str], owners: Mapping[str, set[str]]
) -> set[str]:
    """Names that the descriptions of several other providers use in lower case."""
    users: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for word in set(_LOWER_WORD.findall(entry.description)) & names:
            if entry.provider not in owners[word]:
                users[word].add(entry.provider)
    return {word for word, providers in users.items() if len(providers) >= _ORDINARY_PROVIDERS}


def candidate_phrases(text: str) -> dict[str, bool]:
    """Every run of up to four words of a text, and whether it is written like a name."""
    words = _spelled(text)
    found: dict[str, bool] = {}
    for start in range(len(words)):
        for size in range(1, min(_MOST_WORDS, len(words) - start) + 1):
            run = words[start : start + size]
            phrase = " ".join(word for word, _ in run)
            like_name = _written_as_name(words, start, size)
            found[phrase] = found.get(phrase, False) or like_name
    return found


def _spelled(text: str) -> list[tuple[str, bool]]:
    """Words in lower case, with whether they begin with a capital letter."""
    return [(word.lower(), bool(_CAPITAL.match(word))) for word in re.findall(r"[^\W_]+", text)]


def _written_as_name(words: Sequence[tuple[str, bool]], start: int, size: int) -> bool:
    capital = start > 0 and all(is_capital for _, is_capital in words[start : start + size])
    return capital or (start > 0 and words[start - 1][0] in _POINTERS)


def named(text: str, find: Callable[[Sequence[str]], Iterable[Alias]]) -> list[Alias]:
    """The services that a text names; a name inside a longer one does not count.

    Args:
        text: A request or a step in words.
        find: Gives the aliases with some of these words.
    """
    phrases = candidate_phrases(text)
    known = [a for a in find(list(phrases)) if not a.ordinary or phrases[a.words]]
    texts = [alias.words for alias in known]
    return [a for a in known if not any(a.words != t and f" {a.words} " in f" {t} " for t in texts)]


def limit_per_provider(
    ranked: Sequence[int], provider: Callable[[int], str], most: int
) -> list[int]:
    """Move what a provider has beyond ``most`` behind the others; the order stays otherwise."""
    counts: Counter[str] = Counter()
    kept: list[int] = []
    late: list[int] = []
    for position in ranked:
        name = provider(position)
        counts[name] += 1
        (late if name and counts[name] > most else kept).append(position)
    return kept + late
