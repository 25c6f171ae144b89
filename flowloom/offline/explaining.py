"""What each stage made of a request, in words: for a person, and as data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from flowloom.offline.planning.outlining import outline_step
from flowloom.offline.planning.plan import Call, Node, walk_nodes
from flowloom.offline.reading.sentence import Sentence
from flowloom.workflow.edits import AddStep, ReplaceStep, find_steps
from flowloom.workflow.outline import OutlineStep

if TYPE_CHECKING:
    from flowloom.offline.composer import Composed

__all__ = ["Candidate", "ExplainedInput", "ExplainedStep", "Explanation", "explained"]

_TEMPLATE = re.compile(r"\$\{\{(.+?)\}\}", re.S)


@dataclass(frozen=True)
class Candidate:
    """One component that was weighed for a step."""

    component: str
    score: float
    why: str


@dataclass(frozen=True)
class ExplainedInput:
    """One input of a step, and where its value comes from."""

    name: str
    value: Any
    source: str


@dataclass(frozen=True)
class ExplainedStep:
    """One step: its words, what they refer to, and what was chosen.

    Attributes:
        refers_to: what a pronoun in its words stands for.
        margin: how far the chosen component stands before the next.
        candidates: best first; the first is chosen, unless ``component`` is empty.
    """

    id: str
    words: str
    verb: str = ""
    object: tuple[str, ...] = ()
    refers_to: str = ""
    component: str = ""
    service: str = ""
    margin: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    inputs: tuple[ExplainedInput, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """The result of each stage.

    Attributes:
        segments: the sentences that the request was cut into.
        classes: for each, what was told apart in it: trigger, condition, loop, actions …
        steps: in the order in which they run.
        order: the steps with their nesting, a line each; for a change, what is changed.
    """

    segments: tuple[str, ...] = ()
    classes: tuple[dict[str, Any], ...] = ()
    steps: tuple[ExplainedStep, ...] = ()
    order: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """Return it as plain JSON data."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self), ensure_ascii=False))
        return data

    def lines(self) -> Iterator[str]:
        """Yield it as text, a stage after the other."""
        yield "segments"
        yield from (f"  {number}. {text}" for number, text in enumerate(self.segments, 1))
        yield "classes"
        for number, found in enumerate(self.classes, 1):
            parts = (f"{name}: {_shown(value)}" for name, value in found.items())
            yield f"  {number}. {'; '.join(parts)}"
        yield "references"
        yield from _references(self.steps)
        yield "components"
        for step in self.steps:
            yield from _choice_lines(step)
        yield "order"
        yield from (f"  {line}" for line in self.order)
        yield "inputs"
        for step in self.steps:
            for item in step.inputs:
                yield f"  {step.id}.{item.name} = {_shown(item.value)}  ({item.source})"
        for title in ("assumptions", "questions", "unsupported"):
            yield from (f"{title}: {text}" for text in getattr(self, title))


def _references(steps: Sequence[ExplainedStep]) -> Iterator[str]:
    found = [step for step in steps if step.refers_to]
    yield from (f"  {step.id}: {step.words!r} is about {step.refers_to}" for step in found)
    if not found:
        yield "  none"


def _choice_lines(step: ExplainedStep) -> Iterator[str]:
    chosen = step.component or "a person: no component fits well enough"
    yield f"  {step.id}: {chosen} (margin {step.margin:.1f})"
    for item in step.candidates:
        yield f"    {item.score:6.1f}  {item.component}  [{item.why}]"


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def explained(composed: Composed) -> Explanation:
    """Return what the stages made of a request."""
    written = _written(composed)
    calls = [node for node in walk_nodes(composed.nodes) if isinstance(node, Call)]
    return Explanation(
        segments=tuple(_unmasked(composed, item.text) for item in composed.sentences),
        classes=tuple(_classes(composed, item) for item in composed.sentences),
        steps=tuple(_step(node, written.get(node.id, {}), composed) for node in calls),
        order=tuple(_order(composed)),
        assumptions=composed.assumptions,
        questions=tuple(question.text for question in composed.questions),
        unsupported=composed.unsupported,
    )


def _unmasked(composed: Composed, text: str) -> str:
    return composed.masked.unmask(text) if composed.masked else text


def _classes(composed: Composed, sentence: Sentence) -> dict[str, Any]:
    """Return what is not empty of a sentence."""
    found: dict[str, Any] = {}
    for item in fields(sentence):
        value: Any = getattr(sentence, item.name)
        if item.name == "text" or not value:
            continue
        if isinstance(value, tuple):
            texts: tuple[str, ...] = value
            value = [_unmasked(composed, text) for text in texts]
        found[item.name] = _unmasked(composed, value) if isinstance(value, str) else value
    return found


def _written(composed: Composed) -> dict[str, Mapping[str, Any]]:
    """Return the written steps by id."""
    if composed.workflow is not None:
        data: dict[str, Any] = composed.workflow
    else:
        changed = [
            item.step for item in composed.changes if isinstance(item, AddStep | ReplaceStep)
        ]
        data = {"steps": changed}
    return {name: block[index] for name, (block, index, _) in find_steps(data).items()}


def _step(node: Call, written: Mapping[str, Any], composed: Composed) -> ExplainedStep:
    about = node.about
    refers = (f"{about.item!r}, an item of" if about.item else "the output of") if about else ""
    source = (about.source or about.step) if about else ""
    candidates = (Candidate(fit.id, round(fit.score, 2), fit.why) for fit in node.fits)
    return ExplainedStep(
        id=node.id,
        words=node.said,
        verb=node.action.verb or node.action.said,
        object=node.action.nouns,
        refers_to=f"{refers} {source!r}" if about else "",
        component=str(written.get("uses", "")) if written else node.component,
        service=node.service,
        margin=round(node.margin, 2),
        candidates=tuple(candidates),
        inputs=tuple(
            ExplainedInput(name, value, _source(value, composed))
            for name, value in (written.get("with") or {}).items()
        ),
    )


def _source(value: Any, composed: Composed) -> str:
    """Say where a value comes from, by how it is written."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    inner = " ".join(_TEMPLATE.findall(text))
    if not inner:
        said = composed.masked is not None and text in composed.masked.values
        return "given in the request" if said else "read from the words of the request"
    steps = dict.fromkeys(re.findall(r"\bsteps\.(\w+)\.output", inner))
    if steps:
        return f"from the step {', '.join(map(repr, steps))}"
    if "inputs." in inner:
        return "asked for at the run: the request does not say it"
    return "from the trigger" if "trigger." in inner else "from the item of the loop"


def _order(composed: Composed) -> Iterator[str]:
    if composed.trigger:
        yield f"when: {composed.trigger}"
    for change in composed.changes:
        yield change.model_dump_json(exclude_defaults=True)
    if composed.workflow is not None:
        yield from _outline(composed.nodes)


def _outline(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        yield from _outline_lines(outline_step(node), "")


def _outline_lines(step: OutlineStep, indent: str) -> Iterator[str]:
    kind = "" if step.kind == "call" else f" ({step.kind})"
    yield f"{indent}{step.id}{kind}"
    for block in step.blocks:
        condition = f" {block.condition}" if block.condition else ""
        yield f"{indent}  {block.label}{condition}"
        for inner in block.steps:
            yield from _outline_lines(inner, indent + "    ")
