"""Sentences become plain imperative clauses.

Each sentence is put in the order in which things are done, its leading clause ("if …,") is kept,
and each clause of the rest is read as one of a few forms: what is to be done to a thing, what is
wished for, who is to do it, a noun for an action. A clause of no such form stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from flowloom.offline.reading.grammar.doers import doer_of, told, without_subject
from flowloom.offline.reading.grammar.forms import ADVERB, MODAL, begins_with_verb
from flowloom.offline.reading.grammar.fragments import fragment, is_idle, is_result, posted
from flowloom.offline.reading.grammar.order import in_order
from flowloom.offline.reading.grammar.phrasal import with_particle_first, without_removal
from flowloom.offline.reading.grammar.summaries import without_summary
from flowloom.offline.reading.grammar.voices import (
    active,
    existing,
    left_participle,
    needed,
    sent_out,
    worked_out,
)
from flowloom.offline.reading.grammar.wishes import caused, made_of, nominal, wished, without_gerund

__all__ = ["plain_clause", "plain_sentences"]

_NEXT = (
    r"(?:(?:then|also|please|next|finally|lastly|afterwards|after\s+that|second(?:ly)?|third(?:ly)?"
    r"|fourth(?:ly)?),?\s+)"
)
_JOINT = re.compile(
    rf"\s*,\s*(?:(?:and|but)\s+)?{_NEXT}*|\s*;\s*{_NEXT}*|\s+(?:and|but)\s+{_NEXT}*|\s+then\s+"
    r"|,?\s+(?:followed\s+by|as\s+well\s+as|plus|along\s+with)\s+",
    re.I,
)
_ORDINAL = re.compile(r"\b(?:second(?:ly)?|third(?:ly)?|fourth(?:ly)?|followed\s+by|as\s+well\s+as"
                      r"|plus|along\s+with)\b", re.I)  # fmt: skip
_LEAD = re.compile(
    r"^(?:if|unless|in\s+case|when(?:ever)?|as\s+soon\s+as|once|every|each|while|until|for|in|within"
    r"|on|from|at|with|after|before|otherwise|else|next|finally|lastly|then|upon|per|daily|weekly"
    r"|hourly|monthly|should|provided|depending|whatever|no\s+matter)\b",
    re.I,
)
_WISH = re.compile(
    r"\s+(?P<rest>(?:(?:i|we)(?:['’]d|\s+would)?\s+(?:want|need|like|love)|please|kindly|you\s+should"
    r"|the\s+(?:workflow|system|bot)\s+(?:should|must))\s+.+)$",
    re.I,
)
_ELSE = re.compile(r"(?:otherwise|else|if\s+not)\b", re.I)
_LOOKS_AGAIN = re.compile(
    r"^(?:please\s+)?(?:(?:look|check|find)\s+(?:it|that|this|them)(?:\s+(?:up|out))?"
    r"|(?:get|fetch|retrieve)\s+(?:it|that|this|them)(?:\s+for\s+me)?|find\s+(?:that\s+|this\s+)?out)"
    r"(?:,?\s+(?:and\s+)?(?:then\s+)?|$)",
    re.I,
)
"""After a question: "what is the temperature? Look it up and post it"."""
_BARE_LEAD = re.compile(
    r"^(?:otherwise|else|next|finally|lastly|then|afterwards|also)\b,?\s+", re.I
)
_MANNER = re.compile(
    rf"^(?:(?!all\b|both\b|always\b){ADVERB}|maybe\s+|perhaps\s+|ideally,?\s+|quick\s+)+",
    re.I,
)


def plain_sentences(texts: list[str], quoted: frozenset[int] = frozenset()) -> list[str]:
    """Return sentences of a request as sentences of plain imperative clauses, in doing order.

    Args:
        quoted: the numbers of the masked values that stood in quotes.
    """
    found: list[str] = []
    for at, text in enumerate(texts):
        if is_idle(text) and not _ELSE.match(" ".join(texts[at + 1 : at + 2])):
            continue
        if found and _LOOKS_AGAIN.match(text) and re.match(r"get\s", found[-1]):
            text = _LOOKS_AGAIN.sub("", text)
            if not text:
                continue
        for whole in without_summary(text):
            for part in in_order(whole, tuple(found)):
                found.append(_plain(posted(part, quoted), first=not found))
    return found


def _plain(text: str, *, first: bool) -> str:
    if match := _BARE_LEAD.match(text):
        return match.group(0) + _plain_clauses(text[match.end() :], told_plainly=True)
    if _LEAD.match(text):
        lead, main = _cut_lead(text)
        if main:
            return lead + _plain_clauses(main, told_plainly=True)
    return _plain_clauses(text, told_plainly=not first)


def _cut_lead(text: str) -> tuple[str, str]:
    """Cut "if it is red, " from "the lamp should be switched off"."""
    for match in re.finditer(r"[,:]\s+(?:then\s+)?", text):
        main = text[match.end() :]
        if begins_with_verb(main) or plain_clause(main) != main:
            return text[: match.end()], main
    wish = _WISH.search(text)
    if wish is not None and plain_clause(wish.group("rest")) != wish.group("rest"):
        return f"{text[: wish.start()]}, ", wish.group("rest")
    return "", ""


def _plain_clauses(text: str, *, told_plainly: bool) -> str:
    """Put each of the coordinated clauses into its plain form."""
    found: list[str] = []
    shared = ""
    for joint, clause in _cut(text):
        plain = plain_clause(clause, told_plainly=told_plainly or bool(found))
        if plain == clause and shared:
            plain = _sharing(clause, shared) or clause
        if plain != clause:
            shared = _shared(clause)
        found.append((", then " if _ORDINAL.search(joint) else joint) + plain)
    return "".join(found)


def _shared(clause: str) -> str:
    """Return what the next clause may leave out: a wish, the form in -ing, or the subject."""
    if _is_wish(clause):
        return "a"
    if _GERUND.match(clause):
        return "-ing"
    return "them" if re.search(r"\b(?:are|they)\b", clause) else "it"


def _sharing(clause: str, shared: str) -> str:
    """Return a clause that leaves out what the one before said, as an imperative."""
    if shared == "a" and (made := made_of(clause)):
        return made
    if shared == "-ing":
        return without_gerund(clause)
    return left_participle(clause, shared) or _verbless(clause)


def _is_wish(clause: str) -> bool:
    """ "I want a copy of it and a line in …": what follows may be wished for as well."""
    return bool(made_of(wished(clause) and re.sub(r"^.*?\b(?=an?\s)", "", clause)))


def _cut(text: str) -> list[tuple[str, str]]:
    """Cut at the words between clauses; each with the joint before it."""
    found: list[tuple[str, str]] = []
    start, joint = 0, ""
    for match in _JOINT.finditer(text):
        right = text[match.end() :]
        if match.start() <= start or not right.strip():
            continue
        left = text[start : match.start()]
        if _AUXILIARY.search(left) or not _begins_clause(right, left):
            continue
        found.append((joint, left))
        start, joint = match.end(), match.group(0)
    return [*found, (joint, text[start:])]


def _begins_clause(right: str, left: str) -> bool:
    if begins_with_verb(right) or doer_of(_first_part(right)) is not None:
        return True
    part = _first_part(right)
    if _is_wish(left) and made_of(part):
        return True
    if is_result(part) or (nominal(left) and nominal(part)):
        return True
    if active(part, told=False) or any(read(part) for read in _READERS[1:]):
        return True
    done = active(left) or caused(left) or wished(left)
    return bool(done) and bool(left_participle(part, "it") or _verbless(part))


def _first_part(text: str) -> str:
    return _JOINT.split(text, maxsplit=1)[0]


def _verbless(clause: str) -> str:
    """ "A repo needs to be created and an issue opened in it": the modal verb is shared."""
    match = re.match(r"^(?P<what>(?:the|an?|all|its|every|each)\s+.+?)\s+(?P<rest>[a-z-]+\b.*)$",
                     clause, re.I)  # fmt: skip
    if match is None:
        return ""
    words = clause.split()
    for at in range(2, len(words)):
        verb = left_participle(" ".join(words[at:]), " ".join(words[:at]))
        if verb:
            return verb
    return ""


_AUXILIARY = re.compile(rf"(?:^|\s)(?:{MODAL}|is|are|has|have|be|been)$", re.I)
_GERUND = re.compile(r"[A-Za-z-]+ing\b")
_Reader = Callable[[str], str]
_READERS: tuple[_Reader, ...] = (
    active, existing, needed, wished, told, caused, sent_out, without_subject,
)  # fmt: skip


def plain_clause(text: str, *, told_plainly: bool = True) -> str:
    """Return one clause as an imperative; unchanged where it is one, or of no known form.

    Args:
        told_plainly: whether "a ticket is opened" tells what to do.
    """
    bare = _MANNER.sub("", text) if _MANNER.match(text) else text
    if bare != text and (begins_with_verb(bare) or plain_clause(bare) != bare):
        text = bare
    for _ in range(3):
        plain = _once(text, told_plainly=told_plainly)
        if plain == text:
            return text
        text, told_plainly = plain, True
    return text


def _once(text: str, *, told_plainly: bool) -> str:
    if begins_with_verb(text):
        # "Make sure that …", "get the tokens revoked": imperatives that stand for another.
        said = wished(text) or told(text) or caused(text) or worked_out(text)
        return said or without_removal(with_particle_first(text))
    for read in _READERS:
        found = active(text, told=told_plainly) if read is active else read(text)
        if found:
            return found
    return nominal(text) or fragment(text) or text
