"""What happens if: a list is empty, a step fails, a condition does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.errors import ExpressionError
from flowloom.offline.talking.answers.subject import (
    Holder,
    PlacedStep,
    Subject,
    names,
    steps_by_words,
)
from flowloom.workflow.cel.evaluation import evaluate, render
from flowloom.workflow.expression_words import expression_in_words, reference_in_words
from flowloom.workflow.models import (
    Block,
    CallStep,
    ForEachStep,
    IfStep,
    StepBase,
    SwitchStep,
    TryStep,
    WhileStep,
    blocks_of,
)
from flowloom.workflow.templates import bare_expression, parse_template

__all__ = ["if_a_condition_fails", "if_a_list_is_empty", "if_a_step_fails"]

_PATH = re.compile(r"^(?:steps|trigger|inputs)(?:\.\w+)+$")
_IN_TEXT = re.compile(r"\b(?:steps\.\w+\.output|trigger\.output|inputs)(?:\.\w+)*")
_LISTED = re.compile(
    r"\bsteps\.\w+\.output(?:\.\w+)*?(?=\.(?:map|filter|exists|all|sort|join)\()"
    r"|(?<=size\()steps\.\w+\.output(?:\.\w+)*(?=\))"
)
_METHODS = frozenset(["size", "map", "filter", "exists", "all", "join", "sort", "contains"])
_UNKNOWN: Any = object()
MOST_SOURCES = 3


# -- an empty list -------------------------------------------------------------------------------


def if_a_list_is_empty(subject: Subject) -> str:
    """Return what happens when a list has no items: the workflow is followed with it empty."""
    if subject.workflow is None:
        return "There is no workflow yet."
    sources = _lists(subject)
    if not sources:
        return "No step of the workflow gives a list that a later step goes over or counts."
    return " ".join(_followed(subject, path) for path in sources[:MOST_SOURCES])


def _lists(subject: Subject) -> list[tuple[str, ...]]:
    """Return the lists in question: of the step that is named, of loops, of what is counted."""
    found = (
        dict.fromkeys(_loop_lists(subject))
        or dict.fromkeys(_array_outputs(subject))
        or dict.fromkeys(_handled_as_lists(subject))
    )
    for item in subject.meant:
        of_step = [path for path in found if path[:2] == ("steps", item.step.id)]
        over = _over(item.step)
        if of_step or over in found:
            return of_step or [path for path in found if path == over]
        if ("steps", item.step.id, "output") in set(_array_outputs(subject)):
            return [("steps", item.step.id, "output")]
    return list(found)


def _over(step: StepBase) -> tuple[str, ...]:
    if not isinstance(step, ForEachStep):
        return ()
    try:
        text = bare_expression(step.for_each).strip()
    except ExpressionError:
        return ()
    return tuple(text.split(".")) if _PATH.match(text) else ()


def _loop_lists(subject: Subject) -> Iterator[tuple[str, ...]]:
    for item in subject.steps:
        path = _over(item.step)
        if path:
            yield path
        elif isinstance(item.step, ForEachStep):
            yield from (_without_method(text) for text in _IN_TEXT.findall(item.step.for_each))


def _without_method(text: str) -> tuple[str, ...]:
    parts = text.split(".")
    return tuple(parts[:-1] if parts[-1] in _METHODS else parts)


def _array_outputs(subject: Subject) -> Iterator[tuple[str, ...]]:
    for item in subject.steps:
        component = subject.component(item.step)
        if component is not None and component.output.get("type") == "array":
            yield ("steps", item.step.id, "output")


def _handled_as_lists(subject: Subject) -> Iterator[tuple[str, ...]]:
    """Yield what expressions treat as a list, where the catalog does not tell."""
    for item in subject.steps:
        for match in _LISTED.finditer(str(item.step.model_dump(by_alias=True))):
            yield tuple(match[0].split("."))


@dataclass
class _Following:
    """The run with one list empty; what is not known makes no statement.

    Attributes:
        values: what is known.
        said: sentences so far.
        touched: the steps about which something was said, or that do not run.
    """

    catalog: Catalog
    values: dict[str, Any]
    said: list[str] = field(default_factory=list[str])
    touched: set[str] = field(default_factory=set[str])
    ended: bool = False

    def block(self, steps: Block) -> None:
        for step in steps:
            if not self.ended:
                self.step(step)

    def step(self, step: StepBase) -> None:
        match step:
            case CallStep():
                self._call(step)
            case IfStep():
                self._if(step)
            case ForEachStep():
                self._for_each(step)
            case WhileStep() if self._value(step.while_) is False:
                self._skips(step, [step.do], f"{step.id!r} does not run")
            case _:
                for _, block in blocks_of(step):
                    self.block(block)

    def _call(self, step: CallStep) -> None:
        for name, value in step.with_.items():
            if not self._concerns(str(value)) or not isinstance(value, str):
                continue
            self.touched.add(step.id)
            try:
                found = render(parse_template(value), self.values)
            except ExpressionError as error:
                if _is_unknown(str(error)):
                    self.said.append(f"{step.id!r} still runs.")
                    return
                self.said.append(f"{step.id!r} fails, since its {name!r} cannot be worked out.")
                self.ended = step.on_error == "fail"
                return
            shown = "empty" if found in ("", [], None) else repr(found)
            self.said.append(f"{step.id!r} still runs; its {name!r} is {shown} then.")
            self._passes_on(step, name, found)

    def _passes_on(self, step: CallStep, name: str, value: Any) -> None:
        """What filters, sorts or copies an empty list gives an empty list."""
        component = self.catalog.get(step.uses)
        if component is not None and component.output.get("x-same-as") == name and value == []:
            self.values["steps"] = {**self.values["steps"], step.id: {"output": []}}

    def _if(self, step: IfStep) -> None:
        branches = [(step.if_, step.then), *((item.if_, item.then) for item in step.elif_)]
        skipped: list[Block] = []
        for condition, block in branches:
            value = self._value(condition)
            if value is True:
                words = expression_in_words(condition)
                self.touched.add(step.id)
                self.said.append(f"The condition of {step.id!r} holds ({words}).")
                return self.block(block)
            if value is not False:
                return self._either(step)
            skipped.append(block)
        self._skips(step, skipped, f"The condition of {step.id!r} does not hold")
        return self.block(step.else_)

    def _either(self, step: IfStep) -> None:
        for _, block in blocks_of(step):
            self.block(block)

    def _for_each(self, step: ForEachStep) -> None:
        if self._value(step.for_each) == []:
            self._skips(step, [step.do], f"The loop {step.id!r} runs zero times")
            if step.collect is not None:
                self.values["steps"] = {**self.values["steps"], step.id: {"output": []}}
                self.said[-1] = f"{self.said[-1].rstrip('.')}; it collects an empty list."
        else:
            self.block(step.do)

    def _skips(self, step: StepBase, blocks: Sequence[Block], why: str) -> None:
        inside = [item for block in blocks for item in _all(block)]
        self.touched |= {step.id, *(item.id for item in inside)}
        not_run = (
            f": {names(inside)} {'is' if len(inside) == 1 else 'are'} not run" if inside else ""
        )
        self.said.append(f"{why}{not_run}.")

    def _value(self, expression: str) -> Any:
        if not self._concerns(expression):
            return _UNKNOWN
        try:
            return evaluate(bare_expression(expression), self.values)
        except ExpressionError:
            return _UNKNOWN

    def _concerns(self, text: str) -> bool:
        return any(
            re.search(rf"\bsteps\.{re.escape(name)}\b", text) for name in self.values["steps"]
        ) or any(
            re.search(rf"\b{root}\.", text) for root in ("trigger", "inputs") if self.values[root]
        )


def _is_unknown(message: str) -> bool:
    """An expression that names what this walk knows nothing of."""
    return bool(
        re.search(r"undeclared|no such key|not known|no such (?:attribute|field)", message, re.I)
    )


def _all(block: Block) -> Iterator[StepBase]:
    for step in block:
        yield step
        for _, inner in blocks_of(step):
            yield from _all(inner)


def _followed(subject: Subject, path: tuple[str, ...]) -> str:
    if subject.workflow is None:
        return ""
    run = _Following(subject.catalog, _with_empty(path))
    run.block(subject.workflow.steps)
    first = f"If {reference_in_words('.'.join(path))} is empty:"
    others = [item.step for item in subject.steps if item.step.id not in run.touched]
    if not run.said:
        return f"{first} every step runs as always; nothing depends on it."
    if run.ended:
        return f"{first} {' '.join(run.said)} The run ends there as failed."
    calls = [step for step in others if isinstance(step, CallStep) and step.id != path[1]]
    after = {user.id for name in run.touched for user in subject.users_of(name)}
    dependent = [step for step in calls if step.id in after]
    calls = [step for step in calls if step.id not in after]
    rest = f" {names(calls)} {'runs' if len(calls) == 1 else 'run'} as always." if calls else ""
    if dependent:
        rest += f" The input of {names(dependent)} then depends on that."
    return f"{first} {' '.join(run.said)}{rest}"


def _with_empty(path: tuple[str, ...]) -> dict[str, Any]:
    values: Any = []
    for part in reversed(path):
        values = {part: values}
    known: Mapping[str, Any] = {"steps": {}, "trigger": {}, "inputs": {}}
    return {**known, **values}


# -- a step that fails ---------------------------------------------------------------------------


def if_a_step_fails(subject: Subject) -> str:
    """Return what happens when the step in question fails, or any step."""
    meant = _calls_meant(subject)
    if not meant:
        meant = [item for item in subject.steps if isinstance(item.step, CallStep)]
        guarded = [item for item in meant if _is_guarded(item)]
        if len(meant) > 1 and not guarded:
            return (
                "No step has error handling: where one fails, the run ends there as failed, and"
                " the steps after it are not run. Ask for 'retry', 'go on anyway' or a step for"
                " the error to change that."
            )
        meant = guarded or meant
    if not meant:
        return "The workflow has no step that could fail."
    return " ".join(_failing(subject, item) for item in meant[:3])


def _calls_meant(subject: Subject) -> list[PlacedStep]:
    """Return the calls that the question names, or that are inside what it names."""
    inside = [
        item
        for item in subject.steps
        if any(holder.step is other.step for holder in item.holders for other in subject.meant)
    ]
    for found in (subject.meant, steps_by_words(subject), inside):
        calls = [item for item in found if isinstance(item.step, CallStep)]
        if calls:
            return calls
    return []


def _is_guarded(item: PlacedStep) -> bool:
    step = item.step
    own = isinstance(step, CallStep) and (step.on_error == "continue" or step.retry is not None)
    return own or any(isinstance(holder.step, TryStep) for holder in item.holders)


def _failing(subject: Subject, item: PlacedStep) -> str:
    step = item.step
    parts = [f"If {step.id!r} fails:"]
    if isinstance(step, CallStep) and step.retry is not None:
        parts.append(f"it is tried {step.retry.max_attempts} times in all;")
    if isinstance(step, CallStep) and step.on_error == "continue":
        return " ".join([*parts, _goes_on(subject, step)])
    return " ".join([*parts, *_outward(item)])


def _goes_on(subject: Subject, step: CallStep) -> str:
    users = subject.users_of(step.id)
    if not users:
        return "the run goes on without its result, which no step needs."
    verb = "uses" if len(users) == 1 else "use"
    return (
        f"the run goes on without its result. {names(users)} {verb} it: unless tested with has(),"
        " the missing result makes that fail."
    )


def _outward(item: PlacedStep) -> Iterator[str]:
    for at in range(len(item.holders) - 1, -1, -1):
        holder = item.holders[at]
        match holder:
            case Holder(TryStep(catch=catch, finally_=last), "try") if catch:
                ends = f", then {names(last)}" if last else ""
                yield f"{holder.step.id!r} catches it: {names(catch)} run{_s(catch)}{ends};"
                yield "the run goes on after that."
                return
            case Holder(TryStep(finally_=last)) if last and holder.block != "finally":
                yield f"{names(last)} still run{_s(last)};"
            case Holder(ForEachStep()):
                yield f"the loop {holder.step.id!r} ends with it, the items after it are left;"
            case _:
                pass
    yield f"the run ends there as failed{_left(item)}."


def _s(steps: Sequence[StepBase]) -> str:
    return "s" if len(steps) == 1 else ""


def _left(item: PlacedStep) -> str:
    if not item.later:
        return ""
    return f"; {names(item.later)} {'is' if len(item.later) == 1 else 'are'} not run"


# -- a condition that does not hold --------------------------------------------------------------


def if_a_condition_fails(subject: Subject) -> str:
    """Return what the branches of the conditions in question do."""
    kinds = (IfStep, SwitchStep)
    meant = [item for item in subject.meant if isinstance(item.step, kinds)]
    meant = meant or [item for item in subject.steps if isinstance(item.step, kinds)]
    if not meant:
        return "The workflow has no condition: every step runs each time."
    return " ".join(_branches(item) for item in meant[:3])


def _branches(item: PlacedStep) -> str:
    step = item.step
    after = f" and the run goes on with {item.later[0].id!r}" if item.later else ""
    if isinstance(step, SwitchStep):
        other = f"{names(step.default)} run{_s(step.default)}" if step.default else "nothing runs"
        return f"If no case of {step.id!r} fits, {other}{after}."
    if not isinstance(step, IfStep):
        return ""
    parts = [f"{step.id!r}: if {expression_in_words(step.if_)}, {_run(step.then)};"]
    parts += [f"else if {expression_in_words(e.if_)}, {_run(e.then)};" for e in step.elif_]
    return " ".join([*parts, f"otherwise {_run(step.else_)}{after}."])


def _run(block: Block) -> str:
    return f"{names(block)} run{_s(block)}" if block else "nothing runs"
