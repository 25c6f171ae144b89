"""Fields of rows in words: "by revenue", "the amount column", "rows where region is North"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.filling.input_names import item_schema
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, PREPOSITIONS, base_verb, word_set
from flowloom.offline.reading.masking import Masked
from flowloom.offline.rendering.schemas import kind_of_schema

__all__ = ["comparison", "field_of", "is_field", "renamed"]

_NAME = r"(?:⟦\d+⟧|[A-Za-z_][\w-]*)"
_LIST = rf"{_NAME}(?:\s*,\s*(?:and\s+)?{_NAME}|\s+and\s+{_NAME})*"
_THE = r"(?:the\s+|their\s+|its\s+|each\s+|a\s+|all\s+(?:the\s+)?)?"
_COLUMN = r"(?:(?:columns?|fields?|propert(?:y|ies)|keys?|headers?)(?:\s+(?:columns?|fields?))?)"
_BEHIND = re.compile(rf"\b{_COLUMN}\s+(?:called\s+|named\s+|is\s+|:\s*)?(?P<names>{_LIST})", re.I)
_BEFORE = re.compile(rf"\b(?P<names>{_LIST})\s+{_COLUMN}\b", re.I)
_EACH = re.compile(
    rf"\b(?:for\s+(?:each|every)|per|by\s+(?:each|every)|grouped\s+by|group\s+(?:\w+\s+)?(?:by|on)|by)"
    rf"\s+{_THE}(?P<names>{_LIST})",
    re.I,
)
_OPERATION = re.compile(
    r"\b(?:sum|total|totals|average|mean|min(?:imum)?|max(?:imum)?|smallest|largest|lowest|highest)"
    rf"\s+(?:up\s+)?(?:of\s+)?{_THE}(?:values?\s+(?:of|in)\s+{_THE})?(?P<names>{_LIST})",
    re.I,
)
_BY = re.compile(rf"\b(?:by|on|according\s+to|in\s+order\s+of)\s+{_THE}(?P<names>{_LIST})", re.I)
_ONLY = re.compile(rf"\b(?:only|just)\s+{_THE}(?P<names>{_LIST})", re.I)
_VERBED = re.compile(
    rf"^(?:keep|select|pick|take|show|get|return)\s+{_THE}(?P<names>{_LIST})(?=\s+(?:of|from|in)\b|$)"
    rf"|^[a-z]+\s+{_THE}(?P<of_each>{_LIST})(?=\s+of\s+(?:each|every|all|them|it|these|those)\b)",
    re.I,
)
_NOT_FIELDS = FUNCTION_WORDS | word_set(
    "column columns field fields row rows item items value values order ascending descending key"
    " list table file result results number alphabetical records entries group it them each"
    " keep only take select show get from"
)
_OPERATORS = {
    ">": ("greater_than",), "<": ("less_than",), ">=": ("greater_or_equal",),
    "<=": ("less_or_equal",), "==": ("equals",), "!=": ("not_equals",),
    "contains": ("contains",), "not contains": ("not_contains",), "empty": ("empty",),
    "not empty": ("not_empty",), "starts with": ("starts_with",), "ends with": ("ends_with",),
}  # fmt: skip
_GENERIC = {">": "greater", "<": "less"}


def is_field(name: str, schema: Mapping[str, Any]) -> bool:
    """Return whether an input takes the name of a field, or several."""
    inner = schema.get("items")
    marked = "x-field-of" in schema or (isinstance(inner, dict) and "x-field-of" in inner)
    return marked or (name in ("field", "column", "key") and kind_of_schema(schema) == "string")


def field_of(
    name: str, schema: dict[str, Any], text: str, masked: Masked, *, strict: bool = False
) -> Any:
    """Return the field, or the list of fields, that words name for an input; else None.

    Args:
        strict: whether only "the column x", "the x column" and "the total of x" tell it.
    """
    is_list = kind_of_schema(schema) == "array" and bool(item_schema(schema))
    groups = "group" in name
    patterns = [_BEHIND, _BEFORE] if not groups else [_EACH]
    operation = [] if groups else [_OPERATION]
    by = [_BY] if name != "columns" else []  # "sorted by x" picks no columns
    loose = [] if groups or strict else [*by, *([_ONLY, _VERBED] if is_list else [])]
    for pattern in (*patterns, *operation, *loose):
        for match in pattern.finditer(text):
            said = next(found for found in match.groups() if found is not None)
            names = _names(said, masked, last=pattern is _BEFORE)
            if names:
                return names if is_list else names[0]
    return None


def _names(phrase: str, masked: Masked, *, last: bool) -> list[str]:
    found: list[str] = []
    for word in re.findall(_NAME, phrase):
        if mask := re.fullmatch(r"⟦(\d+)⟧", word):
            found.append(masked.values[int(mask.group(1))])
        elif word.lower() in _NOT_FIELDS:
            if word.lower() != "and" and not last:
                break
            found = [] if last and word.lower() != "and" else found
        else:
            found.append(word)
    return found


def comparison(
    text: str, masked: Masked, inputs: Mapping[str, dict[str, Any]]
) -> dict[str, Any] | None:
    """Return field, operator and value of "the rows where the amount is larger than 100"."""
    if not {"field", "value"} <= set(inputs):
        return None
    choices: list[str] = list(inputs.get("operator", {}).get("enum", []))
    short = _with(text, masked, choices) if choices else None
    if short is not None:
        return short
    for clause in _clauses(text):
        found = parse_condition(clause, masked.values)
        if found is None or found.count:
            continue
        name = found.attribute or "_".join(found.subject[-1:])
        truth = {"true": True, "false": False}.get(found.operator)
        operator = "equals" if truth is not None else _operator(found.operator, choices)
        if not name or (choices and operator is None) or name in PREPOSITIONS:
            continue
        values: dict[str, Any] = {"field": _as_said(name, clause)}
        if operator and operator != inputs["operator"].get("default"):
            values["operator"] = operator
        if truth is not None or found.value is not None:
            values["value"] = found.value if truth is None else truth
        return values
    return None


_EMPTY = re.compile(
    rf"\b(?:with|having)\s+(?:an?\s+)?(?P<no>empty|missing|blank|no)\s+(?P<name>{_NAME})"
    rf"|\bwithout\s+(?:an?\s+|any\s+)?(?P<without>{_NAME})",
    re.I,
)
_HAVING = re.compile(
    rf"\b(?:with|having|of)\s+(?:an?\s+|the\s+)?(?P<name>{_NAME})\s+(?:of\s+|=\s*|equal\s+to\s+|is\s+|set\s+to\s+)?"
    rf"(?P<value>⟦\d+⟧|[A-Z][\w-]*|-?\d+(?:\.\d+)?)$",
    re.I,
)


def _with(text: str, masked: Masked, choices: list[str]) -> dict[str, Any] | None:
    """ "rows with an empty email", "rows with a status of x": no verb in the comparison."""
    if re.search(r"\b(?:where|whose)\b", text, re.I):
        return None
    if (match := _EMPTY.search(text)) and "empty" in choices:
        names = _names(match.group("name") or match.group("without"), masked, last=False)
        return {"field": names[0], "operator": "empty"} if names else None
    match = _HAVING.search(text.strip(" ."))
    if match is None or "equals" not in choices:
        return None
    names = _names(match.group("name"), masked, last=False)
    value = match.group("value")
    if not names or (value[0].islower() and not value.startswith("⟦")):
        return None
    mask = re.fullmatch(r"⟦(\d+)⟧", value)
    plain: Any = masked.values[int(mask.group(1))] if mask else value
    if not mask and re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        plain = float(value) if "." in value else int(value)
    return {"field": names[0], "operator": "equals", "value": plain}


def _clauses(text: str) -> list[str]:
    words = r"\b(?:where|whose|that|which|if|with|having|of which)\s+(?:the\s+)?(.+)$"
    found = [match.group(1) for match in re.finditer(rf"(?={words})", text, re.I)]
    return found or [text.split(None, 1)[1]] if len(text.split()) > 1 else found


def _operator(operator: str, choices: list[str]) -> str | None:
    for wanted in _OPERATORS.get(operator, ()):
        if wanted in choices:
            return wanted
    near = _GENERIC.get(operator)
    return next((item for item in choices if near and near in item), None)


def _as_said(name: str, clause: str) -> str:
    """Give a field's name back as it was written: conditions know it in small letters."""
    words = [word for word in re.findall(r"[A-Za-z_][\w-]*", clause) if not base_verb(word)]
    plain = re.sub(r"[_\s]", "", name.lower())
    same = [word for word in words if re.sub(r"[_\s]", "", word.lower()) == plain]
    close = [word for word in words if re.sub(r"[_\s]", "", word.lower()) == plain + "s"]
    return next(iter([*same, *close]), name)


def renamed(text: str, masked: Masked) -> dict[str, str] | None:
    """Return new names by the present ones: "rename a to b and c to d"."""
    pattern = rf"({_NAME})\s+(?:to|into|as)\s+(?:be\s+)?({_NAME})"
    found: dict[str, str] = {}
    for match in re.finditer(pattern, text, re.I):
        old, new = (_names(word, masked, last=False) for word in match.groups())
        if old and new:
            found[old[0]] = new[0]
    return found or None
