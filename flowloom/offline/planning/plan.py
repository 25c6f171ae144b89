"""The plan that the stages build: calls, questions to people, branches and loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flowloom.offline.choosing.weights import Fit
from flowloom.offline.comparing.conditions import Condition
from flowloom.offline.planning.actions import Action

__all__ = [
    "Branch",
    "Call",
    "Case",
    "Compound",
    "If",
    "Loop",
    "Node",
    "Parallel",
    "Plan",
    "Reference",
    "Stop",
    "Switch",
    "Test",
    "Try",
    "Wait",
    "While",
    "blocks_in",
    "walk_nodes",
]


@dataclass(frozen=True)
class Reference:
    """Something that a step produced: its id, and the loop variable if it is an item.

    Attributes:
        step: id of the step whose output it is; empty for a loop item.
        item: name of the loop variable.
        source: for an item: the step whose output the loop goes over.
    """

    step: str = ""
    item: str = ""
    source: str = ""


@dataclass
class Call:
    """One step that a component, or a person, does.

    Attributes:
        component: its id; empty for a step that a person does.
        others: the next best components.
        plain: the words of the action without quotes; ``said`` with quotes.
        sentence: masked words of the whole sentence, for values that stand elsewhere in it.
        about: what a pronoun of the action stands for.
        margin: how far the component stands before the next best; ``fits`` what the best scored.
        rivals: services between which nothing decides.
        choices: what a person who is asked may answer; ``to`` who is asked.
        attempts: how often it is tried, 0 if the request does not say.
        question: whether a person is to be asked, rather than to do something.
        on_error: ``continue`` where the rest is to go on after a failure.
    """

    id: str
    action: Action
    plain: str
    said: str
    component: str = ""
    others: tuple[str, ...] = ()
    sentence: str = ""
    service: str = ""
    why: str = ""
    about: Reference | None = None
    margin: float = 0.0
    fits: tuple[Fit, ...] = ()
    rivals: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    to: str = ""
    attempts: int = 0
    on_error: str = ""
    question: bool = False


@dataclass(frozen=True)
class Compound:
    """Comparisons that hold together (``all``) or of which one is enough (``any``)."""

    text: str
    joint: Literal["all", "any"]
    parts: tuple[tuple[Condition, Reference | None], ...]


Test: TypeAlias = Condition | Compound


@dataclass
class Branch:
    """One branch of an ``If``; no condition for ``else``."""

    condition: Test | None
    about: Reference | None
    steps: list[Node]


@dataclass
class If:
    """A choice between branches."""

    id: str
    branches: list[Branch]


@dataclass
class Loop:
    """A loop over what a step produced."""

    id: str
    over: Reference
    item: str
    steps: list[Node]
    nouns: tuple[str, ...] = ()


@dataclass
class While:
    """A loop while (or, negated, until) a condition holds."""

    id: str
    condition: Test
    about: Reference | None
    steps: list[Node]


@dataclass
class Case:
    """One case of a ``Switch``."""

    value: str
    steps: list[Node]


@dataclass
class Switch:
    """A choice by the value of what a step produced."""

    id: str
    about: Reference
    cases: list[Case]
    default: list[Node] = field(default_factory=list["Node"])


@dataclass
class Try:
    """Steps that may fail, what is done then, and what is done in any case."""

    id: str
    steps: list[Node]
    catch: list[Node] = field(default_factory=list["Node"])
    last: list[Node] = field(default_factory=list["Node"])


@dataclass
class Parallel:
    """Branches that run at the same time."""

    id: str
    branches: list[list[Node]]


@dataclass
class Wait:
    """A pause: for a duration such as ``2h``."""

    id: str
    duration: str


@dataclass
class Stop:
    """The end of the run, with a message."""

    id: str
    message: str
    failed: bool = False


Node: TypeAlias = Call | If | Loop | While | Switch | Try | Parallel | Wait | Stop


@dataclass
class Plan:
    """What a request asks for.

    Attributes:
        trigger: words that say what starts it; ``trigger_masked`` the same, masked.
        assumptions, questions, unsupported: as in an outline.
    """

    request: str
    trigger: str = ""
    steps: list[Node] = field(default_factory=list["Node"])
    assumptions: list[str] = field(default_factory=list[str])
    questions: list[str] = field(default_factory=list[str])
    unsupported: list[str] = field(default_factory=list[str])


def blocks_in(node: Node) -> list[list[Node]]:
    """Return the blocks inside a node, in the order in which they are written."""
    match node:
        case If():
            return [branch.steps for branch in node.branches]
        case Loop() | While():
            return [node.steps]
        case Switch():
            return [*(case.steps for case in node.cases), node.default]
        case Try():
            return [node.steps, node.catch, node.last]
        case Parallel():
            return node.branches
        case Call() | Wait() | Stop():
            return []


def walk_nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield every node, those inside after the one that holds them."""
    for node in nodes:
        yield node
        for block in blocks_in(node):
            yield from walk_nodes(block)
