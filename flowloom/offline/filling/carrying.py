"""What was said before and still holds: the same repository, the same channel, the same folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flowloom.catalog.component import Component
from flowloom.offline.filling.input_names import TEXTS, TITLES, description_noun, format_of
from flowloom.offline.filling.sources import Source
from flowloom.offline.reading.lexicon import word_set
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["carried", "companions", "family_of", "refers_back"]

_BACK = re.compile(r"\b(?:it|its|there|here|that|this|them|same|again|those|these|the)\b", re.I)
_PRONOUN = re.compile(r"\b(?:it|its|there|that|this|them|same)\b", re.I)
_CONTENT = {*TEXTS, *TITLES} | word_set(
    "query q values items value properties fields data jql statement prompt question message amount"
    " date start end limit emoji message_id ts timestamp"
)


def family_of(component: Component) -> str:
    """Return what components that speak of the same things share: the service, or the kind."""
    return component.provider or component.id.split(".")[0].split("__")[0]


def refers_back(text: str) -> bool:
    """Return whether words refer to something said before."""
    return _BACK.search(text) is not None


def carried(component: Component, name: str, text: str, past: Sequence[Source]) -> Any | None:
    """Return the value that an input has in the latest step of the same family, or None.

    Only what says where or on which thing something is done is carried; files and addresses only
    where the words refer back.

    Args:
        past: earlier steps, the latest first.
    """
    schema = component.inputs[name]
    if name in _CONTENT or kind_of_schema(schema) in ("array", "object", "boolean"):
        return None
    loose = not component.provider or format_of(schema) in ("uri", "path", "email")
    if loose and not _PRONOUN.search(text):
        return None
    family = family_of(component)
    return next((s.values[name] for s in past if s.family == family and name in s.values), None)


def companions(
    component: Component, filled: Mapping[str, Any], source: Source, other: Component | None
) -> dict[str, Any]:
    """Return optional inputs that must be as in the step that an id was taken from.

    The number of an e-mail holds in its folder only: what deletes it must name the same folder.

    Args:
        other: the component of the source.
    """
    if other is None or source.family != family_of(component):
        return {}
    return {
        name: source.values[name]
        for name, schema in component.inputs.items()
        if name not in filled
        and name in source.values
        and _same_place(name, schema, other.inputs.get(name) or {})
    }


def _same_place(name: str, schema: dict[str, Any], other: dict[str, Any]) -> bool:
    if "default" not in schema or schema["default"] != other.get("default"):
        return False
    nouns = {description_noun(str(item.get("description") or "")).split(" ")[0]
             for item in (schema, other)}  # fmt: skip
    return kind_of_schema(schema) == "string" and nouns == {name}
