"""Whether the composer's loop mends a planted fault, given the right change by a scripted model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from benchmarks.fault_faithfulness import outline_of
from benchmarks.fault_model import GONE, Edit, apply, inverse
from benchmarks.fault_run import Case
from flowloom.errors import DocumentError
from flowloom.workflow.path import format_path

if TYPE_CHECKING:
    from flowloom.graph.composer import Composer
    from flowloom.retrieval.query import Hit, Query
    from flowloom.verification.diagnostic import Diagnostic

__all__ = ["FOR_THE_LOOP", "MENDED", "LoopEnd", "change_of", "loop_end"]

LoopEnd: TypeAlias = Literal[
    "valid", "by rule", "otherwise", "no error", "person", "no document", "failed"
]
"""``valid``: by the model's change; ``by rule``: no model was needed; ``otherwise``: valid, but
not as the right change makes it; ``no error``: it only warns, and warnings do not go round;
``person``: only a person may mend it; ``no document``: no model's answer can be that."""
MENDED: tuple[LoopEnd, ...] = ("valid", "by rule")
FOR_THE_LOOP: tuple[LoopEnd, ...] = (*MENDED, "otherwise", "failed")


def loop_end(case: Case) -> LoopEnd:
    """Run the graph on the broken workflow, with the right change as the model's next answer."""
    from flowloom.graph.composer import compose_sync

    try:
        data = case.document.data
    except DocumentError:
        return "no document"
    if not data.get("steps"):
        return "no document"  # Such an answer of a model is refused before it is verified.
    repair = case.planting.repair or inverse(case.sample.data, case.planting.edits)
    composer = _composer(case, data, [change_of(edit) for edit in repair])
    result = compose_sync(case.planting.request or "Make it.", composer=composer)
    same = result.workflow == apply(data, repair)
    if result.status == "valid":
        if not same:
            return "no error" if result.workflow == data else "otherwise"
        return "valid" if result.usage.attempts > 1 else "by rule"
    return "person" if _only_for_a_person(result.diagnostics) else "failed"


def change_of(edit: Edit) -> dict[str, Any]:
    """Return an edit as the change that a model answers with."""
    path, value = edit
    if value is GONE:
        return {"op": "unset", "path": format_path(path)}
    return {"op": "set", "path": format_path(path), "value": value}


def _only_for_a_person(found: Sequence[Diagnostic]) -> bool:
    errors = [item for item in found if item.severity == "error"]
    return bool(errors) and all(item.mender == "person" for item in errors)


def _composer(case: Case, data: dict[str, Any], changes: list[dict[str, Any]]) -> Composer:
    from flowloom.agents.generator import ModelGenerator
    from flowloom.agents.language_model import LanguageModel
    from flowloom.agents.planner import ModelPlanner
    from flowloom.agents.scripted import ScriptedAnswer, ScriptedChatModel
    from flowloom.graph.context import composer_of

    outline = case.planting.outline or outline_of(case.sample)
    answers = (
        ScriptedAnswer(agent="planner", answer=outline.model_dump(mode="json"), repeat=True),
        ScriptedAnswer(agent="generator", answer={"workflow": data}),
        ScriptedAnswer(agent="generator", answer={"changes": changes}, repeat=True),
    )
    model = LanguageModel(name="scripted", chat=ScriptedChatModel(answers=answers))

    def search(query: Query) -> list[Hit]:
        from flowloom.retrieval.query import Hit

        found = dict.fromkeys(call.component.id for call in case.sample.uses)
        return [Hit(item, 1.0 / rank) for rank, item in enumerate(found, 1)][: query.k]

    return composer_of(
        planner=ModelPlanner(model=model),
        generator=ModelGenerator(model=model),
        catalog=case.sample.catalog,
        search=search,
        model="scripted",
    )
