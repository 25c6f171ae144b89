"""Moving: "do X before Y", "move X to the end", "swap X and Y"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.editing import Editing
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.lexicon import FUNCTION_WORDS, base_verb, words_of
from flowloom.workflow.edits import MoveStep, Place

__all__ = ["Moving"]

_TOP = re.compile(r"\b(?:start|beginning|top|front|first(?: (?:step|place))?)$", re.I)


@dataclass
class Moving(Editing):
    """Moves steps; they stay as they are written."""

    def _move(self, text: str) -> bool:
        readers = (self._swap, self._one_up, self._move_said, self._said_again)
        return any(read(text) for read in readers)

    def _one_up(self, text: str) -> bool:
        match = forms.ONE_UP.match(text)
        step = self.step_of(match.group("what")) if match else None
        if match is None or step is None:
            return False
        block = self.existing.block_of(step.holder, step.block)
        up = match.group("way").lower() == "up"
        at = block.index(step) + (-1 if up else 1)
        if not 0 <= at < len(block):
            return False
        place = Place(before=block[at].id) if up else Place(after=block[at].id)
        self.changes.append(MoveStep(id=step.id, place=place))
        return True

    def _swap(self, text: str) -> bool:
        pair = self._pair(text)
        if pair is None or pair[0].id == pair[1].id:
            return False
        first, second = pair
        if self.existing.steps.index(first) > self.existing.steps.index(second):
            first, second = second, first
        self.changes.append(MoveStep(id=second.id, place=Place(before=first.id)))
        between = self.existing.block_of(second.holder, second.block)
        at = between.index(second)
        if at and between[at - 1].id != first.id:
            self.changes.append(MoveStep(id=first.id, place=Place(after=between[at - 1].id)))
        return True

    def _pair(self, text: str) -> tuple[ExistingStep, ExistingStep] | None:
        top = self.existing.block_of("", "")
        if match := forms.SWAP_TWO.match(text):
            end = match.group("end").lower()
            two = top[-2:] if end == "last two" else top[:2]
            known = len(top) == 2 or end in ("last two", "first two")
            return (two[0], two[1]) if len(two) == 2 and known else None
        match = forms.SWAP.match(text)
        if match is None:
            return None
        first, second = self.step_of(match.group("a")), self.step_of(match.group("b"))
        return (first, second) if first and second else None

    def _move_said(self, text: str) -> bool:
        """ "Move X to the end", "X should come before Y"."""
        match = forms.MOVE.match(text) or forms.COMES.match(text)
        if match is None:
            return False
        step = self.step_of(match.group("what"))
        if step is None:
            return False
        where = match.group("where").strip()
        anchored = re.match(
            r"(?:to\s+)?(?:right\s+|directly\s+|just\s+)?(?P<side>before|after|behind|above|below"
            r"|in front of|under)\s+(?P<anchor>.+)$",
            where,
            re.I,
        )
        if anchored:
            side = anchored.group("side").lower()
            before = side in ("before", "above", "in front of")
            return self._put_beside(step, anchored.group("anchor"), before=before)
        if re.search(r"\binto\b", where):
            return self._put_into(step, where)
        at = "start" if _TOP.search(where) else "end"
        self.changes.append(MoveStep(id=step.id, place=Place(at=at)))
        return True

    def _put_beside(self, step: ExistingStep, words: str, *, before: bool) -> bool:
        anchor = self.step_of(words)
        if anchor is None or anchor.id == step.id:
            return False
        place = Place(before=anchor.id) if before else Place(after=anchor.id)
        self.changes.append(MoveStep(id=step.id, place=place))
        return True

    def _put_into(self, step: ExistingStep, where: str) -> bool:
        key, block = ("for_each", "do") if "loop" in where else ("if", "then")
        block = "else" if re.search(r"\belse|otherwise", where) else block
        holder = next((item for item in self.existing.steps if key in item.data), None)
        if holder is None or step.holder == holder.id:
            return False
        self.changes.append(MoveStep(id=step.id, place=Place(into=holder.id, block=block)))
        return True

    def _said_again(self, text: str) -> bool:
        """ "Write the log line before posting": a step that is there, at another place."""
        sentence = classify(text, editing=True)
        if not (sentence.place and len(sentence.actions) == 1) or sentence.condition:
            return False
        step = self._known_action(sentence)
        if step is None:
            return False
        if sentence.anchor:
            return self._put_beside(step, sentence.anchor, before=sentence.place == "before")
        if sentence.place not in ("start", "end"):
            return False
        at = "start" if sentence.place == "start" else "end"
        self.changes.append(MoveStep(id=step.id, place=Place(at=at)))
        return True

    def _known_action(self, sentence: Sentence) -> ExistingStep | None:
        """The step that an action says again: with "the", and without a new value."""
        text = sentence.actions[0]
        plain = self.nester.plain(text)
        words = words_of(plain)
        values = [value for value, _ in self.nester.masked.values_in(text)]
        definite = bool({"the", "it", "them", "that", "this"} & set(words[1:3]))
        if not (definite or (not values and self._only_names(text, plain))) or re.search(
            r"\b(?:again|another|also|too|new)\b", sentence.text, re.I
        ):
            return None
        action = self._action(plain)
        step = self.existing.match(action, plain, verb=is_action(plain))
        if step is None:
            return None
        best = self.nester.choose(action, plain, None).ids[:1]
        if "uses" in step.data and best != (str(step.data["uses"]),):
            return None  # what is asked for is another thing
        given = [str(value) for value in (step.data.get("with") or {}).values()]
        return step if all(value in given for value in values) else None

    def _only_names(self, text: str, plain: str) -> bool:
        """ "Post to Slack before saving": nothing is said that a new step could do."""
        action = self._action(text)
        chooser = self.existing.chooser
        named = chooser.mentions(action, plain)
        service = {word for name in named for word in chooser.services.words_of(name)}
        return is_action(plain) and not set(action.nouns) - service

    def step_of(self, words: str) -> ExistingStep | None:
        """Return the step that words mean: "the last step", "sending the mail", "the sort step"."""
        words = forms.STEP.sub("", words.strip())
        if found := self._numbered(words):
            return found
        words = re.sub(r"\s+(?:step|action|call|part)s?$", "", words, flags=re.I)
        words = re.sub(r"^(?:the|a|an)\s+", "", words, flags=re.I)
        plain = self.nester.plain(words)
        first, _, rest = plain.partition(" ")
        if base_verb(first) and first.lower().endswith("ing"):
            plain = f"{base_verb(first)} {rest}"
        exact = self.existing.by_id.get(re.sub(r"\W+", "_", words.strip().lower()))
        found = exact or self.existing.match(self._action(plain), plain, verb=is_action(plain))
        return found or self._done_by(words)

    def _done_by(self, words: str) -> ExistingStep | None:
        """ "The download", "unpacking", "the check": the one step that does what a noun says."""
        said = [word for word in words_of(words) if word not in FUNCTION_WORDS]
        if len(said) != 1:
            return None
        if re.match(r"check|test|condition|decision|compar", said[0]):
            tests = [step for step in self.existing.steps if "if" in step.data]
            return tests[0] if len(tests) == 1 else None
        stem = said[0].removesuffix("ing")
        forms_of = {said[0], stem, f"{stem}e", stem[:-1], base_verb(said[0])} - {""}
        found = [
            step
            for step in self.existing.steps
            if forms_of & self._doings(step)
            or any(_same_stem(said[0], do) for do in self._doings(step))
        ]
        if not found:
            profiles = self.existing.chooser.profiles
            known = ((step, profiles.get(str(step.data.get("uses", "")))) for step in self._calls())
            found = [step for step, profile in known if profile and said[0] in profile.words]
        return found[0] if len(found) == 1 else None

    def _doings(self, step: ExistingStep) -> set[str]:
        profile = self.existing.chooser.profiles.get(str(step.data.get("uses", "")))
        names = set(step.id.lower().split("_"))
        if profile is None:
            return names
        return names | {profile.operation, profile.first, *profile.openings}

    def _numbered(self, words: str) -> ExistingStep | None:
        top = self.existing.block_of("", "")
        match = re.match(
            r"^(?:the\s+)?(first|second|third|fourth|fifth|last|final)\s+(?:step|action|one|task)$",
            words,
            re.I,
        )
        if match is None or not top:
            return None
        order = ("first", "second", "third", "fourth", "fifth")
        word = match.group(1).lower()
        at = order.index(word) if word in order else len(top) - 1
        return top[at] if at < len(top) else None


def _same_stem(noun: str, verb: str) -> bool:
    """ "Summary" is what "summarize" makes."""
    return len(noun) >= 6 and len(verb) >= 6 and noun[:5] == verb[:5]
