"""Replacing: "X instead of Y", "replace Y with X", "use Z"."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from flowloom.offline.editing.editing import Editing
from flowloom.offline.editing.existing import Existing, ExistingStep
from flowloom.offline.filling.input_names import is_main_text
from flowloom.offline.planning.actions import Action, is_action
from flowloom.offline.planning.plan import Call, Node
from flowloom.offline.reading.classify import Sentence
from flowloom.offline.reading.lexicon import words_of
from flowloom.workflow.edits import ReplaceStep, SetValue

__all__ = ["Replacing"]


@dataclass
class Replacing(Editing):
    """Puts steps in the place of others."""

    def _nearest_in_kind(self, new: str) -> list[ExistingStep]:
        """ "Create the board in X instead": the step that does the same elsewhere."""
        plain = self.nester.plain(new)
        action = self._action(plain)
        mentions = self.existing.chooser.mentions(action, plain)
        for name in mentions:
            for word in self.existing.chooser.services.words_of(name):
                plain = re.sub(rf"\b{re.escape(word)}\b", "", plain, flags=re.I)
        bare = replace(action, nouns=tuple(n for n in action.nouns if n in plain.lower()))
        found = self.existing.matches(bare, plain, verb=is_action(plain))
        return [found[0][1]] if found else []

    def _replace_step(self, target: ExistingStep, new: str) -> None:
        plain = self.nester.plain(new)
        action = self._action(new)
        if not is_action(plain):
            action = self._as_the_target_does(target, action, plain)
            plain = " ".join((action.verb, *action.nouns, plain))
        call = self._call_for(action, plain, new)
        self.renderer.implies = False
        [step] = self._rendered(call, target)
        self.renderer.implies = True
        if f"steps.{target.id}." in json.dumps(self.existing.data):
            step["id"] = target.id  # what refers to it goes on to do so
        kept = {
            name: value
            for name, value in (target.data.get("with") or {}).items()
            if name in self._inputs(ExistingStep("", step)) and name not in step.get("with", {})
        }
        given = step.get("with", {})
        declared = {k: v for k, v in given.items() if isinstance(v, str) and "inputs." in v}
        for name in declared:
            if name in (target.data.get("with") or {}):
                given[name] = target.data["with"][name]
        kept |= self._same_text(target, ExistingStep("", step))
        if given or kept:
            step["with"] = {**given, **kept}
        self._forget_unused(step)
        if step["uses"] == target.data.get("uses") if "uses" in step else False:
            self._set_differing(target, step)
            return
        self.nodes.append(call)
        self.changes.append(ReplaceStep(id=target.id, step=step))

    def _set_differing(self, target: ExistingStep, step: dict[str, Any]) -> None:
        """The same component with other inputs: only these are set."""
        before = target.data.get("with") or {}
        for name, value in (step.get("with") or {}).items():
            if before.get(name) != value:
                self.changes.append(SetValue(id=target.id, path=f"with.{name}", value=value))

    def _forget_unused(self, step: dict[str, Any]) -> None:
        """What the old step gave need not be declared or assumed."""
        written = json.dumps(step)
        for name in [item for item in self.renderer.inputs if f"inputs.{item} " not in written]:
            if f"inputs.{name}" not in json.dumps([c.model_dump() for c in self.changes]):
                del self.renderer.inputs[name]
                self.renderer.assumptions[:] = [
                    text for text in self.renderer.assumptions
                    if f"the workflow's input {name!r}" not in text
                ]  # fmt: skip

    def _rendered(self, call: Call, target: ExistingStep) -> list[dict[str, Any]]:
        """Write the new step; what stands behind the old one cannot be referred to."""
        ids = [step.id for step in self.existing.steps]
        later = set(ids[ids.index(target.id) :])
        known = self.renderer.outputs
        self.renderer.outputs = {name: v for name, v in known.items() if name not in later}
        steps = self.renderer.steps([call])
        self.renderer.outputs = {**known, **self.renderer.outputs}
        return steps

    def _same_text(self, target: ExistingStep, new: ExistingStep) -> dict[str, Any]:
        """What was said is said by the new step too, where the words give it no other text."""
        old = self.existing.catalog.get(str(target.data.get("uses", "")))
        component = self.existing.catalog.get(str(new.data.get("uses", "")))
        if old is None or component is None:
            return {}
        texts = [
            value
            for name, value in (target.data.get("with") or {}).items()
            if name in old.inputs and is_main_text(name, old.inputs[name])
        ]
        given = new.data.get("with") or {}
        open_texts = [
            name
            for name in component.required
            if is_main_text(name, component.inputs[name]) and "${{" in str(given.get(name, "${{"))
        ]
        return {open_texts[0]: texts[-1]} if len(open_texts) == 1 and texts else {}

    def _as_the_target_does(self, target: ExistingStep, action: Action, plain: str) -> Action:
        profile = self.existing.chooser.profiles.get(str(target.data.get("uses", "")))
        if profile is None:
            return action
        verb = next(iter(sorted(profile.verbs)), "")
        mentions = self.existing.chooser.mentions(action, plain)
        nouns = action.nouns
        if _says_only_service(plain, mentions, self.existing):
            nouns = profile.phrase
        return replace(action, verb=verb, said=verb, nouns=nouns, head=nouns[-1] if nouns else "")

    def _call_for(self, action: Action, plain: str, text: str) -> Call:
        block: list[Node] = []
        sentence = Sentence(text=text)
        return self.nester.add_call(action, plain, sentence, block)


def _says_only_service(plain: str, mentions: dict[str, float], existing: Existing) -> str:
    """Return the service if the words name one and nothing else."""
    if not mentions:
        return ""
    used = existing.providers()
    best = max(mentions, key=lambda name: (mentions[name], name in used))
    words = set(words_of(plain)) - {"the", "a", "to", "with", "using", "service", "in", "on"}
    return best if words <= existing.chooser.services.words_of(best) else ""
