"""What a component does, as words that can be held against an action: verbs, objects, service."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from flowloom.catalog.component import Component
from flowloom.offline.filling.input_names import name_of_input
from flowloom.offline.planning.shapes import shapes_taken
from flowloom.offline.reading.lexicon import (
    FUNCTION_WORDS,
    PREPOSITIONS,
    base_verb,
    singular,
    verb_class,
)
from flowloom.offline.rendering.schemas import Typed, kind_of_schema, list_in
from flowloom.retrieval.words import split_name

__all__ = ["Profile", "Services", "profile_of"]

_WRAPPING = re.compile(
    r"^(?:information about|details of|details about|(?:the )?details of|(?:a )?list of|identifiers"
    r" of|(?:the )?contents? (?:for|of)|(?:the )?settings (?:for|of)|(?:a )?copy of|an existing"
    r"|all|the|a|an|new|specific|single|unique|set of)\b\s*(?:the\s+|a\s+|an\s+)?",
    re.I,
)
_ID_VERBS = ("retrieve", "create", "update", "delete", "upsert", "copy", "download", "upload",
             "send", "invoke", "rename", "move", "share", "add", "publish", "put", "purge",
             "get", "patch", "post", "list", "search", "set")  # fmt: skip
_NOUNS_TOO = frozenset(
    ["text", "mail", "message", "email", "e-mail", "file", "list", "record", "copy"]
)
_PAGES = (".results", ".items", ".entries", ".data", ".values", ".records", ".rows")


@dataclass(frozen=True)
class Profile:
    """A component in words.

    Attributes:
        verbs: classes of what it does.
        heads: nouns of what it does it to, in the singular; compounds also written together.
        objects: all words of those noun phrases.
        words: all content words of title, description, keywords and id.
        phrase: the noun phrase of what it works on, as the description says it.
        takes: shapes of values that its inputs take (``url``, ``path``, …).
        first: the verb that its title or description begins with; ``openings`` the words that
            title and description begin with.
        keywords: words that its author gives for it.
        operation: the last part of its id, where that is one word.
        lists: whether it gives a list; None where its output is not described.
        data: ``list`` or ``text`` where that is what it works on, whatever it is about.
        tests: whether it takes a condition: a field, an operator and a value.
        inputs: words for what it must be given; ``structures`` how many of that are objects.
    """

    id: str
    provider: str
    kind: str
    verbs: frozenset[str]
    heads: frozenset[str]
    objects: frozenset[str]
    words: frozenset[str]
    phrase: tuple[str, ...] = ()
    takes: frozenset[str] = frozenset()
    first: str = ""
    openings: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    operation: str = ""
    lists: bool | None = None
    data: str = ""
    tests: bool = False
    inputs: frozenset[str] = frozenset()
    structures: int = 0


def profile_of(component: Component) -> Profile:
    """Read a component's id, title and description."""
    operation, noun = _parts_of_id(component)
    said = component.title or _telling(component)
    phrase = _object_phrase(said)
    service = set(_words(component.provider))
    alternatives = [noun, phrase, *_alternatives(said)]
    phrases = [[word for word in found if word not in service] or found for found in alternatives]
    texts = (component.title, _telling(component), " ".join(component.keywords))
    words = {word for text in texts for word in _words(text)}
    return Profile(
        id=component.id,
        provider=component.provider,
        kind=component.kind,
        verbs=_verbs(operation, said),
        heads=frozenset((*_heads(phrases), *_noun_of_verb(said))),
        objects=frozenset(word for found in phrases for word in found),
        words=frozenset(words | {word for found in phrases for word in found}),
        phrase=tuple(phrases[1] or phrases[0]),
        takes=shapes_taken(component.inputs) | _sql_taken(component),
        first=base_verb(said.split(" ", 1)[0]) if said else "",
        openings=frozenset(
            word
            for word in (
                *(text.split(" ", 1)[0].lower() for text in texts[:2]),
                _verb_of_id(operation),
            )
            if word
        ),
        keywords=frozenset(_words(texts[2])),
        operation=component.id.rpartition(".")[2].lower() if "." in component.id else "",
        lists=_gives_list(component, said),
        data=_works_on(component),
        tests={"field", "operator"} <= set(component.inputs),
        inputs=_named_inputs(component),
        structures=sum(
            kind_of_schema(component.inputs[name]) == "object" for name in component.required
        ),
    )


