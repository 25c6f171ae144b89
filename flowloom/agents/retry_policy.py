"""Which failures of a model's server are tried again, when, and what is said about the others.

This is the only retry layer: clients are built with no retries of their own.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from flowloom.errors import ModelError

__all__ = ["RetryPolicy", "model_error", "retry_on", "status_of"]

_RETRIED_STATUS = frozenset({408, 425, 429})
_NETWORK_ERRORS = frozenset(
    {"APIConnectionError", "NetworkError", "TimeoutException", "RemoteProtocolError"}
)


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """How often and when a call is tried again.

    Attributes:
        tries: calls at most, the first included.
        base: seconds before the second call; doubled each time.
        longest: seconds at most between two calls, whatever the server asks for.
    """

    tries: int = 3
    base: float = 1.0
    longest: float = 60.0

    def delay(self, error: Exception, tried: int) -> float:
        """Return the seconds to wait after the call number ``tried`` has failed."""
        asked = _retry_after(error)
        return min(self.longest, self.base * 2 ** (tried - 1) if asked is None else asked)


def status_of(error: Exception) -> int | None:
    """Return the HTTP status behind an error of any provider's client."""
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def retry_on(error: Exception) -> bool:
    """Tell whether the same call may well succeed a little later."""
    status = status_of(error)
    if status is not None:
        # An empty purse does not fill up by waiting.
        quota = getattr(error, "code", None) == "insufficient_quota"
        return (status in _RETRIED_STATUS and not quota) or status >= 500
    if isinstance(error, asyncio.TimeoutError | ConnectionError):
        return True
    return any(base.__name__ in _NETWORK_ERRORS for base in type(error).__mro__)


def _retry_after(error: Exception) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None


def model_error(error: Exception, model: str, tried: int) -> ModelError:
    """Return one line that says what went wrong at the server of ``model``, and what to do."""
    status = status_of(error)
    times = f" ({tried} tries)" if tried > 1 else ""
    said = " ".join(str(error).split())[:300]
    if status in (401, 403):
        return ModelError(
            f"The server of the model {model!r} refused the key (HTTP {status}).",
            hint="Check the API key and the base URL.",
        )
    if status == 404:
        return ModelError(
            f"The server knows no model {model!r} (HTTP 404).",
            hint="Check the model's name and the base URL.",
        )
    if status == 429:
        return ModelError(
            f"The server of the model {model!r} refuses more calls (HTTP 429){times}: {said}",
            hint="Try again later, or raise the quota.",
        )
    if status is not None:
        return ModelError(
            f"The server of the model {model!r} failed (HTTP {status}){times}: {said}"
        )
    if retry_on(error):
        return ModelError(
            f"The server of the model {model!r} cannot be reached{times}:"
            f" {said or type(error).__name__}",
            hint="Check that it runs, and check the base URL.",
        )
    return ModelError(
        f"The server of the model {model!r} gave no valid answer: {type(error).__name__}: {said}",
        hint="Check that the base URL belongs to a chat-completions server.",
    )
