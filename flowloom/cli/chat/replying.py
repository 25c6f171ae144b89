"""From what is typed while a question waits to the answer that is meant by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flowloom.intents import Answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowloom.graph.conversation.state import Pending
    from flowloom.intents import Intent
    from flowloom.workflow.outline import Question

__all__ = ["reply_to"]

_NUMBERS = re.compile(r"\d{1,2}(?:[\s,;]+\d{1,2})*")


def reply_to(text: str, pending: Pending) -> tuple[str, Intent | None]:
    """Return the message, and its intent where numbers or an empty line say it.

    One number for each question picks its suggestion; an empty line takes the defaults. What
    waits for other words, such as a plan, is left to the listener.
    """
    questions = pending.questions
    chosen = _defaults(questions) if not text.strip() else _picked(text, questions)
    if not chosen:
        return text, None
    said = "\n".join(chosen)
    # A question about the message itself is answered by another message, which is understood anew.
    return said, None if pending.kind == "intent" else Answers(texts=tuple(chosen))


def _defaults(questions: Sequence[Question]) -> list[str]:
    found = [question.default for question in questions]
    return found if all(found) else []


def _picked(text: str, questions: Sequence[Question]) -> list[str]:
    if not _NUMBERS.fullmatch(text.strip()):
        return []
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if len(numbers) != len(questions):
        return []
    pairs = list(zip(numbers, questions, strict=True))
    if not all(0 < number <= len(question.suggestions) for number, question in pairs):
        return []
    return [question.suggestions[number - 1] for number, question in pairs]