def _gives_list(component: Component, said: str) -> bool | None:
    """Whether the output is a list, or a page of one; a single thing may hold lists too."""
    if not component.output or "type" not in component.output:
        return None
    found = list_in(Typed("", component.output))
    if found is None or kind_of_schema(found.schema) != "array":
        return False
    if kind_of_schema(component.output) == "array":
        return True
    if re.match(r"\w+ (?:one|my|the)?\s*\w+s\b", said) or found.expression.endswith(_PAGES):
        return True
    return not re.match(r"\w+ (?:a|an|one)\b", said)


def _sql_taken(component: Component) -> frozenset[str]:
    if not any(schema.get("format") == "sql" for schema in component.inputs.values()):
        return frozenset()
    return frozenset({"sql-read" if component.effect == "read" else "sql-write"})


def _named_inputs(component: Component) -> frozenset[str]:
    """ "Fetch the link": what it is given may stand for what it does it to."""
    if component.kind == "transform":
        return frozenset()
    means = [name_of_input(name, component.inputs[name]) for name in component.required[:1]]
    return frozenset(word for item in means for word in (*item.short, *item.others) if word)


def _works_on(component: Component) -> str:
    for name in component.required:
        kind = kind_of_schema(component.inputs[name])
        if kind == "array":
            return "list"
        if kind == "string" and name in ("text", "html", "markdown"):
            return "text"
    return ""


def _telling(component: Component) -> str:
    # Some lists repeat the id where a description is missing.
    return "" if component.description == component.id else component.description


def _parts_of_id(component: Component) -> tuple[list[str], list[str]]:
    """Return the words of an id's operation, and those of what it works on."""
    parts = component.id.split("__")
    if len(parts) == 3:
        noun = parts[0].removeprefix(component.provider.replace(" ", "_")).strip("_")
        return split_name(parts[2]).lower().split(), _content(split_name(noun))
    *front, last = component.id.split(".")
    words = split_name(last).lower().split()
    named = _content(" ".join(split_name(part) for part in front[1:]))
    return words, [*named, *_content(" ".join(words[1:]))]


def _verb_of_id(operation: list[str]) -> str:
    """ "PUBLISHMESSAGEONTOPIC" begins with a verb."""
    first = operation[0] if operation else ""
    return next(
        (
            verb for verb in _ID_VERBS
            if first == verb or (len(first) > len(verb) + 3 and first.startswith(verb))
        ),
        "",
    )  # fmt: skip


def _verbs(operation: list[str], said: str) -> frozenset[str]:
    first = operation[0] if operation else ""
    if verb := _verb_of_id(operation):
        return frozenset({"create", "update"} if verb == "upsert" else verb_class(verb))
    opening = said.split()[:3]
    verbs = [word for word in opening[1:] if base_verb(word) and word.lower() not in _NOUNS_TOO]
    found = next((base_verb(word) for word in [*opening[:1], *verbs] if base_verb(word)), "")
    return frozenset((*verb_class(first), *verb_class(found)))


def _object_phrase(said: str) -> list[str]:
    """Return the nouns after the verb of a description, up to the first preposition."""
    rest = said.split(".")[0].strip()
    match = re.match(r"\s*[\w-]+(?:\s+or\s+\w+)?\s+", rest)
    if match and base_verb(rest.split()[0]):
        rest = rest[match.end() :]
    before = ""
    while rest != before:
        before, rest = rest, _WRAPPING.sub("", rest).strip()
    kept: list[str] = []
    for word in re.findall(r"[\w'-]+", rest):
        if word.lower() in PREPOSITIONS and kept:
            break
        kept.append(word)
    return _content(" ".join(kept[:6]))


def _alternatives(said: str) -> list[list[str]]:
    """ "Fetch a web page or API": two things that it may work on."""
    first, joined, second = said.split(".")[0].partition(" or ")
    if not joined or len(first.split()) < 2:
        return []
    return [_object_phrase(first), _content(re.split(r"\b(?:of|in|to|for)\b", second)[0])]


def _content(text: str) -> list[str]:
    return [word for word in _words(text) if word not in FUNCTION_WORDS]


def _words(text: str) -> list[str]:
    return [singular(word.lower()) for word in re.findall(r"[A-Za-z0-9]+", text)]


