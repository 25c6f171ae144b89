"""The generator with a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from flowloom.agents.answers import ChangesAnswer, WorkflowAnswer, at_most_three_questions
from flowloom.agents.concerned import concerned_candidates
from flowloom.agents.examples import Example, examples_text
from flowloom.agents.excerpt import diagnostics_text, excerpt, shown_for_edit
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.permitted import unasked_changes
from flowloom.agents.structured import ask
from flowloom.catalog.component import Component
from flowloom.prompts.components import components_text
from flowloom.prompts.fence import fenced
from flowloom.prompts.schema_text import form_of
from flowloom.prompts.template import PromptName, Rendered, load_prompt, render
from flowloom.roles import Candidates, Draft, GenerateTask
from flowloom.workflow.document import Document, document_of
from flowloom.workflow.edits import apply_changes

__all__ = ["ModelGenerator", "candidates_text", "ranked"]

FIRST_RANKS = 3


@dataclass(frozen=True, kw_only=True)
class ModelGenerator:
    """Asks a model for a workflow, or for changes of the one at hand.

    Attributes:
        prompts: directory of the user's own prompt files.
        examples: requests with good workflows, shown to the model for a new one.
        edit_examples: requests with good changes, shown for an edit.
        component_tokens: most tokens that the list of components takes.
    """

    model: LanguageModel
    prompts: Path | None = None
    examples: Sequence[Example] = ()
    edit_examples: Sequence[Example] = ()
    component_tokens: int = 8_000

    async def generate(self, task: GenerateTask) -> Draft:
        """Return a workflow, changes that apply to the one at hand, or questions.

        Raises:
            ModelError: the server failed, or gave no valid answer.
            BudgetExceeded: the budget in force is spent.
        """
        if task.document is None:
            return await self._write(task)
        return await self._change(task, task.document)

    async def _write(self, task: GenerateTask) -> Draft:
        answer = await ask(
            self.model, self._prompt(task), _workflow_of, agent="generator", prompts=self.prompts
        )
        value = answer.value
        return Draft(
            workflow=value.workflow or None,
            assumptions=value.assumptions,
            questions=value.questions,
            usage=answer.usage,
        )

    async def _change(self, task: GenerateTask, document: Document) -> Draft:
        def parse(data: dict[str, Any]) -> ChangesAnswer:
            value = ChangesAnswer.model_validate(at_most_three_questions(data))
            if not value.changes and not value.questions:
                raise ValueError("It has neither changes nor questions.")
            changed = apply_changes(document, value.changes)
            _refuse_unasked(document, changed, task)
            return value

        answer = await ask(
            self.model, self._prompt(task), parse, agent="generator", prompts=self.prompts
        )
        value = answer.value
        return Draft(
            changes=value.changes,
            assumptions=value.assumptions,
            questions=value.questions,
            usage=answer.usage,
        )

    def _prompt(self, task: GenerateTask) -> Rendered:
        plan = task.outline.model_dump_json(exclude_defaults=True, indent=1)
        candidates = task.candidates
        slots = {"request": fenced("request", task.request), "outline": fenced("outline", plan)}
        name: PromptName = "generator"
        form = WorkflowAnswer
        if task.document is None:
            slots["examples"] = examples_text(self.examples)
        elif task.diagnostics:
            name, form = "generator_repair", ChangesAnswer
            slots["workflow"] = fenced("workflow", excerpt(task.document, task.diagnostics))
            slots["diagnostics"] = fenced("diagnostics", _findings_text(task))
            candidates = concerned_candidates(task.document, task.diagnostics, candidates)
        else:
            name, form = "generator_edit", ChangesAnswer
            shown = shown_for_edit(task.document, _edited(task))
            slots["workflow"] = fenced("workflow", shown)
            slots["examples"] = examples_text(self.edit_examples)
        shown = candidates_text(candidates, self.component_tokens)
        slots["components"] = fenced("components", shown)
        slots["form"] = form_of(form.model_json_schema())
        return render(load_prompt(name, self.prompts), slots)


def _edited(task: GenerateTask) -> str:
    """The request with the ids that the plan names."""
    named = (name for edit in task.outline.edits for name in (edit.target, edit.anchor) if name)
    return " ".join([task.request, *named])


def _findings_text(task: GenerateTask) -> str:
    text = diagnostics_text(task.diagnostics)
    if not task.worse:
        return text
    return (
        f"{text}\nYour last changes were taken back; they led to:\n{diagnostics_text(task.worse)}"
    )


def _workflow_of(data: dict[str, Any]) -> WorkflowAnswer:
    value = WorkflowAnswer.model_validate(at_most_three_questions(data))
    if not value.questions:
        if not value.workflow.get("steps"):
            raise ValueError("Its 'workflow' has no 'steps'.")
        document_of(value.workflow)
    return value


def _refuse_unasked(before: Document, after: Document, task: GenerateTask) -> None:
    if not task.diagnostics:
        return
    planned = {step.id for step in task.outline.walk()}
    unasked = unasked_changes(before, after, task.diagnostics, planned)
    if unasked:
        names = ", ".join(map(repr, unasked[:5]))
        raise ValueError(f"No diagnostic concerns {names}: change only what is to be mended.")


def ranked(candidates: Candidates) -> list[Component]:
    """Return all candidates once: the first few of each step, what is always there, the rest."""
    columns = list(zip_longest(*candidates.by_step.values()))
    first, rest = columns[:FIRST_RANKS], columns[FIRST_RANKS:]
    order = (
        *(item for row in first for item in row),
        *candidates.always,
        *(item for row in rest for item in row),
    )
    return list({item.id: item for item in order if item is not None}.values())


def candidates_text(candidates: Candidates, max_tokens: int) -> str:
    """Return which components were found for which step, and all of them in few words."""
    found = [
        f"found for {step}: {', '.join(item.id for item in items[:FIRST_RANKS])}"
        for step, items in candidates.by_step.items()
        if items
    ]
    return "\n".join([*found, components_text(ranked(candidates), max_tokens)])
