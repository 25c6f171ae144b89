"""What people say around a message: consent, refusal, openings, and favours asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from flowloom.offline.reading.small_talk import without_greeting, without_thanks

__all__ = ["Reply", "is_greeting", "opened", "reply_in", "without_favour"]

_SAME = r"(?:it|this|that|them|so|everything|the (?:plan|workflow|change|question)s?)"
_GOOD = (
    r"(?:good|great|fine|right|ok(?:ay)?|correct|perfect|nice|excellent|awesome|alright"
    r"|wonderful|lovely|brilliant|cool|super|better|true)"
)
_THANKS = (
    r"(?:thanks|thank you|thx|cheers)(?: (?:a lot|so much|very much|again))?(?: (?:mate|man"
    r"|guys|folks|team|friend|buddy|everyone))?"
)
_YES = (
    rf"(?:yes|yep|yeah|yup|ye|sure(?: thing)?|k|lgtm|agreed|approved?|accept(?:ed)?"
    rf"|confirm(?:ed)?|absolutely|definitely|of course|certainly|indeed|exactly|please(?: do)?"
    rf"|proceed|continue|go(?: ahead| on| for it)?(?: with {_SAME})?|carry on|ship it|all"
    rf" (?:good|right|set)|(?:do|build|create|make|take|accept|approve|confirm|use|apply|keep"
    rf"|like|love) {_SAME}|(?:that|this|it|everything|the plan)(?:['’]?s| is| looks| sounds|"
    rf" seems| works| all looks)?(?: all)?(?: really| very| just| quite)? {_GOOD}(?: (?:to|by"
    rf"|with|for) me)?|(?:looks?|sounds?|seems?) (?:\w+ )?{_GOOD}(?: (?:to|by|with|for) me)?"
    rf"|(?:that|this|it)(?:['’]?s| is)(?: exactly| just| precisely)? (?:it|what i (?:want"
    rf"|wanted|meant|asked for|need|had in mind))|works(?: for me)?|i(?:['’]m| am) (?:happy"
    rf"|fine|ok)(?: with (?:it|that|this))?|i (?:like|love|agree|approve|accept)(?: (?:it|that"
    rf"|this|with (?:it|that|this)))?|{_GOOD} (?:job|work|one)|(?:very|really|so|quite|pretty"
    rf"|just) {_GOOD}|let['’]?s (?:do (?:it|that|this)|go)|make it so|{_GOOD}(?: (?:to|by|with"
    rf"|for) me)?|good to go|why not|well done|good job|nice work|{_THANKS})"
)
_LEAVE = (
    rf"(?:never ?mind|no,? thanks|no,? thank you|leave it(?: as it is)?|(?:cancel|stop|drop"
    rf"|skip|leave|abort|discard|reject|forget(?: about)?|ignore) {_SAME}|forget it|cancel"
    rf"|abort|quit|exit|stop|reject(?:ed)?|let['’]?s not|not now|(?:i(?:['’]d| would) )?rather"
    rf" not|(?:please )?(?:don['’]?t|do not)(?: do {_SAME})?)"
)
_NO = (
    r"(?:no|nope|nah|no way|wrong|not (?:like (?:this|that)|that|this|really|quite|right|good"
    r"|yet)|i (?:don['’]?t|do not|didn['’]?t|did not) (?:like|want|mean|ask for) (?:it|that"
    r"|this)|(?:that|this|it)(?:['’]?s| is| was) (?:all |just |still |completely )?(?:wrong|bad"
    r"|not (?:right|good|correct|ok(?:ay)?|it|what i (?:want|wanted|meant|asked(?: for)?|said"
    r"|need)))|(?:that|this|it) (?:does not|doesn['’]?t|isn['’]?t|is not) (?:look |seem"
    r" )?(?:right|good|it))"
)
_JOIN = r"[\s,.!;:–—-]*"
_CONSENT = re.compile(rf"^(?:{_YES}(?!\w|['’]){_JOIN}(?:and\s+|then\s+)?)+", re.I)
_LEFT = re.compile(rf"^(?:(?:{_LEAVE})(?!\w|['’]){_JOIN}(?:please\b{_JOIN})?)+", re.I)
_REFUSAL = re.compile(rf"^(?:(?:{_NO})(?!\w|['’]){_JOIN}(?:please\b{_JOIN})?)+", re.I)
_BUT = re.compile(r"^(?:but|however|except(?: that)?|only|though|just|and|also)\b[\s,:]*", re.I)

_OPENING = re.compile(
    r"^(?:(?:ok(?:ay)?|great|perfect|nice|cool|super|wonderful|excellent|awesome|well|h+m+|uh"
    r"|um|oh|ah|aha|oops|sorry|wait(?=\s*[,!.:…])|hold on"
    r"|actually|please|kindly|now|so|and|but|then|just"
    r"|alright|all|right|good|fine|thanks(?: a lot)?|thank you(?: (?:so|very) much)?|thx|cheers"
    r"|by the way|btw|(?:new |another |one more )?idea(?=\s*[:,])|almost|nearly|next(?=\s*[:,])"
    r"|one (?:more|last) (?:thing|question)|quick question)\b[\s,.!:;–—-]+)+(?=\S)",
    re.I,
)
_FAREWELL = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks|cool|great)[\s,.!]+)*(?:(?:good ?)?bye(?:[- ]bye)?|see (?:you|ya)"
    r"|ciao|farewell|take care|talk to you|until|good night|later)\b(?:\s+\w+){0,3}[\s.!]*$",
    re.I,
)
_FAVOUR = re.compile(
    r"^(?:(?:can|could|would|will|may|might) (?:you|we|i)(?: mind)?|(?:is|would) it (?:be"
    r" )?possible (?:for you )?to|is there a way to|i(?:['’]d| would) (?:like|love)(?: you)? to"
    r"|i (?:want|need|wish)(?: you)? to|we (?:want|need) to|let['’]?s|let us|let me|help me(?:"
    r" to)?|i want|i(?:['’]d| would) like|do you mind)\b(?:\s+(?:please|maybe|perhaps|just"
    r"|kindly))*\s+",
    re.I,
)


@dataclass(frozen=True)
class Reply:
    """How a message begins, and what it says beyond that.

    Attributes:
        kind: ``yes``; ``leave`` ("never mind", "cancel"); ``no``; empty for neither.
        rest: what follows, empty if nothing does.
    """

    kind: Literal["", "yes", "leave", "no"]
    rest: str


def reply_in(text: str) -> Reply:
    """Return the consent or refusal that a message begins with."""
    text = text.strip()
    forms: tuple[tuple[Literal["yes", "leave", "no"], re.Pattern[str]], ...] = (
        ("leave", _LEFT), ("no", _REFUSAL), ("yes", _CONSENT),
    )  # fmt: skip
    for kind, pattern in forms:
        match = pattern.fullmatch(text) or pattern.match(text)
        if match is None:
            continue
        rest = text[match.end() :]
        if rest and not _ends_a_clause(match.group(0), rest):
            continue
        rest = _BUT.sub("", rest, count=1)
        more = reply_in(rest) if rest else None
        if kind == "no" and more is not None and more.kind == "leave" and not more.rest:
            return more
        return Reply(kind, rest.strip())
    return Reply("", text)


def _ends_a_clause(said: str, rest: str) -> bool:
    """Tell "no, use mail" from "no attachments": a stop, or a word that turns, must follow."""
    return bool(re.search(r"[,.!;:–—-]\s*$", said) or _BUT.match(rest) or _joined(said))


def _joined(said: str) -> bool:
    return bool(re.search(r"\b(?:and|then|please)\s*$", said, re.I))


def opened(text: str) -> str:
    """Return a message without greeting, thanks and openings such as "ok," or "actually"."""
    before = ""
    while text != before:
        before = text
        text = _OPENING.sub("", without_greeting(text.strip())).strip()
    return without_thanks(text).strip() or before.strip()


def is_greeting(text: str) -> bool:
    """Return whether a message says hello or goodbye and nothing else."""
    return not without_greeting(text.strip()).strip() or bool(_FAREWELL.match(text.strip()))


def without_favour(text: str) -> str:
    """Return "add a step" for "could you please add a step"; the text itself if it is none."""
    return _FAVOUR.sub("", text, count=1)
