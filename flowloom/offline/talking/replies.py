"""Answers to questions that wait: one or several in a message, by number, name or suggestion."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, words_of
from flowloom.workflow.outline import Question

__all__ = ["answers_in", "chosen", "is_yes_no"]

_ORDINALS = {"first": 1, "1st": 1, "former": 1, "second": 2, "2nd": 2, "latter": 2, "third": 3,
             "3rd": 3, "fourth": 4, "4th": 4, "last": -1}  # fmt: skip
_PICK = re.compile(
    rf"^(?:the\s+|option\s+|number\s+|no\.?\s*|#|answer\s+|take\s+"
    rf"|use\s+)*(?:(?P<number>\d{{1,2}})|(?P<word>{'|'.join(_ORDINALS)})(?:\s+(?:one|option"
    rf"|suggestion|answer|choice))?)(?:\s+please)?[.!)]*$",
    re.I,
)
_DEFAULT = re.compile(
    r"^(?:(?:please|just|then|use|take|all|the|your|with|keep|go|both|go with|i take|same"
    r" as)\s+)*(?:(?:defaults?(?:\s+(?:one|value|is fine|please))?|suggestions?"
    r"|suggested(?:\s+\w+)?|(?:(?:it['’]?s\s+)?up to you|you (?:choose|decide|pick)|(?:it"
    r" )?(?:does not|doesn['’]?t) matter|whatever|whichever|any(?:thing)?|either|i (?:do not"
    r"|don['’]?t) (?:care|mind|know)|no idea|no preference|as you (?:like|wish|think|suggest)"
    r"|dunno|not sure)(?:\s+(?:one|of them|(?:you |is |works )?(?:think|like|want|suggest"
    r"|prefer|best|fine).*|is best|works))?)(?:\s+please)?(?:[\s,.!]+|$))+$",
    re.I,
)
_YES = re.compile(r"^(?:yes|yep|yeah|yup|sure|of course|definitely|please do|right|true|y)\b", re.I)
_NO = re.compile(r"^(?:no|nope|nah|not really|rather not|false|n)\b", re.I)
_CONSENT = re.compile(
    r"^(?:yes|yep|yeah|sure|ok(?:ay)?|fine|good|great|right|correct|perfect|agreed|go ahead"
    r"|(?:that|this|it)(?:['’]?s| is| sounds| looks) (?:fine|good|right|ok|great|correct"
    r"|perfect)|(?:sounds|looks) (?:good|fine|right|great)|[\s,.!]|please|thanks)+$",
    re.I,
)
_YES_NO = re.compile(
    r"^(?:and |or |also )?(?:is|are|was|were|does|do|did|has|have|will|would|should|shall|can"
    r"|could|must|may)\b",
    re.I,
)
_FRAME = re.compile(
    r"^(?:(?:please|just|then|well|oh|let['’]?s|let us|i(?:['’]d| would)? (?:like|prefer|say"
    r"|want|need|think|mean)(?: it to be)?|it(?:['’]s| is| goes to| (?:should|must|shall|has to"
    r"|needs to)(?: be| go to| go in| go into)?)|(?:that|this|these|those|they)(?: is|['’]s|"
    r" are| should be| would be)|(?:my|the|our) answer is|use|take|go with|make it|choose|pick"
    r"|set it to|send it to|post (?:it )?(?:to|in)|put it in(?:to)?|call it|name it|to be|maybe"
    r"|probably|only)\b[\s,:]*)+(?=\S)",
    re.I,
)
_CLOSE = re.compile(r"[\s,]*\b(?:please|thanks|thank you|instead|then)[\s.!]*$", re.I)
_NUMBERED = re.compile(
    r"(?:^|(?<=[\s,;]))(?:(?:question|answer|q|a|no\.?|to|for"
    r"|ad)\s*)?#?\(?(?P<number>\d{1,2})\s*(?:[:)=]|[.\-–](?=\s))\s*(?!\d)|(?:^"
    r"|(?<=[\s,;]))(?:the\s+)?(?P<word>first|second|third)(?:\s+(?:one|question))?\s*[:=]\s*"
    r"|(?:^|(?<=[\s,;]))(?P<fraction>\d{1,2}):\s+",
    re.I,
)
_LABELLED = re.compile(
    r"^(?:and\s+)?(?:the\s+|for the\s+|as\s+)?(?P<label>[A-Za-z][\w \-]{0,30}?)\s*(?::|="
    r"|\s(?:is|are|should be|shall be|to be|would be))\s*(?P<value>\S.*)$",
    re.I,
)
_QUOTES = (("“", "”"), ('"', '"'), ("'", "'"), ("`", "`"))


_TO = re.compile(r"^(?:to|in|into|at|on|from|with|for)\s+(?=\S*[#@/\d]\S*$)", re.I)


def chosen(text: str, question: Question) -> str:
    """Return the answer that words give: a suggestion, the default, or the words themselves."""
    said = _CLOSE.sub("", text.strip()) or text.strip()
    for words in dict.fromkeys((said, _FRAME.sub("", said))):
        found = _suggested(words, question)
        if found is not None:
            return found
    return _bare(_TO.sub("", _FRAME.sub("", said)))


def _suggested(text: str, question: Question) -> str | None:
    plain = _plain(text)
    for item in question.suggestions:
        if _plain(item) == plain:
            return item
    if picked := _PICK.match(text.strip()):
        return _picked(picked, question)
    if _DEFAULT.match(text.strip()):
        return _default(question) or None
    if is_yes_no(question):
        return _yes_or_no(text, question)
    if _CONSENT.match(text.strip()) and _default(question):
        return _default(question)
    return None


def _picked(match: re.Match[str], question: Question) -> str | None:
    number = int(match["number"]) if match["number"] else _ORDINALS[match["word"].lower()]
    if number == -1:
        number = len(question.suggestions)
    return question.suggestions[number - 1] if 1 <= number <= len(question.suggestions) else None


def _default(question: Question) -> str:
    return question.default or next(iter(question.suggestions), "")


def is_yes_no(question: Question) -> bool:
    """Return whether a question is answered by yes or no."""
    said = {_plain(item).split(" ")[0] for item in question.suggestions}
    return bool(said & {"yes", "no"}) or (not said and bool(_YES_NO.match(question.text)))


def _yes_or_no(text: str, question: Question) -> str | None:
    for pattern, word in ((_YES, "yes"), (_NO, "no")):
        if pattern.match(text.strip()) and len(text.split()) <= 4:
            begun = (item for item in question.suggestions if _plain(item).startswith(word))
            return next(begun, word)
    return None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", _bare(text)).casefold()


def _bare(text: str) -> str:
    text = text.strip().rstrip(",;").strip()
    for first, last in _QUOTES:
        if len(text) > 1 and text.startswith(first) and text.endswith(last):
            return text[1:-1]
    # One word loses its full stop; a sentence keeps it: it may be the text of a message.
    return text.rstrip(".!") if len(text.split()) == 1 else text


def answers_in(text: str, questions: Sequence[Question]) -> tuple[str, ...]:
    """Return the answers that a message gives, in the order of the questions.

    A question that it leaves open gets its default; an empty text where it has none.
    """
    given = _numbered(text, questions)
    if not given and len(questions) > 1:
        given = (
            _all_alike(text, questions) or _labelled(text, questions) or _in_order(text, questions)
        )
    if not given:
        given = {_meant(text, questions): text}
    return tuple(
        chosen(given[index], question) if index in given else question.default
        for index, question in enumerate(questions)
    )


def _numbered(text: str, questions: Sequence[Question]) -> dict[int, str]:
    marks = list(_NUMBERED.finditer(text))
    if not marks or text[: marks[0].start()].strip(" ,;\n"):
        return {}
    found: dict[int, str] = {}
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        word = mark["word"]
        number = _ORDINALS[word.lower()] if word else int(mark["number"] or mark["fraction"])
        value = re.sub(r"[\s,;]+(?:and)?\s*$", "", text[mark.end() : end]).strip()
        if not 1 <= number <= len(questions) or not value:
            return {}
        found[number - 1] = value
    return found


def _all_alike(text: str, questions: Sequence[Question]) -> dict[int, str]:
    said = text.strip()
    if _DEFAULT.match(said) or (_CONSENT.match(said) and not any(map(is_yes_no, questions))):
        return {index: "default" for index, item in enumerate(questions) if _default(item)}
    return {}


def _labelled(text: str, questions: Sequence[Question]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in re.split(
        r"\s*[;\n]\s*|,\s+|\s+and\s+(?=(?:the\s+)?\w+\s*(?::|=|is\b))", text.strip()
    ):
        match = _LABELLED.match(part)
        index = _about(match["label"], questions) if match else None
        if match is None or index is None or index in found:
            return {}
        found[index] = match["value"]
    return found


def _about(label: str, questions: Sequence[Question]) -> int | None:
    """Return the one question that has a word of the label."""
    words = {singular(word) for word in words_of(label)} - FUNCTION_WORDS
    fits = [index for index, item in enumerate(questions) if words & _nouns(item)]
    return fits[0] if len(fits) == 1 else None


def _nouns(question: Question) -> set[str]:
    return {singular(word) for word in words_of(question.text)} - FUNCTION_WORDS


def _in_order(text: str, questions: Sequence[Question]) -> Mapping[int, str]:
    for pattern in (
        r"\s*\n\s*",
        r"\s*;\s*",
        r"\s*,\s*(?:and\s+)?",
        r"\s*,\s*(?:and\s+)?|\s+and\s+",
    ):
        parts = [part for part in re.split(pattern, text.strip()) if part]
        if len(parts) == len(questions):
            return dict(enumerate(parts))
    return {}


def _meant(text: str, questions: Sequence[Question]) -> int:
    """Return the question that one answer is for: the one that suggests it, else the first."""
    fits = [
        index
        for index, item in enumerate(questions)
        if _plain(text) in {_plain(each) for each in item.suggestions}
    ]
    return fits[0] if fits else 0
