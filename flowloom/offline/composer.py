"""The offline composer: the stages in order, from a request to a plan."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choosing.choose import Chooser, Search
from flowloom.offline.comparing.bracketed import without_columns
from flowloom.offline.comparing.conditional_forms import conditional_sentences
from flowloom.offline.comparing.exceptions import without_excepted
from flowloom.offline.comparing.questions import questions_as_conditions
from flowloom.offline.editing.change_sentences import change_sentences
from flowloom.offline.editing.edit import Editor
from flowloom.offline.editing.existing import Existing
from flowloom.offline.meaning.classifier import ChangeKinds, Embed
from flowloom.offline.planning.lost import lost_actions
from flowloom.offline.planning.nest import Nester
from flowloom.offline.planning.plan import Call, Node, walk_nodes
from flowloom.offline.planning.unused import unused_values
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.grammar.clauses import plain_sentences
from flowloom.offline.reading.lexicon import base_verb
from flowloom.offline.reading.masking import Masked, mask
from flowloom.offline.reading.paraphrases import plain_request
from flowloom.offline.reading.recalling import recall
from flowloom.offline.reading.rephrasing import rephrased, rephrased_change
from flowloom.offline.reading.segment import segment
from flowloom.offline.reading.unmet import unmet_words
from flowloom.offline.rendering.defects import defects_of
from flowloom.offline.rendering.names import Names
from flowloom.offline.rendering.render import Renderer
from flowloom.offline.rendering.schemas import Typed
from flowloom.offline.timing.triggers import FoundTrigger, find_trigger, settled_event
from flowloom.retrieval.query import Query
from flowloom.workflow.edits import Change
from flowloom.workflow.outline import Question

__all__ = ["Composed", "OfflineComposer", "shared_composer", "which_service"]


FLAWED = 1.0
"""From here on a reading is flawed enough that others are tried."""
NO_BETTER = 0.5


@dataclass(frozen=True)
class Composed:
    """What the stages made of a request.

    Attributes:
        sentences: the request taken apart, for an explanation; ``masked`` its values.
        nodes: the planned steps, of a change the added ones.
        workflow: plain data of a new workflow; None for a change, or where nothing was understood.
        changes: the changes of a workflow at hand.
        defects: how much was not understood, left over or guessed; 0 where nothing was.
    """

    sentences: tuple[Sentence, ...] = ()
    nodes: tuple[Node, ...] = ()
    trigger: str = ""
    workflow: dict[str, Any] | None = None
    changes: tuple[Change, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    unsupported: tuple[str, ...] = ()
    masked: Masked | None = None
    defects: float = 0.0


@dataclass
class OfflineComposer:
    """Composes over one catalog; made once, used for many requests."""

    catalog: Catalog
    search: Search
    embed: Embed | None = None
    chooser: Chooser = field(init=False)

    def __post_init__(self) -> None:
        self.chooser = Chooser(self.catalog, self.search)
        self.kinds = ChangeKinds(self.embed)
        # Planner and generator ask for the same: the second answer is the first.
        self._composed = lru_cache(maxsize=16)(self._compose)
        self._changed = lru_cache(maxsize=16)(self._change)

    def compose(self, request: str, *, avoid: frozenset[str] = frozenset()) -> Composed:
        """Return the plan and the workflow for a request.

        Args:
            avoid: components, and inputs as ``step.input``, that the verifier refused.
        """
        return self._composed(request, avoid)

    def _compose(self, request: str, avoid: frozenset[str]) -> Composed:
        """Read a request in the ways that its words allow, and keep what leaves least over."""
        masked = mask(request)
        masked = replace(masked, text=without_columns(masked.text))
        best: Composed | None = None
        for texts in _readings(masked):
            found = self._read(request, masked, texts, avoid)
            if best is None or found.defects < best.defects - NO_BETTER:
                best = found
            if best.defects < FLAWED:
                break
        return best or Composed(masked=masked)

    def _read(
        self, request: str, masked: Masked, texts: Sequence[str], avoid: frozenset[str]
    ) -> Composed:
        sentences = tuple(
            settled_event(classify(text, first=index == 0), masked, self.catalog)
            for index, text in enumerate(texts)
        )
        nester = Nester(self.chooser, masked)
        self._look_up(request, nester, sentences)
        for sentence in sentences:
            nester.add(sentence)
        if not nester.steps or not any(map(_is_understood, walk_nodes(nester.steps))):
            reason = ("The request names nothing to do.",)
            return Composed(sentences, unsupported=reason, masked=masked, defects=math.inf)
        words = next((item.trigger for item in sentences if item.trigger), "")
        return self._written(masked, sentences, nester, words, avoid)

    def _look_up(self, request: str, nester: Nester, sentences: tuple[Sentence, ...]) -> None:
        """Ask for all clauses at once: the model reads them in one call."""
        clauses = [
            words for item in sentences for text in item.actions for words in nester.asked_as(text)
        ]
        self.search(Query(text=request, steps=tuple(clauses)))

    def _written(
        self,
        masked: Masked,
        sentences: tuple[Sentence, ...],
        nester: Nester,
        words: str,
        avoid: frozenset[str],
    ) -> Composed:
        found = find_trigger(words, masked, self.catalog) if words else FoundTrigger()
        if words and found.data is None:
            nester.unsupported.append(
                f"No trigger of the catalog starts on {masked.unmask(words)!r}."
            )
        renderer = Renderer(catalog=self.catalog, masked=masked, avoid=avoid, embed=self.embed)
        if found.component is not None:
            renderer.trigger = Typed("trigger.output", found.component.output)
        steps = renderer.steps(nester.steps)
        workflow = _workflow(masked, found, renderer, steps)
        left = {text for item in sentences for text in item.left_over}
        strange = [
            f"{node.said!r} is not understood."
            for node in walk_nodes(nester.steps)
            if isinstance(node, Call) and node.action.text in left
            and not (node.component or node.question)
        ]  # fmt: skip
        unsupported = (*nester.unsupported, *renderer.problems, *strange)
        if not words and not any(map(_is_for_the_run, walk_nodes(nester.steps))):
            unsupported = (*unsupported, "No component of the catalog does any of this.")
        unused = unused_values(masked, workflow, trigger=words)
        unmet = unmet_words(masked.text, workflow)
        lost = lost_actions(sentences, nester.steps, masked)
        unmet += [f"No step was made for {text!r}." for text in lost]
        return Composed(
            sentences,
            tuple(nester.steps),
            masked.unmask(words),
            workflow,
            assumptions=(
                *found.assumptions,
                *renderer.assumptions,
                *map(_unused, unused),
                *unmet,
            ),
            unsupported=unsupported,
            questions=(*_missing(found), *which_service(nester.steps)),
            masked=masked,
            defects=defects_of(nester.steps, renderer, unsupported)
            + 2 * len(unused) + 1.5 * len(unmet) + len(left),
        )  # fmt: skip

    def change(
        self, request: str, data: Mapping[str, Any], *, avoid: frozenset[str] = frozenset()
    ) -> Composed:
        """Return the changes that a request asks for in a workflow."""
        return self._changed(request, json.dumps(data), avoid)

    def _change(self, request: str, workflow: str, avoid: frozenset[str]) -> Composed:
        data: dict[str, Any] = json.loads(workflow)
        masked = mask(request)
        texts = segment(rephrased_change(masked.text))
        existing = Existing(data, self.chooser, self.catalog)
        nester = Nester(
            self.chooser, masked, names=Names(step.id for step in existing.steps),
            known=existing.known(), providers=existing.providers(),
        )  # fmt: skip
        renderer = Renderer(
            catalog=self.catalog, masked=masked, outputs=existing.outputs(), avoid=avoid,
            embed=self.embed,
        )  # fmt: skip
        recall(existing, renderer)
        renderer.remember_existing((step.id, step.data) for step in existing.steps)
        editor = Editor(existing, nester, renderer, kinds=self.kinds)
        editor.edit(change_sentences(rephrased_change(masked.text)))
        nester, renderer = editor.nester, editor.renderer
        changes = (*editor.changes, *_declared(data, renderer))
        # What stands in the old workflow named something, even if the change takes it away.
        spoken = {"old": data, "changes": [change.model_dump(mode="json") for change in changes]}
        unused = unused_values(masked, spoken) if changes else []
        return Composed(
            tuple(classify(text, editing=True) for text in texts),
            tuple(editor.nodes),
            changes=changes,
            assumptions=(*renderer.assumptions, *map(_unused, unused)),
            unsupported=(*nester.unsupported, *editor.unsupported, *renderer.problems),
            questions=which_service(editor.nodes),
            masked=masked,
        )


def _readings(masked: Masked) -> Iterator[tuple[str, ...]]:
    """Yield the sentences to read, the likeliest first: put into plain forms, or as they stand."""
    seen: set[tuple[str, ...]] = set()
    asked = replace(masked, text=questions_as_conditions(masked.text, masked.values))
    for text in (rephrased(plain_request(asked)), masked.text):
        sentences = segment(text)
        plain = plain_sentences(sentences, masked.quoted)
        for reading in (conditional_sentences(plain, masked.values), plain, sentences):
            if any(without_excepted(item, masked.values) for item in reading):
                continue  # a reading without the exception would do the opposite
            if tuple(reading) not in seen:
                seen.add(tuple(reading))
                yield tuple(reading)


def _unused(value: str) -> str:
    return f"No step uses {value!r}, which the request says."


def _is_for_the_run(node: Node) -> bool:
    """Whether a step is more than work for a person that nobody asked to hand on."""
    return not isinstance(node, Call) or bool(node.component or node.question)


def which_service(nodes: Sequence[Node]) -> tuple[Question, ...]:
    """Ask where several services do the same, and neither words nor conversation say which."""
    calls = (node for node in walk_nodes(nodes) if isinstance(node, Call) and node.rivals)
    return tuple(
        Question(
            text=f"Which service does {call.said!r}: {', '.join(call.rivals)}?",
            suggestions=call.rivals,
            default=call.rivals[0],
        )
        for call in calls
    )[:3]


def _is_understood(node: Node) -> bool:
    """A step without component whose words have no verb is none."""
    return not isinstance(node, Call) or bool(
        node.component or node.question or base_verb(node.action.said)
    )


def _missing(found: FoundTrigger) -> tuple[Question, ...]:
    if not found.missing or found.component is None:
        return ()
    return tuple(
        Question(text=f"What is the {name!r} of the trigger {found.component.id!r}?")
        for name in found.missing[:3]
    )


def _workflow(
    masked: Masked, found: FoundTrigger, renderer: Renderer, steps: list[dict[str, Any]]
) -> dict[str, Any]:
    text = " ".join(masked.unmask(masked.text).split())
    workflow: dict[str, Any] = {"name": _name(steps), "description": text[:500]}
    if renderer.inputs:
        workflow["inputs"] = renderer.inputs
    if found.data is not None:
        workflow["trigger"] = found.data
    return {**workflow, "steps": steps}


def _name(steps: list[dict[str, Any]]) -> str:
    return "-".join(str(step["id"]).replace("_", "-") for step in steps[:3])[:80] or "workflow"


def _declared(data: Mapping[str, Any], renderer: Renderer) -> list[Change]:
    from flowloom.workflow.edits import SetValue

    if not renderer.inputs:
        return []
    known = dict(data.get("inputs") or {})
    return [SetValue(path="inputs", value={**known, **renderer.inputs})]


_SHARED: WeakKeyDictionary[Catalog, OfflineComposer] = WeakKeyDictionary()


def shared_composer(
    catalog: Catalog, search: Search, embed: Embed | None = None
) -> OfflineComposer:
    """Return the one composer of a catalog: planner and generator share what it has read.

    Args:
        embed: of the same index as ``search``; who does not know it shares the composer too.
    """
    found = _SHARED.get(catalog)
    if found is None or found.search != search or embed not in (None, found.embed):
        found = _SHARED[catalog] = OfflineComposer(catalog, search, embed)
    return found
