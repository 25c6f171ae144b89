"""Strategies by name: ``BASE[:EXAMPLES[:CHOICE]][+cot][+role]``, such as ``few-shot:5:similar``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from flowloom.errors import ConfigError, nearest

__all__ = [
    "ABLATIONS",
    "LADDER",
    "OFFLINE",
    "Choice",
    "StrategyName",
    "parse_strategies",
    "parse_strategy",
]

Choice: TypeAlias = Literal["fixed", "random", "similar", "diverse"]

LADDER: dict[str, str] = {
    "zero-shot": "one prompt: the language and the request",
    "few-shot": "+ worked examples",
    "whole-catalog": "one prompt: the language, the request and every component",
    "rag": "one prompt: the language, the request and the components found for it",
    "rag+verify": "+ the verifier, and one repair by the model",
    "agentic": "planner, retrieval for each step, generator, verifier, mending by rule, loop",
}
"""Each strategy by what it adds; ``whole-catalog`` and what follows take examples on demand."""

ABLATIONS: dict[str, str] = {
    "no-planner": "agentic without its planner (then there are no planned steps to search for)",
    "no-per-step-retrieval": "agentic with one search, for the whole request",
    "no-rule-mending": "agentic in which no rule mends slips",
    "no-loop": "agentic with one draft",
}
OFFLINE = "offline"
_SINGLE = ("zero-shot", "few-shot", "whole-catalog", "rag", "rag+verify")
_ALL = (*LADDER, *ABLATIONS, OFFLINE)
_FEW = 3


@dataclass(frozen=True, kw_only=True)
class StrategyName:
    """A strategy with its switches.

    Attributes:
        examples: worked examples in the prompt.
        thinks: chain of thought: the model reasons before it answers.
        role: the prompt begins with who the model is.
    """

    base: str
    examples: int = 0
    choice: Choice = "fixed"
    thinks: bool = False
    role: bool = False

    @property
    def is_single_prompt(self) -> bool:
        """Whether one prompt does it, and not the agents."""
        return self.base in _SINGLE

    @property
    def needs_model(self) -> bool:
        """Whether it asks a language model."""
        return self.base != OFFLINE

    @property
    def searches(self) -> bool:
        """Whether it looks for components in an index."""
        return self.base not in ("zero-shot", "few-shot", "whole-catalog")

    def __str__(self) -> str:
        shots = f":{self.examples}:{self.choice}" if self.examples else ""
        return f"{self.base}{shots}{'+cot' * self.thinks}{'+role' * self.role}"


def parse_strategies(text: str) -> tuple[StrategyName, ...]:
    """Return the strategies of a list with commas, each once; ``ladder``, ``ablations``: all those.

    Raises:
        ConfigError: a name is unknown or has a part that it cannot have.
    """
    names: list[str] = []
    for part in filter(None, (item.strip() for item in text.split(","))):
        groups = {"ladder": list(LADDER), "ablations": list(ABLATIONS)}
        names += groups.get(part, [part])
    if not names:
        raise ConfigError("No strategy is named.", hint=nearest("", _ALL))
    return tuple(dict.fromkeys(parse_strategy(name) for name in names))


def parse_strategy(text: str) -> StrategyName:
    """Return the strategy of a name.

    Raises:
        ConfigError: it is unknown or has a part that it cannot have.
    """
    for base in sorted(_ALL, key=len, reverse=True):
        rest = text.removeprefix(base)
        if rest != text and (not rest or rest[0] in ":+"):
            return _with_parts(base, rest, text)
    raise ConfigError(f"Unknown strategy {text!r}.", hint=nearest(re.split(r"[:+]", text)[0], _ALL))


_PARTS = re.compile(r"(?::(?P<examples>\d+))?(?::(?P<choice>[a-z]+))?(?P<switches>(?:\+[a-z]+)*)")


def _with_parts(base: str, rest: str, text: str) -> StrategyName:
    found = _PARTS.fullmatch(rest)
    if found is None:
        raise ConfigError(
            f"The strategy {text!r} has another form.",
            hint="Write it as BASE[:EXAMPLES[:CHOICE]][+cot][+role], such as few-shot:5:similar.",
        )
    switches = [item for item in found["switches"].split("+") if item]
    wrong = next((item for item in switches if item not in ("cot", "role")), None)
    if wrong is not None:
        raise ConfigError(f"There is no switch {wrong!r}.", hint="There are '+cot' and '+role'.")
    if rest and base not in _SINGLE:
        raise ConfigError(
            f"The strategy {base!r} has prompts of its own: it takes no examples and no switches.",
            hint=f"Write {base!r} alone.",
        )
    given = int(found["examples"]) if found["examples"] else _FEW if base == "few-shot" else 0
    return StrategyName(
        base=base,
        examples=given,
        choice=_choice(found["choice"]),
        thinks="cot" in switches,
        role="role" in switches,
    )


def _choice(text: str | None) -> Choice:
    choices: tuple[Choice, ...] = get_args(Choice)
    for choice in choices:
        if text in (None, choice):
            return choice
    raise ConfigError(
        f"Unknown way {text!r} to choose examples.", hint=nearest(text or "", choices)
    )
