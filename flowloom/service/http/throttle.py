"""How many requests a token may make: a token bucket for the rate, a counter for those at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Throttle"]


@dataclass
class _Use:
    left: float
    seen: float
    running: int = 0


@dataclass
class Throttle:
    """Counts by owner.

    Attributes:
        per_minute: requests that refill in a minute, and that may come at once.
        at_once: requests that may be worked on at the same time.
        clock: seconds that only grow.
    """

    per_minute: int = 600
    at_once: int = 64
    clock: Callable[[], float] = time.monotonic
    _uses: dict[str, _Use] = field(default_factory=dict[str, _Use])

    def enter(self, owner: str) -> float:
        """Count a request that begins; returns 0, or after how many seconds to come again."""
        now = self.clock()
        use = self._uses.setdefault(owner, _Use(self.per_minute, now))
        use.left = min(self.per_minute, use.left + (now - use.seen) * self.per_minute / 60)
        use.seen = now
        if use.running >= self.at_once:
            return 1.0
        if use.left < 1:
            return (1 - use.left) * 60 / self.per_minute
        use.left -= 1
        use.running += 1
        return 0.0

    def leave(self, owner: str) -> None:
        """Count a request that has ended."""
        self._uses[owner].running -= 1
