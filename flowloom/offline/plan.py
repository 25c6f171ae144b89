"""The plan that the stages build: calls, questions to people, branches and loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from flowloom.offline.actions import Action
from flowloom.offline.conditions import Condition

__all__ = ["Branch", "Call", "If", "Loop", "Node", "Plan", "Reference", "While", "walk_nodes"]


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
        margin: how far the component stands before the next best.
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


@dataclass
class Branch:
    """One branch of an ``If``; no condition for ``else``."""

    condition: Condition | None
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
    condition: Condition
    about: Reference | None
    steps: list[Node]


Node: TypeAlias = Call | If | Loop | While


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


def walk_nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield every node, those inside after the one that holds them."""
    for node in nodes:
        yield node
        match node:
            case If():
                for branch in node.branches:
                    yield from walk_nodes(branch.steps)
            case Loop() | While():
                yield from walk_nodes(node.steps)
            case Call():
                pass
