"""FL708: personal data that is sent to a chat model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from flowloom.catalog.component import JsonSchema
from flowloom.verification.facts import Facts, Finding, Site, Use
from flowloom.verification.output_types import depends_on_inputs
from flowloom.verification.registry import check, rule
from flowloom.workflow.cel.results import Reference
from flowloom.workflow.schema_types import schema_at, shape_of

__all__: list[str] = []

PERSONAL = rule(
    "FL708",
    "warning",
    "Personal data that is sent to a chat model.",
    example="name: x\nsteps:\n  - {id: p, uses: demo.person}\n"
    "  - {id: c, uses: demo.chat, with: {prompt: 'Write to ${{ steps.p.output.email }}'}}",
    mender="person",
)
MARK = "x-personal"
_MAX_DEPTH = 16


@check("document", (PERSONAL,))
def personal_data(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report values that the catalog marks as personal in inputs of chat models."""
    models = [use for use in facts.uses.values() if use.component and use.component.kind == "ai"]
    if not any(use.node is not None for use in models):
        return
    data = _PersonalData(facts)
    for use in models:
        for site in facts.sites_of_step.get(use.path, ()) if use.node is not None else ():
            found = data.of_site(site)
            if found:
                yield Finding(
                    code=PERSONAL,
                    path=site.path,
                    message=f"{use.name} sends {found} to a chat model; it is personal data.",
                    hint="Leave the field out, or send only what the model needs.",
                    step=use.step,
                    column=site.column,
                )


class _PersonalData:
    """Where the personal data of one document is; a transform carries on what it is given."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._fields: dict[int, tuple[JsonSchema, frozenset[str]]] = {}
        self._carried: dict[str, str] = {}
        for node in facts.tree.nodes:
            use = facts.uses.get(node.path)
            if use is not None and _carries(use):
                chosen = _chosen_fields(use)
                sites = facts.sites_of_step.get(node.path, ())
                found = next(filter(None, (self.of_site(site, chosen) for site in sites)), "")
                if found:
                    self._carried[node.id] = found

    def of_site(self, site: Site, chosen: frozenset[str] | None = None) -> str:
        """Return what is personal in an expression's value, in words; empty if nothing is."""
        if site.checked is None or not _tells(site.schema):
            return ""
        found = (self._of_reference(site, item, chosen) for item in site.checked.references)
        return next(filter(None, found), "")

    def _of_reference(self, site: Site, reference: Reference, chosen: frozenset[str] | None) -> str:
        if reference.root == "steps" and reference.path:
            carried = self._carried.get(str(reference.path[0]))
            if carried:
                return f"{carried} (in {reference.text})"
        root = self._facts.types.environment(site.place.block).schema_of(reference.root)
        schema = schema_at(root, reference.path) if root else None
        if not schema:
            return ""
        if _is_marked(schema):
            return repr(reference.text)
        names = self._names(schema, 0)
        names = names & chosen if chosen is not None else names
        taken = names if _is_whole(site) else {name for name in names if _names(site.text, name)}
        if not taken:
            return ""
        return f"{reference.text!r} with {', '.join(map(repr, sorted(taken)[:3]))}"

    def _names(self, schema: Any, depth: int) -> frozenset[str]:
        """Return the names of the marked fields inside a schema."""
        if not isinstance(schema, dict) or depth > _MAX_DEPTH:
            return frozenset()
        inner = cast(JsonSchema, schema)
        known = self._fields.get(id(inner))
        if known is None:
            known = (inner, frozenset(self._inside(inner, depth)))
            self._fields[id(inner)] = known
        return known[1]

    def _inside(self, schema: JsonSchema, depth: int) -> Iterator[str]:
        properties = schema.get("properties")
        for name, item in properties.items() if isinstance(properties, dict) else ():
            if _is_marked(item):
                yield name
            yield from self._names(item, depth + 1)
        for key in ("items", "additionalProperties"):
            yield from self._names(schema.get(key), depth + 1)
        for key in ("anyOf", "oneOf", "allOf"):
            for option in schema.get(key) or ():
                yield from self._names(option, depth + 1)


def _is_marked(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    found = cast(JsonSchema, schema)
    return found.get(MARK) is True or _is_marked(found.get("items"))


def _tells(schema: JsonSchema) -> bool:
    return shape_of(schema).kind not in ("integer", "number", "boolean", "null")


def _is_whole(site: Site) -> bool:
    """Return whether whole objects get into the value, so that every field of them does."""
    shape = shape_of(site.schema)
    if shape.kind == "array":
        shape = shape_of(site.schema.get("items", {}))
    return shape.kind in ("object", "map", "any")


def _names(text: str, name: str) -> bool:
    return re.search(rf"[.\[?'\"]{re.escape(name)}\b", text) is not None


def _carries(use: Use) -> bool:
    component = use.component
    if use.node is None or component is None or component.kind != "transform":
        return False
    return not depends_on_inputs(component.output) and _tells(component.output)


def _chosen_fields(use: Use) -> frozenset[str] | None:
    """Return the fields that a transform picks, None if it picks none."""
    chosen: set[str] = set()
    for name, schema in use.component.inputs.items() if use.component else ():
        inner = schema.get("items")
        if "x-field-of" in schema or (isinstance(inner, dict) and "x-field-of" in inner):
            value = use.inputs.get(name)
            chosen.update(map(str, value if isinstance(value, list) else [value] if value else []))
    return frozenset(chosen) if chosen else None
