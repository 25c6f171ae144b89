"""What somebody wants to be so, said as what is to be done: "make sure that X is archived"."""

from __future__ import annotations

import re

from flowloom.offline.reading.grammar.forms import ADVERB, MESSAGES, imperative, is_noun_phrase
from flowloom.offline.reading.lexicon import PREPOSITIONS, is_plural
from flowloom.offline.reading.morphology import gerund_of, nominal_of, participle_of

__all__ = ["caused", "made_of", "nominal", "wished", "without_gerund"]

_THAT = re.compile(
    r"^(?:(?:please\s+)?(?:make|be)\s+(?:sure|certain)|ensure|see\s+to\s+it|take\s+care|arrange"
    r"|i\s+want\s+it\s+so|(?:it|what)\s+is\s+(?:important|necessary|essential|vital|crucial"
    r"|required))"
    r"(?:\s+that)?,?\s+(?P<rest>(?!to\b|you\b|of\b|about\b|if\b|whether\b|for\b).+)$",
    re.I,
)
_GOOD_IF = re.compile(
    r"^(?:it|that)(?:['’]d|\s+would)\s+be\s+\w+(?:\s+\w+)?\s+if\s+(?:you\s+(?:could|would)\s+|we\s+could\s+)?"
    r"(?P<rest>.+)$",
    re.I,
)
_WANT = re.compile(
    r"^(?:(?:i|we|they|one)(?:['’]d|\s+would)?(?:\s+(?:also|really|just|then))?\s+"
    r"(?P<verb>want|need|like|love|require|wish|prefer)(?:\s+to\s+(?:have|see|get))?"
    r"|what\s+(?:i|we)(?:['’]d|\s+would)?\s+(?:want|need|like)\s+is"
    r"|(?:i|we)(?:['’]m|\s+am|['’]re|\s+are)\s+looking\s+for)\s+(?P<rest>.+)$",
    re.I,
)
_TO_BE = re.compile(rf"^(?P<what>.+?)\s+to\s+{ADVERB}*(?:be|get)\s+{ADVERB}*(?P<verb>[a-z-]+)\b"
                    r"(?P<rest>.*)$", re.I)  # fmt: skip
_NAMING = frozenset(["call", "name", "title", "entitle", "base", "locate", "need", "leave"])
_CLOSES = re.compile(
    r"$|(?:" + "|".join(sorted(PREPOSITIONS)) + r"|every|each|daily|and|as|off|up|out|first|too"
    r"|down|away)\b|[⟦,]", re.I,
)  # fmt: skip
_CAUSES = re.compile(r"^(?:have|get)\s+(?P<rest>(?!to\b|rid\b|started\b|going\b).+)$", re.I)
_TEXTS = frozenset(["note", "line", "post", "notice", "announcement"])
_GIVEN = re.compile(r"(?:the|all|our|my)\s+(?!same|following|whole|workflow|next|other)\w", re.I)
"""What is there already is fetched: "we need the addresses of all customers"."""
_TO_DO = re.compile(r"\sto\s+(?!be\b)[a-z]+\s+(?:the|an?|it|them|my|our)\b|\sto\s+[a-z]+$", re.I)
_DEFINITE = re.compile(
    r"(?:the|my|our|its|their|all|every|each|any|this|that|those|these)\b|⟦", re.I
)
_NOMINAL = re.compile(
    r"^(?:the\s+|an?\s+)?(?P<noun>[a-z-]+)\s+of\s+(?P<rest>(?:the|an?|all|every|each|any|my|our|new"
    r"|its|their|two|three|⟦|[a-z]+).*)$",
    re.I,
)
_COMPOUND = re.compile(r"^(?:the\s+)?(?P<what>[a-z-]+(?:\s+(?!should|must|has|have|is|are|to)"
                       r"[a-z-]+){0,2}?)\s+(?P<noun>[a-z-]+(?:tion|sion|val))"
                       r"(?P<rest>\s+(?:in|on|to|for|from|with|at)\b.*)?$", re.I)  # fmt: skip
