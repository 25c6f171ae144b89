"""The summarizer with a language model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowloom.agents.conversation import told_by
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.structured import ask
from flowloom.prompts.components import estimated_tokens
from flowloom.prompts.fence import fenced
from flowloom.prompts.template import load_prompt, render
from flowloom.roles import Summarized, SummaryTask

__all__ = ["ModelSummarizer"]

WORDS_PER_TOKEN = 0.55
"""A word is about six characters with its space; a token is taken for 3.5."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, kw_only=True)
class ModelSummarizer:
    """Asks a model for a summary.

    Attributes:
        prompts: directory of the user's own prompt files.
    """

    model: LanguageModel
    prompts: Path | None = None

    async def summarize(self, task: SummaryTask) -> Summarized:
        """Return the new summary; one that is too long loses its last sentences.

        Raises:
            ModelError: the server failed, or gave no valid answer.
            BudgetExceeded: the budget in force is spent.
        """
        said = "\n".join(told_by(role, text) for role, text in task.messages)
        slots = {
            "words": str(max(10, int(task.max_tokens * WORDS_PER_TOKEN))),
            "summary": fenced("summary", task.summary or "(nothing)"),
            "messages": fenced("messages", said or "(nothing)"),
            "decisions": fenced("decisions", "\n".join(task.decisions) or "(none)"),
        }
        prompt = render(load_prompt("summarizer", self.prompts), slots)
        answer = await ask(self.model, prompt, _parse, agent="summarizer", prompts=self.prompts)
        return Summarized(text=_cut(answer.value, task.max_tokens), usage=answer.usage)


def _parse(data: dict[str, Any]) -> str:
    text = data.get("summary")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("It has no text 'summary'.")
    return text.strip()


def _cut(text: str, max_tokens: int) -> str:
    """Keep the sentences that fit: asking again would cost more than the end is worth."""
    if estimated_tokens(text) <= max_tokens:
        return text
    end = 0
    for match in _SENTENCE.finditer(text):
        if estimated_tokens(text[: match.start()]) > max_tokens:
            break
        end = match.start()
    return text[:end]
