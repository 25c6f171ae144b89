"""A step said again with more: "only list issues with the label …"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from flowloom.offline.comparing.comparison import Condition
from flowloom.offline.comparing.conditions import parse_condition
from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.editing.editing import Editing
from flowloom.offline.editing.existing import ExistingStep
from flowloom.offline.filling.fill import Filler
from flowloom.offline.filling.input_names import is_main_text
from flowloom.offline.planning.actions import is_action
from flowloom.offline.planning.plan import Reference
from flowloom.offline.reading.lexicon import base_verb, words_of
from flowloom.workflow.edits import SetValue

__all__ = ["Restating"]

_RUNS = frozenset({"react", "run", "start", "trigger", "fire", "respond", "begin", "listen", "go"})


_MORE = re.compile(
    r"\b(?:also|too|again|another|as well|then|before|after|first|finally|end|instead|if|when|each"
    r"|every|otherwise|else|beginning|start)\b",
    re.I,
)


@dataclass
class Restating(Editing):
    """Gives a step, or the trigger, what a sentence says of it again."""

    def _only_with(self, text: str) -> bool:
        """ "Only list issues with the label ⟦0⟧": inputs of a step, or of the trigger."""
        late = re.match(r"^(?P<verb>[a-z]+)\s+only\s+(?P<object>.+)$", text, re.I)
        match = forms.ONLY.match(text)
        if match is None and late is None:
            return self._said_with_more(text)
        rest = match.group("rest") if match else ""
        rest = f"{late.group('verb')} {late.group('object')}" if late else rest
        if re.search(r"\b(?:if|when|unless|while)\b", rest, re.I):
            return False
        first = words_of(rest)[:1]
        return (
            self._only_trigger(rest)
            if first and first[0] in _RUNS | {"for", "on", "when", "from"}
            else self._more_inputs(rest)
        )

    def _said_with_more(self, text: str) -> bool:
        """ "Sort in descending order": a step that is there, with an input that it lacks."""
        plain = self.nester.plain(text)
        first = plain.split(" ", 1)[0].lower()
        if base_verb(first) != first or _MORE.search(text):
            return False
        action = self._action(text)
        best = self.nester.choose(action, plain, None).ids[:1]
        same = [step for step in self._calls() if (str(step.data["uses"]),) == best]
        component = self.existing.catalog.get(best[0]) if best else None
        if len(same) != 1 or component is None or action.relative:
            return False
        values = Filler(component, self.nester.masked, text).fill().values
        given = same[0].data.get("with") or {}
        return bool(values) and not set(values) & set(given) and self._restate(same[0], text)

    def _more_inputs(self, text: str) -> bool:
        plain = self.nester.plain(text)
        if not is_action(plain):
            return self._only_such(text, plain)
        action = self._action(text)
        target = self.existing.match(action, plain)
        if target is None:
            return False
        if action.relative and target.loop:
            return self._only_items(target, action.relative, text)
        return not action.relative and self._restate(target, text)

    def _only_such(self, text: str, plain: str) -> bool:
        """ "Only tasks with the label …": what is retrieved, without its verb."""
        step = self.existing.match(self._action(plain), plain, verb=False)
        profile = (
            self.existing.chooser.profiles.get(str(step.data.get("uses", ""))) if step else None
        )
        if step is None or profile is None or "retrieve" not in profile.verbs:
            return False
        return self._restate(step, f"{profile.first or 'list'} {text}")

    def _only_items(self, target: ExistingStep, relative: str, text: str) -> bool:
        """ "Only post entries whose title contains …": a condition inside the loop."""
        loop = self.existing.by_id[target.loop]
        about = Reference(item=str(loop.data.get("as", "item")))
        condition = parse_condition(relative, self.nester.masked.values)
        if not isinstance(condition, Condition):
            return False
        attribute = condition.attribute or "_".join(condition.subject[-1:])
        test = self.renderer.condition(replace(condition, attribute=attribute), about)
        if test is None:
            return False
        self.put_under({"if": test}, "then", [target])
        return True

    def _restate(self, target: ExistingStep, text: str) -> bool:
        """Set what words say of a step's inputs and is not so yet."""
        component = self.existing.catalog.get(str(target.data.get("uses", "")))
        if component is None:
            return False
        values = Filler(component, self.nester.masked, text).fill().values
        given = target.data.get("with") or {}
        changed = {
            name: value
            for name, value in values.items()
            if given.get(name, _default(component, name)) != value
            and not is_main_text(name, component.inputs[name])
        }
        for name, value in changed.items():
            self.changes.append(SetValue(id=target.id, path=f"with.{name}", value=value))
        return bool(changed)

    def _only_trigger(self, text: str) -> bool:
        trigger = self.existing.data.get("trigger") or {}
        component = self.existing.catalog.get(str(trigger.get("uses", "")))
        if component is None:
            return False
        values = Filler(component, self.nester.masked, text).fill().values
        given = trigger.get("with") or {}
        changed = {k: v for k, v in values.items() if given.get(k) != v and k != "cron"}
        if not changed:
            return self._only_events(text)
        if not given:
            self.changes.append(SetValue(path="trigger.with", value=changed))
            return True
        for name, value in changed.items():
            self.changes.append(SetValue(path=f"trigger.with.{name}", value=value))
        return True

    def _only_events(self, text: str) -> bool:
        """ "Only react to mails whose subject contains …": everything under a condition."""
        relative = self._action(text).relative
        condition = parse_condition(relative, self.nester.masked.values) if relative else None
        if not isinstance(condition, Condition) or self.renderer.trigger is None:
            return False
        attribute = condition.attribute or "_".join(condition.subject[-1:])
        test = self.renderer.condition(replace(condition, attribute=attribute), None)
        steps = self.existing.block_of("", "")
        if test is None or not steps:
            return False
        self.put_under({"if": test}, "then", steps)
        return True


def _default(component: Any, name: str) -> Any:
    return component.inputs.get(name, {}).get("default")
