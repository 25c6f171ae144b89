"""Comparisons in other words and orders, said with the few relations that `conditions` reads.

"It turned out to be north of 5" and "it climbs past 5" are "it is over 5"; "is flagged as red" is
"is red". Verbs of becoming, of measure and of motion are closed classes; comparatives are told by
their ending.
"""

from __future__ import annotations

import re

__all__ = ["plain_comparison"]

_NUMBER = (
    r"(?:an?\s+)?(?=[-$€£]?\d|⟦\d+⟧|(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)\b)"
)
_CONTRACTED = re.compile(r"(?i)\b(is|are|was|were|do|does|did|has|have|had)n['’]t\b")
_CANNOT = re.compile(r"(?i)\b(?:cannot|can't|can’t|can not)\s+(?=exceed)")
_FILLER = re.compile(
    r"(?i)\b(?:actually|really|currently|already|still|now|yet|ever|any ?more|just|at the moment"
    r"|indeed|in fact"
    r"|happens? to|seems? to|appears? to|turns? out to|turned out to|is found to"
    r"|should ever)\s+(?=\S)"
    r"|\s+(?:anymore|any more|at all|yet|already|by now|at the moment|right now|in total"
    r"|altogether)$"
)
_BECOMES = re.compile(
    r"(?i)(?P<before>\S\s+)(?:becomes?|became|stays?|stayed|remains?|remained|turns?(?!\s+(?:on"
    r"|off|out)\b)|turned"
    r"|gets|got|goes(?=\s+(?:down|red|offline|empty|missing|negative|stale|bad)\b)|looks?"
    r"|sounds?|reads|says|shows"
    r"|comes? (?:back|out) (?:as|to be)?)\s+"
    r"(?!(?:it|them|this|that|him|her|us|me)\b)(?=(?:⟦\d+⟧|\d+|not\s+"
    r"|an?\s+)?[\w-]*\S*(?:\s+[\w-]+)?$)"
)
_IS_SET = re.compile(
    r"(?i)\b(?P<be>is|are|was|were)\s+(?P<not>not\s+)?(?:set|equal|marked|flagged|listed"
    r"|recorded|shown|rated|classified"
    r"|given|designated|put)\s+(?:to|as)\s+"
)
_TAGGED = re.compile(
    r"(?i)\b(?:is|are|was|were)\s+(?P<kind>label|tag)(?:l?ed|ged)\s+(?:as\s+"
    r"|with\s+)?(?:the\s+)?(?=\S)"
)
_ONE_OF_THEM = re.compile(
    r"(?i)^(?:any|one|some|each|all|every\s+one)\s+of\s+(?:them|these|those)\s+(?P<verb>is|are"
    r"|has|have)\b"
)
_GETS = re.compile(r"(?i)\b(?:gets|got|receives?|received)\s+(?=(?:the|an?)\s+[a-z]\w*(?:\s|$))")
_AMOUNTS = re.compile(
    rf"(?i)\b(?:is\s+worth|costs?|amounts?\s+to|adds?\s+up\s+to|comes\s+to|totals?|measures"
    rf"|weighs|numbers|lasts)\s+"
    rf"(?=(?:(?:more|less|fewer|at|over|above|under|below|up|exactly|no|not)\b|{_NUMBER}))"
)
_OVER = (
    r"(?:over|above|past|beyond|north\s+of|upwards?\s+of|in\s+excess\s+of|exceeding|higher\s+than)"
)
_UNDER = r"(?:under|below|beneath|south\s+of|short\s+of|lower\s+than)"
_MOVES = re.compile(
    rf"(?i)\b(?P<not>(?:do|does|did)\s+not\s+)?(?P<verb>(?!(?:is|are|was|were|be|been|has"
    rf"|have)\b)[a-z]+)\s+"
    rf"(?P<how>{_OVER}|{_UNDER})\s+{_NUMBER}"
)
_IS_AT = re.compile(rf"(?i)\b(?P<how>{_OVER}|{_UNDER})\s+{_NUMBER}")
_EXCEED = re.compile(
    rf"(?i)\b(?:(?:do|does|did)\s+)?(?P<not>not\s+)?(?:exceeds?|exceeded|surpass(?:es|ed)?|tops?"
    rf"|topped|passes|passed"
    rf"|outgrows?|breaks|crosses|crossed)\s+(?:the\s+)?{_NUMBER}"
)
_REACHES = re.compile(rf"(?i)\b(?:reaches|reached|hits|hit|attains|gets\s+to)\s+{_NUMBER}")
_ER = re.compile(
    r"(?i)\b(?P<word>more\s+[a-z]+|less\s+[a-z]+|[a-z]{2,}(?:er|se))\s+than\s+(?=[-$€£]?\d|⟦\d+⟧)"
)
_LESSER = re.compile(
    r"(?i)^(?:less\b.*|fewer|smaller|lower|shorter|younger|earlier|cheaper|lighter|slower|weaker"
    r"|worse|newer|poorer"
    r"|narrower|thinner)$"
)
_TIMES = re.compile(r"(?i)^(?:old|young|new|earli|lat|more recent|small|larg|bigg|long|short)")
_HAVE_NONE = re.compile(
    r"(?i)\b(?:(?:do|does|did)\s+not\s+(?:have|contain|carry|hold|list|show|mention|give"
    r"|come with)(?:\s+(?:an?|any|the))?"
    r"|(?:lacks|misses|is\s+missing|is\s+without|are\s+without|comes\s+without"
    r"|is\s+lacking)(?:\s+(?:an?|any|its|the))?"
    r"|has\s+(?:not\s+(?:got\s+)?)?(?:any|an?)(?<=any))\s+(?=[a-z])"
)
_CARRIES = re.compile(r"(?i)\b(?:carr(?:y|ies)|bears?|comes?\s+with|features?)\s+(?=\S)")
_EMPTY_N = re.compile(r"(?i)\bhas\s+an?\s+(?:empty|missing|blank|unset)\s+(?P<what>[a-z_]\w*)$")
_ENDING = re.compile(r"(?i)\b(?P<how>start|begin|end)(?P<s>s|ing)?\s+(?:in|with|on|by)\s+(?=\S)")


