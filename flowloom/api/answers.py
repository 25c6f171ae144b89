"""Results in few words, for agents that pay for every token; everything on request.

Names, titles and descriptions come from catalogs and workflows that others wrote. They are handed
on as data: in one line, clipped, without invisible characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from flowloom.catalog.component import Component
from flowloom.verification.diagnostic import Diagnostic, Severity, Verdict
from flowloom.workflow.visible_text import plain_line

if TYPE_CHECKING:
    from flowloom.assembly import Assembly
    from flowloom.graph.result import Result
    from flowloom.workflow.document import Document

__all__ = [
    "ComponentAnswer",
    "FoundComponent",
    "OpenQuestion",
    "Problem",
    "SearchAnswer",
    "VerifyAnswer",
    "WorkflowAnswer",
    "component_answer",
    "plain_line",
    "search_answer",
    "verify_answer",
    "workflow_answer",
]

MAX_TITLE = 80
MAX_DESCRIPTION = 160
MAX_SENTENCE = 600
MAX_PROBLEMS = 20


class Answer(BaseModel):
    """What an agent is told; empty fields are left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def compact(self) -> dict[str, Any]:
        """Return the answer as JSON data without what is empty."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Problem(Answer):
    """One finding of the verifier."""

    code: str = Field(description="Stable code, such as FL201.")
    severity: Severity
    message: str
    path: str = Field(default="", description="Place in the workflow: steps[0].with.text")
    hint: str = Field(default="", description="What to do.")
    candidates: tuple[str, ...] = Field(
        default=(), description="What could stand there, best first."
    )
    line: int = Field(default=0, description="Line of the text, from 1.")


class OpenQuestion(Answer):
    """A question that only the person can answer."""

    question: str
    suggestions: tuple[str, ...] = ()
    default: str = ""


class WorkflowAnswer(Answer):
    """The outcome of composing or editing."""

    status: Literal["valid", "needs_input", "failed"] = Field(
        description="valid: verified, no error; needs_input: see questions; failed: see reason."
    )
    workflow: str = Field(default="", description="The workflow document, as far as it came.")
    changes: str = Field(
        default="", description="For an edit: + added, - removed, > moved, ~ changed."
    )
    questions: tuple[OpenQuestion, ...] = ()
    problems: tuple[Problem, ...] = Field(default=(), description="Errors and warnings left in it.")
    assumptions: tuple[str, ...] = Field(default=(), description="What was taken for granted.")
    reason: str = Field(default="", description="Why it is not valid.")
    details: dict[str, Any] = Field(
        default_factory=dict[str, Any], description="With full: plan, mends, usage, notes, model."
    )


class VerifyAnswer(Answer):
    """The outcome of verifying."""

    valid: bool = Field(description="Whether the full verifier found no error.")
    errors: int = 0
    warnings: int = 0
    problems: tuple[Problem, ...] = Field(
        default=(), description=f"At most {MAX_PROBLEMS}, errors first; with full all, notes too."
    )


class FoundComponent(Answer):
    """A component in one line; its texts are data from its catalog."""

    id: str
    title: str = ""
    kind: str = "action"
    effect: str = "read"
    required: tuple[str, ...] = Field(default=(), description="Inputs that must be given.")
    description: str = ""


class SearchAnswer(Answer):
    """Components that fit, best first."""

    components: tuple[FoundComponent, ...]


class ComponentAnswer(Answer):
    """One component; its texts are data from its catalog."""

    id: str
    title: str = ""
    description: str = ""
    provider: str = ""
    kind: str = ""
    effect: str = ""
    connection: str = Field(default="", description="Type of connection that it needs.")
    inputs: dict[str, str] = Field(
        default_factory=dict[str, str], description="Type by input; * marks a required one."
    )
    output: str = Field(default="", description="Type of steps.ID.output.")
    deprecated: str = Field(default="", description="What to use instead.")
    input_schema: dict[str, Any] = Field(
        default_factory=dict[str, Any], description="With full: JSON Schema."
    )
    output_schema: dict[str, Any] = Field(
        default_factory=dict[str, Any], description="With full: JSON Schema."
    )


def workflow_answer(
    result: Result, original: Document | None = None, *, full: bool = False
) -> WorkflowAnswer:
    """Return a result in few words.

    Args:
        original: the document that was changed, for an edit.
    """
    return WorkflowAnswer(
        status=result.status,
        workflow=result.text,
        changes=_changes(result, original),
        questions=tuple(
            OpenQuestion(
                question=plain_line(item.text, MAX_SENTENCE),
                suggestions=tuple(plain_line(text, MAX_TITLE) for text in item.suggestions),
                default=plain_line(item.default, MAX_SENTENCE),
            )
            for item in result.questions
        ),
        problems=_problems(result.diagnostics, full=full),
        assumptions=tuple(plain_line(item, MAX_SENTENCE) for item in result.assumptions),
        reason=plain_line(result.reason, MAX_SENTENCE),
        details=_details(result) if full else {},
    )


def verify_answer(verdict: Verdict, *, full: bool = False) -> VerifyAnswer:
    """Return a verdict in few words."""
    severities = [item.severity for item in verdict.diagnostics]
    return VerifyAnswer(
        valid=verdict.valid,
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        problems=_problems(verdict.diagnostics, full=full),
    )


def search_answer(
    assembly: Assembly, query: str, *, limit: int = 8, full: bool = False
) -> SearchAnswer:
    """Return the components that fit a need in words.

    Args:
        full: with descriptions.
    """
    from flowloom.retrieval.query import Query

    hits = assembly.index.search(Query(query, k=limit))
    found = [assembly.catalog.get(hit.id) for hit in hits]
    return SearchAnswer(
        components=tuple(_found(item, full=full) for item in found if item is not None)
    )


def component_answer(component: Component, *, full: bool = False) -> ComponentAnswer:
    """Return a component: its types in few words, or its whole schemas."""
    from flowloom.prompts.schema_text import type_text

    required = component.required
    needed = component.connection
    return ComponentAnswer(
        id=component.id,
        title=plain_line(component.title, MAX_TITLE),
        description=plain_line(component.description, 2_000 if full else MAX_DESCRIPTION),
        provider=plain_line(component.provider, MAX_TITLE),
        kind=component.kind,
        effect=component.effect,
        connection=needed.type if needed is not None and needed.required else "",
        inputs={
            plain_line(name, MAX_TITLE) + "*" * (name in required): plain_line(
                type_text(schema), MAX_DESCRIPTION
            )
            for name, schema in component.inputs.items()
        },
        output=plain_line(type_text(component.output), MAX_SENTENCE) if component.output else "",
        deprecated=component.replaced_by or "another one" if component.deprecated else "",
        input_schema=component.input if full else {},
        output_schema=component.output if full else {},
    )


def _found(component: Component, *, full: bool) -> FoundComponent:
    return FoundComponent(
        id=component.id,
        title=plain_line(component.title, MAX_TITLE),
        kind=component.kind,
        effect=component.effect,
        required=tuple(plain_line(name, MAX_TITLE) for name in component.required),
        description=plain_line(component.description, MAX_DESCRIPTION) if full else "",
    )


def _problems(found: Iterable[Diagnostic], *, full: bool) -> tuple[Problem, ...]:
    shown: Sequence[Diagnostic] = [
        item for item in found if full or item.severity in ("error", "warning")
    ]
    return tuple(
        Problem(
            code=item.code,
            severity=item.severity,
            message=plain_line(item.message, MAX_SENTENCE),
            path=item.path,
            hint=plain_line(item.hint, MAX_SENTENCE),
            candidates=item.candidates if full else item.candidates[:3],
            line=item.line,
        )
        for item in (shown if full else shown[:MAX_PROBLEMS])
    )


def _changes(result: Result, original: Document | None) -> str:
    from flowloom.workflow.diff import diff, render_diff

    if original is None or result.workflow is None:
        return ""
    return render_diff(diff(original.data, result.workflow))


def _details(result: Result) -> dict[str, Any]:
    return result.model_dump(mode="json", include={"plan", "mends", "usage", "model"})
