"""One document run in memory, again and again until every branch was taken.

The first round follows the conditions; each further round takes, at every decision, an outcome
that was not taken yet, with other values. Values that no schema describes are unknown, and so is
what is made of them; an expression fails only on known values.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pydantic import JsonValue

from flowloom.errors import ExpressionError
from flowloom.verification.dry_run.decisions import Decisions
from flowloom.verification.dry_run.given_inputs import given_inputs
from flowloom.verification.dry_run.samples import UNKNOWN, has_unknown, sample
from flowloom.verification.facts import Facts
from flowloom.workflow.cel.evaluation import evaluate
from flowloom.workflow.cel.results import Reference
from flowloom.workflow.interpreter.effects import ComponentCall, Pause, PersonAsked, StepFailed
from flowloom.workflow.interpreter.evaluator import Values
from flowloom.workflow.interpreter.run import run_workflow
from flowloom.workflow.models import Workflow
from flowloom.workflow.path import Path, at
from flowloom.workflow.templates import LiteralPart, bare_expression, parse_template

__all__ = ["Failure", "Trial", "failure_of_use", "references_of"]

MAX_ROUNDS = 60
MAX_IDLE = 2
"""Rounds without a new outcome after which the run ends."""
MAX_TURNS = 2
"""Rounds of a loop that are run."""
MAX_ITEMS = 50
RUN = {"id": "dry-run", "started_at": "2026-01-05T09:30:00Z"}

T = TypeVar("T")


@dataclass(frozen=True)
class Failure:
    """An expression that failed, on values that could be.

    Attributes:
        trace: ids of the steps that ran before it, in order.
    """

    path: Path
    text: str
    message: str
    trace: tuple[str, ...] = ()


@dataclass
class Trial:
    """What is found out by running a document, over all rounds.

    Attributes:
        places: what could be named where an expression was evaluated, by its place and text:
            the first time without failure, or else the first time.
        failures: the first failure of each expression.
        passed: expressions that were evaluated without failure at least once.
        unfit: expressions that gave a call another type than it takes, the first time.
        fit: those that gave it what it takes at least once.
    """

    facts: Facts
    workflow: Workflow
    references: Mapping[str, tuple[Reference, ...]]
    seed: int = 0
    forcing: bool = False
    places: dict[tuple[Path, str], Values] = field(default_factory=dict[tuple[Path, str], Values])
    failures: dict[tuple[Path, str], Failure] = field(
        default_factory=dict[tuple[Path, str], Failure]
    )
    passed: set[tuple[Path, str]] = field(default_factory=set[tuple[Path, str]])
    unfit: dict[tuple[Path, str], Failure] = field(default_factory=dict[tuple[Path, str], Failure])
    fit: set[tuple[Path, str]] = field(default_factory=set[tuple[Path, str]])
    _decisions: Decisions = field(init=False)
    _length: int = field(init=False)
    _turns: dict[Path, int] = field(default_factory=dict[Path, int])
    _trace: list[str] = field(default_factory=list[str])
    _unknown: dict[int, tuple[Any, bool]] = field(default_factory=dict[int, tuple[Any, bool]])

    def __post_init__(self) -> None:
        self._decisions = Decisions(self.workflow.steps)
        self._length = _longest(self.references)

    def run(self) -> None:
        """Run until every outcome that can be reached was taken."""
        idle = 0
        for number in range(MAX_ROUNDS):
            before = self._decisions.open
            self.forcing = number > 0
            self._round()
            self.seed += 1
            idle = idle + 1 if self._decisions.open == before else 0
            if not self._decisions.open or idle > MAX_IDLE:
                return

    def _round(self) -> None:
        self._turns.clear()
        self._trace.clear()
        declared = self.facts.declared_inputs
        known = {name: self._input(schema) for name, schema in declared.items()}
        trigger = self._sample(self.facts.types.trigger_output)
        _driven(
            run_workflow(
                self.workflow, self, inputs=known, trigger=trigger, run=RUN, evaluator=self
            )
        )

    def _input(self, schema: Any) -> Any:
        found = cast(dict[str, Any], schema) if isinstance(schema, dict) else {}
        return found["default"] if "default" in found else self._sample(found)

    def _sample(self, schema: dict[str, Any]) -> Any:
        return _cached_sample(schema, self.seed, self._length)

    # Effects

    async def call(self, call: ComponentCall) -> JsonValue:
        """Return a value of the component's output schema, or fail where that is to be seen."""
        self._look_at_inputs(call)
        self._trace.append(call.step.id)
        place = self._failing_place(call)
        if place and self._choose(place, 0) == 1:
            raise StepFailed("component", "It fails in this dry run.", path=call.path)
        return self._sample(self.facts.outputs.get(call.step.id, {}))

    def _look_at_inputs(self, call: ComponentCall) -> None:
        for site, wrong in given_inputs(self.facts, call):
            key = (site.path, site.text)
            if wrong:
                self.unfit.setdefault(key, Failure(*key, wrong, tuple(self._trace)))
            else:
                self.fit.add(key)

    def _failing_place(self, call: ComponentCall) -> Path | None:
        """Return what is decided by whether this call fails: itself, or a ``try`` around it."""
        if call.step.on_error == "continue":
            return (*call.path, "on_error")
        around = call.path[:-1]
        return around if around in self._decisions else None

    async def wait(self, pause: Pause) -> None:
        """Go on at once."""
        self._trace.append(pause.step.id)

    async def ask(self, asked: PersonAsked) -> str | None:
        """Answer with one of the choices, another one each round."""
        self._trace.append(asked.step.id)
        choices = asked.choices or ("yes",)
        return choices[self.seed % len(choices)]

    async def together(self, work: Sequence[Awaitable[None]], limit: int) -> None:
        """Carry out one after the other."""
        waiting = list(work)
        try:
            while waiting:
                await waiting.pop(0)
        finally:
            for item in waiting:
                # What was never begun says so when it is thrown away.
                cast(Coroutine[Any, Any, None], item).close()

    # Evaluator

    def expression(self, text: str, values: Values, path: Path) -> Any:
        """Return the value of an expression; at a switch the one that is to be taken."""
        value = self._value(bare_expression(text), values, path)
        if path[-1] != "switch":
            return value
        cases = [_options(case) for case in at(self.facts.data, path[:-1])["cases"]]
        natural = next((i for i, options in enumerate(cases) if value in options), len(cases))
        chosen = self._choose(path, natural)
        if chosen == natural:
            return value
        return cases[chosen][0] if chosen < len(cases) else UNKNOWN

    def holds(self, text: str, values: Values, path: Path) -> bool:
        """Return whether a condition is taken as true."""
        value = self._value(bare_expression(text), values, path, "bool")
        natural = 0 if value is True or value is UNKNOWN else 1
        if path[-1] == "while":
            self._turns[path] = self._turns.get(path, 0) + 1
            if self._turns[path] > MAX_TURNS:
                self._decisions.take(path, 1)
                return False
        return self._choose(path, natural) == 0

    def items(self, text: str, values: Values, path: Path) -> list[Any]:
        """Return the first items of a list."""
        value = self._value(bare_expression(text), values, path, "list")
        if not isinstance(value, list):
            return [UNKNOWN]
        return cast(list[Any], value)[:MAX_TURNS]

    def text(self, text: str, values: Values, path: Path) -> Any:
        """Return the value of a string with expressions; of a text with unknown parts, a text."""
        template = parse_template(text)
        if template.is_expression:
            return self._value(template.expressions[0].text, values, path)
        parts = [
            part.text
            if isinstance(part, LiteralPart)
            else str(self._value(part.text, values, path, "text"))
            for part in template.parts
        ]
        return "".join(parts)

    def _value(self, text: str, values: Values, path: Path, use: str = "") -> Any:
        key = (path, text)
        known = self.references.get(text, ())
        if key not in self.places:
            self.places[key] = values
        if self.is_unknown(known, values):
            return UNKNOWN
        try:
            value = evaluate(text, values)
        except ExpressionError as error:
            if not (self.forcing and _absent_step(known, values)):
                self._failed(key, str(error))
            return UNKNOWN
        wrong = failure_of_use(value, use)
        if wrong:
            self._failed(key, wrong)
            return UNKNOWN
        if key not in self.passed:
            self.places[key] = values
            self.passed.add(key)
        return value

    def believe(self, other: Trial) -> None:
        """Take over what passed in another trial of the same document."""
        for key in other.passed - self.passed:
            self.places[key] = other.places[key]
        self.passed |= other.passed
        self.fit |= other.fit

    def is_unknown(self, references: Iterable[Reference], values: Values) -> bool:
        """Return whether an expression hangs on a value that no schema describes."""
        return any(self._is_unknown(reference, values) for reference in references)

    def _failed(self, key: tuple[Path, str], message: str) -> None:
        self.failures.setdefault(key, Failure(*key, message, tuple(self._trace)))

    def _is_unknown(self, reference: Reference, values: Values) -> bool:
        if reference.root == "steps" and len(reference.path) == 1 and reference.guarded_at:
            return False  # Only whether the step ran is asked.
        value: Any = values.get(reference.root)
        for part in reference.path:
            if value is UNKNOWN:
                return True
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return False
        if not isinstance(value, dict | list):
            return value is UNKNOWN
        return self._known_unknown(value)

    def _known_unknown(self, value: Any) -> bool:
        found = self._unknown.get(id(value))
        if found is None or found[0] is not value:
            found = (value, has_unknown(value))
            self._unknown[id(value)] = found
        return found[1]

    def _choose(self, path: Path, natural: int) -> int:
        """Return the outcome to take at a decision: the natural one, or one not taken yet."""
        chosen = self._decisions.choose(path, natural) if self.forcing else natural
        self._decisions.take(path, chosen)
        return chosen


