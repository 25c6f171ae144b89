"""A chat model that plays an agent by rule: it looks at the last answer and makes the next call.

It stands for a real model in tests and demonstrations. It composes, then changes the workflow by
hand as careless agents do (one letter of a component's name is lost), verifies, reads the problem,
repairs it from the verifier's candidates, and verifies again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

__all__ = ["RuleModel"]


class RuleModel(BaseChatModel):
    """Calls flowloom's tools in the order in which a careful agent would."""

    @property
    def _llm_type(self) -> str:
        return "rule-model"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> RuleModel:
        """Return itself: it knows the tools that it calls."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=_next(messages))])


def _next(messages: Sequence[BaseMessage]) -> AIMessage:
    answers = [item for item in messages if isinstance(item, ToolMessage)]
    if not answers:
        request = next(str(item.content) for item in messages if isinstance(item, HumanMessage))
        return _call(messages, "compose_workflow", request=request)
    answer = json.loads(str(answers[-1].content))
    if answers[-1].name == "compose_workflow":
        return _verify(messages, _careless(answer["workflow"]))
    workflow = _last_workflow(messages)
    if answer["valid"]:
        return AIMessage(f"The workflow is valid:\n\n{workflow}")
    return _verify(messages, _repaired(workflow, answer["problems"]))


def _careless(workflow: str) -> str:
    return workflow.replace("post_message", "post_mesage")


def _repaired(workflow: str, problems: Sequence[dict[str, Any]]) -> str:
    lines = workflow.splitlines(keepends=True)
    for problem in problems:
        key, _, _ = lines[problem["line"] - 1].partition(": ")
        lines[problem["line"] - 1] = f"{key}: {problem['candidates'][0]}\n"
    return "".join(lines)


def _last_workflow(messages: Sequence[BaseMessage]) -> str:
    calls = [call for item in messages if isinstance(item, AIMessage) for call in item.tool_calls]
    return str(calls[-1]["args"]["workflow"])


def _verify(messages: Sequence[BaseMessage], workflow: str) -> AIMessage:
    return _call(messages, "verify_workflow", workflow=workflow)


def _call(messages: Sequence[BaseMessage], tool: str, **inputs: Any) -> AIMessage:
    call = ToolCall(name=tool, args=inputs, id=f"call-{len(messages)}", type="tool_call")
    return AIMessage(content="", tool_calls=[call])
