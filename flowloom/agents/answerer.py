"""The answerer with a language model."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowloom.agents.conversation import conversation_text
from flowloom.agents.excerpt import diagnostics_text, shown_for_edit
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.retriever import Search, used_components
from flowloom.agents.structured import ask
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.prompts.components import components_text
from flowloom.prompts.fence import fenced
from flowloom.prompts.template import load_prompt, render
from flowloom.retrieval.query import Query
from flowloom.roles import Answered, AnswerTask

__all__ = ["ModelAnswerer"]

MAX_ANSWER = 4_000
FOUND = 8
_NOTHING = "(nothing)"


@dataclass(frozen=True, kw_only=True)
class ModelAnswerer:
    """Asks a model about the workflow at hand.

    Attributes:
        search: finds components that the question may mean; without it a model sees those that
            the workflow uses.
        prompts: directory of the user's own prompt files.
        component_tokens, recent_tokens: most tokens of the components and of the messages before.
    """

    model: LanguageModel
    catalog: Catalog
    search: Search | None = None
    prompts: Path | None = None
    component_tokens: int = 2_000
    recent_tokens: int = 1_000

    async def answer(self, task: AnswerTask) -> Answered:
        """Return the answer to a question.

        Raises:
            ModelError: the server failed, or gave no valid answer.
            BudgetExceeded: the budget in force is spent.
            IndexFault: the index cannot be searched.
        """
        shown = _NOTHING
        if task.document is not None:
            shown = shown_for_edit(task.document, task.question)
        components = components_text(await self._components(task), self.component_tokens)
        slots = {
            "workflow": fenced("workflow", shown),
            "diagnostics": fenced("diagnostics", _findings(task)),
            "components": fenced("components", components or _NOTHING),
            "summary": fenced("summary", task.summary or _NOTHING),
            "recent": fenced("recent", conversation_text(task.recent, self.recent_tokens)),
            "question": fenced("question", task.question),
        }
        prompt = render(load_prompt("answerer", self.prompts), slots)
        answer = await ask(self.model, prompt, _parse, agent="answerer", prompts=self.prompts)
        return Answered(text=answer.value, usage=answer.usage)

    async def _components(self, task: AnswerTask) -> list[Component]:
        """Return what the workflow uses, then what the question may mean."""
        used = used_components(task.document, self.catalog) if task.document is not None else ()
        found = {item.id: item for item in used}
        if self.search is not None:
            query = Query(text=task.question, k=FOUND)
            for hit in await asyncio.to_thread(self.search, query):
                component = self.catalog.get(hit.id)
                if component is not None:
                    found.setdefault(component.id, component)
        return list(found.values())


def _findings(task: AnswerTask) -> str:
    if task.verdict is None:
        return _NOTHING
    text = diagnostics_text(task.verdict.diagnostics)
    return text or "The workflow is valid; the verifier found nothing."


def _parse(data: dict[str, Any]) -> str:
    text = data.get("answer")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("It has no text 'answer'.")
    if len(text) > MAX_ANSWER:
        raise ValueError(f"'answer' is longer than {MAX_ANSWER} characters. Answer shorter.")
    return text.strip()