_INDEFINITE = re.compile(r"^(?:an?|another|one|two|three|some|\d+|new)\s+(?P<what>.+)$", re.I)
_PARTS = re.compile(r"\s+(?:" + "|".join(sorted(PREPOSITIONS)) + r"|saying|called|named|titled"
                    r"|that|which|whose|where|telling|reading|containing)\b", re.I)  # fmt: skip


def wished(text: str) -> str:
    """Return the words after "make sure that …" or "I want …"; empty for another clause."""
    if match := _THAT.match(text):
        return match.group("rest")
    if match := _GOOD_IF.match(text):
        return re.sub(r"\b(?:was|were)\b", "is", match.group("rest"), count=1)
    match = _WANT.match(text)
    if match is None:
        return ""
    rest = match.group("rest")
    if re.match(r"(?:to|you\s+to|it\s+to|that|this|help|your)\b", rest, re.I):
        return ""
    if found := _TO_BE.match(rest):
        verb = participle_of(found.group("verb"))
        if verb and is_noun_phrase(found.group("what")):
            return imperative(verb, found.group("what"), found.group("rest").strip())
    if found := done(rest, new=True) or made_of(rest):
        return found
    return f"get {rest}" if _GIVEN.match(rest) and not _TO_DO.search(rest) else ""


def done(text: str, *, new: bool = False) -> str:
    """ "the page translated into French" is "translate the page into French".

    Args:
        new: whether what is done may be of something new: "have a folder created".
    """
    for match in re.finditer(r"\s+(?P<verb>[a-z][a-z-]*)(?=\s|$)", text, re.I):
        what, rest = text[: match.start()], text[match.end() :].strip()
        verb = participle_of(match.group("verb"))
        if not verb or verb in _NAMING or not _CLOSES.match(rest):
            continue
        if is_noun_phrase(what) and (_is_definite(what) or (new and not _PARTS.search(what))):
            return imperative(verb, what, rest)
    return ""


def _is_definite(what: str) -> bool:
    """ "a file stored in …" describes a file; "the file stored in …" says what to do with it."""
    if re.match(r"(?:it|them|this|that|these|those)$", what, re.I):
        return True
    return bool(_DEFINITE.match(what)) and not _PARTS.search(what)


def made_of(text: str) -> str:
    """ "a Trello board for the launch" is "create a …"; "a line in ⟦0⟧" is "post a line in …"."""
    match = _INDEFINITE.match(text)
    if match is None:
        return ""
    phrase = _PARTS.split(match.group("what"), maxsplit=1)[0]
    words = re.findall(r"[A-Za-z][\w'’-]*", phrase)
    if not words:
        return ""
    head = words[-1].lower()
    if head == "copy":
        copied = re.match(r".*?\bcopy\s+(?:of\s+)?(.+)$", text, re.I)
        return f"copy {copied.group(1)}" if copied else ""
    if head in MESSAGES:
        return f"{'post' if head in _TEXTS else 'send'} {text}"
    return f"create {text}"


def caused(text: str) -> str:
    """ "Have the report emailed to ⟦0⟧" is "email the report to ⟦0⟧"."""
    match = _CAUSES.match(text)
    return done(match.group("rest"), new=text[:1].lower() == "h") if match else ""


def nominal(text: str) -> str:
    """ "Deletion of all stale branches", "creating a ticket": nouns of actions, said as verbs."""
    if found := without_gerund(text):
        return found
    if match := _NOMINAL.match(text):
        verb = nominal_of(match.group("noun")) or gerund_of(match.group("noun"))
        if verb:
            return f"{verb} {match.group('rest')}"
    match = _COMPOUND.match(text)
    verb = nominal_of(match.group("noun")) if match else ""
    if match is None or not verb or is_plural(match.group("noun")):
        return ""
    return f"{verb} a {match.group('what')}{match.group('rest') or ''}"


def without_gerund(text: str) -> str:
    """ "creating a ticket" is "create a ticket"."""
    first, _, rest = text.partition(" ")
    verb = gerund_of(first)
    return f"{verb} {rest}" if verb and _OBJECT.match(rest) else ""


_OBJECT = re.compile(r"(?:the|an?|all|its|their|it|them|my|our|new|each|every)\b|⟦", re.I)
