"""How steps run: tried, retried, at the same time, after a pause, until the run ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from flowloom.offline.planning.plan import Call, If, Node, Parallel, Stop, Try, Wait, walk_nodes
from flowloom.offline.planning.tested import Tested
from flowloom.offline.reading.flow_words import attempts_in, goes_on, pause_in, stop_in
from flowloom.offline.reading.lexicon import base_verb, words_of
from flowloom.offline.reading.sentence import Sentence

__all__ = ["Flows"]

_ALL = re.compile(
    r"^(?:anything|something|everything|they|these|those|all|any(?: one)? of|either|one of|any "
    r"step)",
    re.I,
)
_WITHOUT_MESSAGE = "The run ends here."


@dataclass
class Flows(Tested):
    """Adds blocks that say how steps run."""

    _latest_nodes: list[Node] = field(default_factory=list[Node])
    _latest_block: list[Node] = field(default_factory=list[Node])
    _hoped: tuple[list[Node], list[Node]] | None = None

    def flow_node(self, text: str, block: list[Node]) -> Node | None:
        """Add a pause or the end of the run, if that is what an action asks for."""
        if (pause := pause_in(text)) is not None:
            node: Node = Wait(self.names.unique("wait"), pause.duration)
        elif (stop := stop_in(text)) is not None:
            message = self.masked.unmask(stop[0], quotes=False) or _WITHOUT_MESSAGE
            node = Stop(self.names.unique("stop"), message, failed=stop[1])
        else:
            return None
        block.append(node)
        return node

    # -- what is done on an error, or in any case --------------------------------------------

    def on_failure(self, sentence: Sentence) -> bool:
        """Add what a sentence says is done if the steps before fail."""
        block, guarded = self._guarded(sentence.failure)
        if not guarded:
            return False
        if sentence.attempts:
            self.retry(guarded, sentence.attempts)
        attempts = [count for text in sentence.actions if (count := attempts_in(text))]
        if attempts:
            self.retry(guarded, attempts[0])
        kept = [text for text in sentence.actions if not attempts_in(text)]
        actions = tuple(text for text in kept if not goes_on(text))
        if not actions:
            if kept:
                _carry_on(guarded)
            return True
        node = self._tried(block, guarded)
        self.add_actions(replace(sentence, actions=actions, failure="", attempts=0), node.catch)
        self._latest_nodes, self._latest_block = [node], block
        return True

    def in_any_case(self, sentence: Sentence) -> bool:
        """Add what a sentence says is done whatever happens."""
        block, guarded = self._guarded("that")
        if not guarded or isinstance(guarded[-1], If):
            return False
        node = self._tried(block, guarded)
        self.add_actions(replace(sentence, always=False, place=""), node.last)
        self._latest_nodes, self._latest_block = [node], block
        return True

    def on_success(self, sentence: Sentence) -> bool:
        """Add what is done only if the steps before did not fail: it follows them."""
        last = self._latest_nodes[-1] if self._latest_nodes else None
        if not isinstance(last, Try):
            return False
        self.add_actions(replace(sentence, succeeds=False, otherwise=False), last.steps)
        return True

    def on_other_outcome(self, sentence: Sentence) -> bool:
        """ "If it works, …, otherwise …": the other outcome is an error."""
        if self._hoped is None:
            return False
        block, guarded = self._hoped
        self._hoped = None
        node = self._tried(block, guarded)
        self.add_actions(replace(sentence, otherwise=False), node.catch)
        self._latest_nodes, self._latest_block = [node], block
        return True

    def _guarded(self, what: str) -> tuple[list[Node], list[Node]]:
        """Return the block and the nodes in it that may fail."""
        block = self._latest_block or self.steps
        if _ALL.match(what):
            return block, list(block)
        named = self._named(what, block)
        if named:
            return block, named
        inside = [node for node in self._latest_nodes if any(node is other for other in block)]
        return block, inside or block[-1:]

    def _named(self, what: str, block: list[Node]) -> list[Node]:
        """ "downloading the file fails": the step with that verb or noun."""
        words = words_of(what)
        verbs = {base_verb(word) for word in words} - {""}
        if not verbs or words[0] in ("that", "this", "it"):
            return []
        calls = (node for node in reversed(block) if isinstance(node, Call))
        found = next((node for node in calls if node.action.verb in verbs), None)
        return [found] if found is not None else []

    def _tried(self, block: list[Node], guarded: list[Node]) -> Try:
        if len(guarded) == 1 and isinstance(guarded[0], Try):
            return guarded[0]
        start = next(at for at, node in enumerate(block) if node is guarded[0])
        node = Try(self.names.unique("try"), [])
        inside = [item for item in block if any(item is other for other in guarded)]
        node.steps.extend(inside)
        kept = [item for item in block if not any(item is other for other in guarded)]
        kept.insert(start, node)
        block[:] = kept
        return node

    def go_on_after(self, nodes: list[Node]) -> bool:
        """Let the run go on after a failure of the last of some nodes."""
        last = nodes[-1] if nodes else None
        if isinstance(last, Call):
            last.on_error = "continue"
        return isinstance(last, Call)

    def retry(self, nodes: list[Node], attempts: int) -> None:
        """Let the last call among nodes be tried several times."""
        calls = [node for node in walk_nodes(nodes) if isinstance(node, Call) and node.component]
        for call in calls[-1:]:
            call.attempts = attempts

    # -- at the same time --------------------------------------------------------------------

    def at_the_same_time(self, new: list[Node], block: list[Node]) -> None:
        """Put new nodes of a block side by side; a single one beside the node before it."""
        start = next((at for at, node in enumerate(block) if new and node is new[0]), len(block))
        before = block[start - 1] if start else None
        if len(new) == 1 and isinstance(before, Parallel):
            before.branches.append(new)
            block[start:] = []
            return
        if len(new) == 1 and before is not None:
            new = [before, *new]
            start -= 1
        if len(new) < 2:
            return
        node = Parallel(self.names.unique("together"), [[item] for item in new])
        block[start : start + len(new)] = [node]
        self._latest_nodes, self._latest_block = [node], block


def _carry_on(guarded: list[Node]) -> None:
    for node in walk_nodes(guarded):
        if isinstance(node, Call):
            node.on_error = "continue"
