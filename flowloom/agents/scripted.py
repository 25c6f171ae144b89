"""A chat model that answers from a file: for tests, demonstrations and dry runs.

The file is a YAML or JSON list; each entry is one answer, used once, in order::

    - agent: planner            # optional: only for this agent
      contains: "every morning" # optional: only if the messages hold this text
      answer: {steps: []}       # text, or any value (sent as JSON)
      usage: {input_tokens: 10, output_tokens: 5}   # optional
      repeat: true              # optional: may be used again and again
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from flowloom.errors import ConfigError, ModelError

__all__ = ["ScriptedAnswer", "ScriptedChatModel", "read_script"]


class _Usage(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)


class ScriptedAnswer(BaseModel):
    """One answer of a script; see the module for its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Any
    agent: str = ""
    contains: str = ""
    usage: _Usage = _Usage()
    repeat: bool = False

    def fits(self, agent: str, text: str) -> bool:
        """Tell whether this is an answer for an agent's messages."""
        return self.agent in ("", agent) and self.contains in text

    @property
    def text(self) -> str:
        """The answer as the model says it."""
        return self.answer if isinstance(self.answer, str) else json.dumps(self.answer)


_SCRIPT: TypeAdapter[tuple[ScriptedAnswer, ...]] = TypeAdapter(tuple[ScriptedAnswer, ...])


class ScriptedChatModel(BaseChatModel):
    """A LangChain chat model that says what its script says."""

    script: str = "script"
    answers: tuple[ScriptedAnswer, ...]
    _used: set[int] = PrivateAttr(default_factory=set[int])

    @property
    def _llm_type(self) -> str:
        return "flowloom-scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._answer(messages, run_manager.metadata if run_manager else {})

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return self._answer(messages, run_manager.metadata if run_manager else {})

    def _answer(self, messages: Sequence[BaseMessage], metadata: dict[str, Any]) -> ChatResult:
        agent = str(metadata.get("agent", ""))
        text = "\n".join(str(message.text) for message in messages)
        for index, entry in enumerate(self.answers):
            if index not in self._used and entry.fits(agent, text):
                if not entry.repeat:
                    self._used.add(index)
                return _result_of(entry)
        raise ModelError(
            f"The script {self.script!r} has no answer left for the agent {agent!r}"
            f" ({len(self._used)} of {len(self.answers)} used).",
            hint="Add an answer, or set 'repeat: true' on one.",
        )


def _result_of(entry: ScriptedAnswer) -> ChatResult:
    spent = entry.usage
    usage = UsageMetadata(
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        total_tokens=spent.input_tokens + spent.output_tokens,
    )
    message = AIMessage(content=entry.text, usage_metadata=usage)
    return ChatResult(generations=[ChatGeneration(message=message)])


def read_script(path: Path) -> ScriptedChatModel:
    """Return the model of a script file.

    Raises:
        ConfigError: the file cannot be read, or an entry is wrong (it is named).
    """
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        answers = _SCRIPT.validate_python(data)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Cannot read the script {str(path)!r}: {error}.") from None
    except YAMLError as error:
        said = " ".join(str(error).split())
        raise ConfigError(f"The script {str(path)!r} is broken YAML: {said}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(
            f"The script {str(path)!r} is wrong at {where}: {first['msg']}.",
            hint="It is a list of entries with 'answer' and maybe 'agent', 'contains', 'repeat'.",
        ) from None
    return ScriptedChatModel(script=str(path), answers=answers)
