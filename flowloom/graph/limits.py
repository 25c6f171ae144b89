"""The limits of one run; also the context that every node of the graph gets."""

from __future__ import annotations

from dataclasses import dataclass

from flowloom.errors import ConfigError

__all__ = ["MAX_REQUEST", "Limits"]

MAX_REQUEST = 10_000
"""Characters of a request, or of a message in a conversation."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one run may spend.

    Attributes:
        max_attempts: drafts that the generator may make, the first one included.
        timeout: seconds over all stages; a person's thinking time does not count.
        max_tokens: input and output tokens over all model calls.

    Raises:
        ConfigError: a limit is not positive.
    """

    max_attempts: int = 4
    timeout: float = 300.0
    max_tokens: int = 200_000

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ConfigError(
                    f"The limit {name!r} is {value!r}.", hint="Give a number greater than 0."
                )
