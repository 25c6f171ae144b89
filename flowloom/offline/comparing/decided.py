"""What a person decided, whatever the verb: "they turn it down", "she does not respond"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.reading.grammar.people import is_person
from flowloom.offline.reading.lexicon import word_set
from flowloom.offline.reading.morphology import is_any_verb

__all__ = ["decision_in"]

_WHO = (
    r"(?P<who>(?:she|he|they|you|nobody|no\s+one|(?:the|our|my|her|his|their)\s+"
    r"(?:[\w-]+\s+){0,2}?[\w-]+|[A-Z]\w+|⟦\d+⟧))"
)
_DECIDES = re.compile(
    rf"^{_WHO}\s+(?P<not>(?:do|does|did|will|would|has|have|is|are|was|were|can|could)\s+not\s+)?"
    r"(?:(?:has|have|had|is|are|was|were|will|does|do|did|gives?|gave|says?"
    r"|said)\s+)?(?P<verb>[a-z]+)\b(?P<rest>(?:\s+\S+){0,5})$",
    re.I,
)
_PASSIVE = re.compile(
    r"^(?:(?:it|this|that|the\s+[\w -]+?)\s+(?:is|was|gets|got"
    r"|has\s+been)\s+)?(?P<not>not\s+)?(?P<verb>[a-z]+(?:ed|en|own|id))(?:\s+(?:down|off"
    r"|by\s+.+))?$",
    re.I,
)
_REFUSAL = word_set(
    "refuse reject decline deny object disagree veto dismiss disapprove oppose withhold block"
    " cancel dislike hesitate"
    " complain protest no negative"
)
_DOWN = re.compile(
    r"(?i)\b(?:turn\w*|shoot\w*|shot|vote\w*|knock\w*)\s+(?:\w+\s+)?down\b|\bagainst\b|\bno\b"
)
_CONSENT = word_set(
    "approve accept agree confirm consent sign allow permit endorse grant okay ok like respond"
    " answer reply react yes"
    " authorize authorise clear support welcome want say"
)


def decision_in(text: str, choices: Sequence[str]) -> Condition | None:
    """Return the condition on a yes or no that words about a person's deed say; else None.

    Args:
        choices: what may be answered; other answers than yes and no are not decided so.
    """
    if choices and not {"yes", "no"} <= set(choices):
        return None
    text = re.sub(r"(?i)n['’]t\b", " not", text.strip(" ,."))
    match = _DECIDES.match(text)
    person = match is not None and _acts(match.group("who"))
    if match is None or not person:
        match = _PASSIVE.match(text)
    if match is None:
        return None
    verb = is_any_verb(match.group("verb").lower()) or match.group("verb").lower()
    down = bool(_DOWN.search(text)) or verb in _REFUSAL
    if not down and verb not in _CONSENT and not (person and match.group("not")):
        return None
    nobody = person and bool(re.match(r"(?i)nobody|no\s+one", match.group("who")))
    denied = bool(match.group("not")) or nobody
    if down == denied:
        return Condition(text, value="yes", answer=True)
    # "Does not approve" is also so where nothing is answered.
    return Condition(
        text, value="no" if down else "yes", operator="==" if down else "!=", answer=True
    )


def _acts(who: str) -> bool:
    pronoun = re.match(r"(?i)^(?:she|he|they|you|nobody|no\s+one|⟦)", who)
    return bool(pronoun) or is_person(who) or who[:1].isupper()
