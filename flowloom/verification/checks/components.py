"""FL2xx: the components that steps and the trigger name."""

from __future__ import annotations

from collections.abc import Iterator

from flowloom.verification.facts import Facts, Finding, Use
from flowloom.verification.near_components import near_components
from flowloom.verification.registry import check, rule

__all__: list[str] = []

UNKNOWN = rule(
    "FL201",
    "error",
    "A component that the catalog does not have.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.lgo, with: {text: hi}}",
    mender="retriever",
)
VERSION = rule(
    "FL202",
    "error",
    "A version of a component that the catalog does not have.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.log@99, with: {text: hi}}",
    mender="generator",
)
DEPRECATED = rule(
    "FL203",
    "warning",
    "A component that should no longer be used.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.old}",
    mender="retriever",
)
TRIGGER_AS_STEP = rule(
    "FL204",
    "error",
    "A trigger used as a step.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.every, with: {cron: '0 9 * * *'}}",
    mender="generator",
)
STEP_AS_TRIGGER = rule(
    "FL205",
    "error",
    "A component that is no trigger used as the trigger.",
    example="name: x\ntrigger: {uses: demo.log, with: {text: hi}}\nsteps:\n"
    "  - {id: a, uses: demo.log, with: {text: hi}}",
    mender="retriever",
)
CONNECTION_REFUSED = rule(
    "FL206",
    "error",
    "A connection for a component that takes none.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.log, with: {text: hi}, connection: mine}",
    mender="generator",
)
CONNECTION_OPEN = rule(
    "FL207",
    "note",
    "A component that needs a connection, and the step names none.",
    example="name: x\nsteps:\n  - {id: a, uses: demo.send, with: {to: '#eng', text: hi}}",
    mender="person",
)

OTHER_TYPE = rule(
    "FL208",
    "error",
    "One connection named for two types of accounts.",
    example="name: x\nsteps:\n"
    "  - {id: a, uses: demo.send, connection: mine, with: {to: '#eng', text: hi}}\n"
    "  - {id: b, uses: demo.store, connection: mine, with: {key: a, text: hi}}",
    mender="person",
)


@check("use", (UNKNOWN, VERSION, DEPRECATED, TRIGGER_AS_STEP, STEP_AS_TRIGGER))
def components(facts: Facts, use: Use) -> Iterator[Finding]:
    """Report components that are not there, or not for this place."""
    if not use.reference:
        return
    path = (*use.path, "uses")
    component = use.component
    if component is None:
        yield _missing(facts, use)
        return
    if component.deprecated:
        instead = f" Use {component.replaced_by!r}." if component.replaced_by else ""
        message = f"The component {component.id!r} is deprecated.{instead}"
        named = (component.replaced_by,) if component.replaced_by else ()
        yield Finding(code=DEPRECATED, path=path, message=message, candidates=named, step=use.step)
    if use.node is not None and component.kind == "trigger":
        message = f"{component.id!r} is a trigger; {use.step!r} is a step."
        hint = "Put it under 'trigger'."
        yield Finding(code=TRIGGER_AS_STEP, path=path, message=message, hint=hint, step=use.step)
    if use.node is None and component.kind != "trigger":
        message = f"{component.id!r} is no trigger but of kind {component.kind!r}."
        triggers = tuple(item.id for item in facts.catalog if item.kind == "trigger")[:8]
        yield Finding(code=STEP_AS_TRIGGER, path=path, message=message, candidates=triggers)


def _missing(facts: Facts, use: Use) -> Finding:
    path = (*use.path, "uses")
    name, _, version = use.reference.partition("@")
    found = facts.catalog.get(name)
    if found is not None:
        return Finding(
            code=VERSION,
            path=path,
            message=f"{name!r} has the version {found.version!r}, not {version!r}.",
            candidates=(f"{name}@{found.version}",),
            step=use.step,
        )
    close = near_components(facts.catalog, name)
    nearest = f" Nearest: {', '.join(map(repr, close[:3]))}." if close else ""
    return Finding(
        code=UNKNOWN,
        path=path,
        message=f"The catalog has no component {name!r}.{nearest}",
        hint="Look for one: flowloom catalog search",
        candidates=close,
        step=use.step,
    )


@check("use", (CONNECTION_REFUSED, CONNECTION_OPEN))
def connections(_: Facts, use: Use) -> Iterator[Finding]:
    """Report connections that are too many or not named yet."""
    if use.component is None:
        return
    needed = use.component.connection
    if needed is None and use.connection:
        message = f"{use.component.id!r} takes no connection."
        path = (*use.path, "connection")
        yield Finding(code=CONNECTION_REFUSED, path=path, message=message, step=use.step)
    if needed is not None and needed.required and not use.connection:
        message = f"{use.name} needs a connection of type {needed.type!r} when it runs."
        hint = "Name one under 'connection'."
        yield Finding(
            code=CONNECTION_OPEN, path=use.path, message=message, hint=hint, step=use.step
        )


@check("document", (OTHER_TYPE,))
def one_type_each(facts: Facts, _: Facts) -> Iterator[Finding]:
    """Report connections that stand for accounts of two types."""
    first: dict[str, Use] = {}
    types: dict[str, set[str]] = {}
    for use in facts.uses.values():
        needed = use.component.connection if use.component else None
        if needed is None or not use.connection:
            continue
        before = first.setdefault(use.connection, use)
        known = before.component.connection if before.component else None
        types.setdefault(needed.type, set()).add(use.connection)
        if known is not None and known.type != needed.type:
            yield _second_type(use, needed.type, before, known.type, types[needed.type])


def _second_type(use: Use, needed: str, before: Use, known: str, named: set[str]) -> Finding:
    others = tuple(sorted(named - {use.connection}))
    said = f" Connections of type {needed!r} here: {', '.join(others)}." if others else ""
    return Finding(
        code=OTHER_TYPE,
        path=(*use.path, "connection"),
        message=f"{use.name} needs a connection of type {needed!r}; {use.connection!r} is of type"
        f" {known!r} for {before.name[0].lower()}{before.name[1:]}.{said}",
        hint="Name another connection for one of them.",
        candidates=others,
        step=use.step,
    )
