"""The agents as a strategy, whole or with one part taken away; the offline composer too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from flowloom.agents.generator import ModelGenerator
from flowloom.agents.language_model import LanguageModel
from flowloom.agents.planner import ModelPlanner
from flowloom.agents.verifier import Verifier
from flowloom.evaluation.cases import Case
from flowloom.evaluation.samples import Output, output_of_result
from flowloom.evaluation.strategies.interface import Equipment
from flowloom.evaluation.strategies.recording import (
    EmptyPlanner,
    RecordingGenerator,
    WholeRequestRetriever,
    mend_nothing,
    recording,
)
from flowloom.graph.composer import compose
from flowloom.graph.context import Composer, composer_of
from flowloom.graph.limits import Limits
from flowloom.workflow.document import document_of

__all__ = ["Composed", "agents_composer", "offline_composer"]

_WITHOUT_OUTLINE = Path(__file__).parent.parent / "prompts" / "no_planner"


@dataclass(frozen=True, kw_only=True)
class Composed:
    """Runs the graph over a composer whose generator records."""

    composer: Composer
    limits: Limits

    async def solve(self, case: Case) -> Output:
        """See ``Strategy.solve``."""
        document = document_of(case.prior) if case.prior is not None else None
        with recording() as record:
            result = await compose(
                case.request, composer=self.composer, document=document, limits=self.limits
            )
        shown = tuple(record.candidates) or None
        return output_of_result(result, candidates=shown, draft=record.draft)


def agents_composer(base: str, equipment: Equipment, model: LanguageModel) -> Composer:
    """Return the agents over a model, without the part that an ablation names."""
    prompts = _WITHOUT_OUTLINE if base == "no-planner" else None
    whole = composer_of(
        planner=EmptyPlanner() if base == "no-planner" else ModelPlanner(model=model),
        generator=RecordingGenerator(ModelGenerator(model=model, prompts=prompts), equipment.texts),
        catalog=equipment.catalog,
        search=equipment.search,
        model=model.name,
    )
    if base == "no-per-step-retrieval":
        search = WholeRequestRetriever(equipment.catalog, equipment.search)
        return replace(whole, retriever=search)
    if base == "no-rule-mending":
        return replace(whole, verifier=Verifier(equipment.catalog, mend=mend_nothing))
    return whole


def offline_composer(equipment: Equipment) -> Composer:
    """Return the composer that needs no model."""
    from flowloom.offline import OfflineGenerator, OfflinePlanner

    catalog, search, embed = equipment.catalog, equipment.search, equipment.embed
    return composer_of(
        planner=OfflinePlanner(catalog, search, embed),
        generator=RecordingGenerator(OfflineGenerator(catalog, search, embed), equipment.texts),
        catalog=catalog,
        search=search,
        model="offline",
    )
