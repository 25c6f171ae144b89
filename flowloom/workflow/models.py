"""The workflow language: one document, block-structured, with named steps.

The surface follows GitHub Actions (``id``, ``uses``, ``with``, ``if``, ``${{ … }}``); expressions
are CEL. Models are frozen and strict: unknown keys are refused. Keys that are Python keywords
carry an underscore here (``if_`` for ``if``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, Tag

__all__ = [
    "KIND_KEYS",
    "AskStep",
    "Block",
    "CallStep",
    "Case",
    "ElifBranch",
    "ForEachStep",
    "IfStep",
    "JsonValue",
    "ParallelStep",
    "Retry",
    "Step",
    "StepBase",
    "StopStep",
    "SwitchStep",
    "Trigger",
    "TryStep",
    "WaitStep",
    "WhileStep",
    "Workflow",
    "blocks_of",
    "kind_of",
    "walk",
]

ID_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"
DURATION_PATTERN = r"^(\d+(\.\d+)?(ms|s|m|h|d))+$"

StepId: TypeAlias = Annotated[str, Field(pattern=ID_PATTERN)]
Duration: TypeAlias = Annotated[str, Field(pattern=DURATION_PATTERN)]
Expression: TypeAlias = Annotated[str, Field(min_length=1)]
Inputs: TypeAlias = dict[str, JsonValue]


class _Model(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_by_name=True, validate_by_alias=True
    )


class Retry(_Model):
    """How often a failing call is tried again; ``delay`` grows by ``backoff`` each time."""

    max_attempts: int = Field(default=3, ge=1, le=100)
    delay: Duration = "1s"
    backoff: float = Field(default=2.0, ge=1.0, le=10.0, strict=False)


class StepBase(_Model):
    """What every step has: an ``id``, unique in the document, and an optional ``name``."""

    kind: ClassVar[str] = ""
    id: StepId
    name: str = ""


class CallStep(StepBase):
    """Runs a component; ``steps.<id>.output`` has the component's output schema."""

    kind: ClassVar[str] = "call"
    uses: str = Field(min_length=1)
    with_: Inputs = Field(default_factory=dict, alias="with")
    connection: str = ""
    retry: Retry | None = None
    timeout: Duration | None = None
    on_error: Literal["fail", "continue"] = "fail"


class ElifBranch(_Model):
    """One ``elif`` of an ``if`` step."""

    if_: Expression = Field(alias="if")
    then: tuple[Step, ...] = Field(strict=False)


class IfStep(StepBase):
    """Runs the first block whose condition (CEL, bool) holds."""

    kind: ClassVar[str] = "if"
    if_: Expression = Field(alias="if")
    then: tuple[Step, ...] = Field(strict=False)
    elif_: tuple[ElifBranch, ...] = Field(default=(), alias="elif", strict=False)
    else_: tuple[Step, ...] = Field(default=(), alias="else", strict=False)


class Case(_Model):
    """One case of a ``switch``: ``when`` is a literal, or a list of literals."""

    when: str | int | float | bool | list[str | int | float | bool]
    do: tuple[Step, ...] = Field(strict=False)


class SwitchStep(StepBase):
    """Runs the case whose literal equals the value of the expression, else ``default``."""

    kind: ClassVar[str] = "switch"
    switch: Expression
    cases: tuple[Case, ...] = Field(min_length=1, strict=False)
    default: tuple[Step, ...] = Field(default=(), strict=False)


class ForEachStep(StepBase):
    """Runs ``do`` for each item; its output is the list of ``collect``'s values, if given."""

    kind: ClassVar[str] = "for_each"
    for_each: Expression
    as_: StepId = Field(default="item", alias="as")
    do: tuple[Step, ...] = Field(strict=False)
    concurrency: int = Field(default=1, ge=1, le=100)
    collect: Expression | None = None


class WhileStep(StepBase):
    """Runs ``do`` while the condition holds, at most ``max_iterations`` times."""

    kind: ClassVar[str] = "while"
    while_: Expression = Field(alias="while")
    do: tuple[Step, ...] = Field(strict=False)
    max_iterations: int = Field(default=100, ge=1, le=100_000)


class ParallelStep(StepBase):
    """Runs its branches at the same time and waits for all of them."""

    kind: ClassVar[str] = "parallel"
    parallel: tuple[Annotated[tuple[Step, ...], Field(strict=False)], ...] = Field(
        min_length=1, strict=False
    )


