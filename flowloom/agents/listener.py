"""The listener with a language model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from flowloom.agents.conversation import conversation_text
from flowloom.agents.excerpt import shown_for_edit
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.structured import ask
from flowloom.errors import nearest
from flowloom.intents import (
    Answers,
    Approve,
    EditWorkflow,
    GoTo,
    Intent,
    NewWorkflow,
    Reject,
    Unclear,
)
from flowloom.prompts.fence import fenced
from flowloom.prompts.schema_text import form_of
from flowloom.prompts.template import Rendered, load_prompt, render
from flowloom.roles import Heard, IntentTask
from flowloom.workflow.outline import Question

__all__ = ["ModelListener"]

MOST_CONCERNED = 3
"""To tell what a message wants, a model needs to see little of a large workflow."""

_INTENT: TypeAdapter[Intent] = TypeAdapter(Intent)
_SCHEMA = _INTENT.json_schema()
# The first line would only list the names of the forms.
_FORM = "\n".join(form_of(_SCHEMA).splitlines()[1:])
_KEYS: dict[str, frozenset[str]] = {
    form["properties"]["kind"]["const"]: frozenset(form["properties"])
    for form in _SCHEMA["$defs"].values()
    if "kind" in form["properties"]
}


@dataclass(frozen=True, kw_only=True)
class ModelListener:
    """Asks a model what a message wants.

    Attributes:
        prompts: directory of the user's own prompt files.
        workflow_tokens: a longer workflow is shown as an outline.
        recent_tokens: most tokens of the messages before.
    """

    model: LanguageModel
    prompts: Path | None = None
    workflow_tokens: int = 1_500
    recent_tokens: int = 800

    async def listen(self, task: IntentTask) -> Heard:
        """Return the intent of a message.

        Raises:
            ModelError: the server failed, or gave no valid answer.
            BudgetExceeded: the budget in force is spent.
        """

        def parse(data: dict[str, Any]) -> Heard:
            intent = _INTENT.validate_python(_known_keys(data))
            _check(intent, task)
            return Heard(intent=intent, rest=_rest(data, task))

        answer = await ask(
            self.model, self._prompt(task), parse, agent="listener", prompts=self.prompts
        )
        return replace(answer.value, usage=answer.usage)

    def _prompt(self, task: IntentTask) -> Rendered:
        shown = "(there is none)"
        if task.document is not None:
            shown = shown_for_edit(
                task.document,
                task.message,
                whole_up_to=self.workflow_tokens,
                most_concerned=MOST_CONCERNED,
            )
        slots = {
            "form": _FORM,
            "state": fenced("state", _state(task)),
            "workflow": fenced("workflow", shown),
            "waiting": fenced("waiting", _waiting(task)),
            "recent": fenced("recent", conversation_text(task.recent, self.recent_tokens)),
            "message": fenced("message", task.message),
        }
        return render(load_prompt("listener", self.prompts), slots)


def _state(task: IntentTask) -> str:
    at_hand = "a workflow is at hand" if task.document is not None else "there is no workflow"
    return f"{at_hand}; versions: {task.versions}"


def _waiting(task: IntentTask) -> str:
    lines = [_asked(number, item) for number, item in enumerate(task.questions, 1)]
    if task.plan is not None:
        plan = task.plan.model_dump_json(exclude_defaults=True)
        lines.append(f"a plan waits for approval: {plan}")
    return "\n".join(lines) or "(nothing waits)"


def _asked(number: int, question: Question) -> str:
    told = f"question {number}: {question.text}"
    suggested = f" Suggested: {' | '.join(question.suggestions)}." if question.suggestions else ""
    return f"{told}{suggested}{f' Default: {question.default}.' if question.default else ''}"


def _known_keys(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a model adds of its own, such as its reasons: not worth asking again."""
    kind = data.get("kind")
    if kind not in _KEYS:
        kinds = ", ".join(sorted(_KEYS))
        raise ValueError(f"There is no kind {kind!r}. {nearest(str(kind), _KEYS)} Known: {kinds}.")
    return {key: value for key, value in data.items() if key in _KEYS[kind]}


def _rest(data: dict[str, Any], task: IntentTask) -> str:
    """Return what is to be heard afterwards: always less, so that it comes to an end."""
    rest = data.get("rest", "")
    if not isinstance(rest, str):
        raise ValueError("Its 'rest' is no text.")
    if len(rest.strip()) >= len(task.message.strip()):
        raise ValueError("Its 'rest' is not shorter than the message: give only what is left.")
    return rest.strip()


def _check(intent: Intent, task: IntentTask) -> None:
    """Refuse an intent that nothing can follow from."""
    waits = bool(task.questions) or task.plan is not None
    match intent:
        case NewWorkflow(request=request) | EditWorkflow(request=request) if not request.strip():
            raise ValueError("Its 'request' is empty.")
        case EditWorkflow() if task.document is None and not waits:
            raise ValueError("There is no workflow to change: is it 'new', or 'unclear'?")
        case Answers(texts=texts) if len(texts) != len(task.questions):
            raise ValueError(
                f"{len(task.questions)} questions wait, it has {len(texts)} 'texts'."
                " Give one for each, an empty text where the message has no answer."
            )
        case Answers() if not task.questions:
            raise ValueError("No question waits.")
        case Approve() | Reject() if not waits:
            raise ValueError(f"Nothing waits, so there is nothing to {intent.kind}.")
        case GoTo(version=number) if number > task.versions:
            raise ValueError(f"There is no version {number}; there are {task.versions}.")
        case Unclear(question=question) if not question.text.strip():
            raise ValueError("Its question is empty.")
        case _:
            pass
