"""Conditions and errors of steps: "only … if", "the other way round", "if it fails"."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.existing import ExistingStep, comparison_of, opposite
from flowloom.offline.editing.moving import Moving
from flowloom.offline.planning.plan import Reference, Test
from flowloom.offline.planning.references import Known
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.flow_words import goes_on
from flowloom.offline.reading.lexicon import NUMBERS, base_verb
from flowloom.offline.rendering.schemas import Typed, field_named, is_open
from flowloom.workflow.edits import AddStep, MoveStep, Place, SetValue

__all__ = ["Guarding"]

_COUNTS = {"once": 1, "twice": 2}
_ANY_OUTPUT = frozenset({"list", "result", "output", "data", "answer", "response"})
"""Nouns for what a step gives, whatever it is."""


@dataclass
class Guarding(Moving):
    """Puts steps under conditions, changes conditions, says what happens on errors."""

    def _guard(self, text: str) -> bool:
        readers = (self._turn_round, self._only_if, self._skip_if, self._other_condition)
        return any(read(text) for read in readers)

    def _skip_if(self, text: str) -> bool:
        """ "Skip the upload if …": a step that is there runs only where it does not hold."""
        match = forms.SKIP_IF.match(text)
        if match is None or self._branches.branch_of(match.group("condition")) is not None:
            return False
        step = self.step_of(match.group("action"))
        if step is None:
            return False
        negated = match.group("word").lower() != "unless"
        sentence = Sentence(text=text, condition=match.group("condition"), negated=negated)
        test = self._test_of(sentence, step)
        if test is not None:
            self.put_under({"if": test}, "then", [step])
        return True

    # -- the condition itself ----------------------------------------------------------------

    def _turn_round(self, text: str) -> bool:
        """ "The other way round": the opposite of a condition that is there."""
        match = forms.OTHER_WAY.match(text)
        if match is None:
            return False
        rest = match.group("rest") or ""
        if rest and self._only_if(re.sub(r"^only\s+", "", rest, flags=re.I), lead="only "):
            return True
        holders = [step for step in self.existing.steps if "if" in step.data]
        if len(holders) != 1:
            return False
        test = opposite(str(holders[0].data["if"]))
        self.changes.append(SetValue(id=holders[0].id, path="if", value=test))
        return True

    def _other_condition(self, text: str) -> bool:
        match = forms.NEW_CONDITION.match(text)
        holders = [step for step in self.existing.steps if "if" in step.data]
        if match is None or not holders:
            return False
        words = re.sub(r"^(?:that|if|whether|when)\s+", "", match.group("condition"), flags=re.I)
        test = self._test_of(Sentence(text=text, condition=words))
        if test is None:
            return False
        self.changes.append(SetValue(id=holders[-1].id, path="if", value=test))
        return True

    def _test_of(self, sentence: Sentence, target: ExistingStep | None = None) -> str | None:
        """Return the test that words say; about what stands before the step that it guards."""
        condition = self.nester.condition_of(sentence)
        if condition is None:
            return None
        known = self.nester.known
        if target is not None:
            ids = [step.id for step in self.existing.steps]
            later = set(ids[ids.index(target.id) :])
            self.nester.known = [item for item in known if item.reference.step not in later]
        said = condition
        about, condition = self.nester.subject_of(condition)
        before, self.nester.known = self.nester.known, known
        problems = len(self.renderer.problems)
        about = self._with_field(about, condition, before)
        test = self.renderer.condition(condition, about)
        if test is None and (whole := self._of_the_whole(said, before)) is not None:
            del self.renderer.problems[problems:]
            test = whole
        return self.aligned(test)

    def _of_the_whole(self, condition: Condition, known: Sequence[Known]) -> str | None:
        """ "If the feed is empty": about all that a step gives, whatever the step is called."""
        noun = condition.subject[-1:]
        found = next((item for item in reversed(known) if set(noun) & set(item.nouns)), None)
        if found is None and set(noun) & _ANY_OUTPUT:
            found = next((item for item in reversed(known) if item.plural), None)
        if found is None or condition.attribute:
            return None
        return self.renderer.condition(replace(condition, subject=()), found.reference)

    def aligned(self, test: str | None) -> str | None:
        """Test the field where a condition at hand tests it: "the impact" is the item's again."""
        left, _, _ = comparison_of(test or "")
        name = left.rpartition(".")[2]
        holders = [str(step.data["if"]) for step in self.existing.steps if "if" in step.data]
        for other in {comparison_of(text)[0] for text in holders} - {"", left}:
            if test and name and other.rpartition(".")[2] == name:
                return f"{other}{test[len(left) :]}" if test.startswith(left) else test
        return test

    def _with_field(
        self, about: Reference | None, condition: Test, known: Sequence[Known]
    ) -> Reference | None:
        """What the condition is about must have the field that it names: the latest that has."""
        name = condition.attribute if isinstance(condition, Condition) else ""
        if not name or self._has_field(self.renderer.value_of(about), name):
            return about
        for item in reversed(known):
            if self._has_field(self.renderer.value_of(item.reference), name):
                return item.reference
        return None if self._has_field(self.renderer.trigger, name) else about

    def _has_field(self, value: Typed | None, name: str) -> bool:
        return value is not None and not is_open(value.schema) and bool(field_named(value, name))

    # -- steps under a condition -------------------------------------------------------------

    def _only_if(self, text: str, lead: str = "") -> bool:
        """ "Only send it if …", "send the mail only if …": a step that is there."""
        match = forms.ONLY_IF.match(lead + text) or forms.ONLY_IF_LATE.match(text)
        match = match or forms.COND_INSTEAD.match(text)
        if match is None:
            return False
        condition = match.group("condition")
        unless = match.group("word").lower() == "unless"
        sentence = Sentence(text=text, condition=condition, negated=unless)
        targets = self._targets_of(match.group("action"))
        if not targets:
            return False
        test = self._test_of(sentence, targets[0])
        if test is None:
            return True
        holder = self.existing.by_id.get(targets[0].holder)
        if holder is not None and self._tests_the_same(holder, targets[0], test):
            self.changes.append(SetValue(id=holder.id, path="if", value=test))
            return True
        self.put_under({"if": test}, "then", targets)
        return True

    def _targets_of(self, words: str) -> list[ExistingStep]:
        if forms.WHOLE.match(words):
            return self._all_dependent()
        step = self.step_of(words)
        return [step] if step else []

    def _all_dependent(self) -> list[ExistingStep]:
        return self.existing.block_of("", "")

    def _tests_the_same(self, holder: ExistingStep, target: ExistingStep, test: str) -> bool:
        if "if" not in holder.data or target.block != "then":
            return False
        alone = len(self.existing.block_of(holder.id, "then")) == 1
        return alone and comparison_of(str(holder.data["if"]))[0] == comparison_of(test)[0]

    # -- errors ------------------------------------------------------------------------------

    def _on_failure(self, text: str) -> bool:
        """ "If posting fails, carry on", "retry the download 3 times"."""
        text = forms.CANNOT_BE.sub(_failing_words, text)
        if match := forms.RETRY.match(text) or forms.GIVE_ATTEMPTS.match(text):
            word = match.group("count").lower()
            count = _COUNTS.get(word) or NUMBERS.get(word) or int(word)
            return self._retried(match.group("what"), count)
        if match := forms.IGNORE.match(text):
            what = next(group for group in match.groups() if group)
            target = self._failing(what)
            if target is not None:
                self._go_on(target)
            return target is not None
        sentence = classify(text, editing=True)
        if sentence.attempts and not sentence.failure:
            return self._retried(" ".join(sentence.actions), sentence.attempts)
        if not sentence.failure:
            return False
        target = self._failing(sentence.failure)
        if target is None:
            return False
        if sentence.attempts:
            self._set_attempts(target, sentence.attempts)
        elif sentence.actions and all(goes_on(action) for action in sentence.actions):
            self._go_on(target)
        else:
            self._catch(target, sentence)
        return True

    def _failing(self, words: str) -> ExistingStep | None:
        calls = self._calls()
        if words in ("that", "this", "it", "") or re.match(r"(?:any|some)thing|everything", words):
            return calls[-1] if len(calls) == 1 or words in ("that", "this", "it") else None
        return self.step_of(words)

    def _retried(self, words: str, attempts: int) -> bool:
        calls = self._calls()
        target = None if words in ("it", "this", "that") else self.step_of(words)
        target = target or (calls[0] if len(calls) == 1 else None)
        if target is None or attempts < 1:
            return False
        self._set_attempts(target, attempts)
        return True

    def _set_attempts(self, target: ExistingStep, attempts: int) -> None:
        path = "retry.max_attempts" if "retry" in target.data else "retry"
        value: Any = attempts if "retry" in target.data else {"max_attempts": attempts}
        self.changes.append(SetValue(id=target.id, path=path, value=value))

    def _go_on(self, target: ExistingStep) -> None:
        needing = self._with_dependent(target)[1:]
        if needing:
            names = ", ".join(repr(step.id) for step in needing)
            self.unsupported.append(f"{names} cannot go on without what {target.id!r} gives.")
        self.changes.append(SetValue(id=target.id, path="on_error", value="continue"))

    def _catch(self, target: ExistingStep, sentence: Sentence) -> None:
        """Do something where a step fails: a ``try`` around it, and around what needs it."""
        actions = tuple(action for action in sentence.actions if not goes_on(action))
        bare = replace(sentence, failure="", place="", anchor="", condition="", actions=actions)
        steps = self._new_steps(bare, Place(before=target.id))
        step_id = self.nester.names.unique("safe")
        step: dict[str, Any] = {"id": step_id, "try": [], "catch": steps}
        self.changes.append(AddStep(step=step, place=Place(before=target.id)))
        for item in self._with_dependent(target):
            self.changes.append(MoveStep(id=item.id, place=Place(into=step_id, block="try")))

    def _with_dependent(self, target: ExistingStep) -> list[ExistingStep]:
        """The step and those behind it up to the last that refers to one of them."""
        siblings = self.existing.block_of(target.holder, target.block)
        behind = siblings[siblings.index(target) :]
        last, ids = 0, {target.id}
        for index, step in enumerate(behind[1:], 1):
            if any(f"steps.{name}." in json.dumps(step.data) for name in ids):
                last = index
                ids |= {item.id for item in behind[: index + 1]}
        return behind[: last + 1]


def _failing_words(match: re.Match[str]) -> str:
    """ "If the message cannot be sent" is "if sending the message fails"."""
    verb = base_verb(match.group("done")) or match.group("done")
    doing = f"{verb.removesuffix('e')}ing"
    return f"{match.group('word')} {doing} {match.group('what')} fails"