def _heads(phrases: list[list[str]]) -> Iterable[str]:
    for phrase in phrases:
        if phrase:
            yield phrase[-1]
            yield "".join(phrase)
            yield "".join(phrase[-2:])
            if len(phrase) > 1:
                yield "".join(word[0] for word in phrase)


def _noun_of_verb(said: str) -> list[str]:
    """ "Comment on an issue": what is made is a comment."""
    match = re.match(r"(\w+) (?:on|to)\b", said)
    return [base_verb(match.group(1))] if match and base_verb(match.group(1)) else []


class Services:
    """The services of a catalog, found in text by the words that tell them apart."""

    def __init__(self, components: Iterable[Component]) -> None:
        items = [item for item in components if item.provider]
        self._weights: dict[str, dict[str, float]] = {}
        names = {item.provider: _tokens(item.provider) for item in items}
        self._tokens = {token for tokens in names.values() for token in tokens}
        shared = Counter(token for tokens in names.values() for token in set(tokens))
        for provider, tokens in names.items():
            weights = {token: 1 / shared[token] for token in tokens if token not in FUNCTION_WORDS}
            total = sum(weights.values()) or 1.0
            self._weights[provider] = {token: value / total for token, value in weights.items()}
        self._also = _other_names(items, set(shared))
        self._single = {"".join(_tokens(name)): name for name in names}

    def mentions(self, text: str, *, heads: frozenset[str] = frozenset()) -> dict[str, float]:
        """Return how surely a text names each service, from 0 to 1.

        Args:
            heads: nouns that are the object of an action: half as telling ("the teams").
        """
        raw = re.findall(r"[A-Za-z0-9]+", text)
        said = {**_joined(text), **{word.lower(): word for word in raw}}
        pairs = {a.lower() + b.lower() for a, b in pairwise(raw)}
        prefixes = [word for word in said if len(word) >= 3 and word not in self._tokens]
        found: dict[str, float] = {}
        for provider, weights in self._weights.items():
            share = sum(
                value * max(_match(token, said, pairs, heads), _prefix(token, prefixes))
                for token, value in weights.items()
            )
            if share:
                found[provider] = min(1.0, share)
        for word in said:
            provider = self._also.get(word, "")
            if provider and word not in heads:
                found[provider] = max(found.get(provider, 0.0), 0.8)
        for pair in pairs & set(self._single):
            found[self._single[pair]] = 1.0
        return found

    def words_of(self, provider: str) -> frozenset[str]:
        """Return the words that name a service, in lower case."""
        also = {word for word, name in self._also.items() if name == provider}
        return frozenset(self._weights.get(provider, ())) | also


def _joined(text: str) -> dict[str, str]:
    """Words with a hyphen written together, in the singular: "e-mails" is "email"."""
    words = re.findall(r"[A-Za-z0-9]+-[A-Za-z0-9]+", text)
    return {singular(word.replace("-", "").lower()): word for word in words}


def _match(token: str, said: Mapping[str, str], pairs: set[str], heads: frozenset[str]) -> float:
    if token in said:
        is_object = singular(token) in heads and not said[token][0].isupper()
        is_object = is_object or ("-" in said[token] and said[token].islower())
        return 0.5 if is_object else 1.0
    if token in pairs:
        return 1.0
    return 0.0


def _prefix(token: str, words: list[str]) -> float:
    """Weigh the beginning of a name: "soft" may mean a service "Softdesk"."""
    beginnings = (word for word in words if token.startswith(word) and singular(token) != word)
    return 0.4 if len(token) > 4 and any(beginnings) else 0.0


def _tokens(name: str) -> list[str]:
    return [token.lower() for token in re.findall(r"[A-Za-z0-9]+", name)]


def _other_names(items: list[Component], known: set[str]) -> dict[str, str]:
    """Names in capitals that the descriptions of just one service use again and again."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sizes = Counter(item.provider for item in items)
    for item in items:
        inner = _telling(item).split()[1:]
        for word in {word.strip(".,()") for word in inner if word[:1].isupper()}:
            if word.isalpha() and word.lower() not in known:
                counts[word.lower()][item.provider] += 1
    return {
        word: provider
        for word, by in counts.items()
        for provider, count in by.items()
        if len(by) == 1 and count >= max(2, 0.3 * sizes[provider])
    }
