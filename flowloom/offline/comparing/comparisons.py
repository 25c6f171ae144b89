"""Conditions of a plan as CEL: the field that is meant, and its comparison by type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.comparing.comparison_cel import DATE, comparison_of, literal_of, weekday_test
from flowloom.offline.comparing.meant_fields import field_in_payload, field_meant
from flowloom.offline.meaning.classifier import Embed
from flowloom.offline.planning.plan import Compound, Reference, Test
from flowloom.offline.rendering.schemas import (
    Typed,
    field_named,
    gives_a_list,
    is_open,
    kind_of_schema,
    list_in,
    text_of,
)

__all__ = ["Comparisons"]

_FLAGS = ("status", "state", "level", "type", "priority", "severity", "name", "value")
_TIMES = ("created_at", "created", "modified_at", "updated_at", "date", "received_at", "time")


@dataclass(kw_only=True)
class Comparisons:
    """Writes conditions.

    Attributes:
        outputs: what each step and loop item gives.
        trigger: what the trigger gives.
        inputs: schemas of the workflow inputs that had to be declared.
        problems: what cannot be written, a sentence each.
        embed: tells how near words and fields are in meaning; None where no index is at hand.
        asked: the steps that ask a person, by id.
    """

    outputs: dict[str, Typed] = field(default_factory=dict[str, Typed])
    inputs: dict[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])
    assumptions: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])
    trigger: Typed | None = None
    embed: Embed | None = None
    asked: dict[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])

    def value_of(self, reference: Reference | None) -> Typed | None:
        """Return the value that a reference names."""
        if reference is None:
            return None
        if reference.item:
            return self.outputs.get(f"item:{reference.item}", Typed(reference.item, {}))
        return self.outputs.get(reference.step)

    def condition(self, condition: Test, about: Reference | None) -> str | None:
        """Return a condition as CEL; what cannot be written is a problem."""
        if isinstance(condition, Compound):
            return self._compound(condition)
        if condition.unit == "weekday":
            self.assumptions.append(f"{condition.text!r} is taken to be about the day in UTC.")
            return weekday_test(condition)
        value = self.value_of(about)
        if about is None or not (about.step or about.item):
            value = self.trigger
        if value is None:
            self.problems.append(f"It is not said what {condition.text!r} is about.")
            return None
        if condition.pair:
            return self._paired(condition, value)
        asked = self.asked.get(about.step) if about is not None else None
        if asked is not None and (condition.verbal or condition.answer):
            return self._answer(condition, value, asked)
        if condition.answer:
            return self._holds(condition, value)
        return self._compared(condition, value)

    def _compared(self, condition: Condition, value: Typed) -> str | None:
        """Find the field of a value that a condition compares, and write the comparison."""
        if condition.count:
            found, condition = self._number_of(condition, value)
        else:
            found = self._field(value, condition)
        if found is None:
            return None
        said = condition.value
        if _is_time(found.schema) and isinstance(said, str) and not DATE.match(said):
            self.problems.append(f"{condition.text!r}: {found.expression!r} is a time.")
            return None
        if condition.name:
            self.inputs.setdefault(condition.name, {"type": "string"})
            self.assumptions.append(f"{condition.name!r} is an input of the workflow.")
            return f"{found.expression} {condition.operator} inputs.{condition.name}"
        return comparison_of(condition, found)

    def _number_of(self, condition: Condition, value: Typed) -> tuple[Typed | None, Condition]:
        """Return what is counted: the field that counts it, or the list that holds it."""
        found = _counter(value, condition)
        if found is None and not gives_a_list(value):
            found = self._meant(value, condition)
        if found is not None and kind_of_schema(found.schema) != "array":
            number = kind_of_schema(found.schema) in ("integer", "number")
            condition = replace(condition, count=number)
        return found or self._counted(value, condition), condition

    def _compound(self, test: Compound) -> str | None:
        found = [self.condition(part, about) for part, about in test.parts]
        if None in found:
            return None
        return (" && " if test.joint == "all" else " || ").join(map(str, found))

    def _answer(self, condition: Condition, value: Typed, asked: dict[str, Any]) -> str:
        answer = "yes" if condition.verbal or condition.value is None else str(condition.value)
        if condition.quoted and "choices" not in asked:
            sign = "==" if condition.operator == "==" else "!="
            return f"{value.expression} {sign} {literal_of(answer)}"
        choices = asked.setdefault("choices", ["yes", "no"])
        if answer not in choices:
            near = [item for item in choices if item.lower() == answer.lower()]
            answer = near[0] if near else answer
            if not near:
                choices.append(answer)
        sign = "==" if condition.operator in ("not empty", "==", "true") else "!="
        return f"{value.expression} {sign} {literal_of(answer)}"

    def _paired(self, condition: Condition, value: Typed) -> str | None:
        """ "If both have the same version": the field of one and of the other thing."""
        other = self.outputs.get(condition.other)
        sides = [value, other] if other is not None else []
        if condition.attribute:
            sides = [self._field(side, condition) for side in sides]
        if len(sides) < 2 or None in sides:
            self.problems.append(f"It is not said which two things {condition.text!r} compares.")
            return None
        return f" {condition.operator} ".join(side.expression for side in sides if side)

    def _counted(self, value: Typed, condition: Condition) -> Typed | None:
        """Return the list whose items are counted; not any list of one thing."""
        found = list_in(value)
        names = set(re.findall(r"[a-z]+", found.expression.rpartition(".")[2])) if found else set()
        said = {plural for word in condition.subject for plural in (word, f"{word}s", f"{word}es")}
        said |= {part for word in condition.attribute.split("_") for part in (word, f"{word}s")}
        if not said or gives_a_list(value) or names & said:
            return value
        if not value.schema.get("properties"):
            return value
        self.problems.append(
            f"{value.expression!r} says nothing of {condition.text!r}:"
            " it has no such list or number."
        )
        return None

    def _holds(self, condition: Condition, value: Typed) -> str | None:
        """ "If so" after a check: it gave true, or found something."""
        holds = (condition.value == "yes") == (condition.operator == "==")
        if kind_of_schema(value.schema) == "boolean":
            return value.expression if holds else f"!{value.expression}"
        found = list_in(value)
        if found is not None and kind_of_schema(found.schema) == "array":
            return f"size({found.expression}) {'>' if holds else '=='} 0"
        self.problems.append(f"{value.expression!r} is no answer to {condition.text!r}.")
        return None

    # -- the field that is meant -------------------------------------------------------------

    def _field(self, value: Typed, condition: Condition) -> Typed | None:
        if condition.unit and not condition.attribute:
            return self._time_field(value, condition)
        is_text = kind_of_schema(value.schema) == "string"
        if is_text and condition.attribute in ("text", "content", "contents", "body", "length"):
            return value
        if condition.attribute:
            found = field_named(value, condition.attribute) or _flag(value, condition.attribute)
            found = found or self._inside(value, condition) or _itself(value)
            found = found or field_in_payload(value, condition.attribute)
            found = found or self._meant(value, condition)
            if found is None:
                self.problems.append(
                    f"{value.expression!r} has no field for {condition.attribute!r}"
                    f" ({condition.text!r})."
                )
            return found
        if condition.operator in ("empty", "not empty") or not isinstance(condition.value, str):
            return self._number_field(value, condition)
        return self._guessed_field(value, condition)

    def _meant(self, value: Typed, condition: Condition) -> Typed | None:
        found = field_meant(value, condition, self.embed)
        if found is not None:
            said = condition.attribute.replace("_", " ")
            self.assumptions.append(f"{said!r} is taken to mean the field {found.expression!r}.")
        return found

    def _inside(self, value: Typed, condition: Condition) -> Typed | None:
        """ "The plan in the body": a field of a field."""
        outer = field_named(value, condition.subject[-1]) if condition.subject else None
        return field_named(outer, condition.attribute) if outer is not None else None

    def _time_field(self, value: Typed, condition: Condition) -> Typed | None:
        names: dict[str, Any] = value.schema.get("properties") or {}
        found = [name for name in _TIMES if name in names]
        found += [name for name, schema in names.items() if _is_time(schema)]
        if not found and is_open(value.schema):
            self.assumptions.append(
                f"{condition.text!r} is taken to be about the field 'created_at'."
            )
            return value.field("created_at")
        if not found:
            self.problems.append(f"{value.expression!r} has no time for {condition.text!r}.")
            return None
        if len(found) > 1:
            self.assumptions.append(
                f"{condition.text!r} is taken to be about the field {found[0]!r}."
            )
        return value.field(found[0])

    def _number_field(self, value: Typed, condition: Condition) -> Typed | None:
        kind = kind_of_schema(value.schema)
        if condition.measure and kind in ("", "object"):
            return field_named(value, condition.measure) or value
        if kind == "object" and condition.operator in (">", "<", ">=", "<="):
            return list_in(value) or self._only_number(value, condition)
        return value

    def _only_number(self, value: Typed, condition: Condition) -> Typed | None:
        """ "Orders over 1000": the one number that an order has."""
        names: dict[str, Any] = value.schema.get("properties") or {}
        numbers = [name for name, schema in names.items()
                   if kind_of_schema(schema) in ("integer", "number")]  # fmt: skip
        if len(numbers) == 1:
            self.assumptions.append(
                f"{condition.text!r} is taken to be about the field {numbers[0]!r}."
            )
            return value.field(numbers[0])
        self.problems.append(
            f"It is not said which field of {value.expression!r} is meant by {condition.text!r}."
        )
        return None

    def _guessed_field(self, value: Typed, condition: Condition) -> Typed | None:
        """Find the field of a value whose name is not said: "if it is low"."""
        if kind_of_schema(value.schema) == "string":
            return value
        properties: dict[str, Any] = value.schema.get("properties") or {}
        for name, schema in properties.items():
            if condition.value in schema.get("enum", []):
                return value.field(name)
        flag = _flag(value, str(condition.value))
        if flag is not None:
            return flag
        text = text_of(value)
        if condition.operator in ("contains", "not contains") and text:
            return Typed(text, {"type": "string"})
        for name in _FLAGS:
            if name in properties or is_open(value.schema):
                self.assumptions.append(
                    f"{condition.text!r} is taken to be about the field {name!r}."
                )
                return value.field(name)
        self.problems.append(f"No field of {value.expression!r} is named by {condition.text!r}.")
        return None


def _itself(value: Typed) -> Typed | None:
    """A number or a yes or no has no fields: what is said of "the total" is said of it."""
    return value if kind_of_schema(value.schema) in ("integer", "number", "boolean") else None


def _is_time(schema: Mapping[str, Any]) -> bool:
    return kind_of_schema(schema) == "string" and schema.get("format") in ("date-time", "date")


def _flag(value: Typed, words: str) -> Typed | None:
    """Return the boolean field that a word names: "it is a draft", "if it is merged"."""
    last = re.split(r"[\s_]+", words.strip().lower())[-1]
    names: dict[str, Any] = value.schema.get("properties") or {}
    for name, schema in names.items():
        plain = re.sub(r"^(?:is|has)_|_only$", "", name.lower())
        if kind_of_schema(schema) == "boolean" and plain in (last, words.strip().lower()):
            return value.field(name)
    return None


def _counter(value: Typed, condition: Condition) -> Typed | None:
    """Return the number field of a single thing that counts what is said ("open issues")."""
    words = condition.attribute or "_".join(condition.subject)
    if kind_of_schema(value.schema) != "object" or not words:
        return None
    found = field_named(value, words) or _begins_with(value, words)
    if found is not None and (condition.attribute or condition.operator in ("empty", "not empty")):
        return found
    is_number = found is not None and kind_of_schema(found.schema) in ("integer", "number")
    return found if is_number else None


def _begins_with(value: Typed, words: str) -> Typed | None:
    """Return the number field whose name goes on from what is said: "stars", ``stargazers``."""
    stem = re.sub(r"s$", "", words.lower())
    names: dict[str, Any] = value.schema.get("properties") or {}
    found = [
        name
        for name, schema in names.items()
        if name.lower().startswith(stem) and kind_of_schema(schema) in ("integer", "number")
    ]
    return value.field(found[0]) if len(stem) > 3 and len(found) == 1 else None
