"""Answers to outline cases (WorFBench): subtasks in words, and which comes before which.

A single prompt asks for one; the agents and the offline composer give what their planner plans.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from flowloom.agents.language_model import LanguageModel, Message
from flowloom.errors import ConfigError, DocumentError
from flowloom.evaluation.cases import Case
from flowloom.evaluation.datasets.worfbench import parse_outline
from flowloom.evaluation.prompts.outline import outline_prompt
from flowloom.evaluation.samples import Output, Spent
from flowloom.evaluation.strategies.demonstrations import chosen_examples
from flowloom.evaluation.strategies.interface import Equipment, Strategy
from flowloom.evaluation.strategies.names import OFFLINE, StrategyName
from flowloom.roles import Planner, PlanTask, Usage
from flowloom.workflow.outline import Outline, OutlineStep

__all__ = [
    "OUTLINING",
    "OutlinePrompt",
    "PlannedOutline",
    "check_outlining",
    "outline_strategy_of",
    "outline_text",
]

OUTLINING = ("zero-shot", "few-shot", "agentic", OFFLINE)
"""Whoever else there is differs in components and workflows, of which an outline has none."""


def outline_strategy_of(name: StrategyName, equipment: Equipment) -> Strategy:
    """Return the strategy of a name for cases whose answer is an outline.

    Raises:
        ConfigError: it does not write outlines, or needs a model and there is none.
    """
    check_outlining(name)
    if name.base == OFFLINE:
        from flowloom.offline import OfflinePlanner

        planner = OfflinePlanner(equipment.catalog, equipment.search, equipment.embed)
        return PlannedOutline(planner=planner, model=OFFLINE)
    if equipment.model is None:
        raise ConfigError(
            f"The strategy {str(name)!r} needs a language model.", hint="Name one with --models."
        )
    if name.is_single_prompt:
        return OutlinePrompt(name=name, equipment=equipment, model=equipment.model)
    from flowloom.agents.planner import ModelPlanner

    return PlannedOutline(planner=ModelPlanner(model=equipment.model), model=equipment.model.name)


def check_outlining(name: StrategyName) -> None:
    """Refuse a strategy that writes no outlines.

    Raises:
        ConfigError: it writes workflows.
    """
    if name.base not in OUTLINING:
        raise ConfigError(
            f"The strategy {str(name)!r} writes workflows, and this data set wants outlines.",
            hint=f"Take of: {', '.join(OUTLINING)}.",
        )


@dataclass(frozen=True, kw_only=True)
class OutlinePrompt:
    """Asks a model once for an outline."""

    name: StrategyName
    equipment: Equipment
    model: LanguageModel

    async def solve(self, case: Case) -> Output:
        """See ``Strategy.solve``."""
        started = time.perf_counter()
        examples = chosen_examples(
            case,
            self.equipment.examples,
            self.name.examples,
            self.name.choice,
            likeness=self.equipment.likeness,
            seed=self.equipment.seed,
        )
        system, user = outline_prompt(case, examples, thinks=self.name.thinks, role=self.name.role)
        messages: list[Message] = [("system", system), ("human", user)]
        reply = await self.model.call(messages, agent="single")
        spent = _spent(reply.usage, time.perf_counter() - started)
        return _output(reply.text, self.model.name, spent)


@dataclass(frozen=True, kw_only=True)
class PlannedOutline:
    """Gives a planner's plan as an outline."""

    planner: Planner
    model: str

    async def solve(self, case: Case) -> Output:
        """See ``Strategy.solve``."""
        started = time.perf_counter()
        planned = await self.planner.plan(PlanTask(request=case.request))
        spent = _spent(planned.usage, time.perf_counter() - started)
        plan = planned.outline
        if plan.questions:
            asked = tuple(item.text for item in plan.questions)
            return Output(status="needs_input", questions=asked, spent=spent, model=self.model)
        text = outline_text(plan)
        if not text:
            reason = " ".join(plan.unsupported) or "The plan has no steps."
            return Output(status="failed", reason=reason, spent=spent, model=self.model)
        return _output(text, self.model, spent)


def _output(text: str, model: str, spent: Spent) -> Output:
    try:
        parse_outline(text)
    except DocumentError as error:
        reason = error.message
        return Output(status="failed", text=text, reason=reason, spent=spent, model=model)
    return Output(status="valid", text=text, spent=spent, model=model)


def _spent(usage: Usage, seconds: float) -> Spent:
    return Spent(
        model_calls=usage.model_calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        seconds=seconds,
    )


def outline_text(plan: Outline) -> str:
    """Return a plan in WorFBench's notation; empty if it has no steps.

    Each planned step is a node, one with blocks too (but ``parallel``, which only forks). A block
    begins after the step that holds it, and blocks of one step stand side by side; what follows
    the step waits for all of them.
    """
    drawn = _Drawn()
    last = drawn.sequence(plan.steps, ("START",))
    if not drawn.nodes:
        return ""
    edges = [*drawn.edges, *((name, "END") for name in last)]
    nodes = "\n".join(f"{number}: {text}" for number, text in drawn.nodes.items())
    return f"Node:\n{nodes}\nEdges: {' '.join(f'({one},{other})' for one, other in edges)}"


Names = Sequence[str]


@dataclass
class _Drawn:
    nodes: dict[str, str] = field(default_factory=dict[str, str])
    edges: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def sequence(self, steps: Sequence[OutlineStep], before: Names) -> Names:
        """Draw steps one after the other; return what the next one waits for."""
        for step in steps:
            before = self._step(step, before)
        return before

    def _step(self, step: OutlineStep, before: Names) -> Names:
        if step.kind != "parallel":
            before = (self._node(step, before),)
        ends = [self.sequence(block.steps, before) for block in step.blocks if block.steps]
        skipped = step.kind == "if" and not any(item.label == "else" for item in step.blocks)
        found = dict.fromkeys(name for end in ends for name in end)
        return (*found, *(before if skipped or not ends else ()))

    def _node(self, step: OutlineStep, before: Names) -> str:
        name = str(len(self.nodes) + 1)
        self.nodes[name] = " ".join((step.text or step.id).split())
        self.edges += [(one, name) for one in before]
        return name
