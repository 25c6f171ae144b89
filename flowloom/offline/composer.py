"""The offline composer: the stages in order, from a request to a plan."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choosing.choose import Chooser, Search
from flowloom.offline.editing.edit import Editor
from flowloom.offline.editing.existing import Existing
from flowloom.offline.planning.nest import Nester
from flowloom.offline.planning.plan import Call, Node, walk_nodes
from flowloom.offline.planning.unused import unused_values
from flowloom.offline.reading.classify import Sentence, classify
from flowloom.offline.reading.lexicon import base_verb
from flowloom.offline.reading.masking import Masked, mask
from flowloom.offline.reading.paraphrases import plain_request
from flowloom.offline.reading.recalling import recall
from flowloom.offline.reading.rephrasing import rephrased, rephrased_change
from flowloom.offline.reading.segment import segment
from flowloom.offline.reading.unmet import unmet_words
from flowloom.offline.rendering.names import Names
from flowloom.offline.rendering.render import Renderer
from flowloom.offline.rendering.schemas import Typed
from flowloom.offline.timing.triggers import FoundTrigger, find_trigger
from flowloom.retrieval.query import Query
from flowloom.workflow.edits import Change

__all__ = ["Composed", "OfflineComposer", "shared_composer", "which_service"]


@dataclass(frozen=True)
class Composed:
    """What the stages made of a request.

    Attributes:
        sentences: the request taken apart, for an explanation; ``masked`` its values.
        nodes: the planned steps, of a change the added ones.
        workflow: plain data of a new workflow; None for a change, or where nothing was understood.
        changes: the changes of a workflow at hand.
    """

    sentences: tuple[Sentence, ...] = ()
    nodes: tuple[Node, ...] = ()
    trigger: str = ""
    workflow: dict[str, Any] | None = None
    changes: tuple[Change, ...] = ()
    assumptions: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    masked: Masked | None = None


@dataclass
class OfflineComposer:
    """Composes over one catalog; made once, used for many requests."""

    catalog: Catalog
    search: Search
    chooser: Chooser = field(init=False)

    def __post_init__(self) -> None:
        self.chooser = Chooser(self.catalog, self.search)
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
        masked = mask(request)
        texts = segment(rephrased(plain_request(masked)))
        sentences = tuple(classify(text, first=index == 0) for index, text in enumerate(texts))
        nester = Nester(self.chooser, masked)
        self._look_up(request, nester, sentences)
        for sentence in sentences:
            nester.add(sentence)
        if not nester.steps or not any(map(_is_understood, walk_nodes(nester.steps))):
            reason = ("The request names nothing to do.",)
            return Composed(sentences, unsupported=reason, masked=masked)
        words = next((item.trigger for item in sentences if item.trigger), "")
        return self._written(masked, sentences, nester, words, avoid)

    def _look_up(self, request: str, nester: Nester, sentences: tuple[Sentence, ...]) -> None:
        """Ask for all clauses at once: the model reads them in one call."""
        clauses = [nester.plain(text) for item in sentences for text in item.actions]
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
        renderer = Renderer(catalog=self.catalog, masked=masked, avoid=avoid)
        if found.component is not None:
            renderer.trigger = Typed("trigger.output", found.component.output)
        steps = renderer.steps(nester.steps)
        workflow = _workflow(masked, found, renderer, steps)
        unsupported = (*nester.unsupported, *renderer.problems)
        if not words and not any(map(_is_for_the_run, walk_nodes(nester.steps))):
            unsupported = (*unsupported, "No component of the catalog does any of this.")
        unused = unused_values(masked, workflow, trigger=words)
        return Composed(
            sentences,
            tuple(nester.steps),
            masked.unmask(words),
            workflow,
            assumptions=(
                *found.assumptions,
                *renderer.assumptions,
                *map(_unused, unused),
                *unmet_words(masked.text, workflow),
            ),
            unsupported=unsupported,
            questions=(*_missing(found), *which_service(nester.steps)),
            masked=masked,
        )

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
            catalog=self.catalog, masked=masked, outputs=existing.outputs(), avoid=avoid
        )
        recall(existing, renderer)
        renderer.remember_existing((step.id, step.data) for step in existing.steps)
        editor = Editor(existing, nester, renderer)
        editor.edit(texts)
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


def _unused(value: str) -> str:
    return f"No step uses {value!r}, which the request says."


def _is_for_the_run(node: Node) -> bool:
    """Whether a step is more than work for a person that nobody asked to hand on."""
    return not isinstance(node, Call) or bool(node.component or node.question)


def which_service(nodes: Sequence[Node]) -> tuple[str, ...]:
    """Ask where several services do the same, and neither words nor conversation say which."""
    calls = (node for node in walk_nodes(nodes) if isinstance(node, Call) and node.rivals)
    return tuple(f"Which service does {call.said!r}: {', '.join(call.rivals)}?" for call in calls)[
        :3
    ]


def _is_understood(node: Node) -> bool:
    """A step without component whose words have no verb is none."""
    return not isinstance(node, Call) or bool(
        node.component or node.question or base_verb(node.action.said)
    )


def _missing(found: FoundTrigger) -> tuple[str, ...]:
    if not found.missing or found.component is None:
        return ()
    return tuple(
        f"What is the {name!r} of the trigger {found.component.id!r}?" for name in found.missing[:3]
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


def shared_composer(catalog: Catalog, search: Search) -> OfflineComposer:
    """Return the one composer of a catalog: planner and generator share what it has read."""
    found = _SHARED.get(catalog)
    if found is None or found.search != search:
        found = _SHARED[catalog] = OfflineComposer(catalog, search)
    return found
