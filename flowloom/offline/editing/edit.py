"""Changes of a workflow at hand: what is added where, removed, replaced, or set."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flowloom.offline.comparing.conditions import Condition
from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.change_sentences import without_lead
from flowloom.offline.editing.effects import effect_of, steps_added
from flowloom.offline.editing.existing import ExistingStep, words_in
from flowloom.offline.editing.meant_places import MeantPlaces
from flowloom.offline.editing.meant_runs import MeantRuns
from flowloom.offline.editing.meant_steps import MeantSteps
from flowloom.offline.editing.meant_values import MeantValues
from flowloom.offline.editing.rewiring import rewired
from flowloom.offline.editing.wrapping import Wrapping
from flowloom.offline.meaning.neutral import neutral
from flowloom.offline.planning.plan import Node
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.lexicon import base_verb, singular, words_of
from flowloom.offline.reading.segment import segment
from flowloom.workflow.edits import (
    AddStep,
    Change,
    Place,
    SetValue,
)

__all__ = ["Editor"]

_JOINT = re.compile(r",?\s+(?:and|then|but|so)\s+(?:also\s+|then\s+)?|[;.]\s+|,\s+", re.I)
_IN_CASE = re.compile(
    r"^in\s+(?P<which>that|this|such\s+an?|the\s+\w+)\s+case,?\s+(?:please\s+)?(?:also\s+)?", re.I
)
EXACT = 0.25
"""What it counts that a sentence has a form that can hardly mean anything else."""

UNLIKELY = 0.03
"""A kind that is less likely is hardly what the sentence asks for."""

_MORE = re.compile(
    r"\b(?:also|too|again|another|as well|second|new|plus|additional(?:ly)?|along|each"
    r"|every|an?)\b",
    re.I,
)
FLOOR = -0.5
"""A reading that scores no more is a guess: what is unclear is said instead."""

GOOD = 0.75
"""A reading that scores less is held against one for each clause."""


@dataclass
class _Reading:
    """What one way to read a sentence makes of the workflow, and how good it is."""

    editor: Editor
    score: float
    way: str
    lost: int = 0


@dataclass
class Editor(MeantRuns, MeantValues, MeantPlaces, MeantSteps, Wrapping):
    """Turns the sentences of a change request into changes of a document.

    A sentence is read in several ways, each on a copy of what is known so far, and the reading is
    taken that leaves least over and makes a change of the kind that the sentence is likely of.
    """

    _last_added: str = ""

    def edit(self, sentences: Sequence[str]) -> None:
        """Read the sentences one after another."""
        for text in sentences:
            best = self._read(text)
            if best is not None and best.score > FLOOR:
                self._become(best.editor)
            elif segment(text):  # else it is small talk
                self.unsupported.append(self._unclear(text))

    def _unclear(self, text: str) -> str:
        """Return that a sentence is not understood, and which steps it may be about."""
        said = f"It is not clear what {self.nester.masked.unmask(text)!r} changes."
        scores = self.step_scores(text)
        near = sorted(scores, key=lambda name: -scores[name])[:3]
        return f"{said} Near to its words: {', '.join(map(repr, near))}." if near else said

    # -- readings ----------------------------------------------------------------------------

    def _read(self, text: str) -> _Reading | None:
        """Return the best reading of a sentence: as one change, or as one for each clause."""
        whole = self._one_change(text)
        if whole is not None and whole.score >= GOOD and not whole.lost:
            return whole
        for match in _JOINT.finditer(text):
            first = self._one_change(text[: match.start()])
            if first is None or first.score < 0:
                continue
            second = first.editor._read(text[match.end() :])  # pyright: ignore[reportPrivateUsage]
            if second is None:
                continue
            score = min(first.score, second.score)
            if whole is None or score > whole.score:
                lost = first.lost + second.lost
                whole = _Reading(second.editor, score, "clauses", lost)
        return whole

    def _one_change(self, text: str) -> _Reading | None:
        """Return the best reading of a text as one change."""
        shares = self._shares(text)
        makers: dict[str, tuple[Callable[[str], Any], ...]] = {
            "remove": (self.take_away_meant,), "keep_only": (self.keep_only_meant,),
            "replace": (self.replace_meant, self.exchange_meant), "move": (self.move_meant,),
            "ask_person": (self.ask_person_meant,), "stop_when": (self.stop_meant,),
            "only_when": (self.only_when_meant,),
            "change_condition": (
                self.condition_meant, self.opposite_meant, self.unwrapped_meant,
            ),
            "in_branch": (self.after_event_meant,),
            "add": (self.after_event_meant, self.add_placed_meant, self.move_known_meant),
            "set_value": (self.set_meant, self.restate_meant),
            "reschedule": (self.reschedule_meant,),
            "failure": (self.failure_meant,),
        }  # fmt: skip
        best = sorted(shares, key=lambda kind: -shares[kind])[:4]
        likely = [kind for kind in best if shares[kind] >= UNLIKELY]
        tries = [(make, kind) for kind in likely for make in makers.get(kind, ())]
        tries += [(self._exactly, ""), (self._added, "")]
        found = (self._tried(text, make, shares, kind) for make, kind in tries)
        return max((item for item in found if item), key=lambda item: item.score, default=None)

    def _tried(
        self, text: str, read: Callable[[str], Any], shares: dict[str, float], kind: str = ""
    ) -> _Reading | None:
        """Read a sentence in one way, on a copy."""
        copied = self._copied()
        getattr(copied, read.__name__)(text)
        new = copied.changes[len(self.changes) :]
        if not new:
            return None
        effect = effect_of(new)
        likely = shares.get(kind, 0.0) if kind else max(shares.get(item, 0.0) for item in effect)
        likely += EXACT if read.__name__ == "_exactly" else 0.0
        lost = self._lost(text, new)
        score = likely - 0.6 * lost - self._left_over(text, copied, shares)
        if likely < UNLIKELY:
            score -= 0.5
        return _Reading(copied, score, read.__name__, lost)

    def _lost(self, text: str, new: Sequence[Change]) -> int:
        """How many values and services of a sentence neither changes nor workflow have."""
        plain = self.nester.plain(text)
        chooser = self.existing.chooser
        named = {
            name for name, share in chooser.mentions(self._action(f"use {plain}"), plain).items()
            if share >= 0.9
        }  # fmt: skip
        used = {*self.existing.providers()}
        profiles = (chooser.profiles.get(str(step.get("uses"))) for step in steps_added(new))
        used |= {profile.provider for profile in profiles if profile}
        return len(named - used) + self._values_lost(text, new)

    def _values_lost(self, text: str, new: Sequence[Change]) -> int:
        written = json.dumps([c.model_dump(mode="json") for c in new], ensure_ascii=False)
        before = json.dumps(self.existing.data, ensure_ascii=False)
        return sum(
            json.dumps(value.strip("#"), ensure_ascii=False)[1:-1] not in written
            and json.dumps(value, ensure_ascii=False)[1:-1] not in before
            for value, _ in self.nester.masked.values_in(text)
        )

    def _left_over(self, text: str, read: Editor, shares: dict[str, float]) -> float:
        """What a reading does not know how to do, guesses, or does a second time."""
        new = read.changes[len(self.changes) :]
        problems = sum(
            len(now) - len(then)
            for now, then in (
                (read.unsupported, self.unsupported),
                (read.nester.unsupported, self.nester.unsupported),
                (read.renderer.problems, self.renderer.problems),
            )
        )
        added = steps_added(new)
        odd = sum("ask" in step for step in added)
        declared = len(read.renderer.inputs) - len(self.renderer.inputs)
        words = read.renderer.left_over - self.renderer.left_over
        return (
            1.0 * problems + 0.6 * self._out_of_reach(new) + 0.2 * declared + 0.1 * words
            + 0.5 * odd * (1 - shares.get("ask_person", 0.0)) + 0.35 * self._again(text, new)
        )  # fmt: skip

    def _again(self, text: str, new: Sequence[Change]) -> int:
        """How many steps are added that are there: "the" log line needs no second one."""
        if _MORE.search(text):
            return 0
        here = {str(step.data["uses"]) for step in self._calls()}
        added = [change for change in new if isinstance(change, AddStep)]
        return sum(change.step.get("uses") in here for change in added)

    def _out_of_reach(self, changes: Sequence[Change]) -> int:
        """How many new steps outside a loop refer to what only its items have."""
        looped = [step.id for step in self.existing.steps if step.loop]
        outside = (
            json.dumps(change.step)
            for change in changes
            if isinstance(change, AddStep) and not self._in_a_loop(change.place)
        )
        return sum(any(f"steps.{name}." in text for name in looped) for text in outside)

    def _in_a_loop(self, place: Place) -> bool:
        beside = self.existing.by_id.get(place.before or place.after or place.into)
        if beside is None:
            return False
        return bool(beside.loop) or (bool(place.into) and "for_each" in beside.data)

    def _shares(self, text: str) -> dict[str, float]:
        return self.kinds.shares([self._neutral(text)])[0]

    def _neutral(self, text: str) -> str:
        plain = self.nester.plain(text)
        chooser = self.existing.chooser
        named = chooser.mentions(self._action(f"use {plain}"), plain)
        services = [" ".join(sorted(chooser.services.words_of(name))) for name in named]
        return neutral(text, services, self.existing.nouns)

    def _copied(self) -> Editor:
        """Return a copy on which a reading can be tried; what never changes is shared."""
        shared = (
            self.existing, self.kinds, self.nester.chooser, self.nester.masked,
            self.renderer.catalog, self.renderer.trigger, self.renderer.embed,
            *self.renderer.outputs.values(),
        )  # fmt: skip
        return copy.deepcopy(self, {id(item): item for item in shared})

    def _become(self, other: Editor) -> None:
        vars(self).update(vars(other))

    def _exactly(self, text: str) -> None:
        """Read a sentence by its form alone, where it has one that can hardly mean else."""
        for part in segment(text):
            readers = (
                self._by_hand, self._reschedule_sentence, self._move, self._guard,
                self._on_failure, self._loop_around, self._set,
            )  # fmt: skip
            any(read(part) for read in readers)

    def _added(self, text: str) -> None:
        """Read a sentence as one that asks for more steps."""
        for part in segment(text):
            self._add(part)

    # -- adding ------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        text = without_lead(text)
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
        test = self.aligned(self.renderer.condition(condition, about))
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
        if re.match(r"(?:the\s+)?(?:loop|iterat)", words, re.I):
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
