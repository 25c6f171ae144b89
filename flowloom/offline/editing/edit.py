"""Changes of a workflow at hand: what is added where, removed, replaced, or set."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flowloom.offline.comparing.conditions import Condition
from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.existing import ExistingStep, words_in
from flowloom.offline.editing.removing import Removing
from flowloom.offline.editing.replacing import Replacing
from flowloom.offline.editing.rescheduling import Rescheduling
from flowloom.offline.editing.rewiring import rewired
from flowloom.offline.editing.setting import Setting
from flowloom.offline.editing.wrapping import Wrapping
from flowloom.offline.planning.actions import is_action
from flowloom.offline.planning.plan import Node
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.lexicon import base_verb, singular, words_of
from flowloom.workflow.edits import (
    AddStep,
    Place,
    SetValue,
)

__all__ = ["Editor"]

_JOINT = re.compile(r"(,?\s+(?:and|then|but)\s+(?:also\s+|then\s+)?|;\s*)", re.I)
_AT_TIMES = re.compile(
    r"\s(?:on|at|during|over)\s+(?:the\s+)?(?:weekends?|weekdays|working\s+days|holidays|night"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\s*$",
    re.I,
)
_IN_CASE = re.compile(
    r"^in\s+(?P<which>that|this|such\s+an?|the\s+\w+)\s+case,?\s+(?:please\s+)?(?:also\s+)?", re.I
)
_TAKES_AWAY = re.compile(
    r"^(?:please\s+)?(?:remove|delete|drop|skip|omit|take out|leave out)\b", re.I
)


def _apart(first: str, second: str) -> bool:
    """Whether two clauses are two changes: one of them sets, moves or takes away."""
    sets = (forms.SET, forms.FROM_TO, forms.VALUE_TO_VALUE, forms.MOVE, forms.CALLED)
    if any(form.match(text) for form in sets for text in (first, second)):
        return True
    if _TAKES_AWAY.match(first) or _TAKES_AWAY.match(second):
        return True
    return bool(re.search(r"\binstead$", second, re.I)) and bool(forms.REMOVE.match(first))


@dataclass
class Editor(Rescheduling, Wrapping, Setting, Removing, Replacing):
    """Turns the sentences of a change request into changes of a document."""

    _last_added: str = ""

    def edit(self, sentences: Sequence[str]) -> None:
        """Read the sentences one after another."""
        for text in self._separated(sentences):
            before = len(self.changes)
            self._sentence(text)
            if len(self.changes) == before and not self.nester.unsupported:
                words = self.nester.masked.unmask(text)
                self.unsupported.append(f"It is not clear what {words!r} changes.")

    def _separated(self, sentences: Sequence[str]) -> list[str]:
        """Cut "remove X and post to Y instead" into two changes; each is read by itself."""
        found: list[str] = []
        for text in sentences:
            first, joined, second = _JOINT.split(text, maxsplit=1) if _JOINT.search(text) else (
                text, "", "")  # fmt: skip
            apart = joined and is_action(second) and _apart(first, second)
            found += [first, *self._separated([second])] if apart else [text]
        return found

    def _sentence(self, text: str) -> None:
        if forms.REMOVE.match(text) and _AT_TIMES.search(text) and not forms.ONLY.match(text):
            if not self._reschedule_sentence(text):
                words = self.nester.masked.unmask(text)
                self.unsupported.append(f"{words!r} leaves steps out at times: that is no change"
                                        " that is understood.")  # fmt: skip
            return
        readers = (
            self._by_hand,
            self._reschedule_sentence,
            self._move,
            self._guard,
            self._on_failure,
            self._loop_around,
            self._set,
            self._replace,
            self._remove,
        )
        if not any(read(text) for read in readers):
            self._add(text)

    # -- adding ------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        text = _plain_request(text)
        if (match := _IN_CASE.match(text)) is not None:
            self._in_branch(text, match)
            return
        between = forms.BETWEEN.match(text)
        if between:
            text = between.group("rest") or between.group("rest2")
        sentence = classify(text, editing=True)
        if not sentence.actions or self._means_a_change(text, sentence):
            return
        if between:
            after = between.group("a") or between.group("a2")
            place = self._anchored(replace(sentence, place="after", anchor=after))
        elif sentence.otherwise:
            place = self._else_place()
        elif sentence.condition:
            place = self._condition_place(sentence)
            if place is None:
                return
        else:
            place = self._place(sentence)
        self._insert(self._new_steps(sentence, place), place)

    def _in_branch(self, text: str, match: re.Match[str]) -> None:
        """ "In that case also …": a branch; which one "the bad case" is, is not guessed."""
        ifs = [step for step in self.existing.steps if "if" in step.data]
        which = match.group("which").strip().lower()
        if which not in ("that", "this", "the other", "the else", "the opposite") or len(ifs) != 1:
            words = self.nester.masked.unmask(match.group(0).strip(" ,"))
            self.unsupported.append(f"It is not said which branch {words!r} is.")
            return
        place = Place(into=ifs[0].id, block="then") if which in ("that", "this") else (
            self._else_place())  # fmt: skip
        self._insert(self._new_steps(classify(text[match.end() :], editing=True), place), place)

    def _means_a_change(self, text: str, sentence: Sentence) -> bool:
        """Whether words of a change met nothing that they could change; no person is asked."""
        no_verb = all(not self._action(action).verb for action in sentence.actions)
        if not forms.UNCLEAR.search(text) and not no_verb:
            return False
        for action in sentence.actions:
            plain = self.nester.plain(action)
            if self.nester.choose(self._action(action), plain, None).ids:
                return bool(re.search(r"\binstead\b|^(?:only|just)\b", text, re.I))
        return True

    def _new_steps(self, sentence: Sentence, place: Place | None = None) -> list[dict[str, Any]]:
        block: list[Node] = []
        bare = replace(sentence, place="", anchor="", condition="", each="")
        nodes = self.nester.add_actions(bare, block)
        self.nodes.extend(nodes)
        known = self.renderer.outputs
        self.renderer.outputs = {k: v for k, v in known.items() if k not in self._later(place)}
        steps = self.renderer.steps(nodes)
        if re.search(r"\b(?:too|also|as well)\b", sentence.text, re.I):
            steps = [self._as_the_same(step) for step in steps]
        self.renderer.outputs = {**known, **self.renderer.outputs}
        return steps

    def _as_the_same(self, step: dict[str, Any]) -> dict[str, Any]:
        """ "Send it to ⟦0⟧ too": what is not said is as in the step that does it already."""
        same = [item for item in self._calls() if item.data["uses"] == step.get("uses")]
        given = step.get("with") or {}
        declared = [name for name, value in given.items() if "inputs." in str(value)]
        known = (same[0].data.get("with") or {}) if len(same) == 1 else {}
        if not declared or not set(declared) <= set(known):
            return step
        filled = {**step, "with": {**given, **{name: known[name] for name in declared}}}
        self._forget_unused(filled)
        return filled

    def _later(self, place: Place | None) -> set[str]:
        """The steps behind a place: what is put there cannot refer to them."""
        at = place and (place.before or place.after)
        if not place or (not at and place.at != "start") or place.into:
            return set()
        ids = [step.id for step in self.existing.steps]
        if at not in ids:
            return set() if at else set(ids)
        index = ids.index(at) + (0 if place.before else 1)
        inside = {item.id for item in self.existing.inside(at)} if place.after else set[str]()
        return set(ids[index:]) - inside

    def _insert(self, steps: list[dict[str, Any]], place: Place) -> None:
        later = self._later(place)
        behind = [step for step in self.existing.steps if step.id in later]
        for step in steps:
            self.changes.append(AddStep(step=step, place=place))
            self.changes += rewired(step, behind, self.existing.catalog)
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
        found = self.existing.match(action, plain, verb=bool(action.verb))
        return found or self.step_of(words)

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


def _plain_request(text: str) -> str:
    """ "Add a step that logs …" is "log …", "as the last step, log …" is "at the end, log …"."""
    if match := forms.A_STEP_THAT.match(text):
        first, _, rest = match.group("rest").partition(" ")
        where = match.group("where") or ""
        text = f"{base_verb(first) or first} {rest} {where}".strip()
    match = re.match(
        r"^as\s+(?:an?|the)\s+(?P<end>first|last|final)\s+(?:step|action),?\s+", text, re.I
    )
    if match is None:
        return text
    place = "at the start" if match.group("end").lower() == "first" else "at the end"
    return f"{place}, {text[match.end() :]}"
