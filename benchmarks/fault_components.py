"""Faults of what ``uses`` and ``connection`` name."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.fault_model import GONE, Planting, Sample, fault
from benchmarks.fault_shape import slip

__all__: list[str] = []


@fault("FL201")
def misspelt_component(sample: Sample) -> Iterator[Planting]:
    """Two letters of a component's id are swapped, or one is missing."""
    for use in sample.uses:
        where = (*use.path, "uses")
        name = use.component.id
        head, _, last = name.rpartition(".")
        for new in (f"{head}.{slip(last)}", name[:-1], f"{slip(head)}.{last}"):
            if new not in sample.catalog:
                yield Planting(((where, new),), (where,))


@fault("FL201")
def invented_component(sample: Sample) -> Iterator[Planting]:
    """A component that sounds right and that no catalog has."""
    for use in sample.uses:
        where = (*use.path, "uses")
        service = use.component.id.split(".")[0]
        for new in (
            f"{service}.do_everything",
            f"{service}.v2.{use.component.id}",
            "actions/checkout@v4",
            "n8n-nodes-base.set",
        ):
            yield Planting(((where, new),), (where,))


@fault("FL202")
def wrong_version(sample: Sample) -> Iterator[Planting]:
    """A version that the catalog does not have."""
    for use in sample.uses:
        where = (*use.path, "uses")
        for version in ("99", "0.1", "latest"):
            yield Planting(((where, f"{use.component.id}@{version}"),), (where,))


@fault("FL203")
def deprecated_component(sample: Sample) -> Iterator[Planting]:
    """A component that should no longer be used, in the place of ``core.log``."""
    for call in sample.calls:
        if call.component.id == "core.log":
            where = (*call.path, "uses")
            yield Planting(((where, "bench.old_log"),), (where,))


@fault("FL204")
def trigger_as_a_step(sample: Sample) -> Iterator[Planting]:
    """A trigger among the steps."""
    for uses, given in (
        ("core.schedule", {"cron": "0 9 * * *"}),
        ("core.manual", {}),
        ("core.webhook", {"path": "/hook"}),
    ):
        step = {"id": sample.free_id(), "uses": uses, "with": given}
        edits, here = sample.at_end(step)
        yield Planting(edits, ((*here, "uses"),))


@fault("FL205")
def step_as_the_trigger(sample: Sample) -> Iterator[Planting]:
    """A component that starts nothing as the trigger."""
    if "trigger.output" in str(sample.data):
        return
    for uses, given in (
        ("http.get", {"url": "https://example.com"}),
        ("date.now", {}),
        ("core.log", {"message": "now"}),
    ):
        yield Planting(((("trigger",), {"uses": uses, "with": given}),), (("trigger", "uses"),))


@fault("FL206")
def connection_that_nothing_takes(sample: Sample) -> Iterator[Planting]:
    """A connection for a component that needs none."""
    for use in sample.uses:
        if use.component.connection is None:
            where = (*use.path, "connection")
            yield Planting(((where, "team-slack"),), (where,))


@fault("FL207")
def connection_left_open(sample: Sample) -> Iterator[Planting]:
    """A component that needs an account, and none is named."""
    for use in sample.uses:
        needed = use.component.connection
        if needed and needed.required and use.data.get("connection"):
            where = (*use.path, "connection")
            yield Planting(((where, GONE),), (use.path, where))


@fault("FL208")
def connection_of_another_type(sample: Sample) -> Iterator[Planting]:
    """The connection that other steps use for another service."""
    for use in sample.uses:
        for other in sample.uses:
            mine, its = use.component.connection, other.component.connection
            name = other.data.get("connection")
            if mine and its and name and mine.type != its.type and use.data.get("connection"):
                where = (*use.path, "connection")
                yield Planting(((where, name),), (where, (*other.path, "connection")))
