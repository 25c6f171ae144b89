"""One action for several things: a loop with a step for each, or one step for all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flowloom.offline.comparing.picking import as_clause
from flowloom.offline.planning.actions import Action, parse_action
from flowloom.offline.planning.calls import plural_of
from flowloom.offline.planning.loops import Loops, of_item
from flowloom.offline.planning.plan import Call, Loop, Node
from flowloom.offline.planning.references import Known
from flowloom.offline.reading.each import THOSE
from flowloom.offline.reading.lexicon import verb_class
from flowloom.offline.reading.sentence import Sentence

__all__ = ["Several"]


@dataclass
class Several(Loops):
    """Adds what is done to several things to blocks."""

    def goes_over_all(self, action: Action) -> bool:
        """Changing or deleting several things is a loop; one call does one thing."""
        classes = set(verb_class(action.verb))
        if re.search(r"\bduplicate", action.text, re.I):
            return False
        if not action.nouns:
            return False
        if action.whole and re.search(r"\beach\b|\bevery\b", action.text, re.I):
            known = self.known_list(action.nouns[-1:]) if action.nouns else None
            return not classes & {"retrieve"} or (known is not None and known.plural)
        if not action.plural or not classes & {"delete", "update"} or classes & {"retrieve"}:
            return False
        return bool(action.nouns)

    def add_for_all(
        self,
        action: Action,
        plain: str,
        sentence: Sentence,
        block: list[Node],
        known: Known | None = None,
    ) -> None:
        """Add a loop with one step for each of several things."""
        known = known or self._find(action.nouns, plural=True)
        if known is None or known.reference.item:
            source, target = _source_and_target(action)
            tail = action.tail if not target else self.plain(source.partition(action.head)[2])
            phrase = " ".join((*action.nouns[:-1], plural_of(action.nouns[-1]), tail))
            known = self.retrieve(phrase.strip(), block, source)
            text = f"{action.said} the {action.nouns[-1]} {target}".strip()
            action = replace(action, text=text)
            sentence = Sentence(text="")
        if not action.relative and self._takes_a_list(action, plain):
            self.add_call(replace(action, whole=False), plain, sentence, block, None, known)
            return
        inner = self.loop_over(known.reference, block, action.nouns[-1:])
        item = self.known[-1]
        holder = self._holder if isinstance(self._holder, Loop) else None
        self._reading = holder if re.search(r"\b(?:each|every)\b", plain, re.I) else None
        if action.relative:
            found = self.relative_condition(action.relative)
            if found is not None:
                inner = self.add_branch(replace(found, subject=()), item.reference, inner)
        self._holder = None
        single = replace(action, plural=False, whole=False, relative="")
        self.add_call(single, plain, sentence, inner, None, item)

    def _takes_a_list(self, action: Action, plain: str) -> bool:
        """Return whether the step that does an action takes all things at once."""
        choice = self.choose(action, plain, None)
        found = self.chooser.catalog.get(choice.ids[0]) if choice.ids else None
        if found is None:
            return False
        return any(found.inputs[name].get("type") == "array" for name in found.required)

    def only_those(self, text: str, block: list[Node]) -> tuple[str, list[Node]]:
        """ "close the ones that are old": a loop over the latest list, with a condition."""
        match = THOSE.match(text)
        if match is None:
            return text, block
        condition = self.relative_condition(as_clause(match.group("clause")))
        if condition is None:
            return text, block
        holder = self._holder
        if not isinstance(holder, Loop) or self._list_inside(holder, block):
            known = self._latest_list()
            if known is None or not known.plural or known.reference.item:
                return text, block
            block = self.loop_over(known.reference, block)
        inner = self.add_branch(of_item(condition), self.item_known(), block)
        return f"{match.group('verb')} it", inner

    def _list_inside(self, holder: Loop, block: list[Node]) -> bool:
        """Whether a list was made for each item: what is said of several things is about it."""
        latest = next((k for k in reversed(self.known) if k.plural or k.reference.item), None)
        inside = {node.id for node in (*holder.steps, *block) if isinstance(node, Call)}
        return latest is not None and not latest.reference.item and latest.reference.step in inside

    def reads_files(self, action: Action) -> bool:
        """ "Read all the files in ⟦0⟧": they are listed, and each is read."""
        if action.verb not in ("read", "load", "open", "parse", "import") or not action.plural:
            return False
        if action.head not in ("file", "document") and "file" not in action.nouns:
            return False
        return len(self.masked.values_in(action.text)) == 1

    def read_each_file(
        self, action: Action, plain: str, sentence: Sentence, block: list[Node]
    ) -> None:
        """Add the list of the files, and a loop that reads each; what follows may stand in it."""
        listing = re.sub(rf"^\s*{re.escape(action.said)}\b", "list", action.text, flags=re.I)
        words = re.sub(rf"^\s*{re.escape(action.said)}\b", "list", plain, flags=re.I)
        [first, *_] = parse_action(listing, words)
        self.add_call(replace(first, text=listing), words, sentence, block)
        kept = self.known[-1]
        inner = self.loop_over(kept.reference, block, ("file",))
        self._reading = self._holder if isinstance(self._holder, Loop) else None
        item = self.known[-1]
        one = f"{action.said} the file"
        [single, *_] = parse_action(one, one)
        self.add_call(single, one, Sentence(text=one), inner, None, item)


def _source_and_target(action: Action) -> tuple[str, str]:
    """Cut "every file in ⟦0⟧ to ⟦1⟧" into what is gone over and where each goes."""
    text = re.sub(
        r"^(?:(?:all|every|each|any)\s+)+(?:the\s+)?", "", _without_verb(action), flags=re.I
    )
    sets = action.verb in ("update", "set", "change", "edit", "modify", "mark")
    words = "to|into|onto|as|via|by|saying" + ("|with" if sets else "")
    match = re.search(rf"\s+(?=(?:{words})\s)", text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _without_verb(action: Action) -> str:
    return re.sub(rf"^\s*{re.escape(action.said)}\s+", "", action.text, flags=re.I)
