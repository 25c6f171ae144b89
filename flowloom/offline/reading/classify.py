"""Second stage: what of a sentence is trigger, condition, loop, place, and what are actions."""

from __future__ import annotations

import re
from dataclasses import replace

from flowloom.offline.planning.actions import is_action, split_actions
from flowloom.offline.reading.flow_words import goes_on, peel_flow, stop_in
from flowloom.offline.reading.idioms import AGGREGATE
from flowloom.offline.reading.leads import cut_lead, cut_loop
from flowloom.offline.reading.lexicon import base_verb
from flowloom.offline.reading.morphology import is_base_form
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.reading.trigger_clauses import WHEN, peel_trigger
from flowloom.offline.timing.event_clauses import peel_event

__all__ = ["Sentence", "classify"]


_ELSE = re.compile(r"^(?:otherwise|else|if not)\b,?\s*(?:then\s+)?", re.I)
_IF = re.compile(r"^(?:if|in case|unless|provided that|only if)\b\s+", re.I)
_WHILE = re.compile(
    r"^(?:(?:repeat|do|keep doing|loop|run)\s+(?:the following|this|that)\s+)?(?:while|as long "
    r"as|until)"
    r"\b\s+",
    re.I,
)
_UNTIL_TAIL = re.compile(r",?\s+(?P<word>until|as long as|while)\s+(?P<condition>.+)$", re.I)
_REPEATED = re.compile(r"^(?:keep(?: on)?|repeat|go on|continue)\s+(?P<verb>[a-z]+)ing\b\s*", re.I)
_GOES_THROUGH = re.compile(
    r"^(?:go|iterate|loop|walk|run|step|cycle|work|look)\s+(?:through|over|along|across)\s+"
    r"(?:(?:all|each|every|the|of)\s+)*(?P<each>.+)$",
    re.I,
)
_TOPIC = re.compile(r"^(?P<topic>[^:⟦]*(?:⟦\d+⟧[^:⟦]*)?):\s+(?P<rest>.+)$")
_FOR_TOPIC = re.compile(
    r"^(?P<topic>(?:for|in case of)\s+(?!(?:each|every|all|any|the|an?|my|our|it|them|that|this"
    r"|example)\b)"
    r"[\w-]+(?:\s+[\w-]+){0,2}),\s+(?P<rest>.+)$",
    re.I,
)
_OFFERS = re.compile(
    r"^(?:ask|let|have)\b(?:(?!,? then\b).)*?\b(?:choose|pick|select|decide)\b(?:(?!,? then\b).)*$",
    re.I,
)
_STATE = re.compile(
    r"\b(?:is|are|was|has|have|contains?|returns?|reaches|equals?|exists?|exceeds?|becomes|says"
    r"|succeeds|works|there|no|gets?)\b|[<>=]",
    re.I,
)
_ASKS_IF = re.compile(
    r"^(?:ask|check|verify|see|determine|find out|test|confirm)\b(?:\s+with)?"
    r"(?:\s+(?!if\b)[\w'’.⟦⟧-]+){0,4}?"
    r"\s+if\s",
    re.I,
)
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
_EACH_AND = re.compile(
    r"^(?P<each>(?:(?!,|\sand\s).)+?)(?P<more>(?:,|,?\s+and)\s+(?:then\s+)?(?P<next>.+))$", re.I
)
"""More to do with each one: "leave a comment on each issue and close it"."""
_BARE = re.compile(r"[a-z-]+\s+(?:for|about|as|to|on)\b", re.I)
_PLACE = re.compile(r"^(before|after|once|following)\s+", re.I)
_PLACE_THAT = re.compile(
    r"^(before|after|prior to)\s+(?:that|this|it|doing (?:that|this|so)|which)\b,?\s*", re.I
)
_BEFOREHAND = re.compile(r"^(?:beforehand|prior to that)\b,?\s*", re.I)
_END = re.compile(
    r"^(?:finally|lastly|at the (?:very )?end|in the end|to finish|afterwards?|next|"
    r"when (?:everything|all|it|this) is (?:done|finished|complete)|(?:once|after) (?:finishing|"
    r"(?:everything|all|that) is (?:done|finished|complete)|done)"
    r"|(?:when|once|as soon as|after)\s+(?:both|all(?: of (?:them|these|this|that|it))?"
    r"|everything|they|"
    r"these|both of them|all \w+|all the \w+|both \w+)\s+(?:is|are|have|has)\s+(?:been\s+|all\s+)?"
    r"(?:done|there|ready|in|back|over|through|here|available|finished|complete|[a-z]+ed))\b,?\s*",
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
    leads = (
        peel_event, _peel_topic, peel_flow, _peel_otherwise, _peel_place, peel_trigger,
        _peel_condition, _peel_loop,
    )  # fmt: skip
    for peel in leads:
        sentence, rest = peel(sentence, rest, first)
    if sentence.place and not sentence.always:
        sentence, rest = peel_flow(sentence, rest, first)
    if not sentence.condition:
        sentence, rest = _peel_condition(sentence, rest, first)
    sentence, rest = _peel_tails(sentence, rest, first=first, editing=editing)
    sentence, rest = _peel_repeated(sentence, rest)
    actions = _offers(rest) if _OFFERS.match(rest) else tuple(split_actions(rest))
    if actions and not sentence.each and (through := _GOES_THROUGH.match(actions[0])):
        sentence, actions = replace(sentence, each=through.group("each")), actions[1:]
    left_over = tuple(action for action in actions if not _is_placed(action))
    return replace(sentence, actions=actions, left_over=left_over)


def _is_placed(action: str) -> bool:
    """Whether an action begins with a verb, or says how something runs."""
    first, _, rest = action.partition(" ")
    verb = is_base_form(first) and rest.startswith("⟦")
    return verb or is_action(action) or goes_on(action) or stop_in(action) is not None


def _offers(text: str) -> tuple[str, ...]:
    """Keep the options of a question together, and cut what is done with the answer."""
    for match in re.finditer(r",?\s+and\s+(?:then\s+)?", text):
        after = text[match.end() :]
        listed = re.search(r",\s*[\w-]+$", text[: match.start()])
        if len(after.split()) > 1 and is_action(after) and not (listed and _BARE.match(after)):
            return (text[: match.start()], *split_actions(after))
    return (text,)


def _peel_topic(sentence: Sentence, rest: str, _: bool) -> tuple[Sentence, str]:
    """ "Thing 12: do this": what stands before the colon says where, or which answer is meant."""
    match = _FOR_TOPIC.match(rest)
    if match is not None and is_action(match.group("rest")):
        return replace(sentence, topic=match.group("topic")), match.group("rest")
    match = _TOPIC.match(rest)
    if match is None or not is_action(match.group("rest")):
        return sentence, rest
    topic = match.group("topic").strip()
    if is_action(topic) or len(topic.split()) > 6 or _IF.match(topic) or WHEN.match(topic):
        return sentence, rest
    return replace(sentence, topic=topic), match.group("rest")


def _peel_repeated(sentence: Sentence, rest: str) -> tuple[Sentence, str]:
    """ "Keep fetching it until …", "fetch it until …"."""
    match = _UNTIL_TAIL.search(rest)
    if match is None or sentence.repeat or not is_a_state(match.group("condition")):
        return sentence, rest
    lead = rest[: match.start()]
    repeated = _REPEATED.match(lead)
    if repeated is None and match.group("word").lower() == "while":
        return sentence, rest
    if repeated is not None:
        verb = base_verb(repeated.group("verb") + "ing") or repeated.group("verb")
        lead = f"{verb} {lead[repeated.end() :]}"
    negated = match.group("word").lower() == "until"
    return replace(sentence, repeat=match.group("condition"), negated=negated), lead


def is_a_state(text: str) -> bool:
    """Return whether words say something that holds or not: "it is done", not "noon"."""
    return bool(_STATE.search(text))


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
        head, tail = cut_lead(rest[match.end() :])
        if tail:
            place = "before" if match.group(1).lower() == "before" else "after"
            return replace(sentence, place=place, anchor=head), tail
    return sentence, rest


def _peel_condition(sentence: Sentence, rest: str, _: bool) -> tuple[Sentence, str]:
    if sentence.condition:
        return sentence, rest
    if match := _WHILE.match(rest):
        head, tail = cut_lead(rest[match.end() :])
        if tail:
            negated = match.group(0).lower().startswith("until")
            return replace(sentence, repeat=head, negated=negated), tail
    match = _IF.match(rest) or (WHEN.match(rest) if not sentence.trigger else None)
    if match is None:
        return sentence, rest
    head, tail = cut_lead(rest[match.end() :])
    if not tail:
        return sentence, rest
    negated = match.group(0).lower().startswith("unless")
    return replace(sentence, condition=head, negated=negated), tail


def _peel_loop(sentence: Sentence, rest: str, _: bool) -> tuple[Sentence, str]:
    match = _EACH.match(rest)
    if match is None:
        return sentence, rest
    head, tail = cut_loop(rest[match.end() :])
    return (replace(sentence, each=head), tail) if tail else (sentence, rest)


def _peel_tails(
    sentence: Sentence, rest: str, *, first: bool, editing: bool
) -> tuple[Sentence, str]:
    asks = _ASKS_IF.match(rest)
    if not sentence.condition and not asks and (match := _IF_TAIL.search(rest)) and is_action(rest):
        word = match.group(1).lower()
        when = word.startswith("when")
        field = "trigger" if when and first and not sentence.trigger else "condition"
        sentence = replace(sentence, negated=word == "unless", **{field: match.group(2)})
        rest = rest[: match.start()]
    grouped = AGGREGATE.search(rest)
    if not sentence.each and not grouped and (match := _EACH_TAIL.search(rest)):
        more = _EACH_AND.match(match.group(1))
        acts = more is not None and is_action(more.group("next"))
        sentence = replace(sentence, each=more.group("each") if more and acts else match.group(1))
        rest = rest[: match.start()] + (more.group("more") if more and acts else "")
    if match := _END_TAIL.search(rest):
        return replace(sentence, place="end", resumes=True), rest[: match.start()]
    if match := _START_TAIL.search(rest):
        return replace(sentence, place="start"), rest[: match.start()]
    if editing and not sentence.anchor and (match := _PLACE_TAIL.search(rest)):
        word = match.group(1).lower()
        place = "before" if "before" in word or "prior" in word else "after"
        return replace(sentence, place=place, anchor=match.group(2)), rest[: match.start()]
    return sentence, rest
