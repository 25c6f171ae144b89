"""Questions to a person in a request, and conditions on the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flowloom.offline.comparing.conditions import Condition
from flowloom.offline.reading.grammar.doers import Doer, doer_of

__all__ = ["Asked", "answer_in", "is_bare_answer", "question_in"]

_WHO = r"(?P<to>(?:(?!\b(?:whether|if|to|for|which|what|about)\b)[\w@.'’⟦⟧-]+\s+){1,5}?)"
_YES_NO = re.compile(
    rf"^(?:ask|check with|find out from|verify with|confirm with)\s+{_WHO}(?:whether|if)\s+"
    r"(?P<question>.+)$"
    r"|^ask\s+(?:whether|if)\s+(?P<question2>.+)$"
    r"|^(?:let|have|get)\s+(?P<to2>[\w ]+?)\s+(?:to\s+)?(?:decide|confirm|check|say)\s+"
    r"(?:whether|if)\s+"
    r"(?P<question3>.+)$",
    re.I,
)
_CHOICES = re.compile(
    rf"^(?:ask\s+{_WHO}|(?:let|have)\s+(?P<to2>[\w ]+?)\s+)"
    r"(?:to\s+)?(?:choose|pick|select|decide)\s+(?:(?:between|from|among|one of|either|on|out of"
    r"|one from)[:\s]+)?(?P<options>.+)$"
    rf"|^ask\s+{_WHO.replace('<to>', '<to3>')}(?:for|about)?\s*(?:a\s+choice|a decision)\s*"
    r"(?:between|of|from|among)?:?\s*(?P<options2>.+)$"
    rf"|^ask\s+{_WHO.replace('<to>', '<to4>')}(?P<what>(?:which|what)\b[^,:(]*?)\s*[,:(]\s*"
    r"(?P<options3>[^,]+(?:,[^,]+)*\s*,?\s+or\s+.+?)\)?$",
    re.I,
)
_APPROVAL = re.compile(
    r"^(?:get|obtain|request|ask|wait|seek)\s+(?:for\s+)?(?:the\s+|an?\s+|their\s+|his\s+|her\s+)?"
    r"(?:[\w'’]+\s+)?(?:approval|permission|confirmation|consent|sign-?off|go-ahead|ok|okay)\b"
    rf"|^ask\s+{_WHO}(?:for\s+(?:an?\s+|the\s+|their\s+)?(?:approval|permission|confirmation"
    rf"|consent"
    r"|sign-?off|go-ahead|ok|okay)|to\s+(?:approve|confirm|agree|sign off))\b"
    r"|^(?:let|have)\s+(?P<to2>[\w ]+?)\s+(?:approve|confirm|sign off)\b",
    re.I,
)
_OPEN = re.compile(rf"^ask\s+{_WHO}(?:for|about|what|which|who|when|where|how|why|to)\b", re.I)
_YES = re.compile(
    r"^(?:so|yes|(?:it|this|that) (?:does|is|did|has|was|exists)|they (?:do|are|did)"
    r"|(?:that|this)(?:'s| is) (?:so|the case|true)|there (?:is|are)(?: one| any| some)?"
    r"|approved|confirmed|accepted|agreed|granted|ok|okay"
    r"|(?:it|this|that) (?:is|was|gets) (?:approved|confirmed|accepted|ok|okay)"
    r"|(?:\w+ ){1,3}(?:says?|said|answers?|replies|answered) (?:yes|ok|okay|so)"
    r"|(?:\w+ ){1,3}(?:agrees?|agreed|approves?|approved|accepts?|confirms?|confirmed|consents?"
    r"|is ok with (?:it|that)|gives? (?:the )?(?:ok|approval|go-ahead))"
    r"|(?:she|he|they|you|(?-i:[A-Z])\w+) (?:does|do|did|will|can|is|are)"
    r"|the (?:answer|reply|response|decision) (?:is|was) (?:yes|positive))$",
    re.I,
)
_NO = re.compile(
    r"^(?:no|not|(?:it|this|that) (?:does not|doesn't|doesn’t|is not|isn't|isn’t)|(?:that|this)"
    r"(?:'s| is)"
    r" not (?:so|the case)|there (?:is|are)(?:n't|n’t| not| none)|rejected|denied|declined|refused"
    r"|(?:it|this|that) (?:is|was|gets) (?:rejected|denied|declined|refused|not approved)"
    r"|(?:\w+ ){1,3}(?:says?|said|answers?|replies) no"
    r"|(?:\w+ ){1,3}(?:disagrees?|refuses?|declines?|rejects?|objects?|denies)(?: it| this| that)?"
    r"|(?:\w+ ){1,3}(?:does not|doesn't|doesn’t|do not|don't) (?:agree|accept|confirm|consent)"
    r"|(?:she|he|they|you|(?-i:[A-Z])\w+)"
    r" (?:does not|doesn't|doesn’t|do not|don't|did not|didn't|will not|won't|is not|isn't)"
    r"|the (?:answer|reply|response|decision) (?:is|was) (?:no|negative))$",
    re.I,
)
_CHOSEN = re.compile(
    r"^(?:(?:\w+ ){1,3}(?:says?|said|answers?|replies|chooses?|chose|picks?|picked|selects?"
    r"|selected"
    r"|decides? (?:on|for)|goes for|go for|wants?|opts? for)\s+(?:to |for )?"
    r"|(?:the |their |his |her )?(?:answer|reply|response|choice|decision|selection) (?:is|was)\s+"
    r"|(?:it|this|that)(?:'s|’s| is| was)\s+|for\s+|on\s+|in case of\s+)?"
    r"(?:the |an? )?(?P<value>⟦\d+⟧|[\w -]+?)(?:\s+(?:is|was|gets) (?:chosen|picked|selected"
    r"|the answer))?$",
    re.I,
)


_SAYS_QUOTED = re.compile(
    r"^(?:(?:\w+ ){1,3}?(?P<not>(?:does|do|did)(?:n['’]t| not) )?(?:just )?(?:says?|said|answers?"
    r"|answered|repl(?:y|ies|ied)|responds?|responded|writes?|wrote|types?|typed|enters?|entered"
    r"|sends? back|comes? back|gives?|gave)(?: back)?(?: with| just)*"
    r"|(?:(?:\w+ ){1,2}|\w+['’]s )?(?:answer|reply|response|input|text|number|name)"
    r" (?:is|was|equals|reads|says)(?P<no> not|n['’]t)?(?: just)?) ⟦(?P<value>\d+)⟧$",
    re.I,
)


@dataclass(frozen=True)
class Asked:
    """What a person is asked: who, and what may be answered; no choices where it is open.

    Attributes:
        words: what is asked, where it is not the whole action: "have legal to pick a license".
    """

    to: str = ""
    choices: tuple[str, ...] = ()
    words: str = ""


def question_in(text: str) -> Asked | None:
    """Return what an action asks a person; None if it asks nobody."""
    doer = doer_of(text)
    if doer is not None and doer.words != text:
        return _asked_of(doer)
    if match := _CHOICES.match(text):
        found = match.groupdict()
        options = _options(found["options"] or found["options2"] or found["options3"] or "")
        if len(options) > 1:
            return Asked(_name(found, "to", "to2", "to3", "to4"), options)
    if match := _YES_NO.match(text):
        return Asked(_name(match.groupdict(), "to", "to2"), ("yes", "no"))
    if match := _APPROVAL.match(text):
        return Asked(_name(match.groupdict(), "to", "to2"), ("yes", "no"))
    if match := _OPEN.match(text):
        return Asked(_name(match.groupdict(), "to"))
    return None if doer is None else _asked_of(doer)


def _asked_of(doer: Doer) -> Asked:
    who = re.sub(r"^(?:the|my|our)\s+", "", doer.who, flags=re.I)
    who = "" if who.lower() in ("somebody", "someone", "anybody", "anyone") else who
    return Asked(who, ("yes", "no") if doer.consents else (), doer.words)


def _name(found: dict[str, str | None], *keys: str) -> str:
    words = next((value for key in keys if (value := found.get(key))), "")
    return re.sub(r"^(?:the|my|our)\s+", "", words.strip(), flags=re.I)


def _options(text: str) -> tuple[str, ...]:
    text = re.sub(r"\s+\b(?:for|about|as)\b.*$", "", text.strip(" .:()"))
    parts = re.split(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+|\s*/\s*", text)
    cleaned = [re.sub(r"^(?:either|the option|to)\s+", "", part.strip()) for part in parts]
    found = [part for part in cleaned if part]
    return tuple(found) if all(len(part.split()) <= 4 for part in found) else ()


def is_bare_answer(text: str) -> bool:
    """Return whether a condition speaks of an answer or a check: "so", "it does", "no"."""
    return bool(_YES.match(text.strip()) or _NO.match(text.strip()))


def answer_in(text: str, choices: Sequence[str], values: Sequence[str] = ()) -> Condition | None:
    """Return the condition on an answer; None if the words are about something else.

    Args:
        choices: what may be answered.
        values: what the masks ``⟦n⟧`` stand for.
    """
    text = text.strip(" ,.")
    if (quoted := _quoted_answer(text, choices, values)) is not None:
        return quoted
    if match := _CHOSEN.match(text):
        value = match.group("value")
        masked = re.fullmatch(r"⟦(\d+)⟧", value)
        value = values[int(masked.group(1))] if masked else value
        chosen = _among(value, choices)
        if chosen and chosen not in ("yes", "no"):
            return Condition(text, value=chosen, answer=True)
    if _NO.match(text):
        return Condition(text, value="no", answer=True)
    if _YES.match(text):
        return Condition(text, value="yes", answer=True)
    return None


def _quoted_answer(text: str, choices: Sequence[str], values: Sequence[str]) -> Condition | None:
    """ "If he answers ⟦0⟧": these very words, of a question without choices; else yes or no."""
    match = _SAYS_QUOTED.match(text)
    if match is None:
        return None
    value = values[int(match.group("value"))]
    denied = bool(match.group("not") or match.group("no"))
    chosen = _among(value, choices or ("yes", "no"))
    if chosen in ("yes", "no"):
        return Condition(text, value="no" if (chosen == "yes") == denied else "yes", answer=True)
    if choices and not chosen:
        return None
    operator = "!=" if denied else "=="
    return Condition(text, value=chosen or value, operator=operator, answer=True, quoted=True)


def _among(value: str, choices: Sequence[str]) -> str:
    lower = value.lower().strip()
    for choice in choices:
        if lower == choice.lower() or (len(lower) > 3 and _stem(lower) == _stem(choice.lower())):
            return choice
    return ""


def _stem(word: str) -> str:
    return re.sub(r"(?:ed|ing|s|e)$", "", word)
