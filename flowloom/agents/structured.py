"""Structured answers from any chat model: ask for JSON, validate, and re-ask with the error.

Provider-side schemas are not used: several OpenAI-compatible servers fail on them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from flowloom.agents.budget import budget_in_force
from flowloom.agents.language_model import LanguageModel, Message, Reply
from flowloom.errors import ModelError, UserError
from flowloom.prompts.fence import fenced
from flowloom.prompts.template import Rendered, load_prompt, render
from flowloom.roles import Usage

__all__ = ["MAX_ASKS", "Answer", "ask", "extract_object"]

T = TypeVar("T")

MAX_ASKS = 3
MAX_PROBLEMS = 8
_FENCED = re.compile(r"```(?:json|JSON)?[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL)
_TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}]')
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A valid answer and what all the calls for it cost."""

    value: T
    usage: Usage


async def ask(
    model: LanguageModel,
    prompt: Rendered,
    parse: Callable[[dict[str, Any]], T],
    *,
    agent: str,
    prompts: Path | None = None,
    max_asks: int = MAX_ASKS,
) -> Answer[T]:
    """Ask until the answer is valid, at most ``max_asks`` times.

    Args:
        parse: turns the JSON object into the value; raises ``ValueError`` or ``UserError`` with
            what is wrong, which the model is told.
        prompts: directory of the user's own prompt files.

    Raises:
        ModelError: the server failed, or no answer was valid.
        BudgetExceeded: the budget in force is spent; what was spent is charged to it.
    """
    messages: list[Message] = []
    if prompt.system:
        messages.append(("system", prompt.system))
    messages.append(("human", prompt.user))
    usage, problem, answered = Usage(), "", False
    try:
        for _ in range(max_asks):
            budget_in_force().check(usage)
            reply = await model.call(messages, agent=agent)
            usage = usage + reply.usage
            try:
                value = parse(_object_of(reply))
            except (ValueError, UserError) as error:
                problem = _problem(error)
                messages.append(("ai", reply.text or "(empty)"))
                messages.append(("human", _again(problem, prompts)))
                continue
            answered = True
            return Answer(value, usage)
    finally:
        if not answered:
            budget_in_force().charge(usage)
    raise ModelError(
        f"The model {model.name!r} gave no valid answer as {agent} in {max_asks} tries:"
        f" {' '.join(problem.split())[:300]}",
        hint="Try again, or take a stronger model.",
    )


def _object_of(reply: Reply) -> dict[str, Any]:
    if reply.cut:
        raise ValueError("It was cut off at the length limit. Answer shorter.")
    return extract_object(reply.text)


def _again(problem: str, prompts: Path | None) -> str:
    return render(load_prompt("reask", prompts), {"problem": fenced("problem", problem)}).user


def _problem(error: ValueError | UserError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    lines = [
        f"{'.'.join(map(str, item['loc'])) or 'the object'}: {item['msg']}"
        for item in error.errors(include_url=False)[:MAX_PROBLEMS]
    ]
    return "\n".join(lines)


def extract_object(text: str) -> dict[str, Any]:
    """Return the JSON object in a model's answer: bare, fenced, or among other words.

    Where there are several, it is the longest one. Nothing inside an object that is broken or cut
    off is taken for the answer.

    Raises:
        ValueError: there is none; the message says where the JSON is broken.
    """
    plain = _THOUGHTS.sub("", text)
    pieces = [*_FENCED.findall(plain), plain]
    problem = "It holds no complete JSON object."
    for piece in pieces:
        best: dict[str, Any] | None = None
        for part in sorted(_balanced(piece), key=len, reverse=True):
            best, problem = _decoded(part, problem)
            if best is not None:
                return best
    raise ValueError(problem)


def _balanced(text: str) -> Iterator[str]:
    """Yield the outermost parts from ``{`` to its ``}``; brackets in strings do not count."""
    start = text.find("{")
    while start >= 0:
        end = _closing(text, start)
        if end is None:
            return
        yield text[start:end]
        start = text.find("{", end)


def _closing(text: str, start: int) -> int | None:
    depth = 0
    for match in _TOKENS.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return None


def _decoded(part: str, problem: str) -> tuple[dict[str, Any] | None, str]:
    try:
        value = json.loads(part, parse_constant=_refuse)
    except RecursionError:
        return None, "Its JSON is nested too deep."
    except json.JSONDecodeError as error:
        return (
            None,
            f"Its JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}.",
        )
    except ValueError as error:
        return None, str(error)
    return (value, problem) if isinstance(value, dict) else (None, problem)


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number.")
