"""Changes that add something at a place or under a condition, by the kind of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flowloom.offline.choosing.weights import SURE
from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.existing import ExistingStep, comparison_of, opposite
from flowloom.offline.editing.guarding import Guarding
from flowloom.offline.editing.removing import Removing
from flowloom.offline.editing.targets import Targets
from flowloom.offline.planning.plan import Call, Node
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.grammar.clauses import plain_clause
from flowloom.offline.reading.lexicon import verb_class, words_of
from flowloom.offline.reading.morphology import participle_of
from flowloom.workflow.edits import Place, SetValue

__all__ = ["MeantPlaces"]

_IF = (
    r"(?P<word>if|when(?:ever)?|unless|in case(?: that)?|provided(?: that)?|as long as|once"
    r"|should(?= the\b)"
    r"|where)"
)
_LEADING = re.compile(rf"^(?:and\s+|but\s+)?{_IF}\s+(?P<condition>.+)$", re.I)
_TRAILING = re.compile(
    rf"^(?P<rest>.+?),?\s+(?:but\s+)?(?:only\s+|just\s+)?{_IF}\s+(?P<condition>.+)$", re.I
)
_NOTHING = re.compile(
    r"\b(?:nothing|anything|something|all|everything|steps?|the rest|quiet|stop|end|quit|run|at all"
    r"|it\s+all|do(?:\s+this|\s+that|\s+it)|this|a thing)\b",
    re.I,
)
_WORD = (
    r"(?:right\s+|just\s+|directly\s+|shortly\s+)?(?P<word>before|prior to|ahead of|in front of"
    r"|until"
    r"|preceding|by the time|after|once|following|as soon as|behind|upon|when)"
)
_ORDER = re.compile(rf",?\s*\b{_WORD}\s+(?P<anchor>.+)$", re.I)
_ORDER_FIRST = re.compile(rf"^(?:and\s+|but\s+)?{_WORD}\s+(?P<anchor>[^,]+),\s*(?P<rest>.+)$", re.I)
_ALL = r"(?:everything|all|anything|it all|the rest|the whole thing|that)"
_AT_START = re.compile(
    rf",?\s*\bbefore {_ALL}(?: else)?(?: (?:happens|starts|runs|is done|begins))?\b,?"
    r"|\b(?:at|in) the (?:very )?(?:start|beginning),?|^first of all,?|\bto (?:begin|start) with,?"
    r"|\bas (?:an?|the|its) (?:very )?first (?:step|action|thing|task),?"
    r"|^.*?\b(?:begins?|starts?|opens?|kicks? off) (?:it )?(?:with|by)\b",
    re.I,
)
_AT_END = re.compile(
    rf",?\s*\b(?:when|once|after) {_ALL}(?: else)?(?: (?:is|has been|was))?(?: (?:done|finished"
    rf"|over|through))\b,?"
    r"|\b(?:at|in) the (?:very )?end,?|\bas (?:an?|the|its) (?:very )?(?:last|final) (?:step|action"
    r"|thing|task),?|^(?:finally|lastly|to finish|to wrap up),?"
    r"|^.*?\b(?:ends?|finish(?:es)?|closes?|wraps? up) (?:it )?(?:with|by)\b",
    re.I,
)
_OTHER_CASE = re.compile(
    r"\b(?:else|otherwise|alternative)\b|\b(?:in|for) (?:the|all|any) other cases?\b", re.I
)
_ALWAYS = re.compile(
    r"\b(?:always|unconditional\w*|in (?:any|every) case|no matter|regardless|whatever"
    r"|whether or not"
    r"|no condition|(?:remove|drop|delete|skip|without) (?:the |that )?(?:if|condition|check"
    r"|test))\b",
    re.I,
)
_DONE = re.compile(
    r"\b(?:be|get|is|are)\s+(?!done\b|needed\b|necessary\b|run\b)\w+(?:ed|en|nt|de|ut)\b", re.I
)
_OPPOSITE = re.compile(
    r"\b(?:opposite|reversed?|invert(?:ed)?|negated?|flip(?:ped)?|round|around|wrong way|backwards?"
    r"|mixed up|exactly when)\b",
    re.I,
)
_BEHIND = ("after", "once", "following", "as soon as", "behind", "upon", "when")
_SOMEONE = re.compile(
    r"^(?:please\s+)?(?:(?:have|let|get|make)\s+)?(?P<who>(?:some(?:one|body)|an?\s+(?:human|person"
    r"|colleague|member of (?:the )?\w+)|people|a human being))\s+"
    r"(?:(?:has|have|needs?|ought|is|are)\s+to\s+|(?:should|must|shall|may|can|will)\s+|to\s+)?",
    re.I,
)


@dataclass
class MeantPlaces(Targets, Removing, Guarding):
    """Makes additions and conditions from a sentence of a known kind."""

    # -- at a place --------------------------------------------------------------------------

    def add_placed_meant(self, text: str) -> bool:
        """Add what the rest of a sentence asks for where its words of order say."""
        found = None if forms.A_STEP_THAT.match(text) else self._placed_by(text)
        if found is None:
            return False
        rest, place = found
        sentence = classify(plain_clause(rest.strip(" ,")), editing=True)
        if not sentence.actions or sentence.condition or sentence.place:
            return False
        self._insert(self._new_steps(sentence, place), place)
        return True

    def _placed_by(self, text: str) -> tuple[str, Place] | None:
        for pattern, at in ((_AT_START, "start"), (_AT_END, "end")):
            match = pattern.search(text)
            if match is not None:
                rest = f"{text[: match.start()]} {text[match.end() :]}"
                return rest, Place(at="start") if at == "start" else Place()
        lead = _ORDER_FIRST.match(text)
        match = lead or _ORDER.search(text)
        if match is None:
            return None
        rest = match.group("rest") if lead else text[: match.start()]
        words = match.group("anchor")
        anchors = self.steps_meant(words, several=False)
        if match.group("word").lower() in ("when", "once", "upon") and anchors:
            loop = "for_each" in anchors[0].data
            anchors = anchors if loop or self._does(anchors[0], words) else []
        return (rest, self._beside(match.group("word"), anchors[0])) if anchors else None

    # -- a person ----------------------------------------------------------------------------

    def ask_person_meant(self, text: str) -> bool:
        """Add a step for a person, beside the step that words of order name."""
        words, place = self._placed_by(text) or (text, Place())
        if not _SOMEONE.match(words) and self._is_done_by_a_service(words):
            return False
        said = plain_clause(_SOMEONE.sub("", words.strip(" ,")))
        action = self._action(self.nester.plain(said))
        call = Call(
            id=self.nester.names.of_action(action), action=replace(action, text=said),
            plain=self.nester.plain(said), said=self.nester.masked.unmask(said), sentence=text,
        )  # fmt: skip
        self.nodes.append(call)
        nodes: list[Node] = [call]
        self._insert(self.renderer.steps(nodes), place)
        return True

    def _is_done_by_a_service(self, words: str) -> bool:
        plain = self.nester.plain(plain_clause(words))
        fits = self.nester.choose(self._action(plain), plain, None).fits
        return bool(fits) and fits[0].score >= SURE

    def _beside(self, word: str, anchor: ExistingStep) -> Place:
        before = word.lower() not in _BEHIND
        return Place(before=anchor.id) if before else Place(after=anchor.id)

    # -- conditions --------------------------------------------------------------------------

    def stop_meant(self, text: str) -> bool:
        """Do nothing, or not this, where a condition holds."""
        rest, words, negated = _parts(text)
        if not words:
            return False
        condition = classify(f"if {words}, do nothing", editing=True).condition or words
        aimed = self.steps_meant(rest) if _DONE.search(rest) else []
        everything = not aimed and (bool(_NOTHING.search(rest)) or not rest.strip(" ,"))
        branch = self._branches.branch_of(condition) if not negated else None
        if branch is not None and everything:
            steps = self.existing.block_of(*branch)
            self._take_away(steps)
            return bool(steps)
        targets = aimed or ([] if everything else self.steps_meant(rest))
        targets = targets or (self._behind_the_test(condition) if everything else [])
        return bool(targets) and self._guarded(text, condition, targets, negated=not negated)

    def _behind_the_test(self, condition: str) -> list[ExistingStep]:
        """Everything at the place from which on the condition can be tested."""
        test = self._test_of(Sentence(text=condition, condition=condition))
        if test is None:
            return []
        top = self.existing.block_of("", "")
        used = [
            index for index, step in enumerate(top)
            if re.search(rf"\bsteps\.{step.id}\b", test)
        ]  # fmt: skip
        return top[max(used) + 1 :] if used else top

    def _guarded(
        self, text: str, words: str, targets: list[ExistingStep], *, negated: bool
    ) -> bool:
        test = self._test_of(Sentence(text=text, condition=words, negated=negated), targets[0])
        if test is None:
            return False
        self.put_under({"if": test}, "then", targets)
        return True

    def only_when_meant(self, text: str) -> bool:
        """Do something that is there only where a condition holds."""
        rest, words, negated = _parts(text)
        if not words:
            return False
        everything = bool(_NOTHING.search(rest))
        targets = self._behind_the_test(words) if everything else self.steps_meant(rest)
        return bool(targets) and self._guarded(text, words, targets, negated=negated)

    def condition_meant(self, text: str) -> bool:
        """Another condition for the ``if`` that tests the same field, or the only one."""
        holders = [step for step in self.existing.steps if "if" in step.data]
        for words in _conditions_in(text):
            test = self._test_quietly(words)
            same = [step for step in holders if _tests_like(step, test)] if test else []
            chosen = same or (holders if len(holders) == 1 else [])
            if test and chosen and str(chosen[-1].data["if"]) != test:
                self.changes.append(SetValue(id=chosen[-1].id, path="if", value=test))
                return True
        return False

    def _test_quietly(self, words: str) -> str | None:
        known, problems = len(self.nester.unsupported), len(self.renderer.problems)
        test = self._test_of(Sentence(text=words, condition=words))
        del self.nester.unsupported[known:]
        del self.renderer.problems[problems:]
        return test

    def opposite_meant(self, text: str) -> bool:
        """The opposite of the only condition."""
        holders = [step for step in self.existing.steps if "if" in step.data]
        if len(holders) != 1 or not _OPPOSITE.search(text):
            return False
        value = opposite(str(holders[0].data["if"]))
        self.changes.append(SetValue(id=holders[0].id, path="if", value=value))
        return True

    def unwrapped_meant(self, text: str) -> bool:
        """No condition any more, or nothing in the other case."""
        if _OTHER_CASE.search(text):
            return self._without_else()
        return bool(_ALWAYS.search(text)) and self._unwrap()

    # -- in a branch -------------------------------------------------------------------------

    def after_event_meant(self, text: str) -> bool:
        """ "Whenever a T is deleted, do X": after the step that deletes it."""
        sentence = classify(text, editing=True)
        words = sentence.condition or sentence.trigger
        if not words or not sentence.actions:
            return False
        scores = {
            name: score for name, score in self.step_scores(words).items()
            if self._does(self.existing.by_id[name], words)
        }  # fmt: skip
        if not scores:
            return False
        anchor = max(scores, key=lambda name: scores[name])
        place = Place(after=anchor)
        bare = replace(sentence, condition="", trigger="")
        self._insert(self._new_steps(bare, place), place)
        return True

    def _does(self, step: ExistingStep, words: str) -> bool:
        """Whether a passive or perfect clause says what a step does: "a T gets deleted"."""
        profile = self.existing.chooser.profiles.get(str(step.data.get("uses", "")))
        done = {verb for word in words_of(words) if (verb := participle_of(word))}
        classes = {kind for verb in done for kind in verb_class(verb)}
        return profile is not None and bool(
            classes & set(profile.verbs) or done & {profile.operation, profile.first}
        )


def _parts(text: str) -> tuple[str, str, bool]:
    """Return what is (not) done, the condition, and whether it is one of "unless"."""
    text = _HAS_NONE.sub("is empty", text)
    if match := _LEADING.match(text):
        words = match.group("condition")
        cut = _CONSEQUENCE.search(words)
        if cut is None:
            return "", words, match.group("word").lower() == "unless"
        rest, words = words[cut.end() :], words[: cut.start()]
        return rest, words, match.group("word").lower() == "unless"
    if match := _TRAILING.match(text):
        negated = match.group("word").lower() == "unless"
        return match.group("rest"), match.group("condition"), negated
    if match := _WITH.search(text):
        said = match.group("one") or match.group("none")
        words = f"the {said} is empty" if match.group("one") else f"there are no {said}"
        return f"{text[: match.start()]} {text[match.end() :]}", words, False
    return text, "", False


_CONSEQUENCE = re.compile(
    r",\s*(?:then\s+)?|\s+(?=(?:then|do|don['’]t|nothing|no|skip|stop|there)\b)", re.I
)
_HAS_NONE = re.compile(
    r"\b(?:has|have|holds?|contains?|gives?|returns?|brings?|finds?|shows?)\s+"
    r"(?:no\s+(?:new\s+)?\w+|nothing(?:\s+new)?|none)\b",
    re.I,
)
_WITH = re.compile(
    r"\b(?:with an empty|given an empty|on an empty|for an empty)\s+(?P<one>\w+),?"
    r"|\b(?:with no|without(?: any)?|in the absence of|for lack of)\s+(?P<none>\w+),?",
    re.I,
)


def _conditions_in(text: str) -> list[str]:
    """Return the ends of a sentence that may be its condition, the longest first."""
    found = [
        text[match.end() :]
        for match in re.finditer(
            r"\b(?:so that|that|whether|if|when|for|to|be|is|should be|on|condition)\s+", text, re.I
        )
    ]
    return [item for item in found if item.strip()] or [text]


def _tests_like(step: ExistingStep, test: str | None) -> bool:
    field = comparison_of(test or "")[0]
    return bool(field) and comparison_of(str(step.data["if"]))[0] == field
