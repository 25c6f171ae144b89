"""The workflow at hand, as an edit sees it: its steps with what they do, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choosing.choose import Chooser
from flowloom.offline.planning.actions import Action
from flowloom.offline.planning.plan import Reference
from flowloom.offline.planning.references import Known
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, singular, words_of
from flowloom.offline.reading.morphology import participle_of
from flowloom.offline.rendering.schemas import Typed, item_of, list_in

__all__ = ["Existing", "ExistingStep", "comparison_of", "opposite", "words_in"]

MATCHES = 2.4
"""A step that scores less is not the one that the words mean."""

NAMED_SO = 4.0
"""What it counts that a step's id is the noun that the words name."""

_BLOCKS = ("then", "else", "do", "default", "try", "catch", "finally")
_SIGNS = {"==": "!=", "!=": "==", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
_COMPARISON = re.compile(
    r"^(?P<left>[\w.\[\]\"]+|size\([\w.]+\))\s*(?P<sign>==|!=|>=|<=|>|<)\s*(?P<right>.+)$"
)


@dataclass(frozen=True)
class ExistingStep:
    """One step of the workflow.

    Attributes:
        holder: id of the step whose block it stands in, empty at the top level; ``block`` that
            block's path inside the holder.
        loop: id of the innermost loop around it.
    """

    id: str
    data: Mapping[str, Any]
    holder: str = ""
    block: str = ""
    loop: str = ""


class Existing:
    """The steps of a document, and what words mean among them."""

    def __init__(self, data: Mapping[str, Any], chooser: Chooser, catalog: Catalog) -> None:
        self.data = data
        self.chooser = chooser
        self.catalog = catalog
        self.steps = list(_steps(data.get("steps") or [], "", "", ""))
        self.by_id = {step.id: step for step in self.steps}

    @cached_property
    def nouns(self) -> frozenset[str]:
        """What a sentence may be about: things of the catalog, words of the steps' ids."""
        nouns = {noun for profile in self.chooser.profiles.values() for noun in profile.heads}
        nouns |= {singular(part) for step in self.steps for part in step.id.lower().split("_")}
        return frozenset(noun for noun in nouns if not participle_of(noun))

    def providers(self) -> list[str]:
        """Return the services of the steps, in order."""
        profiles = (self._profile(step) for step in self.steps)
        return [profile.provider for profile in profiles if profile and profile.provider]

    def block_of(self, holder: str, block: str) -> list[ExistingStep]:
        """Return the steps of one block, in order."""
        return [step for step in self.steps if (step.holder, step.block) == (holder, block)]

    def inside(self, holder: str) -> list[ExistingStep]:
        """Return the steps inside a step, at any depth."""
        found: list[ExistingStep] = []
        for step in self.steps:
            if step.holder == holder or any(step.holder == other.id for other in found):
                found.append(step)
        return found

    def _profile(self, step: ExistingStep) -> Any:
        return self.chooser.profiles.get(str(step.data.get("uses", "")).split("@")[0])

    # -- meaning -----------------------------------------------------------------------------

    def match(self, action: Action, plain: str, *, verb: bool = True) -> ExistingStep | None:
        """Return the step that an action's words mean, or None."""
        return next((step for _, step in self.matches(action, plain, verb=verb)), None)

    def matches(
        self, action: Action, plain: str, *, verb: bool = True
    ) -> list[tuple[float, ExistingStep]]:
        """Return the steps that the words may mean with their scores, best first."""
        if not verb:
            action = replace(action, verb="", said="")
        mentions = self.chooser.mentions(action, plain)
        pool = {str(step.data["uses"]) for step in self.steps if "uses" in step.data}
        ranked = self.chooser.rank(action, plain, pool, mentions=mentions)
        scores = {item.id: item.score for item in ranked}
        words = {singular(word) for word in words_of(plain)} - FUNCTION_WORDS
        found: list[tuple[float, ExistingStep]] = []
        for step in self.steps:
            score = scores.get(str(step.data.get("uses", "")), 0.0)
            if "ask" in step.data:
                asked = {singular(word) for word in words_of(step.data["ask"])} - FUNCTION_WORDS
                score = 1.5 * len(asked & words)
            named = {singular(part) for part in step.id.lower().split("_")}
            score += NAMED_SO if action.head in named else 0.5 * len(named & words)
            if score >= MATCHES:
                found.append((score, step))
        return sorted(found, key=lambda item: -item[0])

    def known(self) -> list[Known]:
        """Return what words may refer to."""
        found: list[Known] = []
        loops: dict[str, str] = {}
        for step in self.steps:
            if "for_each" in step.data:
                item = str(step.data.get("as", "item"))
                loops[step.id] = item
                source = _step_named(str(step.data["for_each"]))
                over = next((known for known in found if known.reference.step == source), None)
                nouns = (*(over.nouns if over else ()), singular(item.lower()))
                found.append(Known(Reference(item=item, source=source), nouns, False))
            elif "uses" in step.data or "ask" in step.data:
                found.append(self._known_step(step))
        return found

    def _known_step(self, step: ExistingStep) -> Known:
        profile = self._profile(step)
        named = tuple(singular(part) for part in step.id.lower().split("_") if part)
        if profile is None:
            words = [singular(word) for word in words_of(str(step.data.get("ask", "")))]
            return Known(Reference(step=step.id), (*words, *named), False)
        plural = "retrieve" in profile.verbs and named[-1] != step.id.lower().split("_")[-1]
        nouns = (*profile.phrase, *named)
        return Known(Reference(step=step.id), nouns, plural, profile.provider)

    def outputs(self) -> dict[str, Typed]:
        """Return what each step gives, and the items of loops."""
        found: dict[str, Typed] = {}
        for step in self.steps:
            if "for_each" in step.data:
                item = str(step.data.get("as", "item"))
                source = found.get(_step_named(str(step.data["for_each"])))
                values = list_in(source) if source else None
                found[f"item:{item}"] = item_of(values, item) if values else Typed(item, {})
                continue
            component = self.catalog.get(str(step.data.get("uses", "")))
            schema = {"type": "string"} if "ask" in step.data else {}
            found[step.id] = Typed(
                f"steps.{step.id}.output", component.output if component else schema
            )
        return found


def _steps(
    steps: list[dict[str, Any]], holder: str, block: str, loop: str
) -> Iterator[ExistingStep]:
    for step in steps:
        step_id = str(step.get("id", ""))
        yield ExistingStep(step_id, step, holder, block, loop)
        inner = step_id if "for_each" in step or "while" in step else loop
        for key in _BLOCKS:
            if isinstance(step.get(key), list):
                yield from _steps(step[key], step_id, key, inner)
        for key, part in (("elif", "then"), ("cases", "do")):
            for index, branch in enumerate(step.get(key) or []):
                yield from _steps(branch.get(part) or [], step_id, f"{key}[{index}].{part}", inner)
        for index, branch in enumerate(step.get("parallel") or []):
            yield from _steps(branch, step_id, f"parallel[{index}]", inner)


def _step_named(expression: str) -> str:
    match = re.search(r"steps\.(\w+)\.output", expression)
    return match.group(1) if match else ""


def opposite(expression: str) -> str:
    """Return the CEL condition that holds exactly where another does not."""
    text = expression.strip()
    match = _COMPARISON.match(text)
    if match and "&&" not in text and "||" not in text:
        return f"{match.group('left')} {_SIGNS[match.group('sign')]} {match.group('right')}"
    if text.startswith("!(") and text.endswith(")"):
        return text[2:-1]
    if re.fullmatch(r"![\w.]+", text):
        return text[1:]
    return f"!{text}" if re.fullmatch(r"[\w.]+", text) else f"!({text})"


def comparison_of(expression: str) -> tuple[str, str, str]:
    """Return left side, sign and right side of a CEL condition; ("", "", "") for another form."""
    match = _COMPARISON.match(expression.strip())
    if match:
        return match.group("left"), match.group("sign"), match.group("right").strip()
    bare = re.fullmatch(r"(!?)\(?([\w.]+)\)?", expression.strip())
    if bare:
        return bare.group(2), "!=" if bare.group(1) else "==", "true"
    return "", "", ""


def words_in(name: str) -> list[str]:
    """Return the words of an identifier in lower case: ``isOwner_id`` has three."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]
