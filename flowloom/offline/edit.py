"""Changes of a workflow at hand: what is added where, removed, replaced, or set."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flowloom.offline import edit_forms as forms
from flowloom.offline.classify import Sentence, classify
from flowloom.offline.conditions import Condition
from flowloom.offline.existing import ExistingStep, words_in
from flowloom.offline.lexicon import base_verb, singular, words_of
from flowloom.offline.plan import Node
from flowloom.offline.removing import Removing
from flowloom.offline.replacing import Replacing
from flowloom.workflow.edits import (
    AddStep,
    Place,
    ReplaceStep,
    SetValue,
)

__all__ = ["Editor"]


@dataclass
class Editor(Removing, Replacing):
    """Turns the sentences of a change request into changes of a document."""

    _last_added: str = ""

    def edit(self, sentences: Sequence[str]) -> None:
        """Read the sentences one after another."""
        for text in sentences:
            before = len(self.changes)
            self._sentence(text)
            if len(self.changes) == before and not self.nester.unsupported:
                words = self.nester.masked.unmask(text)
                self.unsupported.append(f"It is not clear what {words!r} changes.")

    def _sentence(self, text: str) -> None:
        for read in (self._set, self._wrap, self._replace, self._remove):
            if read(text):
                return
        self._add(text)

    # -- setting -----------------------------------------------------------------------------

    def _set(self, text: str) -> bool:
        match = forms.SET.match(text)
        if match is None:
            return False
        value = self._value(match.group("value"))
        owner = match.group("owner") or ""
        wanted = match.group("field")
        for step in self._owners(owner):
            names = [*(step.data.get("with") or {}), *self._inputs(step)]
            for name in names:
                if _same_words(name, wanted):
                    self.changes.append(SetValue(id=step.id, path=f"with.{name}", value=value))
                    return True
        return self._set_trigger(wanted, match.group("value"))

    def _owners(self, words: str) -> list[ExistingStep]:
        if not words:
            return list(self.existing.steps)
        action = self._action(words)
        found = self.existing.matches(action, words, verb=False)
        return [step for _, step in found] or list(self.existing.steps)

    def _set_trigger(self, wanted: str, words: str) -> bool:
        from flowloom.offline.schedule import find_schedule

        schedule = find_schedule(words)
        trigger = self.existing.data.get("trigger") or {}
        if schedule is None or "cron" not in (trigger.get("with") or {}):
            return False
        self.changes.append(SetValue(path="trigger.with.cron", value=schedule.cron))
        if schedule.timezone:
            self.changes.append(SetValue(path="trigger.with.timezone", value=schedule.timezone))
        return True

    # -- conditions --------------------------------------------------------------------------

    def _wrap(self, text: str) -> bool:
        """ "Only send it if …": a step that is there gets a condition."""
        match = forms.ONLY_IF.match(text)
        if match is None:
            return False
        plain = self.nester.plain(match.group("action"))
        target = self.existing.match(self._action(plain), plain)
        sentence = Sentence(text=text, condition=match.group("condition"))
        condition = self.nester.condition_of(sentence)
        if target is None or condition is None:
            return True
        about, condition = self.nester.subject_of(condition)
        test = self.renderer.condition(condition, about)
        if test is not None:
            step = {
                "id": self.nester.names.unique("check"),
                "if": test,
                "then": [dict(target.data)],
            }
            self.changes.append(ReplaceStep(id=target.id, step=json.loads(json.dumps(step))))
        return True

    # -- replacing ---------------------------------------------------------------------------

    # -- removing ----------------------------------------------------------------------------

    # -- adding ------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        sentence = classify(text, editing=True)
        if not sentence.actions:
            return
        if sentence.otherwise:
            place = self._else_place()
        elif sentence.condition:
            place = self._condition_place(sentence)
            if place is None:
                return
        else:
            place = self._place(sentence)
        self._insert(self._new_steps(sentence), place)

    def _new_steps(self, sentence: Sentence) -> list[dict[str, Any]]:
        block: list[Node] = []
        bare = replace(sentence, place="", anchor="", condition="", each="")
        nodes = self.nester.add_actions(bare, block)
        self.nodes.extend(nodes)
        return self.renderer.steps(nodes)

    def _insert(self, steps: list[dict[str, Any]], place: Place) -> None:
        for step in steps:
            self.changes.append(AddStep(step=step, place=place))
            if place.after or (not place.before and place.at == "start"):
                place = Place(after=str(step["id"]))
            self._last_added = str(step["id"])

    def _else_place(self) -> Place:
        ifs = [step for step in self.existing.steps if "if" in step.data]
        if not ifs:
            self.unsupported.append("There is no condition that an 'otherwise' could belong to.")
            return Place()
        if "else" not in ifs[-1].data:
            self.changes.append(SetValue(id=ifs[-1].id, path="else", value=[]))
        return Place(into=ifs[-1].id, block="else")

    def _condition_place(self, sentence: Sentence) -> Place | None:
        condition = self.nester.condition_of(sentence)
        if condition is None:
            return None
        found = self._branches.similar(condition)
        if found is not None:
            step, block, same = found
            if same:
                return Place(into=step.id, block=block)
            if block == "then":
                if "else" not in step.data:
                    self.changes.append(SetValue(id=step.id, path="else", value=[]))
                return Place(into=step.id, block="else")
        return self._new_branch(sentence, condition)

    def _new_branch(self, sentence: Sentence, condition: Condition) -> Place | None:
        """Another value of a field that is tested already is an ``elif``; else a new ``if``."""
        about, condition = self.nester.subject_of(condition)
        test = self.renderer.condition(condition, about)
        if test is None:
            return None
        rival = self._branches.same_field(test)
        steps = self._new_steps(sentence)
        if rival is not None:
            branches = [dict(item) for item in rival.data.get("elif") or []]
            value = [*branches, {"if": test, "then": steps}]
            self.changes.append(
                SetValue(id=rival.id, path="elif", value=json.loads(json.dumps(value)))
            )
            return None
        step = {"id": self.nester.names.unique("check"), "if": test, "then": steps}
        place = self._place(sentence)
        if place == Place() and about is not None and about.item:
            loop = next(s for s in self.existing.steps if s.data.get("as", "item") == about.item)
            place = Place(into=loop.id, block="do")
        self.changes.append(AddStep(step=json.loads(json.dumps(step)), place=place))
        return None

    def _place(self, sentence: Sentence) -> Place:
        if sentence.place == "start":
            return Place(at="start")
        if sentence.place == "end":
            return Place()
        if sentence.anchor:
            return self._anchored(sentence)
        if sentence.place in ("before", "after") and self._last_added:
            if sentence.place == "before":
                return Place(before=self._last_added)
            return Place(after=self._last_added)
        if sentence.each:
            return self._in_loop(sentence.each)
        return self._in_loop_of_item(sentence)

    def _anchored(self, sentence: Sentence) -> Place:
        anchor = self._anchor(sentence.anchor, " ".join(sentence.actions))
        if anchor is None:
            words = self.nester.masked.unmask(sentence.anchor)
            self.unsupported.append(f"No step of the workflow is {words!r}.")
            return Place()
        return Place(before=anchor.id) if sentence.place == "before" else Place(after=anchor.id)

    def _anchor(self, words: str, around: str) -> ExistingStep | None:
        words = forms.STEP.sub("", words)
        top = self.existing.block_of("", "")
        if match := re.match(
            r"(?:the\s+)?(last|final|first)\s+(?:step|action|one|task)", words, re.I
        ):
            return top[0] if match.group(1).lower() == "first" else top[-1]
        if re.match(r"(?:the\s+)?loop\b", words, re.I):
            return next((step for step in top if "for_each" in step.data), None)
        plain = self.nester.plain(words)
        nominal = re.match(r"(?:the\s+)?(\w+(?:ion|al|ing))\s+of\s+(.+)", plain, re.I)
        if nominal and base_verb(nominal.group(1)):
            plain = f"{base_verb(nominal.group(1))} {nominal.group(2)}"
        first, _, rest = plain.partition(" ")
        passive = re.match(
            r"(?:the\s+|a\s+|an\s+)?(.+?)\s+(?:is|are|was|has been|have been)\s+(\w+)$", plain
        )
        if passive and base_verb(passive.group(2)):
            plain = f"{base_verb(passive.group(2))} {passive.group(1)}"
        elif base_verb(first) and first.lower().endswith("ing"):
            plain = f"{base_verb(first)} {rest}"
        action = self._action(plain)
        if action.pronoun and not action.nouns:
            definite = [b for a, b in pairwise(words_of(around)) if a == "the"]
            nouns = tuple(singular(word) for word in definite[-1:])
            action = replace(action, nouns=nouns, head="".join(nouns))
            plain = " ".join((action.verb, *nouns))
        return self.existing.match(action, plain, verb=bool(action.verb))

    def _in_loop(self, each: str) -> Place:
        nouns = [singular(word) for word in words_of(each)]
        for step in self.existing.steps:
            if "for_each" in step.data:
                named = {
                    singular(w) for w in words_in(f"{step.data.get('as')}_{step.data['for_each']}")
                }
                if named & set(nouns):
                    return Place(into=step.id, block="do")
        return Place()

    def _in_loop_of_item(self, sentence: Sentence) -> Place:
        """ "Also label the issue": where a loop goes over issues, inside it."""
        words = words_of(" ".join(sentence.actions))
        definite = {b for a, b in pairwise(words) if a in ("the", "each")}
        for step in self.existing.steps:
            if "for_each" in step.data and str(step.data.get("as", "item")).lower() in definite:
                return Place(into=step.id, block="do")
        return Place()


def _same_words(name: str, words: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[^a-z0-9]", "", text.lower())

    return plain(name) == plain(words)
