"""What a request says and no step uses: it is told, so that nothing is left out in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flowloom.offline.reading.lexicon import NUMBERS
from flowloom.offline.reading.masking import Masked

__all__ = ["unused_values"]

_TOKEN = re.compile(r"[A-Za-z0-9_][\w:.-]*")
_SMALL = frozenset({"0", "1", "zero", "one", "two", "1st", "2nd", "3rd"})


def unused_values(masked: Masked, workflow: Mapping[str, Any], *, trigger: str = "") -> list[str]:
    """Return the values of a request that stand nowhere in its workflow.

    Args:
        trigger: masked words that became the trigger: their numbers are in its schedule.
    """
    data = {key: value for key, value in workflow.items() if key not in ("name", "description")}
    written = json.dumps(_without_ids(data), ensure_ascii=False).lower()
    written = re.sub(r"\bsteps\.\w+", "steps", written)
    found = [value for value in masked.values if value and not _stands(value, written)]
    rest = masked.text.replace(trigger, " ") if trigger else masked.text
    rest = re.sub(r"⟦\d+⟧|(?:^|(?<=\s))(?:step\s+)?\(?\d{1,2}[.):](?=\s)", " ", rest)
    rest = re.sub(
        r"\b[\w.]+\s*(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b", " ", rest
    )
    for token in _TOKEN.findall(rest):
        if _is_value(token) and not _stands(_digits(token), written):
            found.append(token)
    return list(dict.fromkeys(found))


def _without_ids(data: Any) -> Any:
    """Return plain data without the names of steps: what stands in them is not used."""
    match data:
        case dict():
            return {
                key: _without_ids(value) for key, value in data.items() if key not in ("id", "as")
            }
        case list():
            return [_without_ids(value) for value in data]
        case _:
            return data


def _is_value(token: str) -> bool:
    token = token.strip(".:-").lower()
    if token in _SMALL or (token.endswith(("st", "nd", "rd", "th")) and token[0].isdigit()):
        return False
    return token in NUMBERS or any(char.isdigit() for char in token)


def _digits(token: str) -> str:
    token = token.strip(".:-")
    return str(NUMBERS.get(token.lower(), token))


def _stands(value: str, written: str) -> bool:
    value = value.lower().strip()
    quoted = json.dumps(value, ensure_ascii=False)[1:-1]
    if value in written or quoted in written or value.lstrip("#") in written:
        return True
    parts = [part for part in re.split(r"[/\s,T]+", value) if part]
    if len(parts) > 1 and all(part.strip("()") in written for part in parts[:2]):
        return True
    numbers = re.findall(r"\d+", value)
    return (
        bool(numbers)
        and re.sub(r"[\d.,:\sa-z%]+", "", value) == ""
        and all(
            re.search(rf"(?<!\d){re.escape(number.lstrip('0') or '0')}(?!\d)", written)
            for number in numbers
        )
    )
