"""Request faithfulness: whether the values that a request names stand in the workflow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flowloom.verification.requested_values import is_written, values_in

__all__ = ["request_faithfulness"]


def request_faithfulness(request: str, workflow: Mapping[str, Any]) -> float | None:
    """Return the share of the request's values that a workflow has, in any of their forms.

    Values are quotes, numbers, dates, times, addresses, links and channels, as the verifier finds
    them (FL803). Name and description do not count: they may repeat the request and do nothing.

    Returns:
        0 to 1; None if the request names no value.
    """
    values = list(dict.fromkeys(values_in(request)))
    if not values:
        return None
    told = {key: value for key, value in workflow.items() if key not in ("name", "description")}
    text = json.dumps(told, ensure_ascii=False).lower()
    return sum(is_written(value, text) for value in values) / len(values)
