"""What a strategy gave for a case: an output, and the sample that says where it comes from."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from flowloom.graph.result import Result

__all__ = ["Output", "OutputStatus", "Sample", "Spent", "output_of_result"]

OutputStatus: TypeAlias = Literal["valid", "needs_input", "failed", "error"]
"""What a strategy claims; ``error``: it raised, and there is no output."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Spent(_Frozen):
    """What an output has cost; ``attempts`` counts the drafts."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    attempts: int = 1


class Output(_Frozen):
    """What a strategy gave for one case.

    Attributes:
        status: what the strategy claims. A single prompt claims ``valid`` for whatever it wrote:
            the score verifies by itself.
        text: the document (YAML or JSON), or what the model wrote instead; empty if nothing.
        draft: the first document, before verification and repair; empty if it is ``text``.
        candidates: ids of the components that the model could choose from; None where nothing
            was retrieved (no catalog shown, or the whole).
        questions: what it asks the person.
        reason: why it is not ``valid``, or the error's message.
    """

    status: OutputStatus
    text: str = ""
    draft: str = ""
    candidates: tuple[str, ...] | None = None
    questions: tuple[str, ...] = ()
    reason: str = ""
    spent: Spent = Spent()
    model: str = ""


class Sample(_Frozen):
    """One output and how it came about; ``key`` is the same for the same question again."""

    dataset: str
    case: str
    strategy: str
    model: str
    repeat: int = 0
    seed: int = 0
    output: Output

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What tells samples apart."""
        return (self.dataset, self.case, self.strategy, self.model, self.repeat)


def output_of_result(
    result: Result, *, candidates: tuple[str, ...] | None, draft: str = "", **more: Any
) -> Output:
    """Return the output that a composer's result is.

    Args:
        candidates: what the retriever found for all steps together, if it is known.
        draft: the generator's first document.
        more: fields of ``Output`` that are set otherwise.
    """
    usage = result.usage
    spent = Spent(
        model_calls=usage.model_calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        seconds=sum(usage.seconds.values()),
        attempts=usage.attempts,
    )
    fields: dict[str, Any] = {
        "status": result.status,
        "text": result.text,
        "draft": draft,
        "candidates": candidates,
        "questions": tuple(question.text for question in result.questions),
        "reason": result.reason,
        "spent": spent,
        "model": result.model,
    }
    return Output.model_validate({**fields, **more})
