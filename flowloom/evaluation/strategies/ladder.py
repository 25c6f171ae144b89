"""From a strategy's name to the strategy."""

from __future__ import annotations

from dataclasses import replace

from flowloom.errors import ConfigError
from flowloom.evaluation.strategies.composed import Composed, agents_composer, offline_composer
from flowloom.evaluation.strategies.interface import Equipment, Strategy
from flowloom.evaluation.strategies.names import StrategyName
from flowloom.evaluation.strategies.single import SinglePrompt

__all__ = ["strategy_of"]


def strategy_of(name: StrategyName, equipment: Equipment) -> Strategy:
    """Return the strategy of a name.

    Raises:
        ConfigError: it needs a model, and there is none.
    """
    if not name.needs_model:
        return Composed(composer=offline_composer(equipment), limits=equipment.limits)
    model = equipment.model
    if model is None:
        raise ConfigError(
            f"The strategy {str(name)!r} needs a language model.",
            hint="Name one with --models, such as openai:gpt-5, or take the strategy 'offline'.",
        )
    if name.is_single_prompt:
        return SinglePrompt(name=name, equipment=equipment, model=model)
    limits = equipment.limits
    if name.base == "no-loop":
        limits = replace(limits, max_attempts=1)
    return Composed(composer=agents_composer(name.base, equipment, model), limits=limits)
