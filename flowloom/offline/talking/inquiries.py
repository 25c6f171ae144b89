"""Whether a message asks about something, or asks for something in the form of a question."""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.lexicon import base_verb
from flowloom.offline.reading.questions import is_question
from flowloom.offline.talking.phrases import without_favour
from flowloom.offline.timing.schedule import find_schedule

__all__ = ["asks_about_flowloom", "inquiry", "proposal_in", "wants_to_know"]

_WH = r"(?:what|why|how|which|where|who|whom|whose)"
_AUX = (
    r"(?:is|are|was|were|does|do|did|has|have|had|will|would|should|can|could|must|may|might"
    r"|isn['’]?t|aren['’]?t|doesn['’]?t|don['’]?t|didn['’]?t|won['’]?t|shouldn['’]?t|can['’]?t)"
)
_SUBJECT = (
    r"(?:it|this|that|the|there|i|we|you|they|these|those|a|an|any|all|every|each|both"
    r"|everything|anything|something|someone|anyone|my|our|your|its|their)"
)
_ASKS = re.compile(
    rf"^(?:{_WH}(?:['’](?:s|re|d|ll))?\b|(?:in )?which\b|when(?:['’]s|\s+{_AUX}\b)"
    rf"|{_AUX}\s+{_SUBJECT}\b|since when\b|until when\b|how come\b|(?:for|to|from|with|by|at|in"
    rf"|of) (?:what|which|whom)\b)",
    re.I,
)
_STARTS_DOING = re.compile(r"^(?:do|have)\s+(?!(?:you|we|i|they|these|those)\b)", re.I)
_TELLS = re.compile(
    rf"^(?:please\s+)?(?:(?:can|could|would|will) (?:you|we|i)\s+)?(?:please\s+)?(?:(?:tell"
    rf"|show|remind|teach|walk)\s+(?:me|us)\s+(?:again\s+)?(?:exactly\s+)?(?:{_WH}|more\b"
    rf"|about\b|through\b|if the\b|whether\b)|(?:explain|describe|clarify|elaborate on"
    rf"|interpret|summari[sz]e|outline)(?:\s+(?:to|for)\s+(?:me|us))?(?:$|\s+(?:{_WH}\b|in\b"
    rf"|(?:it|this|that|everything|again)\b|(?:the|this|that|your|my)"
    r"\s+(?:\w+\s+)?(?:work)?flow\b|(?:the\s+)?(?:\w+\s+){0,2}(?:steps?|loops?|branch|condition"
    r"|trigger|schedule|plan|input|output|error|part|block)\b|step\b))|(?:i(?:['’]m|"
    r" am)?\s+(?:just\s+)?(?:wonder(?:ing)?|curious|not sure|unsure|confused)\b|i\s+(?:do not"
    r"|don['’]?t)\s+(?:understand|get|know|see)\b|i(?:['’]d| would)?\s+(?:like|want"
    r"|need)\s+to\s+(?:know|understand)\b|do you know\b|any idea\b|no idea (?:what|why|how"
    r"|which)\b|(?:i need |i want )?help(?: me)?[.!]*$|what do you mean\b|question\s*:))",
    re.I,
)
_PROPOSES = re.compile(
    r"^(?:(?:what|how)\s+about|what\s+if\s+(?:we|you|i)|why\s+(?:don['’]?t|do\s+not|not"
    r"|shouldn['’]?t)(?:\s+(?:we|you|i|it))?)\s+(?:just\s+|also\s+|rather\s+"
    r"|simply\s+)*(?P<rest>\S.*)$",
    re.I,
)
_TURNS = re.compile(r"\b(?:instead|as well|too|also|rather(?! than))\b", re.I)
_CAN_IT = re.compile(
    r"^(?:can|could|should|may|might|would|will)\s+(?:it|this|that|the\s+\w+)\b", re.I
)
_FAVOUR_VERB = re.compile(
    r"^(?:also|please|maybe|perhaps|just|kindly|not|then|now|always|still|only|rather)\s+", re.I
)
# "Can you read e-mails?" asks for an ability, "can you read the e-mails?" for a workflow.
_CAN_YOU = re.compile(
    r"^(?!.*\b(?:the|an?|my|our|me|us|this|it|every|each|please)\b)(?:can|could|are) (?:you"
    r"|flowloom) (?:able to )?(?:also )?[a-z]+(?: [a-z-]+){0,2} ?\?$",
    re.I,
)
_MEANT = re.compile(
    r"^(?:tell|explain|describe|say|clarify|elaborate|remind|mean|see|know)\b", re.I
)
_ABOUT = re.compile(
    r"\b(?:you|your|help|flowloom|components?|connectors?|connections?|integrations?|triggers?"
    r"|workflows?|this|it|offline|language models?|support(?:ed)?|possible|version)\b",
    re.I,
)


def proposal_in(text: str) -> str:
    """Return what a question proposes to do ("why don't we also mail it?"), empty if nothing."""
    plain = text.strip().rstrip("?").strip()
    match = _PROPOSES.match(plain)
    if match is not None:
        return _as_action(match.group("rest"), turned=bool(_TURNS.search(plain)))
    asked = without_favour(plain)
    if asked != plain and not _MEANT.match(asked):
        return _wanted(plain, asked)
    if _CAN_IT.match(plain) and _TURNS.search(plain):
        return plain
    return ""


def _wanted(plain: str, asked: str) -> str:
    bare = _FAVOUR_VERB.sub("", asked)
    first = bare.split(" ", 1)[0]
    mine = re.match(r"^(?:can|could|may|might) i\b", plain, re.I)
    if mine and not _TURNS.search(plain) and not re.match(r"(?:have|get)\b", bare, re.I):
        return ""
    acts = is_action(bare) or base_verb(first) == first.lower()
    gerund = first.lower().endswith("ing") and base_verb(first)
    return asked if acts or gerund or re.match(r"(?:have|get|let)\b", bare, re.I) else ""


def _as_action(rest: str, *, turned: bool) -> str:
    """Return "send it" for "sending it"; empty for what names nothing to do."""
    first, _, after = rest.partition(" ")
    verb = base_verb(first)
    if first.lower().endswith("ing") and verb:
        return f"{verb} {after}".strip()
    if is_action(rest) or (verb == first.lower() and after):
        return rest
    return rest if turned else ""


def wants_to_know(text: str) -> bool:
    """Return whether a statement asks: "tell me why …", "I don't understand the loop"."""
    return bool(_TELLS.match(text))


def inquiry(text: str, *, at_hand: bool) -> bool:
    """Return whether a message asks about something.

    Args:
        text: the message without greeting and openings.
        at_hand: whether there is a workflow or a plan that it can be about.
    """
    if not at_hand and _CAN_YOU.match(text):
        return True
    if proposal_in(text):
        return False
    if wants_to_know(text):
        return at_hand or asks_about_flowloom(text)
    plain = text.strip()
    marked = plain.endswith("?")
    asks = bool(_ASKS.match(plain)) and (marked or not _STARTS_DOING.match(plain))
    if not asks and not (marked and at_hand and not is_action(plain)):
        return False
    return at_hand or not _asks_for_data(plain)


def _asks_for_data(text: str) -> bool:
    """ "How many issues are open?" wants a workflow that looks; "what can you do?" does not."""
    return (is_question(text) and not asks_about_flowloom(text)) or find_schedule(text) is not None


def asks_about_flowloom(text: str) -> bool:
    """Return whether a question speaks of the composer, its components or a workflow."""
    return bool(_ABOUT.search(text))
