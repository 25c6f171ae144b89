"""When a cron schedule fires."""

from __future__ import annotations

from datetime import datetime

from flowloom.catalog.builtin.moments import read_zone
from flowloom.errors import ComponentError

__all__ = ["fire_times"]


def fire_times(cron: str, timezone: str, after: datetime, count: int = 1) -> list[datetime]:
    """Return the next moments at which a schedule fires, in its time zone.

    A time that a change to summer time skips fires right after the gap; one that comes twice
    fires once.

    Args:
        cron: minute, hour, day of month, month, day of week (0 and 7 are Sunday; names and
            ``L``, ``#``, ``LW`` are understood).
        timezone: an IANA name.
        after: an aware moment; the first result is later.
        count: how many.

    Raises:
        ComponentError: the expression or the time zone is wrong.
    """
    from cronsim import CronSim, CronSimError

    # cronsim reads six fields as one with seconds, which a workflow's schedule has not.
    if len(cron.split()) != 5:
        raise ComponentError(
            f"The schedule {cron!r} has {len(cron.split())} fields, not 5.",
            hint="Write minute, hour, day of month, month, day of week, such as '0 9 * * 1-5'.",
        )
    local = after.astimezone(read_zone(timezone))
    try:
        moments = CronSim(cron, local)
        return [next(moments) for _ in range(count)]
    except CronSimError as error:
        raise ComponentError(f"The schedule {cron!r} is wrong: {error}.") from error
    except StopIteration as error:
        raise ComponentError(f"The schedule {cron!r} never fires.") from error