class TryStep(StepBase):
    """Runs ``try``; on an error ``catch`` (which may name ``error``); always ``finally``."""

    kind: ClassVar[str] = "try"
    try_: tuple[Step, ...] = Field(alias="try", strict=False)
    catch: tuple[Step, ...] = Field(default=(), strict=False)
    finally_: tuple[Step, ...] = Field(default=(), alias="finally", strict=False)


class WaitStep(StepBase):
    """Waits for a duration (``10m``) or until a time (``${{ timestamp expression }}``)."""

    kind: ClassVar[str] = "wait"
    wait: str = Field(min_length=1)


class AskStep(StepBase):
    """Asks a person; the output is the answer, a string (one of ``choices`` if given)."""

    kind: ClassVar[str] = "ask"
    ask: str = Field(min_length=1)
    choices: tuple[str, ...] = Field(default=(), strict=False)
    to: str = ""
    timeout: Duration | None = None


class StopStep(StepBase):
    """Ends the run with a message."""

    kind: ClassVar[str] = "stop"
    stop: str
    status: Literal["succeeded", "failed"] = "succeeded"


KIND_KEYS: dict[str, type[StepBase]] = {
    "uses": CallStep,
    "if": IfStep,
    "switch": SwitchStep,
    "for_each": ForEachStep,
    "while": WhileStep,
    "parallel": ParallelStep,
    "try": TryStep,
    "wait": WaitStep,
    "ask": AskStep,
    "stop": StopStep,
}
"""The key that tells a step's kind, and the kind's model."""


def kind_of(data: Any) -> str | None:
    """Return the kind of a step given as plain data or as a model, None if no key tells it."""
    if isinstance(data, StepBase):
        return data.kind
    if not isinstance(data, dict):
        return None
    return next((model.kind for key, model in KIND_KEYS.items() if key in data), None)


Step: TypeAlias = Annotated[
    Annotated[CallStep, Tag("call")]
    | Annotated[IfStep, Tag("if")]
    | Annotated[SwitchStep, Tag("switch")]
    | Annotated[ForEachStep, Tag("for_each")]
    | Annotated[WhileStep, Tag("while")]
    | Annotated[ParallelStep, Tag("parallel")]
    | Annotated[TryStep, Tag("try")]
    | Annotated[WaitStep, Tag("wait")]
    | Annotated[AskStep, Tag("ask")]
    | Annotated[StopStep, Tag("stop")],
    Discriminator(kind_of),
]
Block: TypeAlias = tuple[Step, ...]


class Trigger(_Model):
    """What starts a run; ``trigger.output`` has the component's output schema."""

    uses: str = Field(min_length=1)
    with_: Inputs = Field(default_factory=dict, alias="with")
    connection: str = ""


class Workflow(_Model):
    """One workflow document.

    Attributes:
        inputs: JSON Schema of each input of a run, by name (``inputs.<name>``).
        trigger: what starts it; None is a run by hand.
        outputs: expressions by name, evaluated when the run ends.
    """

    name: str = Field(min_length=1, max_length=200)
    description: str = ""
    inputs: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    trigger: Trigger | None = None
    steps: tuple[Step, ...] = Field(min_length=1, strict=False)
    outputs: dict[str, JsonValue] = Field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the document as plain JSON data, without what was left at its default."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


for _model in (ElifBranch, Case, *KIND_KEYS.values(), Workflow):
    _model.model_rebuild()


def blocks_of(step: StepBase) -> list[tuple[tuple[str | int, ...], Block]]:
    """Return the blocks inside one step, each with its path relative to the step."""
    match step:
        case IfStep():
            elifs = [(("elif", i, "then"), branch.then) for i, branch in enumerate(step.elif_)]
            return [(("then",), step.then), *elifs, (("else",), step.else_)]
        case SwitchStep():
            cases = [(("cases", i, "do"), case.do) for i, case in enumerate(step.cases)]
            return [*cases, (("default",), step.default)]
        case ForEachStep() | WhileStep():
            return [(("do",), step.do)]
        case ParallelStep():
            return [(("parallel", i), branch) for i, branch in enumerate(step.parallel)]
        case TryStep():
            return [
                (("try",), step.try_),
                (("catch",), step.catch),
                (("finally",), step.finally_),
            ]
        case _:
            return []


def walk(
    steps: Block, path: tuple[str | int, ...] = ("steps",)
) -> Iterator[tuple[tuple[str | int, ...], StepBase]]:
    """Yield every step of a block and of the blocks inside it, with its path, in order."""
    for index, step in enumerate(steps):
        here = (*path, index)
        yield here, step
        for inner, block in blocks_of(step):
            yield from walk(block, (*here, *inner))
