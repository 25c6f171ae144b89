"""The exemplars of each kind of change, as they are kept in ``kinds.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

__all__ = ["ITEM", "ITEMS", "SERVICES", "VALUE", "Exemplar", "exemplars"]

ITEM = "item"
ITEMS = "items"
VALUE = "X1"
SERVICES = ("Acmeapp", "Othersoft")
"""What stands for things, values and services, in exemplars and in sentences alike."""

_NEUTRAL = {
    "T": ITEM, "T2": "other item", "Ts": ITEMS, "V": VALUE, "S": SERVICES[0], "S2": SERVICES[1],
}  # fmt: skip
_PLACE = re.compile(r"\b(?:T2|Ts|S2|[TSV])\b")


@dataclass(frozen=True)
class Exemplar:
    """One wording of one kind of change."""

    kind: str
    text: str


@cache
def exemplars() -> tuple[Exemplar, ...]:
    """Return all exemplars, with neutral words for what they are about."""
    path = Path(__file__).parent / "kinds.yaml"
    kinds: dict[str, list[str]] = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return tuple(
        Exemplar(kind, _PLACE.sub(lambda match: _NEUTRAL[match.group(0)], text))
        for kind, texts in kinds.items()
        for text in texts
    )
