"""Whether what is said while a question waits is plainly no answer to it, but a request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowloom.intents import EditWorkflow, NewWorkflow
from flowloom.offline.reading.classify import classify
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, base_verb, singular, words_of
from flowloom.offline.reading.masking import mask
from flowloom.offline.reading.segment import segment
from flowloom.workflow.outline import Question

__all__ = ["another_request"]

_MORE = re.compile(
    r"^(?:and\s+)?(?:(?:also|additionally|in addition,?)\s+(?P<also>\S+)"
    r"|(?:add|insert|remove|delete|rename|replace|move|get rid of|leave out)\s+\S)",
    re.I,
)
_PRONOUN = re.compile(r"\b(?:it|them|its|this|these|those|that)\b", re.I)
_TEXT_WANTED = re.compile(
    r"\b(?:text|message|body|subject|title|say|says|said|content|description|prompt|query|words?"
    r"|what (?:should|shall|is to|must)|do(?:ne)?)\b",
    re.I,
)
FEWEST_WORDS = 6


def another_request(text: str, questions: Sequence[Question]) -> NewWorkflow | EditWorkflow | None:
    """Return what a message asks for that answers none of the questions; None if it may be one.

    Where a question asks for a text, or for what is to be done, any words may be the answer.
    """
    if any(_TEXT_WANTED.search(item.text) for item in questions) or _answers(text, questions):
        return None
    if (match := _MORE.match(text)) and (not match["also"] or base_verb(match["also"])):
        return EditWorkflow(request=text)
    return NewWorkflow(request=text) if _is_whole(text) else None


def _answers(text: str, questions: Sequence[Question]) -> bool:
    """A message that has a suggestion's words, or few words, is an answer."""
    said = set(words_of(text))
    suggested = (set(words_of(item)) for question in questions for item in question.suggestions)
    return any(words and words <= said for words in suggested)


def _is_whole(text: str) -> bool:
    """A start of its own or several actions, which refer to nothing said before."""
    if len(text.split()) < FEWEST_WORDS:
        return False
    sentences = [
        classify(item, first=index == 0) for index, item in enumerate(segment(mask(text).text))
    ]
    actions = [action for item in sentences for action in item.actions]
    acting = [action for action in actions if base_verb(action.split(" ")[0])]
    if not acting or _PRONOUN.search(acting[0]) or not _names_something(acting[0]):
        return False
    return bool(sentences[0].trigger) or len(acting) > 1


def _names_something(action: str) -> bool:
    return bool({singular(word) for word in words_of(action)[1:]} - FUNCTION_WORDS)
