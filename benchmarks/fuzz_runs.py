"""Runs of a workflow with drawn values: what fails that the verifier did not speak of.

The interpreter and its evaluator are those of the language. Everything else is separate from the
verifier's dry run: values are drawn by ``fuzz_values``, no branch is forced, a transform hands on
the very values that it was given, and a call fails now and then. What a component is given is
checked with ``jsonschema`` against its input schema.

A failure counts unless

- a diagnostic of any severity stands at its place (the verifier said so);
- a ``try`` with ``catch`` stands around it (the author said what is to happen);
- the values that it names hold something of which no schema tells anything;
- the content of a text or number decides it: a text that is no number, a division by zero. A
  schema does not tell contents, so they cannot be known before a run.

Of what is absent, null or empty the verifier warns, which leaves the workflow valid: a failure of
that kind without a warning is counted apart, as an edge. An input that sometimes has the wrong
type (one alternative of a union) and sometimes the right one is counted apart, too; it counts if
it is wrong every time.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from pydantic import JsonValue

from benchmarks.fuzz_values import FREE, draw_value, is_free
from flowloom.catalog.component import Component
from flowloom.verification.facts import Facts
from flowloom.workflow.interpreter.effects import ComponentCall, Pause, PersonAsked, StepFailed
from flowloom.workflow.interpreter.evaluator import CelEvaluator, Values
from flowloom.workflow.interpreter.run import run_workflow
from flowloom.workflow.models import Workflow
from flowloom.workflow.path import Path, at, format_path

__all__ = ["Run", "Surprise", "is_of_content", "surprises"]

T = TypeVar("T")
RUN = {"id": "run-7", "started_at": "2026-03-01T06:00:00Z"}
MAX_CALLS = 400
_CONTENT = re.compile(
    r"invalid|parse|divi(?:de|sion)|modulus|overflow|out of range|convert|NUL character"
    r"|not finite|which JSON cannot hold|regex|unsupported|must be",
    re.IGNORECASE,
)
_OF_EDGES = re.compile(r"Index error|Key not found|no such key|null|None is not of type")
_OF_CONTENT = frozenset(
    {"enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum"}
    | {"exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"}
    | {"multipleOf", "minProperties", "maxProperties"}
)
"""Keywords of JSON Schema that a value of the right type may fail."""


@dataclass(frozen=True)
class Surprise:
    """A failure that the verifier should have known."""

    path: Path
    text: str
    message: str
    step: Path = ()

    @property
    def is_edge(self) -> bool:
        """Whether a value that is absent, null or empty is what fails."""
        return _OF_EDGES.search(self.message) is not None


@dataclass
class Run:
    """One run: effects and evaluator in one.

    Attributes:
        said: the paths of the verifier's diagnostics on values, as they print.
        found: what failed and should have been known.
        mistyped: inputs of another type than the component takes.
        fitting: calls that were given what they take, by the place of the step.
        excused: how many failures do not count, by reason.
    """

    facts: Facts
    said: frozenset[str]
    chance: Random
    edges: float
    found: list[Surprise] = field(default_factory=list[Surprise])
    excused: dict[str, int] = field(default_factory=dict[str, int])
    mistyped: list[Surprise] = field(default_factory=list[Surprise])
    fitting: set[Path] = field(default_factory=set[Path])
    evaluated: int = 0
    calls: int = 0
    _cel: CelEvaluator = field(default_factory=CelEvaluator)

    # Effects

    async def call(self, call: ComponentCall) -> JsonValue:
        """Return a value that the component could give."""
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise _Enough
        component = self.facts.catalog[call.step.uses]
        self._check_inputs(call, component)
        if self.chance.random() < 0.05:
            raise StepFailed("component", "It fails in this run.", path=call.path)
        return self.output_of(component, call.inputs)

    async def wait(self, pause: Pause) -> None:
        """Go on at once."""

    async def ask(self, asked: PersonAsked) -> str | None:
        """Answer, or not where nobody need to."""
        if asked.step.timeout is not None and self.chance.random() < self.edges:
            return None
        return self.chance.choice(asked.choices or ("", "yes", "anything"))

    async def together(self, work: Sequence[Awaitable[None]], limit: int) -> None:
        """Carry out one after the other."""
        waiting = [cast(Coroutine[Any, Any, None], item) for item in work]
        try:
            while waiting:
                await waiting.pop(0)
        finally:
            for item in waiting:
                item.close()

    def output_of(self, component: Component, inputs: Mapping[str, Any]) -> Any:
        """Return an output: drawn, or the given values where it is made of them."""
        return self._made(component.output, component, inputs)

    def _made(self, schema: Any, component: Component, inputs: Mapping[str, Any]) -> Any:
        found = cast(dict[str, Any], schema)
        source = found.get("x-same-as") or found.get("x-items-of")
        if not isinstance(source, str):
            return self._around(found, component, inputs)
        value: Any = inputs.get(source, component.inputs.get(source, {}).get("default", FREE))
        if "x-items-of" in found:
            if not isinstance(value, list) or not value:
                raise StepFailed("component", "There is no item.")
            return self.chance.choice(cast(list[Any], value))
        if isinstance(value, list) and component.id.startswith("list."):
            return [item for item in cast(list[Any], value) if self.chance.random() < 0.8]
        return value

    def _around(
        self, schema: dict[str, Any], component: Component, inputs: Mapping[str, Any]
    ) -> Any:
        """Draw a value, with given values where the schema has them further in."""
        value = draw_value(schema, self.chance, self.edges)
        items = schema.get("items")
        if isinstance(value, list) and isinstance(items, dict) and "x-same-as" in items:
            return [self._made(items, component, inputs)]
        for name, inner in cast(dict[str, Any], schema.get("properties") or {}).items():
            if isinstance(value, dict) and name in value and isinstance(inner, dict):
                part = cast(dict[str, Any], inner)
                if "x-same-as" in part or "x-items-of" in part:
                    value[name] = self._made(part, component, inputs)
        return cast(Any, value)

    def _check_inputs(self, call: ComponentCall, component: Component) -> None:
        errors = list(_validator(component).iter_errors(call.inputs))
        if not errors:
            self.fitting.add(call.path)
        for error in errors:
            for cause in _causes(error):
                self._wrong_input(call, cause)

    def _wrong_input(self, call: ComponentCall, error: ValidationError) -> None:
        path = (*call.path, "with", *error.absolute_path)
        written = _written(self.facts.data, path)
        literal = not (isinstance(written, str) and "${{" in written)
        if _is_caught(self.facts.data, path):
            reason = "caught"
        elif self._is_said(path) or (literal and format_path(call.path) in self.said):
            reason = "said"
        elif is_free(error.instance):
            reason = "free"
        elif not literal and error.validator in _OF_CONTENT:
            reason = "content"
        else:
            found = Surprise(path, str(written), f"jsonschema: {error.message}", call.path)
            if literal or error.instance is None:
                self.found.append(found)
            else:
                self.mistyped.append(found)
            return
        self.excused[reason] = self.excused.get(reason, 0) + 1

    # Evaluator

    def expression(self, text: str, values: Values, path: Path) -> Any:
        """Return the value of an expression."""
        return self._tried(lambda: self._cel.expression(text, values, path), text, values, path)

    def holds(self, text: str, values: Values, path: Path) -> bool:
        """Return whether a condition is true."""
        return self._tried(lambda: self._cel.holds(text, values, path), text, values, path)

    def items(self, text: str, values: Values, path: Path) -> list[Any]:
        """Return the items of a loop; of a list that nothing is known of, one."""
        try:
            return self._tried(lambda: self._cel.items(text, values, path), text, values, path)
        except _Unknown:
            return [FREE]

    def text(self, text: str, values: Values, path: Path) -> Any:
        """Return the value of a string."""
        try:
            return self._tried(lambda: self._cel.text(text, values, path), text, values, path)
        except _Unknown:
            return FREE

    def _tried(self, evaluate: Any, text: str, values: Values, path: Path) -> Any:
        self.evaluated += 1
        try:
            return evaluate()
        except StepFailed as failed:
            reason = self._reason(failed, values, path)
            if not reason:
                self.found.append(Surprise(path, text, failed.message))
                raise
            self.excused[reason] = self.excused.get(reason, 0) + 1
            if reason == "free":
                raise _Unknown("expression", failed.message, path=path) from failed
            raise

    def _reason(self, failed: StepFailed, values: Values, path: Path) -> str:
        """Return why a failure does not count; empty if it does."""
        if self._is_said(path):
            return "said"
        if _is_caught(self.facts.data, path):
            return "caught"
        if self._names_free(values, path):
            return "free"
        return "content" if is_of_content(failed.message) else ""

    def _is_said(self, path: Path) -> bool:
        least = path.index("with") + 2 if "with" in path else len(path)
        return any(
            format_path(path[:length]) in self.said for length in range(least, len(path) + 1)
        )

    def _names_free(self, values: Values, path: Path) -> bool:
        return any(
            _meets_free(values.get(reference.root), reference.path)
            for site in self.facts.sites_at.get(path, ())
            for reference in (site.checked.references if site.checked else ())
        )


class _Unknown(StepFailed):
    """An expression failed on a value that no schema describes."""


class _Enough(Exception):
    """The run has made more calls than there is time for."""


def surprises(
    facts: Facts, workflow: Workflow, said: frozenset[str], seeds: Sequence[int]
) -> tuple[list[Surprise], dict[str, int]]:
    """Run a workflow once for each seed.

    Returns:
        What failed and should have been known, and counts: expressions evaluated, and failures
        that do not count, by reason.
    """
    found: list[Surprise] = []
    mistyped: list[Surprise] = []
    fitting: set[Path] = set()
    counts: dict[str, int] = {"evaluated": 0, "sometimes mistyped": 0}
    for number, seed in enumerate(seeds):
        # Every other run is one where everything is there.
        run = Run(facts, said, Random(seed), 0.0 if number % 2 else 0.4)
        _one_run(run, workflow)
        found += run.found
        mistyped += run.mistyped
        fitting |= run.fitting
        counts["evaluated"] += run.evaluated
        for reason, count in run.excused.items():
            counts[reason] = counts.get(reason, 0) + count
    always = [item for item in mistyped if item.step not in fitting]
    counts["sometimes mistyped"] = len(mistyped) - len(always)
    return found + always, counts


def is_of_content(message: str) -> bool:
    """Return whether the content of a text or number decides that an expression fails."""
    return _CONTENT.search(message) is not None


def _one_run(run: Run, workflow: Workflow) -> None:
    declared = run.facts.declared_inputs
    inputs = {name: _input(schema, run) for name, schema in declared.items()}
    trigger: Any = None
    if workflow.trigger is not None:
        component = run.facts.catalog[workflow.trigger.uses]
        trigger = run.output_of(component, workflow.trigger.with_)
    work = run_workflow(workflow, run, inputs=inputs, trigger=trigger, run=RUN, evaluator=run)
    try:
        work.send(None)
    except (StopIteration, _Enough):
        return
    raise RuntimeError("a run waited for something")


def _input(schema: Any, run: Run) -> Any:
    if isinstance(schema, dict) and "default" in schema and run.chance.random() < 0.3:
        return cast(dict[str, Any], schema)["default"]
    return draw_value(schema, run.chance, run.edges)


def _is_caught(data: Any, path: Path) -> bool:
    return any(part == "try" and at(data, path[:end]).get("catch") for end, part in enumerate(path))


def _meets_free(start: Any, path: Sequence[str | int]) -> bool:
    """Return whether a reference leads to or through something of no schema."""
    value: Any = start
    for part in path:
        if isinstance(value, str) and FREE in value:
            return True
        try:
            value = at(value, (part,))
        except (KeyError, IndexError, TypeError):
            return isinstance(value, dict) and FREE in value
    return is_free(value)


_VALIDATORS: dict[str, tuple[Component, Draft202012Validator]] = {}


def _validator(component: Component) -> Draft202012Validator:
    known = _VALIDATORS.get(component.id)
    if known is None or known[0] is not component:
        known = (component, Draft202012Validator(component.input))
        _VALIDATORS[component.id] = known
    return known[1]


def _causes(error: ValidationError) -> list[ValidationError]:
    """Return the errors behind one of a union: those of the alternative that comes nearest."""
    if not error.context:
        return [error]
    groups: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        groups.setdefault(inner.schema_path[0], []).append(inner)
    least = min(groups.values(), key=len)
    return [cause for inner in least for cause in _causes(inner)]


def _written(data: Any, path: Path) -> Any:
    """Return what the document says at a path, or at the nearest place around it."""
    for length in range(len(path), 0, -1):
        try:
            return at(data, path[:length])
        except (KeyError, IndexError, TypeError):
            continue
    return None
