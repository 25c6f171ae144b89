"""Second stage: what of a sentence is trigger, condition, loop, place, and what are actions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flowloom.offline.actions import is_action, split_actions
from flowloom.offline.lexicon import base_verb
from flowloom.offline.schedule import find_schedule

__all__ = ["Sentence", "classify"]


@dataclass(frozen=True)
class Sentence:
    """One sentence, taken apart; all texts are masked.

    Attributes:
        trigger: words that say what starts the workflow.
        condition: words of the condition; ``negated`` for "unless" and "if not".
        otherwise: whether it begins with "else" or "otherwise".
        repeat: condition of a ``while`` or ``until``.
        each: words of what a loop goes over.
        place, anchor: ``before`` or ``after`` and what, ``start`` or ``end``.
        resumes: whether it goes on after a loop ("Next", "finally").
        actions: one text for each action.
    """

    text: str
    trigger: str = ""
    condition: str = ""
    negated: bool = False
    otherwise: bool = False
    repeat: str = ""
    each: str = ""
    place: str = ""
    anchor: str = ""
    resumes: bool = False
    actions: tuple[str, ...] = ()


_ELSE = re.compile(r"^(?:otherwise|else|if not)\b,?\s*(?:then\s+)?", re.I)
_IF = re.compile(r"^(?:if|in case|unless|provided that|only if)\b\s+", re.I)
_WHEN = re.compile(
    r"^(?:when(?:ever)?|as soon as|once|each time|every time|any ?time|upon|on)\b\s+", re.I
)
_WHILE = re.compile(r"^(?:while|as long as|until)\b\s+", re.I)
_EACH = re.compile(
    r"^(?:for|in|within|inside|per|on|to|from|with)\s+(?:each|every|all|any)\b"
    r"(?:\s+(?:one\s+)?of)?\s+",
    re.I,
)
_EACH_TAIL = re.compile(
    r",?\s+(?:for|per|on|to)\s+(?:each|every)(?:\s+(?:one\s+)?of)?\s+"
    r"((?:(?!\b(?:if|and then)\b).)+)$",
    re.I,
)
_PLACE = re.compile(r"^(before|after|once|following)\s+", re.I)
_PLACE_THAT = re.compile(
    r"^(before|after|prior to)\s+(?:that|this|it|doing (?:that|this|so)|which)\b,?\s*", re.I
)
_BEFOREHAND = re.compile(r"^(?:beforehand|prior to that)\b,?\s*", re.I)
_END = re.compile(
    r"^(?:finally|lastly|at the (?:very )?end|in the end|to finish|afterwards?|next|"
    r"when (?:everything|all|it|this) is (?:done|finished|complete)|(?:once|after) (?:finishing|"
    r"(?:everything|all|that) is (?:done|finished|complete)|done))\b,?\s*",
    re.I,
)
_START = re.compile(r"^(?:at the (?:very )?(?:start|beginning)|first of all|to begin)\b,?\s*", re.I)
_END_TAIL = re.compile(
    r",?\s+(?:at the (?:very )?end|(?:after|once|when) (?:finish(?:ing|ed)|completion|done|"
    r"(?:everything|all|that|it) is (?:done|finished|complete)))$",
    re.I,
)
_START_TAIL = re.compile(r",?\s+(?:at the (?:very )?(?:start|beginning)|first)$", re.I)
_PLACE_TAIL = re.compile(
    r",?\s+(before|after|once|as soon as|prior to|right after|right before|following|"
    r"along with|"
    r"together with|"
    r"as well as|in addition to)\s+(.+)$",
    re.I,
)
_IF_TAIL = re.compile(r",?\s+(only if|if|unless|in case|when|whenever)\s+(.+)$", re.I)


def classify(text: str, *, first: bool = False, editing: bool = False) -> Sentence:
    """Take one sentence apart.

    Args:
        first: whether it may name the trigger: the first sentence of a new workflow.
        editing: whether it changes a workflow at hand ("before", "after" name its steps).
    """
    sentence = Sentence(text=text)
    rest = text
    for peel in (_peel_otherwise, _peel_place, _peel_trigger, _peel_condition, _peel_loop):
        sentence, rest = peel(sentence, rest, first)
    if not sentence.condition:
        sentence, rest = _peel_condition(sentence, rest, first)
    sentence, rest = _peel_tails(sentence, rest, first=first, editing=editing)
    return replace(sentence, actions=tuple(split_actions(rest)))


def _peel_otherwise(sentence: Sentence, rest: str, _: bool) -> tuple[Sentence, str]:
    match = _ELSE.match(rest)
    if match is None:
        return sentence, rest
    return replace(sentence, otherwise=True), rest[match.end() :]


def _peel_place(sentence: Sentence, rest: str, _: bool) -> tuple[Sentence, str]:
    if match := _PLACE_THAT.match(rest):
        place = "after" if match.group(1).lower() == "after" else "before"
        return replace(sentence, place=place, resumes=place == "after"), rest[match.end() :]
    if match := _BEFOREHAND.match(rest):
        return replace(sentence, place="before"), rest[match.end() :]
    if match := _END.match(rest):
        place = "" if match.group(0).lower().startswith("next") else "end"
        return replace(sentence, place=place, resumes=True), rest[match.end() :]
    if match := _START.match(rest):
        return replace(sentence, place="start"), rest[match.end() :]
    if match := _PLACE.match(rest):
        head, tail = _cut_lead(rest[match.end() :])
        if tail:
            place = "before" if match.group(1).lower() == "before" else "after"
            return replace(sentence, place=place, anchor=head), tail
    return sentence, rest


def _peel_trigger(sentence: Sentence, rest: str, first: bool) -> tuple[Sentence, str]:
    if not first:
        return sentence, rest
    schedule = find_schedule(rest)
    if schedule is not None:
        left = rest[: schedule.start].rstrip(" ,") + " " + rest[schedule.end :].lstrip(" ,")
        return replace(sentence, trigger=schedule.words), re.sub(
            r"^(?:i want to|i'd like to|please|then)\s+", "", left.strip(" ,."), flags=re.I
        )
    match = _WHEN.match(rest)
    if match is None:
        return sentence, rest
    head, tail = _cut_lead(rest[match.end() :])
    return (replace(sentence, trigger=head), tail) if tail else (sentence, rest)


def _peel_condition(sentence: Sentence, rest: str, _: bool) -> tuple[Sentence, str]:
    if match := _WHILE.match(rest):
        head, tail = _cut_lead(rest[match.end() :])
        if tail:
            negated = match.group(0).lower().startswith("until")
            return replace(sentence, repeat=head, negated=negated), tail
    match = _IF.match(rest) or (_WHEN.match(rest) if not sentence.trigger else None)
    if match is None:
        return sentence, rest
    head, tail = _cut_lead(rest[match.end() :])
    if not tail:
        return sentence, rest
    negated = match.group(0).lower().startswith("unless")
    return replace(sentence, condition=head, negated=negated), tail


def _peel_loop(sentence: Sentence, rest: str, _: bool) -> tuple[Sentence, str]:
    match = _EACH.match(rest)
    if match is None:
        return sentence, rest
    head, tail = _cut_loop(rest[match.end() :])
    return (replace(sentence, each=head), tail) if tail else (sentence, rest)


def _cut_loop(text: str) -> tuple[str, str]:
    if match := re.match(r"([^,]+?),?\s+(?=(?:if|when)\b)", text, re.I):
        return match.group(1).strip(), text[match.end() :].strip()
    head, comma, tail = text.partition(",")
    if comma and tail.strip():
        return head.strip(), re.sub(r"^\s*then\s+", "", tail, flags=re.I).strip()
    return _cut_lead(text, shortest=1)


def _peel_tails(
    sentence: Sentence, rest: str, *, first: bool, editing: bool
) -> tuple[Sentence, str]:
    if not sentence.condition and (match := _IF_TAIL.search(rest)) and is_action(rest):
        word = match.group(1).lower()
        when = word.startswith("when")
        field = "trigger" if when and first and not sentence.trigger else "condition"
        sentence = replace(sentence, negated=word == "unless", **{field: match.group(2)})
        rest = rest[: match.start()]
    if not sentence.each and (match := _EACH_TAIL.search(rest)):
        sentence = replace(sentence, each=match.group(1))
        rest = rest[: match.start()]
    if match := _END_TAIL.search(rest):
        return replace(sentence, place="end", resumes=True), rest[: match.start()]
    if match := _START_TAIL.search(rest):
        return replace(sentence, place="start"), rest[: match.start()]
    if editing and not sentence.anchor and (match := _PLACE_TAIL.search(rest)):
        word = match.group(1).lower()
        place = "before" if "before" in word or "prior" in word else "after"
        return replace(sentence, place=place, anchor=match.group(2)), rest[: match.start()]
    return sentence, rest


def _cut_lead(text: str, shortest: int = 2) -> tuple[str, str]:
    """Cut at the end of a leading clause: ", then", " then ", a comma, or the first verb."""
    if match := re.search(r",?\s+then,?\s+", text, re.I):
        return text[: match.start()].strip(), text[match.end() :].strip()
    for match in re.finditer(r",\s*", text):
        if is_action(text[match.end() :]):
            return text[: match.start()].strip(), text[match.end() :].strip()
    if match := re.search(r",\s*", text):
        return text[: match.start()].strip(), text[match.end() :].strip()
    for match in re.finditer(r"\s+(?=([A-Za-z]+)\s)", text):
        before = text[: match.start()].split()
        if len(before) >= shortest and _starts_an_action(match.group(1), before):
            return text[: match.start()].strip(), text[match.end() :].strip()
    return text.strip(), ""


def _starts_an_action(word: str, before: list[str]) -> bool:
    guard = {"to", "not", "is", "are", "does", "do", "a", "an", "the", "and", "or", "of", "new"}
    nouns = {
        "email",
        "mail",
        "message",
        "file",
        "list",
        "record",
        "log",
        "issue",
        "report",
        "order",
    }
    if before[-1].lower() in guard or word.lower() in nouns:
        return False
    return word == word.lower() and base_verb(word) == word
