"""Which texts come from outside: one pass over a document, asked per expression.

Outside is what the trigger brought, what any step but a transform gave (files, mails, answers of
servers and models) and what a person answered. Transforms pass on what goes into them. Numbers,
booleans, enums and texts of a strict format cannot carry anything but themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flowloom.catalog.component import JsonSchema, Taint
from flowloom.verification.facts import Facts, Site
from flowloom.verification.text_sources import Beyond, text_sources
from flowloom.verification.tree import Block, Node
from flowloom.workflow.cel.results import Reference
from flowloom.workflow.schema_types import schema_at, shape_of

__all__ = ["Origin", "OutsideValues", "holds_text"]

STRICT_FORMATS = frozenset(
    ["date", "date-time", "time", "duration", "uuid", "ipv4", "ipv6", "timezone", "slug", "hex"]
)
_PASSES = 3
_INPUTS_COUNT = frozenset(["code", "sql", "shell"])


@dataclass(frozen=True)
class Origin:
    """Where a text comes from: what is named, and what it is.

    Attributes:
        reference: as written in the expression, such as ``steps.mails.output.subject``.
        source: what it is, in words that follow the reference.
        asked: it is the answer of a person.
    """

    reference: str
    source: str
    asked: bool = False


def holds_text(schema: JsonSchema | None, kind: Taint | None = None) -> bool:
    """Return whether values of a schema can carry free text; unknown ones can."""
    if schema is None:
        return True
    if "enum" in schema or "const" in schema or schema.get("format") in STRICT_FORMATS:
        return False
    if kind == "path" and schema.get("format") in ("path", "file-name"):
        return False  # what a component found or made on the disk, not what someone gave
    shape = shape_of(schema)
    if shape.kind == "array":
        return not shape.items or holds_text(shape.items, kind)
    return shape.kind not in ("integer", "number", "boolean", "null")


class OutsideValues:
    """What of one document comes from outside."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._steps: dict[str, Origin] = {}
        self._names: dict[int, dict[str, Origin | None]] = {}
        loops = any(node.kind == "while" for node in facts.tree.nodes)
        for _ in range(_PASSES if loops else 1):
            known = len(self._steps)
            self._block(facts.tree.root, {})
            if len(self._steps) == known:
                break

    def of_site(self, site: Site, kind: Taint | None = None) -> Origin | None:
        """Return where text in an expression's value comes from; None if it is clean.

        Args:
            kind: what the text goes into; inputs of the run count for code, SQL and shell.
        """
        if site.checked is None or not holds_text(site.schema, kind):
            return None
        found = (
            self._of_reference(reference, beyond, site.place.block, kind)
            for reference, beyond in _lending(site.text, site.checked.references)
        )
        return next((origin for origin in found if origin), None)

    def _of_reference(
        self, reference: Reference, beyond: Beyond, block: Block, kind: Taint | None
    ) -> Origin | None:
        origin = self._origin(reference, block, kind)
        if origin is None:
            return None
        root = self._facts.types.environment(block).schema_of(reference.root)
        schema = schema_at(root, (*reference.path, *beyond)) if root is not None else None
        return origin if holds_text(schema, kind) else None

    def _origin(self, reference: Reference, block: Block, kind: Taint | None) -> Origin | None:
        names = self._names.get(id(block), {})
        if reference.root in names:
            known = names[reference.root]
            return Origin(reference.text, known.source, known.asked) if known else None
        match reference.root:
            case "steps":
                known = self._steps.get(str(reference.path[0])) if reference.path else None
                return Origin(reference.text, known.source, known.asked) if known else None
            case "trigger":
                trigger = self._facts.uses.get(("trigger",))
                name = trigger.reference if trigger else ""
                return Origin(reference.text, f"is what the trigger {name!r} brought")
            case "inputs" if kind in _INPUTS_COUNT:
                return Origin(reference.text, "is what the starter of a run gives")
            case _:
                return None

    def _block(self, block: Block, names: dict[str, Origin | None]) -> None:
        self._names[id(block)] = names
        for node in block.nodes:
            for inner in node.blocks:
                self._block(inner, self._inside(node, inner, names))
            origin = self._output(node)
            if origin is not None and node.id:
                self._steps.setdefault(node.id, origin)

    def _inside(
        self, node: Node, inner: Block, names: dict[str, Origin | None]
    ) -> dict[str, Origin | None]:
        if inner.kind == "for_each":
            name: Any = node.get("as")
            item = self._any_of(node, "list")
            return {**names, (name if isinstance(name, str) else "item"): item, "index": None}
        if inner.kind == "catch":
            return {**names, "error": Origin("error", "is what a failed step said")}
        return names

    def _output(self, node: Node) -> Origin | None:
        if node.kind == "ask":
            return Origin("", "is what a person answered", asked=True)
        if node.kind == "for_each":
            return self._any_of(node, "collect")
        use = self._facts.uses.get(node.path)
        if use is None or use.component is None:
            return None
        if use.component.kind == "transform":
            return self._any_of(node, "input")
        verb = "wrote" if use.component.kind == "ai" else "gave"
        return Origin("", f"is what {use.component.id!r} {verb}")

    def _any_of(self, node: Node, role: str) -> Origin | None:
        """Return the first origin among a step's own expressions of a role."""
        sites = self._facts.sites_of_step.get(node.path, ())
        for site in sites:
            origin = self.of_site(site) if site.role == role else None
            if origin is not None:
                through = f" (through {node.id!r})" if role == "input" and node.id else ""
                source = origin.source if "through" in origin.source else origin.source + through
                return Origin(origin.reference, source, origin.asked)
        return None


def _lending(text: str, references: Sequence[Reference]) -> Iterator[tuple[Reference, Beyond]]:
    """Yield the references that lend their text to the value of an expression."""
    plain = len(references) == 1 and references[0].text == text
    sources = None if plain else text_sources(text)
    for reference in references:
        if sources is None:
            yield reference, ()
        else:
            for beyond in sorted(sources.get(reference.column, ()), key=str):
                yield reference, beyond
