"""What is known about a document before it is judged: the facts that every check reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component, JsonSchema
from flowloom.verification.diagnostic import Mender
from flowloom.verification.scope import Reach, ScopeRules
from flowloom.verification.tree import Node, Place, Tree
from flowloom.workflow.document import Document
from flowloom.workflow.outline import Outline
from flowloom.workflow.path import Path
from flowloom.workflow.shape import ShapeProblem

if TYPE_CHECKING:
    from flowloom.verification.expression_types import ExpressionTypes
    from flowloom.workflow.cel.results import Checked, Reference

__all__ = ["Facts", "Finding", "Reached", "Role", "Site", "Use"]

Role: TypeAlias = Literal[
    "input", "condition", "list", "collect", "switch", "wait", "text", "output"
]
"""What an expression is for; ``input`` and ``output`` keep its type, ``text`` needs a string."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check found; the registry adds severity and who mends it.

    Attributes:
        column: 0-based offset in the string at ``path``, -1 if it is the whole value.
        mender: who can mend it, where that differs from the rule's.
    """

    code: str
    path: Path
    message: str
    hint: str = ""
    candidates: tuple[str, ...] = ()
    step: str = ""
    column: int = -1
    mender: Mender | None = None


@dataclass(frozen=True)
class Use:
    """One use of a component: by a call step, or by the trigger (``node`` is None).

    Attributes:
        path: place of the step or trigger.
        reference: what ``uses`` says.
        component: None if the catalog has none of that id and version.
        inputs: what ``with`` gives.
        complete: whether ``with`` could be read, so that a missing input is really missing.
    """

    path: Path
    node: Node | None
    reference: str
    component: Component | None
    inputs: Mapping[str, Any]
    connection: str
    complete: bool = True

    @property
    def step(self) -> str:
        """Id of the step, empty for the trigger."""
        return self.node.id if self.node else ""

    @property
    def name(self) -> str:
        """What to call it in a message."""
        return f"The step {self.step!r}" if self.node else "The trigger"


@dataclass(frozen=True)
class Reached:
    """A reference to a step's output, and whether it is there."""

    reference: Reference
    target: Node
    reach: Reach
    guarded: bool


@dataclass(frozen=True)
class Site:
    """One expression: where it stands, and what checking it told.

    Attributes:
        path: place of the string that holds it.
        column: 0-based offset of the expression in that string.
        whole: the value is the expression's value; else it becomes part of a text.
        checked: None if it could not be read as a template.
        broken: why it could not be read, with its 0-based column.
        reached: the references to steps that exist.
    """

    role: Role
    path: Path
    place: Place
    text: str = ""
    column: int = 0
    whole: bool = True
    checked: Checked | None = None
    broken: str = ""
    reached: tuple[Reached, ...] = ()

    @property
    def step(self) -> str:
        """Id of the step that it belongs to."""
        return self.place.node.id if self.place.node else ""

    @property
    def sound(self) -> bool:
        """Whether its type can be relied on: no problem in it, and every reference reaches."""
        return (
            self.checked is not None
            and self.checked.ok
            and all(not item.reach.reason or item.guarded for item in self.reached)
        )

    @property
    def schema(self) -> JsonSchema:
        """The JSON Schema of its values; ``{}`` if nothing is known."""
        return self.checked.result.as_schema() if self.checked and self.sound else {}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything that the checks look at.

    Attributes:
        types: what expressions may name, and their types.
        shape: what the language's models say about the document.
        uses: by place of the step or trigger, in order.
        sites: every expression, in order.
        sites_at: those of one string, by its path.
        outputs: schema of each step's output, by id.
        original: the document before the change that is checked, if it is known.
        said: what the person said before the request.
    """

    document: Document
    catalog: Catalog
    outline: Outline | None
    request: str
    tree: Tree
    scope: ScopeRules
    types: ExpressionTypes
    shape: tuple[ShapeProblem, ...]
    uses: Mapping[Path, Use]
    sites: tuple[Site, ...]
    sites_at: Mapping[Path, tuple[Site, ...]] = field(repr=False)
    outputs: Mapping[str, JsonSchema] = field(repr=False)
    original: Document | None = None
    said: str = ""

    @cached_property
    def sites_of_step(self) -> Mapping[Path, tuple[Site, ...]]:
        """The expressions of each step's own fields, by the step's place."""
        found: dict[Path, list[Site]] = {}
        for site in self.sites:
            if site.place.node is not None:
                found.setdefault(site.place.node.path, []).append(site)
        return {path: tuple(sites) for path, sites in found.items()}

    @property
    def data(self) -> dict[str, Any]:
        """The document's plain data."""
        return self.document.data

    @property
    def declared_inputs(self) -> dict[str, Any]:
        """The declared inputs of the workflow, empty if they cannot be read."""
        found = self.data.get("inputs")
        return found if isinstance(found, dict) else {}