def plain_comparison(text: str) -> str:
    """Return a condition's words with plain relations; what they do not cover stays."""
    text = re.sub(r"\s+", " ", text.strip(" ,."))
    text = _CONTRACTED.sub(r"\1 not", text)
    text = _FILLER.sub("", text)
    text = _CANNOT.sub("does not ", text)
    text = _IS_SET.sub(lambda m: f"{m.group('be')} {m.group('not') or ''}", text)
    text = _TAGGED.sub(r"has the \g<kind> ", text)
    text = _ONE_OF_THEM.sub(
        lambda m: "it is" if m.group("verb").lower() in ("is", "are") else "it has", text
    )
    text = _AMOUNTS.sub("is ", text)
    text = _EXCEED.sub(lambda m: "is at most " if m.group("not") else "is over ", text)
    text = _REACHES.sub("is at least ", text)
    text = _MOVES.sub(_moved, text)
    text = _IS_AT.sub(lambda m: f"{'over' if _is_over(m) else 'under'} ", text)
    text = _ER.sub(_compared, text)
    text = _EMPTY_N.sub(r"has no \g<what>", text)
    text = _HAVE_NONE.sub("has no ", text)
    text = _CARRIES.sub("has ", text)
    text = _GETS.sub("has ", text)
    return _BECOMES.sub(r"\g<before>is ", text)


def _is_over(match: re.Match[str]) -> bool:
    return re.fullmatch(_OVER, match.group("how"), re.I) is not None


def _moved(match: re.Match[str]) -> str:
    """ "climbs past 5", "falls below 5": whatever the motion, it is over or under it then."""
    if match.group("verb").lower() in (
        "score",
        "value",
        "total",
        "amount",
        "number",
        "size",
        "not",
    ):
        return match.group(0)
    if not re.search(r"(?:s|ed|ll|ew|an|opped|ose|ent)$", match.group("verb"), re.I):
        return match.group(0)
    negation = "not " if match.group("not") else ""
    return f"is {negation}{'over' if _is_over(match) else 'under'} "


def _compared(match: re.Match[str]) -> str:
    """ "costlier than 5" is "more than 5"; words of age and size keep their measure."""
    word = match.group("word")
    if _TIMES.match(word) or word.lower() in ("greater", "other", "rather", "larger", "later"):
        return match.group(0)
    return "less than " if _LESSER.match(word) else "more than "
