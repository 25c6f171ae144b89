"""Fifth stage: actions put in order and into loops and branches, with what they refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.planning.actions import Action, parse_action
from flowloom.offline.planning.branching import Branching
from flowloom.offline.planning.calls import nouns_in, words_of_action
from flowloom.offline.planning.plan import (
    Call,
    Loop,
    Node,
    Reference,
    Try,
    While,
)
from flowloom.offline.planning.references import Known
from flowloom.offline.planning.shapes import noun_of, shape_of, shapes_of
from flowloom.offline.reading.coordination import one_value, separate_values
from flowloom.offline.reading.decisions import question_in
from flowloom.offline.reading.each import each_in
from flowloom.offline.reading.flow_words import goes_on
from flowloom.offline.reading.idioms import plain_actions
from flowloom.offline.reading.lexicon import singular, verb_class, words_of
from flowloom.offline.reading.row_filters import kept_instead
from flowloom.offline.reading.sentence import Sentence
from flowloom.offline.timing.schedule import find_schedule
from flowloom.offline.timing.triggers import find_trigger

__all__ = ["Nester"]


@dataclass
class Nester(Branching):
    """Builds the steps of a plan, sentence by sentence."""

    def add(self, sentence: Sentence) -> None:
        """Add what a sentence asks for to the steps."""
        if sentence.trigger and find_schedule(sentence.trigger) is None:
            self._know_trigger(sentence.trigger)
        sentence = self._once_decided(self._placed(self._of_the_event(sentence)))
        if self._how_it_runs(sentence):
            return
        if not sentence.actions and not sentence.each:
            if sentence.attempts:
                self.retry(self.steps, sentence.attempts)
            return
        block = self._block_for(sentence)
        outer = block
        if sentence.otherwise:
            found = self.else_block(sentence, block)
            if found is None:
                return
            block = found
        elif sentence.repeat:
            block = self.while_block(sentence, block)
        else:
            before = self.retrieved_first(sentence, block)
            sentence = replace(sentence, actions=sentence.actions[len(before) :])
            if sentence.each:
                block = self.loop_block(sentence.each, block)
            if sentence.condition:
                block = self.branch_block(sentence, block)
        count = len(outer)
        before_success = list(self._latest_nodes) if sentence.succeeds else []
        new = self.add_actions(sentence, block)
        self._hoped = (outer, [*before_success, *new]) if before_success else None
        self._latest_nodes, self._latest_block = (
            (new, block) if outer is block else (outer[max(0, count - 1) :], outer)
        )

    def _know_trigger(self, words: str) -> None:
        """Let words refer to what started the run."""
        plain = self.plain(words)
        before = re.split(
            r"\b(?:arrives?|comes|is|are|gets?|appears?|changes|shows|lands|turns|happens|occurs"
            r"|calls|from|in|on|of|with)\b",
            plain,
        )[0]
        nouns = tuple(noun for noun in nouns_in(before) if noun not in ("new", "something"))
        found = find_trigger(words, self.masked, self.chooser.catalog).component
        component = found.id if found else ""
        self.known.append(Known(Reference(), nouns, False, component=component))

    def _of_the_event(self, sentence: Sentence) -> Sentence:
        """ "For each new file, …" after "watch … for new files": the event, and no loop."""
        started = any(not (known.reference.step or known.reference.item) for known in self.known)
        if started and re.match(r"new\s", sentence.each, re.I):
            return replace(sentence, each="")
        return sentence

    def _once_decided(self, sentence: Sentence) -> Sentence:
        """ "Once confirmed, …" after a question: if the answer is yes."""
        if sentence.place != "after" or not sentence.anchor or sentence.condition or not self.asked:
            return sentence
        decided = replace(sentence, place="", anchor="", condition=sentence.anchor)
        return decided if self._answer(decided) is not None else sentence

    def _placed(self, sentence: Sentence) -> Sentence:
        """Use the words before a colon: a choice of the question before, or a place."""
        if not sentence.topic or not sentence.actions:
            return sentence
        bare = re.sub(r"^(?:for|with|in case of|on)\s+", "", sentence.topic, flags=re.I)
        topic = replace(sentence, condition=bare)
        if not sentence.condition and not sentence.each and self._answer(topic) is not None:
            return replace(topic, topic="")
        where = sentence.topic if bare != sentence.topic else f"in {sentence.topic}"
        last = f"{sentence.actions[0]} {where}"
        return replace(sentence, topic="", actions=(last, *sentence.actions[1:]))

    def _how_it_runs(self, sentence: Sentence) -> bool:
        """Add what is done on an error, in any case, or only on success."""
        last = self._latest_nodes[-1] if self._latest_nodes else None
        if sentence.failure:
            return self.on_failure(sentence)
        if sentence.otherwise and not sentence.condition and self.on_other_outcome(sentence):
            return True
        if sentence.always and sentence.actions:
            return self.in_any_case(sentence)
        caught = isinstance(last, Try) and bool(last.catch) and not sentence.condition
        return (sentence.succeeds or (sentence.otherwise and caught)) and self.on_success(sentence)

    def add_actions(self, sentence: Sentence, block: list[Node]) -> list[Node]:
        """Add the actions of a sentence to a block; return the new nodes."""
        start = 0 if sentence.place in ("before", "start") else len(block)
        new: list[Node] = []
        for said in sentence.actions:
            for text in plain_actions(said):
                for part in self.cut_apart(text):
                    self._add_action(part, sentence, new, block)
        at = self._position(sentence, block, start)
        block[at:at] = new
        if sentence.attempts:
            self.retry(new or self.steps, sentence.attempts)
        if sentence.together:
            self.at_the_same_time(new, block)
        return new

    def _position(self, sentence: Sentence, block: list[Node], default: int) -> int:
        if sentence.place == "before" and block:
            return len(block) - 1
        return 0 if sentence.place == "start" else max(default, len(block))

    # -- blocks ------------------------------------------------------------------------------

    def _block_for(self, sentence: Sentence) -> list[Node]:
        """Stay inside a loop while sentences speak of what is in it."""
        if self._holder is None or sentence.resumes:
            self._holder = None
            return self.steps
        if sentence.otherwise or self._speaks_of_loop(sentence, self._holder):
            return self._holder.steps
        self._holder = None
        return self.steps

    def _speaks_of_loop(self, sentence: Sentence, holder: Loop | While) -> bool:
        words = words_of(" ".join((sentence.condition, *sentence.actions)))
        if sentence.each:
            return False
        if not holder.steps or {"it", "its"} & set(words):
            return True
        inside = {noun for known in self.known if known.block == id(holder.steps)
                  for noun in known.nouns[-1:]}  # fmt: skip
        definite = {singular(b) for a, b in pairwise(words) if a == "the"}
        return bool(definite & inside) or bool(sentence.condition and set(words) & inside)

    # -- actions -----------------------------------------------------------------------------

    def _add_action(
        self, text: str, sentence: Sentence, new: list[Node], block: list[Node]
    ) -> None:
        if _FORBIDS.match(text) and not goes_on(text):
            said = self.masked.unmask(text)
            self.unsupported.append(
                f"{said!r} says what is not to be done: that is not understood."
            )
            return
        text = self._downloaded(self._at_tested_place(text), new)
        if self.place_tested and self._is_here_already(text, new):
            return
        if _IGNORES.match(text) and self.go_on_after(new):
            return
        if self.flow_node(text, new) is not None or (sentence.otherwise and goes_on(text)):
            return
        target = new
        if each_in(text) is not None and (found := self.loop_of_each(text, new or block)):
            text, target = found
            target = new if target is block else target
        target = self.inside_reading(text, target)
        text, target = self.only_those(text, target)
        for part in separate_values(text, self.masked.values, self._takes_many):
            self._add_plain_action(part, sentence, target)

    def _takes_many(self, text: str) -> bool:
        """Return whether the component for an action takes several values at once."""
        action = self.parsed(text)[0]
        choice = self.choose(action, self.plain(text), None)
        found = self.chooser.catalog.get(choice.ids[0]) if choice.ids else None
        if found is None:
            return True
        many = [name.lower() for name, schema in found.inputs.items()
                if schema.get("type") == "array" or "anyOf" in schema]  # fmt: skip
        shapes = shapes_of(value for value, _ in self.masked.values_in(text))
        names = {
            "channel": ("channel",),
            "url": ("url", "link"),
            "path": ("path", "file", "attach"),
        }
        wanted = [part for shape in shapes for part in names.get(shape, ())]
        return any(part in name for name in many for part in wanted or ("",))

    def _add_plain_action(self, text: str, sentence: Sentence, block: list[Node]) -> None:
        if self._belongs_to_last(text, block) or self._state_checked(text, block):
            return
        text = self._kept_instead(text)
        plain = self.plain(one_value(text))
        actions = self.apart(parse_action(text, plain), plain)
        asked = question_in(text)
        if asked is not None and (asked.words or not sentence.place):
            action = self.parsed(asked.words)[0] if asked.words else actions[0]
            self.add_question(action, asked, block)
            return
        named = self.chooser.mentions(actions[-1], plain)
        for action in actions:
            about = self._antecedent(action)
            action = self._with_antecedent(action, about)
            named = named or self._service_of(action, about)
            whole = plain if len(actions) == 1 else words_of_action(action)
            if self.goes_over_all(action):
                known = about if about and action.pronoun and about.plural else None
                self.add_for_all(action, whole, sentence, block, known)
                continue
            if self.reads_files(action):
                self.read_each_file(action, whole, sentence, block)
                continue
            times = action.number if "create" in verb_class(action.verb) else 1
            for _ in range(min(times, 12)):
                self.add_call(action, whole, sentence, block, named, about)
            self.add_companion(action, sentence, block, named)

    def _service_of(self, action: Action, about: Known | None) -> dict[str, float]:
        """ "close it": what is done to a thing is done by the service that it comes from."""
        changes = {"update", "delete"} & set(verb_class(action.verb)) or action.verb == "comment"
        if about is None or not about.provider or not action.pronoun or not changes:
            return {}
        return {about.provider: 1.0}

    def _state_checked(self, text: str, block: list[Node]) -> bool:
        """ "check whether ⟦0⟧ is open": it is retrieved, and the answer is what its field says."""
        match = _STATE_CHECK.match(text)
        if match is None:
            return False
        state = parse_condition(f"it {match.group('state')}", self.masked.values)
        size = "the size of " if state is not None and state.measure == "size" else ""
        words = f"get {size}{match.group('what')}"
        [action, *_] = parse_action(words, self.plain(words))
        choice = self.choose(action, self.plain(words), None)
        if state is None or action.plural or "retrieve" not in self.kinds(choice):
            return False
        if not self.output_of(choice.ids[0]).schema.get("properties"):
            return False
        self.add_call(action, self.plain(words), Sentence(text=text), block)
        self.checked[self.known[-1].reference.step] = state
        return True

    def _at_tested_place(self, text: str) -> str:
        """ "Unless ⟦0⟧ exists, download it from ⟦1⟧ and save it under that path": to ⟦0⟧."""
        if not self.place_tested:
            return text
        text = _THERE.sub(f"at {self.place_tested}", _THAT_PLACE.sub(self.place_tested, text))
        got = _FROM_THE_WEB.match(text)
        if got is None or shape_of(self._value(got.group("url"))) != "url":
            return text
        return f"download {got.group('url')} to {self.place_tested}"

    def _is_here_already(self, text: str, new: list[Node]) -> bool:
        """ "… and save it there", after a download to that very place."""
        last, saved = new[-1] if new else None, _SAVES.match(text)
        if saved is None or saved.group("file") != self.place_tested or not isinstance(last, Call):
            return False
        if not last.action.text.endswith(self.place_tested):
            return False
        last.action = replace(last.action, text=f"{last.action.text} and {text}")
        return True

    def _downloaded(self, text: str, new: list[Node]) -> str:
        """ "get ⟦0⟧ and save it as ⟦1⟧", where ⟦0⟧ is a file on the web: it is downloaded."""
        last = new[-1] if new else None
        saved = _SAVES.match(text)
        if saved is None or not isinstance(last, Call):
            return text
        got = re.match(
            r"(?:get|fetch|download|take)\s+(?:the\s+file\s+)?(⟦\d+⟧)$", last.action.text, re.I
        )
        if got is None or noun_of(self._value(got.group(1))) != "file":
            return text
        new.pop()
        self.known.pop()
        return f"download {got.group(1)} to {saved.group('file')}"

    def _kept_instead(self, text: str) -> str:
        """ "remove the rows without …" of a table at hand keeps the others; nothing is deleted."""
        kept = kept_instead(text)
        latest = self._latest_list()
        profile = self.chooser.profiles.get(latest.component) if latest else None
        local = profile is not None and not profile.provider
        return kept if kept and local else text

    def _belongs_to_last(self, text: str, block: list[Node]) -> bool:
        """ "… and assign it to ⟦0⟧": what has just been made takes that itself."""
        last = block[-1] if block else None
        if not isinstance(last, Call):
            return False
        component = self.chooser.catalog.get(last.component) if last.component else None
        if component is None or not {"create", "send"} & set(verb_class(last.action.verb)):
            return False
        attached = re.match(r"(attach|cc|bcc)\b", text, re.I)
        if attached and any(
            name.startswith(attached.group(1).lower()) for name in component.inputs
        ):
            text = re.sub(r"^attach\b", "with the attachment", text, flags=re.I)
        elif not re.search(r"\b(?:it|its)\b", text) or not _is_input(text, component.inputs):
            return False
        whole = f"{last.action.text} and {text}"
        last.action = replace(last.action, text=whole)
        last.said = self.masked.unmask(whole)
        return True


_FORBIDS = re.compile(r"^(?:don't|don’t|do not|never)\s", re.I)
_GETS = re.compile(r"^(?:get|fetch|download|take)\s+(?:the\s+file\s+)?(⟦\d+⟧)$", re.I)
_SAVES = re.compile(
    r"^(?:save|store|write|put)\s+(?:it|this|that|the file)\s+(?:as|to|in|into"
    r"|under|at)\s+(?P<file>⟦\d+⟧)$",
    re.I,
)
_THAT_PLACE = re.compile(
    r"\b(?:that|this|the\s+same|the\s+said)\s+(?:very\s+)?"
    r"(?:path|file\s?name|name|location|place|spot)\b",
    re.I,
)
_THERE = re.compile(r"(?<=\bit\s)there$", re.I)
_FROM_THE_WEB = re.compile(
    r"(?:get|fetch|download|pull|take|grab)\s+(?:it|the\s+\w+)\s+from\s+(?P<url>⟦\d+⟧)$", re.I
)
_STATE_CHECK = re.compile(
    r"^check\s+(?:whether|if)\s+(?P<what>(?!there\b).+?)\s+(?P<state>(?:is|are|has|have|was"
    r"|were)\s+(?!there\b).+)$",
    re.I,
)
_IGNORES = re.compile(
    r"^(?:ignore|skip|don't stop on|do not stop on)\s+(?:any\s+|all\s+)?(?:errors?|failures?)",
    re.I,
)


def _is_input(text: str, inputs: Mapping[str, object]) -> bool:
    """Return whether a verb or a noun of an action is the name of an input: assign, assignees."""
    match = re.match(r"([a-z]+)\s+(?:it\b|its\s+([a-z]+))", text, re.I)
    if match is None:
        return False
    word = (match.group(2) or match.group(1)).lower()
    if match.group(2) and match.group(1).lower() not in ("set", "make", "give"):
        return False
    stem = word[:6] if match.group(2) is None else word
    return len(word) > 2 and any(name.lower().startswith(stem) for name in inputs)
