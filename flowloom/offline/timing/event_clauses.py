"""Clauses that say which event starts the workflow, without "when"."""

from __future__ import annotations

import re
from dataclasses import replace

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.leads import cut_lead
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.timing.clock import TIME

__all__ = ["is_event", "peel_event"]

_THING = (
    r"(?:e-?mails?|mails?|messages?|files?|documents?|items?|entr(?:y|ies)|posts?|articles?|requests?"
    r"|webhooks?|calls?|pdfs?|csvs?|images?|photos?|invoices?|scans?|something|anything)"
)
_HAPPENS = (
    r"(?:arriv\w*|com(?:es?|ing)\s+in|lands?|landing|shows?\s+up|appears?|appearing|hits?|changes?"
    r"|is\s+(?:\w+ly\s+)?(?:added|created|changed|modified|deleted|removed|updated|dropped|placed|saved"
    r"|received|published|posted|put|called|uploaded|sent)"
    r"|gets?\s+(?:added|created|changed|modified|deleted|removed|updated|dropped|called|\w+ed)"
    r"|reach(?:es)?|is\s+(?:new|there)|drops?)"
)
_DONE = r"(?:added|created|changed|modified|deleted|removed|updated|dropped|received|published)"
_EVENT = re.compile(
    rf"^(?:an?\s+|the\s+|any\s+|some\s+|every\s+|each\s+|my\s+)?(?:new\s+)?[^,]*?\b{_THING}\b[^,]*?\b{_HAPPENS}\b",
    re.I,
)
_NOUN = re.compile(
    rf"^(?:an?\s+|any\s+|every\s+|each\s+)?(?:(?i:new)\s+(?:[\w.⟦⟧-]+\s+){{0,2}}(?i:{_THING})\b"
    rf"|(?:[\w.⟦⟧-]+\s+){{0,2}}(?i:{_THING})\s+{_DONE}\b"
    r"|(?:POST|GET|PUT|PATCH|DELETE)\s+(?:requests?\s+)?(?:to|on|at)\s+⟦)"
)
_IF = re.compile(r"^(?:if|once|should|in\s+case)\s+", re.I)
_SHOULD = re.compile(
    r"^(?P<event>.+?)\s+(?:should|must|shall|needs?\s+to|has\s+to|is\s+to)\s+(?P<rest>.+)$", re.I
)
_START = re.compile(
    r"^(?:please\s+)?(?:start|run|trigger|begin|fire|launch|kick\s+off)(?:\s+(?:this|it|the\s+(?:workflow|flow)))?"
    r"\s+(?:on|when(?:ever)?|from|by|with|if|upon)\s+(?P<event>[^:,]+)[:,]\s*(?P<rest>\S.*)$",
    re.I,
)
_WATCH = re.compile(
    r"^(?:watch|monitor|observe|listen\s+(?:on|to|at)|keep\s+an\s+eye\s+on|subscribe\s+to|follow)"
    r"\s+(?P<place>[^,]*?⟦\d+⟧)\s*(?:,\s*(?:and\s+)?|\s+and\s+)(?:then\s+)?(?P<rest>\S.*)$",
    re.I,
)
_NEW_OBJECT = re.compile(
    r"\b(?:whatever|anything\s+(?:that|new\s+that)|everything\s+that|what)\s+"
    r"(?:appears|arrives|comes\s+in|is\s+(?:new|added)|lands|shows\s+up)(?:\s+(?:there|in\s+it))?"
    r"|\b(?:each|every|any|all)\s+new\s+(?P<noun>[a-z]+)(?P<own>['’]s)?",
    re.I,
)
_AT = re.compile(rf"^(?P<time>at\s+(?:{TIME}))\s*,\s*(?P<rest>\S.*)$", re.I)


def is_event(text: str) -> bool:
    """Return whether a clause tells of something that comes in, appears or changes."""
    return bool(_EVENT.match(text)) and not re.search(r"\b(?:exists?|contains?|empty)\b", text)


def peel_event(sentence: Sentence, rest: str, first: bool) -> tuple[Sentence, str]:
    """Take an event off the first sentence: "watch x and …", "a mail from y should …"."""
    if not first or sentence.trigger:
        return sentence, rest
    for read in (_started, _watched, _conditional, _expected, _alone, _at_a_time):
        found = read(rest)
        if found is not None:
            return replace(sentence, trigger=found[0]), found[1]
    return sentence, rest


def _started(text: str) -> tuple[str, str] | None:
    """ "Start on a webhook at x: …"."""
    match = _START.match(text)
    if match is None or not (re.search(rf"\b{_THING}\b|⟦", match.group("event"), re.I)):
        return None
    return match.group("event"), match.group("rest")


def _watched(text: str) -> tuple[str, str] | None:
    """ "Watch the folder x and upload whatever appears there"."""
    match = _WATCH.match(text)
    if match is None or not is_action(match.group("rest")):
        return None
    place = match.group("place")
    feed = re.search(r"\b(?:feed|rss|atom|blog)\b", place, re.I)
    web = re.search(r"\b(?:webhook|hook|endpoint|requests?)\b", place, re.I)
    kind = "new entry of" if feed else "a request at" if web else "new file in"
    rest = _NEW_OBJECT.sub(
        lambda found: f"the {found.group('noun')}{found.group('own') or ''}"
        if found.group("noun") else "it",
        match.group("rest"),
    )  # fmt: skip
    return f"{kind} {place}", rest


def _conditional(text: str) -> tuple[str, str] | None:
    """ "If a mail comes in …, …": what may come at any time is no condition."""
    match = _IF.match(text)
    if match is None:
        return None
    head, tail = cut_lead(text[match.end() :])
    return (head, tail) if tail and is_event(head) else None


def _expected(text: str) -> tuple[str, str] | None:
    """ "A POST to x should create …"."""
    match = _SHOULD.match(text)
    if match is None or not is_action(match.group("rest")):
        return None
    event = match.group("event")
    known = (
        _NOUN.match(event) or is_event(event) or re.match(rf"^an?\s+.*\b{_THING}\b", event, re.I)
    )
    return (event, match.group("rest")) if known and "⟦" in event else None


def _alone(text: str) -> tuple[str, str] | None:
    """ "File deleted in x": the first line is the event, the next say what to do."""
    told = re.match(rf"^(?:\S+\s+){{1,3}}{_DONE}\b", text, re.I)
    is_noun = _NOUN.match(text) and "⟦" in text and (told or not is_action(text))
    return (text, "") if is_noun and not re.search(r"[,:]|\b(?:and|then)\b", text) else None


def _at_a_time(text: str) -> tuple[str, str] | None:
    """ "At midnight, …": every day."""
    match = _AT.match(text)
    if match is None or not is_action(match.group("rest")):
        return None
    return match.group("time"), match.group("rest")
