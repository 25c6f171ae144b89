"""What a running workflow asks of the world, and how the world answers."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from pydantic import JsonValue

from flowloom.workflow.models import AskStep, CallStep, WaitStep
from flowloom.workflow.path import Path

__all__ = [
    "ComponentCall",
    "Effects",
    "Outcome",
    "Pause",
    "PersonAsked",
    "Rounds",
    "RunStatus",
    "StepFailed",
]

Rounds: TypeAlias = tuple[int, ...]
"""Which round of each loop around a step, outermost first."""
RunStatus: TypeAlias = Literal["succeeded", "failed"]


@dataclass(frozen=True, kw_only=True)
class ComponentCall:
    """A component to call, with its inputs filled in.

    ``step.retry``, ``step.timeout`` and ``step.connection`` are for whoever carries out the call.
    The step's id and ``rounds`` name the call within its run: an idempotency key.

    Attributes:
        path: place of the step in the document.
    """

    step: CallStep
    path: Path
    rounds: Rounds
    inputs: dict[str, JsonValue]


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A wait: ``until`` is a duration such as ``10m``, or a time (RFC 3339)."""

    step: WaitStep
    path: Path
    rounds: Rounds
    until: str


@dataclass(frozen=True, kw_only=True)
class PersonAsked:
    """A question to a person; the answer is None where nobody answered in time."""

    step: AskStep
    path: Path
    rounds: Rounds
    question: str
    choices: tuple[str, ...] = ()
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended: its outputs by name, empty unless every step that should have ran."""

    status: RunStatus
    message: str = ""
    outputs: dict[str, JsonValue]


class StepFailed(Exception):
    """A step failed; ``catch`` sees the code, the message and the step's id as ``error``.

    Attributes:
        code: ``component`` or a component's own code, ``expression``, ``timeout``, ``input``.
        path: place in the document of what failed.
    """

    def __init__(self, code: str, message: str, *, step: str = "", path: Path = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.step = step
        self.path = path


class Effects(Protocol):
    """Carries out what a workflow asks for.

    ``call``, ``wait`` and ``ask`` raise ``StepFailed`` when they cannot. A call's output has
    whole numbers as floats wherever the component's schema says ``number``
    (``schema_types.coerce_numbers``), since CEL does not mix them.
    """

    async def call(self, call: ComponentCall) -> JsonValue:
        """Call a component, again where ``retry`` says so, and return its output."""
        ...

    async def wait(self, pause: Pause) -> None:
        """Return when the time has come."""
        ...

    async def ask(self, asked: PersonAsked) -> str | None:
        """Return the person's answer."""
        ...

    async def together(self, work: Sequence[Awaitable[None]], limit: int) -> None:
        """Carry out all of it, at most ``limit`` at a time; the first failure ends the rest."""
        ...
