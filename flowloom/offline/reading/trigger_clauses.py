"""What in a sentence says what starts the workflow."""

from __future__ import annotations

import re
from dataclasses import replace

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.leads import cut_lead
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.timing.clock import TIME
from flowloom.offline.timing.schedule import find_schedule

__all__ = ["WHEN", "peel_trigger"]

WHEN = re.compile(
    r"^(?:when(?:ever)?|as soon as|once|each time|every time|any ?time|upon|on)\b\s+", re.I
)
_EVENT_CONDITION = re.compile(
    r"^(?P<event>.+?),?\s+(?:and|but only(?: if)?|and only if|if|where)\s+"
    r"(?P<condition>(?:its|their|the|it|they|there)\b.*\b(?:is|are|was|has|have|contains?"
    r"|includes?|mentions?"
    r"|equals?|starts?|ends?|exceeds?|does|do|begins?)\b.*)$",
    re.I,
)
_EVERY_NEW = re.compile(
    r"\b(?:every|each|any)\s+(?:single\s+)?(?P<event>new\s+(?P<noun>[a-z-]+(?:\s(?!of|from|in|on"
    r"|that|to|at\b)"
    r"[a-z-]+)?)\s+(?:of|from|in|on|at|that\s+\w+\s+\w+)\s+(?:the\s+)?(?:[\w-]+\s+){0,3}?⟦\d+⟧)",
    re.I,
)
_FOR_NEW = re.compile(
    r"^(?:for|on|with)\s+(?:each|every|any)\s+(?P<event>new\s+[^,]*?⟦\d+⟧)\s*[,:]\s*", re.I
)
_WATCH = re.compile(
    r"^(?:watch|monitor|observe|keep an eye on|check|look at)\s+(?P<place>.+?)\s+for\s+"
    r"(?P<event>(?:any\s+)?(?:new\s+[\w-]+(?:\s+[\w-]+)?|changes))$",
    re.I,
)
_IS_RUN = re.compile(
    r"^(?:(?:please\s+)?(?:do|run|execute|repeat|schedule|start|trigger)\s+)?(?:all\s+of\s+)?"
    r"(?:this|it|that|everything|the (?:whole )?(?:workflow|thing|process|job))?"
    r"(?:\s+(?:should|must|shall|needs? to|has to|is to))?"
    r"(?:\s+(?:run|happen|be (?:done|run|executed|repeated)|start|take place|go off))?$",
    re.I,
)


def peel_trigger(sentence: Sentence, rest: str, first: bool) -> tuple[Sentence, str]:
    """Take the trigger off a sentence; only the first may name an event."""
    if sentence.trigger:
        return sentence, rest
    schedule = find_schedule(rest)
    if schedule is not None:
        left = rest[: schedule.start].rstrip(" ,") + " " + rest[schedule.end :].lstrip(" ,:")
        if not first and not _IS_RUN.match(left.strip(" ,.")):
            return sentence, rest
        left = "" if _IS_RUN.match(left.strip(" ,.")) else left
        words, left = _with_time(schedule.words, left, open_hour=bool(schedule.assumed))
        return replace(sentence, trigger=words), re.sub(
            r"^(?:i want to|i'd like to|please|then)\s+", "", left.strip(" ,."), flags=re.I
        )
    if not first:
        return sentence, rest
    if match := _WATCH.match(rest):
        return replace(sentence, trigger=f"{match.group('event')} in {match.group('place')}"), ""
    match = WHEN.match(rest)
    if match is None:
        return _peel_every_new(sentence, rest)
    head, tail = cut_lead(rest[match.end() :])
    if tail or not _has_verb(head):
        return _with_event(sentence, head), tail
    return sentence, rest


def _with_time(words: str, left: str, *, open_hour: bool) -> tuple[str, str]:
    """ "every night: …, at 2:30": the time of day may stand at the very end."""
    match = re.search(rf",?\s+(at\s+(?:{TIME}))$", left.strip(" ,."), re.I) if open_hour else None
    if match is None:
        return words, left
    return f"{words} {match.group(1)}", left.strip(" ,.")[: match.start()]


def _has_verb(text: str) -> bool:
    return any(is_action(text[match.start() :]) for match in re.finditer(r"\b[a-z]", text))


def _with_event(sentence: Sentence, event: str) -> Sentence:
    """ "a mail arrives and its subject is …": the event, and a condition on what it brings."""
    event = re.sub(r",?\s+whose\s+", " and its ", event, count=1, flags=re.I)
    if match := _EVENT_CONDITION.match(event):
        return replace(sentence, trigger=match.group("event"), condition=match.group("condition"))
    return replace(sentence, trigger=event)


def _peel_every_new(sentence: Sentence, rest: str) -> tuple[Sentence, str]:
    """ "Post every new entry of …": the object is what starts the workflow."""
    if match := _FOR_NEW.match(rest):
        return replace(sentence, trigger=match.group("event")), rest[match.end() :]
    match = _EVERY_NEW.search(rest)
    if match is None or match.start() == 0:
        return sentence, rest
    left = rest[: match.start()] + f"the {match.group('noun')}" + rest[match.end() :]
    return replace(sentence, trigger=match.group("event")), left
