"""What starts a workflow: schedules from words to cron, and events by their components."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.offline.filling.fill import Filler
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, word_set, words_of
from flowloom.offline.reading.masking import Masked
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.timing.happenings import settled
from flowloom.offline.timing.schedule import daily, find_schedule

__all__ = ["FoundTrigger", "find_trigger", "settled_event"]

_NO_MEANING = word_set(
    """
    arrive come receive start new happen occur appear publish get one
    """
)


@dataclass
class FoundTrigger:
    """The trigger of a workflow.

    Attributes:
        data: plain data of the trigger; None where no component fits the words.
        missing: required inputs that the words do not give.
    """

    data: dict[str, Any] | None = None
    component: Component | None = None
    assumptions: list[str] = field(default_factory=list[str])
    missing: list[str] = field(default_factory=list[str])


def find_trigger(words: str, masked: Masked, catalog: Catalog) -> FoundTrigger:
    """Return the trigger that masked words ask for."""
    triggers = [item for item in catalog if item.kind == "trigger"]
    if re.search(r"\b(?:POST|GET|PUT|PATCH|DELETE)\b", words) and "request" not in words:
        words = re.sub(r"\b(POST|GET|PUT|PATCH|DELETE)\b", r"\1 request", words, count=1)
    schedule = find_schedule(words) or daily(words)
    if schedule is not None:
        found = next((item for item in triggers if "cron" in item.inputs), None)
        if found is None or not schedule.cron:
            return FoundTrigger(assumptions=[schedule.assumed] if schedule.assumed else [])
        values = {"cron": schedule.cron}
        if schedule.timezone:
            values["timezone"] = schedule.timezone
        said = [schedule.assumed] if schedule.assumed else []
        return FoundTrigger({"uses": found.id, "with": values}, found, said)
    return _event(words, masked, triggers)


def settled_event(sentence: Sentence, masked: Masked, catalog: Catalog) -> Sentence:
    """Return a sentence whose event is a trigger of the catalog, or else what it can mean."""
    triggers = [item for item in catalog if item.kind == "trigger"]

    def starts(words: str) -> bool:
        return find_trigger(words, masked, catalog).data is not None

    return settled(sentence, masked.values, starts, triggers=bool(triggers))


def _event(words: str, masked: Masked, triggers: list[Component]) -> FoundTrigger:
    best = max(triggers, key=lambda item: _score(words, masked, item), default=None)
    if best is None or _score(words, masked, best) < 1.0:
        return FoundTrigger()
    filled = Filler(best, masked, words).fill()
    data: dict[str, Any] = {"uses": best.id}
    if filled.values:
        data["with"] = filled.values
    return FoundTrigger(data, best, missing=filled.missing)


def _score(words: str, masked: Masked, component: Component) -> float:
    said = {singular(word) for word in words_of(masked.unmask(words, quotes=False))}
    said |= {word.replace("-", "") for word in said}
    said -= FUNCTION_WORDS | _NO_MEANING
    texts = (
        component.title,
        component.description,
        " ".join(component.keywords),
        component.provider,
    )
    known = {singular(word).replace("-", "") for text in texts for word in words_of(text)}
    title = {singular(word).replace("-", "") for word in words_of(component.title)}
    values = [value for value, _ in masked.values_in(words)]
    shape = sum(0.5 for value in values if _is_directory(value) and "directory" in component.inputs)
    return len(said & known) + 0.5 * len(said & title) + shape


def _is_directory(value: str) -> bool:
    return bool(re.match(r"(?:~|\.{0,2})?/", value))
