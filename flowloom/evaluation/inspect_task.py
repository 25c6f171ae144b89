"""The suites as an Inspect task: our strategies as its solver, our scores as its scorers.

    inspect eval flowloom/evaluation/inspect_task.py --model openai/gpt-5 -T strategy=rag

Needs the extra ``eval``. Every call of a strategy goes through Inspect's model, so that its limits,
its cache and its viewer work.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    ModelOutput,
    get_model,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult

from flowloom.agents.language_model import LanguageModel
from flowloom.assembly import open_catalog, open_index
from flowloom.catalog.catalog import Catalog
from flowloom.evaluation.cases import Case
from flowloom.evaluation.datasets.named import read_named
from flowloom.evaluation.prices import read_prices
from flowloom.evaluation.samples import Output
from flowloom.evaluation.scores import Scores
from flowloom.evaluation.scoring import Judge, score
from flowloom.evaluation.strategies.interface import Equipment
from flowloom.evaluation.strategies.ladder import strategy_of
from flowloom.evaluation.strategies.names import StrategyName, parse_strategy
from flowloom.settings import load_settings

__all__ = [
    "InspectChat",
    "composes",
    "correct",
    "flow_sim",
    "flowloom_suite",
    "right_status",
    "valid",
]

_CASE = "case"
_OUTPUT = "output"


class InspectChat(BaseChatModel):
    """Inspect's active model as a LangChain chat model."""

    @property
    def _llm_type(self) -> str:
        return "inspect"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        # LangChain wants the method; only `ainvoke` is ever called here.
        raise NotImplementedError("Inspect's models are asynchronous.")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        said = await get_model().generate(_messages(messages))
        usage = said.usage
        counted = (usage.input_tokens, usage.output_tokens) if usage else (0, 0)
        message = AIMessage(
            content=said.completion,
            usage_metadata=UsageMetadata(
                input_tokens=counted[0], output_tokens=counted[1], total_tokens=sum(counted)
            ),
        )
        return ChatResult(generations=[ChatGeneration(message=message)])


def _messages(messages: Sequence[BaseMessage]) -> list[ChatMessage]:
    kinds = {"system": ChatMessageSystem, "ai": ChatMessageAssistant}
    return [kinds.get(item.type, ChatMessageUser)(content=str(item.text)) for item in messages]


@task
def flowloom_suite(
    strategy: str = "rag", dataset: str = "own", split: str | None = "test", limit: int = 0
) -> Task:
    """Return the task: one strategy over one data set.

    Args:
        strategy: a name of ``flowloom eval run --strategies``.
        dataset: a name of ``--dataset``.
        limit: of cases; 0 takes all.
    """
    cases = read_named(dataset).only(split=split).cases
    samples = [
        Sample(id=case.id, input=case.request, metadata={_CASE: case.model_dump_json()})
        for case in (cases[:limit] if limit else cases)
    ]
    return Task(
        dataset=MemoryDataset(samples, name=dataset),
        solver=composes(strategy),
        scorer=[correct(), valid(), right_status(), flow_sim()],
    )


@solver
def composes(strategy: str) -> Solver:
    """Return a solver that asks a strategy."""
    name = parse_strategy(strategy)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        case = _case_of(state)
        model = LanguageModel(name=str(state.model), chat=InspectChat())
        output = await strategy_of(name, _equipment(name, model)).solve(case)
        state.metadata[_OUTPUT] = output.model_dump_json()
        shown = output.text or "\n".join(output.questions) or output.reason
        state.output = ModelOutput.from_content(str(state.model), shown)
        return state

    return solve


@scorer(metrics=[mean(), stderr()])
def correct() -> Scorer:
    """Return the scorer of pass and fail; see ``Scores``."""
    return _figure("correct")


@scorer(metrics=[mean(), stderr()])
def valid() -> Scorer:
    """Return the scorer of the verifier's verdict."""
    return _figure("valid")


@scorer(metrics=[mean(), stderr()])
def right_status() -> Scorer:
    """Return the scorer of the status."""
    return _figure("right_status")


@scorer(metrics=[mean(), stderr()])
def flow_sim() -> Scorer:
    """Return the scorer of FlowSim; a case without a gold workflow is not counted."""
    return _figure("flow_sim")


def _figure(name: str) -> Scorer:
    async def scored(state: TaskState, target: Target) -> Score:
        found = _scores(_case_of(state).model_dump_json(), str(state.metadata[_OUTPUT]))
        value = found.figures().get(name)
        if value is None:
            return Score(value=float("nan"), explanation="It does not apply to this case.")
        told = json.dumps([item.model_dump(mode="json") for item in found.mistakes])
        return Score(value=value, answer=found.status, explanation=told)

    return scored


def _case_of(state: TaskState) -> Case:
    return Case.model_validate_json(str(state.metadata[_CASE]))


@cache
def _scores(case: str, output: str) -> Scores:
    judge = Judge(_catalog(), read_prices())
    return score(Case.model_validate_json(case), Output.model_validate_json(output), judge)


@cache
def _catalog() -> Catalog:
    return open_catalog(load_settings().settings).catalog


@cache
def _examples() -> tuple[Case, ...]:
    return read_named("own").only(split="development").cases


def _equipment(name: StrategyName, model: LanguageModel) -> Equipment:
    return Equipment(
        catalog=_catalog(),
        search=_search() if name.searches else _nothing,
        model=model,
        examples=_examples() if name.examples else (),
    )


@cache
def _search() -> Any:
    return open_index(_catalog(), load_settings().settings).search


def _nothing(query: object) -> tuple[()]:
    return ()
