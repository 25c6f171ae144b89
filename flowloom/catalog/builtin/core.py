"""What every workflow needs: values, log lines, waiting, ids."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import DateTime
from flowloom.catalog.builtin.moments import parse_duration, read_moment
from flowloom.catalog.python_functions import Injected, component

__all__: list[str] = []

_LOG = logging.getLogger("flowloom.workflow")


class Waited(TypedDict):
    """A wait that is over.

    Attributes:
        seconds: how long it took.
    """

    seconds: float


async def _sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


def _now() -> datetime:
    return datetime.now(UTC)


@component(
    id="core.set",
    title="Set a value",
    keywords=["variable", "assign", "remember", "store value", "constant", "build object"],
    kind="transform",
    output={"x-same-as": "value"},
)
def set_value(value: Any) -> Any:
    """Return a value, so that later steps can refer to it by this step's id.

    Args:
        value: any value, such as an object put together from earlier outputs.
    """
    return value


@component(
    id="core.log",
    title="Write a log line",
    keywords=["print", "debug", "record", "note", "show message"],
    output_optional=True,
)
def log(message: str, level: Literal["debug", "info", "warning", "error"] = "info") -> str:
    """Write a line to the run's log, and return the line.

    Args:
        message: the line.
        level: how severe it is.
    """
    _LOG.log(logging.getLevelNamesMapping()[level.upper()], "%s", message)
    return message


@component(
    id="core.wait",
    title="Wait",
    keywords=["delay", "sleep", "pause", "minutes", "hours"],
    output_optional=True,
)
async def wait(
    duration: Annotated[str, Field(json_schema_extra={"format": "duration"})],
    *,
    sleep: Injected[Callable[[float], Awaitable[None]]] = _sleep,
) -> Waited:
    """Wait for a duration, then go on.

    Args:
        duration: an ISO 8601 duration such as PT30S, PT5M or P1D, or a text such as 5m or 2 hours.
    """
    seconds = parse_duration(duration).total_seconds()
    await sleep(seconds)
    return {"seconds": seconds}


@component(
    id="core.wait_until",
    title="Wait until a time",
    keywords=["delay until", "at a time", "pause until", "later"],
    output_optional=True,
)
async def wait_until(
    time: DateTime,
    *,
    sleep: Injected[Callable[[float], Awaitable[None]]] = _sleep,
    now: Injected[Callable[[], datetime]] = _now,
) -> Waited:
    """Wait until a date and time, then go on; one that has passed does not wait.

    Args:
        time: the date and time in ISO 8601; in UTC if it names no offset.
    """
    moment = read_moment(time)
    seconds = max(0.0, (moment.astimezone(UTC) - now()).total_seconds())
    await sleep(seconds)
    return {"seconds": seconds}


@component(
    id="core.new_id",
    title="Make a unique id",
    keywords=["uuid", "guid", "random id", "identifier"],
    output={"type": "string", "format": "uuid"},
)
def new_id() -> str:
    """Return a new random identifier (UUID version 4)."""
    return str(uuid.uuid4())
