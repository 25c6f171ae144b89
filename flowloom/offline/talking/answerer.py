"""The answerer without a language model: from the workflow, the verifier and the catalog."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choosing.choose import Search
from flowloom.offline.reading.language import NOT_ENGLISH, is_english
from flowloom.offline.talking.answers.subject import Subject
from flowloom.offline.talking.answers.topics import answer_in_words
from flowloom.offline.talking.phrases import opened
from flowloom.roles import Answered, AnswerTask
from flowloom.workflow.shape import parse_workflow

__all__ = ["OfflineAnswerer"]

_FRAME = re.compile(
    r"^(?:please\s+)?(?:(?:can|could|would|will) you\s+)?(?:please\s+)?(?:tell|show|explain to"
    r"|remind)"
    r"\s+(?:me|us)\s+(?:again\s+|exactly\s+)?(?=(?:what|why|how|which|who|where|when|if"
    r"|whether)\b)",
    re.I,
)


READ_UP_TO = 1_000
"""Characters of a question that are read."""


@dataclass(frozen=True)
class OfflineAnswerer:
    """Answers by rules; what rules cannot tell, it says so."""

    catalog: Catalog
    search: Search

    async def answer(self, task: AnswerTask) -> Answered:
        """Return the answer to a question, in a few sentences or lines."""
        asked = task.question[:READ_UP_TO]
        if not is_english(asked):
            return Answered(text=NOT_ENGLISH)
        workflow = parse_workflow(task.document.data)[0] if task.document else None
        subject = Subject(
            question=_FRAME.sub("", opened(asked)),
            workflow=workflow,
            verdict=task.verdict,
            catalog=self.catalog,
            search=self.search,
            recent=task.recent,
        )
        return Answered(text=answer_in_words(subject))
