"""Which branch of a workflow a condition in words means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flowloom.offline.comparing.conditions import Condition, negated, parse_condition
from flowloom.offline.editing.existing import ExistingStep, comparison_of, words_in
from flowloom.offline.reading.lexicon import singular

__all__ = ["Branches"]


@dataclass(frozen=True)
class Branches:
    """The ``if`` steps among the steps of a workflow; ``values`` of the masked request."""

    steps: Sequence[ExistingStep]
    values: tuple[str, ...]

    def branch_of(self, words: str) -> tuple[str, str] | None:
        """Return holder and block of the branch that runs where a condition in words holds."""
        condition = parse_condition(words, self.values)
        if condition is None:
            return None
        found = self.similar(condition)
        if found is None:
            return None
        step, block, same = found
        if same:
            return step.id, block
        return (step.id, "else") if block == "then" else None

    def similar(self, condition: Condition) -> tuple[ExistingStep, str, bool] | None:
        """Return the ``if`` with the same comparison, its block, and whether it is not opposite."""
        for step in self.steps:
            if "if" not in step.data:
                continue
            tests = [("then", str(step.data["if"]))]
            for index, branch in enumerate(step.data.get("elif") or []):
                tests.append((f"elif[{index}].then", str(branch["if"])))
            for block, test in tests:
                same = self._same(condition, test)
                if same is not None:
                    return step, block, same
        return None

    def _same(self, condition: Condition, test: str) -> bool | None:
        left, sign, right = comparison_of(test)
        if not left or not self._about_the_same(condition, left):
            return None
        value = right.strip("\"'").lower()
        positive = sign
        match condition.operator:
            case "empty" | "not empty":
                if value not in ("null", "", "empty", "none", "0"):
                    return None
                equal = condition.operator == "empty"
                return equal == (positive == "==")
            case "==" | "!=" | ">" | "<" | ">=" | "<=":
                if str(condition.value).lower() != value:
                    return None
                if condition.operator == sign:
                    return True
                return False if negated(condition).operator == sign else None
            case _:
                return None

    def _about_the_same(self, condition: Condition, left: str) -> bool:
        left = re.sub(r"^size\((.+)\)$", r"\1", left)
        parts = [part for part in re.split(r"[.\[\]\"]+", left) if part]
        parts = parts[1:] if parts[0] == "steps" else parts
        parts = [part for part in parts if part != "output"]
        named = {singular(word) for part in parts for word in words_in(part)}
        wanted = {*condition.subject, *condition.attribute.split("_")} - {""}
        if not wanted:
            return True
        last = {singular(word) for word in words_in(parts[-1])}
        subject = named - last if len(parts) > 1 else named
        if condition.operator in ("empty", "not empty") and not condition.attribute:
            return bool(wanted & named)
        if condition.guessed or len(wanted) == 1:
            return bool(wanted & (subject | last))
        return bool(wanted & last)

    def same_field(self, test: str) -> ExistingStep | None:
        """Return an ``if`` without ``else`` that tests the same field for another value."""
        left, sign, _ = comparison_of(test)
        for step in self.steps:
            if "if" in step.data and "else" not in step.data and sign == "==":
                other, other_sign, _ = comparison_of(str(step.data["if"]))
                if other == left and other_sign == "==":
                    return step
        return None
