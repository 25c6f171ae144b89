"""Words that say how steps run: on an error, in any case, side by side, again, after a pause."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flowloom.offline.reading.lexicon import NUMBERS
from flowloom.offline.reading.sentence import Sentence

__all__ = ["Pause", "attempts_in", "goes_on", "pause_in", "peel_flow", "stop_in"]

_FAILS = (
    r"(?:fails?|failed|failing|goes wrong|went wrong|breaks?|errors?(?: out)?|crash(?:es)?"
    r"|times out|throws (?:an )?(?:error|exception)"
    r"|(?:does|do|did|should|will|would)(?:n't|n’t| not) (?:work(?: out)?|succeed|go through)"
    r"|is(?:n't|n’t| not) successful|was(?:n't|n’t| not) successful)"
)
_WORKS = (
    r"(?:works?(?: out| fine)?|worked|succeeds?|succeeded|goes (?:well|through)|went well"
    r"|is successful|was successful|passes)"
)
_WHAT = (
    r"(?P<what>(?:that|this|it|they|these|those|anything|something|everything|all)"
    r"(?: (?:step|call|one|of (?:this|these|that|those|them)))?|any(?: one)? of \w+"
    r"|either(?: of \w+)?|one of \w+|any step"
    r"|(?:the|this|that|any) "
    r"(?!\w+ (?:mentions?|contains?|includes?|says|reads|has|shows|starts|ends)\b)"
    r"[\w ⟦⟧]+?|[a-z]+ing\b[^,.]*?)"
)
_ON_ERROR = (
    r"(?:on|upon|in case of|in the (?:event|case) of|at|if there(?:'s|’s| is| are| was| were))\s+"
    r"(?:an?\s+|any\s+)?(?:errors?|failures?|problems?|exceptions?)\b"
    r"|if (?:an?y?|some) (?:error|failure|problem|exception)s? (?:occurs?|happens?|arises?"
    r"|comes up)"
)
_LEAD_FAILURE = re.compile(
    rf"^(?:(?:if|when|whenever|in case|should)\s+{_WHAT}\s+(?:should\s+|ever\s+)?{_FAILS}"
    rf"(?:\s+(?:for (?:some|any|whatever) reason|at any point|somehow))?|{_ON_ERROR})\s*[,:]?\s*"
    r"(?:then\s+)?",
    re.I,
)
_TAIL_FAILURE = re.compile(
    rf",?\s+(?:and\s+)?(?:(?:if|when|in case|should)\s+{_WHAT}\s+(?:should\s+)?{_FAILS}"
    rf"|{_ON_ERROR})"
    r"\s*$",
    re.I,
)
_LEAD_SUCCESS = re.compile(
    rf"^(?:(?:if|when|once|in case|as soon as)\s+{_WHAT}\s+(?:has\s+)?{_WORKS}|on success"
    rf"|if successful)\s*[,:]?\s*(?:then\s+)?",
    re.I,
)
_ALWAYS = (
    r"(?:whatever happens|no matter (?:what(?: happens)?|how (?:it|that|this) goes"
    rf"|(?:if|whether) (?:it|that|this) (?:{_WORKS}|{_FAILS})(?: or (?:not|{_FAILS}|{_WORKS}))?)"
    rf"|whether(?: or not)? (?:this|that|it|they|everything|the [\w ]+?) (?:{_WORKS}|{_FAILS})"
    rf"(?: or (?:not|{_FAILS}|{_WORKS}))?"
    r"|regardless(?: of (?:the )?(?:outcomes?|results?|errors?|success|what happens|failures?)"
    rf"| of whether (?:it|that|this) (?:{_WORKS}|{_FAILS})(?: or (?:not|{_FAILS}))?)?"
    r"|in (?:any|every) (?:case|event)|come what may|in either case|either way|in all cases"
    rf"|even if (?:that|this|it|something|anything|they|one of them|the [\w ]+?) (?:{_FAILS}))"
)
_LEAD_ALWAYS = re.compile(
    rf"^(?:finally,?\s+|at the end,?\s+|always,?\s+)?"
    rf"(?:{_ALWAYS}|any(?:way|how)|at any rate)\s*[,:]\s*",
    re.I,
)
_LEAD_ALWAYS_BARE = re.compile(r"^always\s+", re.I)
_TAIL_ALWAYS = re.compile(rf",?\s+{_ALWAYS}\s*$", re.I)
_TOGETHER = (
    r"(?:at the same time|in parallel|simultaneously|concurrently|at once|all at once|side by side"
    r"|meanwhile|in the meantime)"
)
_LEAD_TOGETHER = re.compile(rf"^(?:and\s+)?{_TOGETHER}\s*[,:]?\s+", re.I)
_TAIL_TOGETHER = re.compile(rf",?\s+(?:all\s+|both\s+)?{_TOGETHER}\s*$", re.I)
_VERB_TOGETHER = re.compile(rf"^(?P<verb>[a-z]+)\s+{_TOGETHER}\s+", re.I)
_COUNT = r"(?P<count>\d+|once|twice|thrice|" + "|".join(NUMBERS) + ")"
_UP_TO = r"(?:(?:for\s+)?(?:up to|at most|no more than|a maximum of|max(?:imum)?\.?|for)\s+)?"
_ATTEMPTS = re.compile(
    rf",?\s*(?:\band\s+|\bbut\s+)?(?:\bplease\s+)?\b(?:(?:re-?)?try|attempt|repeat)"
    rf"(?:\s+(?:it|this|that|the \w+|them))?(?:\s+again)?,?\s+{_UP_TO}{_COUNT}"
    r"(?:\s+(?:more\s+)?(?:times?|attempts?|tries))?(?:\s+(?:in total|at most))?"
    r"(?:,?\s+(?:if|when|in case|on|should|before|until)\b[^.;,]*)?\s*$"
    rf"|,?\s*(?:\band\s+)?\b(?:with|allow|make|use)\s+{_UP_TO.replace('for', 'for')}"
    rf"{_COUNT.replace('count', 'count2')}\s+(?:re-?tries|attempts|tries)"
    r"(?:\s+(?:if|when|in case|on)\b[^.;,]*)?\s*$",
    re.I,
)
_AGAIN = re.compile(
    r"^(?:please\s+)?(?:just\s+)?try(?:\s+(?:it|this|that))?\s+(?:once\s+)?(?:again|once more)$",
    re.I,
)
_GO_ON = re.compile(
    r"^(?:(?:just|simply|still|then)\s+)?(?:carry on|continue|go on|keep going|keep on|move on"
    r"|proceed|ignore|skip (?:it|that|this|the (?:error|failure))|don't (?:stop|worry|fail)|do not"
    r" (?:stop|fail)|do nothing|never mind)\b",
    re.I,
)
_STOP = re.compile(
    r"^(?:(?:just|simply|then|immediately)\s+)?(?P<verb>stop|end|abort|quit|exit|terminate"
    r"|finish|halt"
    r"|cancel|fail)\b"
    r"(?P<rest>(?:\s+(?:(?:right )?(?:here|now|there|away)|everything|immediately|then|at once|it"
    r"|(?:the |this )?"
    r"(?:whole |entire )?"
    r"(?:run|workflow|process|flow|job|script|execution|rest|automation)))*)"
    r"(?P<error>\s+with an? (?:error|failure)(?: message)?)?"
    r"(?:\s*,?\s*(?:and say|and report|with|saying|with the (?:message|text|reason|words?|note)"
    r"|and give the (?:message|reason)|with (?:an? )?(?:message"
    r"|reason))?:?\s*(?P<message>⟦\d+⟧))?$",
    re.I,
)
_DURATION = (
    r"(?P<number>\d+(?:\.\d+)?|an?|half an|a quarter of an|a few|a couple of|"
    + "|".join(NUMBERS)
    + r")\s*"
    r"(?P<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?)"
)
_PAUSE = re.compile(
    rf"^(?:wait|pause|sleep|hold(?: on)?|delay|rest)\s+(?:for\s+)?(?:another\s+"
    rf"|about\s+)?{_DURATION}$",
    re.I,
)
_LATER = re.compile(
    rf"^(?:(?:after(?: waiting| a (?:pause|delay|wait) of)?|wait(?:ing)?(?: for)?)\s+"
    rf"(?:another\s+)?"
    rf"{_DURATION}\s*,\s*|{_DURATION.replace('number', 'number2').replace('unit', 'unit2')}"
    r"\s+(?:later|after (?:that|this)|afterwards)\s*,?\s*)",
    re.I,
)


@dataclass(frozen=True)
class Pause:
    """How long something waits, as the language writes it (``2h``)."""

    duration: str


def peel_flow(sentence: Sentence, rest: str, first: bool) -> tuple[Sentence, str]:
    """Take the words off that say how the actions run; ``first``: nothing stands before it."""
    sentence, rest = _peel_always(sentence, rest)
    if not first:
        sentence, rest = _peel_outcome(sentence, rest)
    sentence, rest = _peel_together(sentence, rest)
    if match := _LATER.match(rest):
        pause = match.group(0).strip(" ,")
        words = re.search(_DURATION, pause, re.I)
        rest = f"wait {words.group(0) if words else pause} and then {rest[match.end() :]}"
    if match := _ATTEMPTS.search(rest):
        attempts = _number(match.group("count") or match.group("count2"))
        if attempts > 1:
            sentence = replace(sentence, attempts=attempts)
            rest = rest[: match.start()].strip(" ,")
    return sentence, rest


def _peel_outcome(sentence: Sentence, rest: str) -> tuple[Sentence, str]:
    if match := _LEAD_FAILURE.match(rest):
        what = match.groupdict().get("what") or "that"
        return replace(sentence, failure=what), rest[match.end() :]
    if match := _LEAD_SUCCESS.match(rest):
        return replace(sentence, succeeds=True), rest[match.end() :]
    if match := _TAIL_FAILURE.search(rest):
        if _ATTEMPTS.search(rest):
            return sentence, rest
        what = match.groupdict().get("what") or "that"
        return replace(sentence, failure=what), rest[: match.start()]
    return sentence, rest


def _peel_always(sentence: Sentence, rest: str) -> tuple[Sentence, str]:
    match = _LEAD_ALWAYS.match(rest) or _LEAD_ALWAYS_BARE.match(rest)
    if match is not None:
        return replace(sentence, always=True), rest[match.end() :]
    if match := _TAIL_ALWAYS.search(rest):
        return replace(sentence, always=True), rest[: match.start()]
    return sentence, rest


def _peel_together(sentence: Sentence, rest: str) -> tuple[Sentence, str]:
    if match := _LEAD_TOGETHER.match(rest) or _VERB_TOGETHER.match(rest):
        verb = match.groupdict().get("verb")
        left = rest[match.end() :]
        return replace(sentence, together=True), f"{verb} {left}" if verb else left
    if match := _TAIL_TOGETHER.search(rest):
        return replace(sentence, together=True), rest[: match.start()]
    return sentence, rest


def attempts_in(action: str) -> int:
    """Return how often an action says that a step is tried ("retry twice"); 0 if it says none."""
    if match := _ATTEMPTS.match(action):
        return max(2, _number(match.group("count") or match.group("count2")))
    if _AGAIN.match(action):
        return 2
    return 3 if re.match(r"^(?:just\s+)?retry(?:\s+(?:it|this|that))?$", action, re.I) else 0


def goes_on(action: str) -> bool:
    """Return whether an action says that nothing is to be done: "carry on", "ignore it"."""
    return bool(_GO_ON.match(action))


def stop_in(action: str) -> tuple[str, bool] | None:
    """Return the masked message of an action that ends the run, and whether it fails; or None."""
    match = _STOP.match(action.strip(" ."))
    if match is None:
        return None
    verb = match.group("verb").lower()
    if verb in ("cancel", "finish", "halt", "fail", "terminate") and not (
        match.group("rest").strip() or match.group("message") or match.group("error")
    ):
        return None
    if re.search(r"\bit\b", match.group("rest")) and not match.group("message"):
        return None
    failed = verb in ("abort", "fail") or bool(match.group("error"))
    return match.group("message") or "", failed


def pause_in(action: str) -> Pause | None:
    """Return how long an action waits; None if it does something else."""
    match = _PAUSE.match(action.strip(" ."))
    if match is None:
        return None
    word, unit = match.group("number").lower(), match.group("unit").lower()
    letter = "s" if unit.startswith("s") else unit[0]
    if word in ("half an", "a quarter of an"):
        return Pause("30m" if word == "half an" else "15m") if letter == "h" else None
    if word in ("a few", "a couple of"):
        return None
    number = "1" if word in ("a", "an") else str(NUMBERS.get(word, word))
    return Pause(f"{int(number) * 7}d" if letter == "w" else f"{number}{letter}")


def _number(word: str) -> int:
    word = word.lower()
    named = {"once": 1, "twice": 2, "thrice": 3}
    return named.get(word) or NUMBERS.get(word) or int(word)
