"""The planner with a language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowloom.agents.answers import at_most_three_questions
from flowloom.agents.examples import Example, examples_text
from flowloom.agents.excerpt import diagnostics_text, excerpt, shown_for_edit
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.structured import ask
from flowloom.errors import nearest
from flowloom.prompts.fence import fenced
from flowloom.prompts.schema_text import form_of
from flowloom.prompts.template import PromptName, Rendered, load_prompt, render
from flowloom.roles import Planned, PlanTask
from flowloom.workflow.document import Document
from flowloom.workflow.edits import find_steps
from flowloom.workflow.models import ID_PATTERN
from flowloom.workflow.outline import Outline

__all__ = ["ModelPlanner"]


@dataclass(frozen=True, kw_only=True)
class ModelPlanner:
    """Asks a model for the outline.

    Attributes:
        prompts: directory of the user's own prompt files.
        examples: requests with good outlines, shown to the model.
    """

    model: LanguageModel
    prompts: Path | None = None
    examples: Sequence[Example] = ()

    async def plan(self, task: PlanTask) -> Planned:
        """Return the outline for a task.

        Raises:
            ModelError: the server failed, or gave no valid outline.
            BudgetExceeded: the budget in force is spent.
        """

        def parse(data: dict[str, Any]) -> Outline:
            outline = Outline.model_validate(at_most_three_questions(data))
            _check(outline, task)
            return outline

        answer = await ask(
            self.model, self._prompt(task), parse, agent="planner", prompts=self.prompts
        )
        return Planned(outline=answer.value, usage=answer.usage)

    def _prompt(self, task: PlanTask) -> Rendered:
        request = fenced("request", task.request)
        if task.context:
            request = f"{fenced('conversation so far', task.context)}\n\n{request}"
        slots = {"request": request, "form": _FORM}
        name: PromptName = "planner"
        if task.diagnostics and task.outline is not None:
            name = "planner_repair"
            plan = task.outline.model_dump_json(exclude_defaults=True, indent=1)
            slots["outline"] = fenced("outline", plan)
            slots["diagnostics"] = fenced("diagnostics", diagnostics_text(task.diagnostics))
            shown = excerpt(task.document, task.diagnostics) if task.document else "(none)"
            slots["workflow"] = fenced("workflow", shown)
        else:
            slots["examples"] = examples_text(self.examples)
            if task.document is not None:
                name = "planner_edit"
                slots["workflow"] = fenced("workflow", shown_for_edit(task.document, task.request))
        return render(load_prompt(name, self.prompts), slots)


_FORM = form_of(Outline.model_json_schema())


def _check(outline: Outline, task: PlanTask) -> None:
    """Refuse an outline that no workflow can follow."""
    if not (outline.steps or outline.edits or outline.questions or outline.unsupported):
        raise ValueError("It has neither steps nor edits nor questions.")
    ids = [step.id for step in outline.walk()]
    for step_id in ids:
        if not re.match(ID_PATTERN, step_id):
            raise ValueError(f"{step_id!r} is no id: letters, digits and '_' only.")
    twice = sorted({step_id for step_id in ids if ids.count(step_id) > 1})
    if twice:
        raise ValueError(f"These step ids occur twice: {', '.join(twice)}.")
    if outline.edits and task.document is not None:
        _check_targets(outline, task.document)


def _check_targets(outline: Outline, document: Document) -> None:
    known = find_steps(document.data)
    for name in _named(outline):
        if name not in known:
            raise ValueError(f"The workflow has no step {name!r}. {nearest(name, known)}")


def _named(outline: Outline) -> Iterator[str]:
    new = {step.id for step in outline.walk()}
    for edit in outline.edits:
        yield from (name for name in (edit.target, edit.anchor) if name and name not in new)