_INDEX = re.compile(r"\[\s*\??\s*(\d{1,9})\s*\]")
_SAMPLES: dict[tuple[int, int, int], tuple[Any, Any]] = {}
_MOST_SAMPLES = 4_096


def _longest(texts: Iterable[str]) -> int:
    """Return how many items lists need for every literal index, at least two."""
    indices = (int(index) for text in texts if "[" in text for index in _INDEX.findall(text))
    return min(max((2, *(index + 1 for index in indices))), MAX_ITEMS)


def _cached_sample(schema: dict[str, Any], seed: int, length: int) -> Any:
    """Return ``sample``'s value; a catalog's schemas are asked for in every document."""
    key = (id(schema), seed, length)
    found = _SAMPLES.get(key)
    if found is None or found[0] is not schema:
        if len(_SAMPLES) >= _MOST_SAMPLES:
            _SAMPLES.clear()
        found = (schema, sample(schema, seed, length))
        _SAMPLES[key] = found
    return found[1]


def failure_of_use(value: Any, use: str) -> str:
    """Return why a value cannot be used as it is to be; empty if it can.

    Args:
        use: ``bool``, ``list`` or ``text``; empty if anything can be used.
    """
    if use == "bool" and not isinstance(value, bool):
        return f"The condition is not true or false but {value!r:.60}."
    if use == "list" and not isinstance(value, list):
        return f"The loop goes over {value!r:.60}, which is no list."
    if use == "text" and (value is None or isinstance(value, dict | list)):
        kind = "null" if value is None else "a list" if isinstance(value, list) else "an object"
        return f"The expression gives {kind}, which cannot stand inside a text."
    return ""


def _options(case: Mapping[str, Any]) -> list[Any]:
    when = case["when"]
    return cast(list[Any], when) if isinstance(when, list) else [when]


def _absent_step(references: Sequence[Reference], values: Values) -> bool:
    steps = values["steps"]
    return any(
        item.root == "steps" and item.path and item.path[0] not in steps for item in references
    )


def references_of(facts: Facts) -> dict[str, tuple[Reference, ...]]:
    """Return the references of every expression of a document, by its text."""
    return {site.text: site.checked.references for site in facts.sites if site.checked}


def _driven(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never waits; no event loop is needed."""
    try:
        work.send(None)
    except StopIteration as done:
        return cast(T, done.value)
    raise RuntimeError("a dry run waited for something")
