"""The strategies of one prompt, with or without components, examples and one repair."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property

from flowloom.agents.language_model import LanguageModel, Message, Reply
from flowloom.agents.retriever import Retriever, RetrieveTask
from flowloom.errors import DocumentError
from flowloom.evaluation.cases import Case
from flowloom.evaluation.prompts.single import Parts, repair_prompt, single_prompt
from flowloom.evaluation.samples import Output, Spent
from flowloom.evaluation.strategies.answer import SingleAnswer, read_answer
from flowloom.evaluation.strategies.demonstrations import chosen_examples
from flowloom.evaluation.strategies.interface import Equipment
from flowloom.evaluation.strategies.names import StrategyName
from flowloom.prompts.components import components_text
from flowloom.roles import Usage
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import document_of, read_document
from flowloom.workflow.outline import Outline

__all__ = ["SinglePrompt"]

FOUND = 20


@dataclass(frozen=True, kw_only=True)
class SinglePrompt:
    """Asks a model once; ``rag+verify`` once more if the verifier finds errors."""

    name: StrategyName
    equipment: Equipment
    model: LanguageModel

    async def solve(self, case: Case) -> Output:
        """See ``Strategy.solve``."""
        started = time.perf_counter()
        components, shown = await self._components(case)
        system, user = single_prompt(case, self._parts(case, components))
        messages: list[Message] = [("system", system), ("human", user)]
        reply = await self.model.call(messages, agent="single")
        answer, draft, usage, attempts = read_answer(reply.text), "", reply.usage, 1
        if self.name.base == "rag+verify" and answer.status == "valid":
            draft = answer.text
            errors = self._errors(case, draft)
            if errors:
                reply = await self._repaired(messages, reply, errors)
                usage, attempts = usage + reply.usage, 2
                answer = self._honest(case, read_answer(reply.text))
        return Output(
            status=answer.status,
            text=answer.text,
            draft=draft,
            candidates=shown,
            questions=answer.questions,
            reason=answer.reason,
            spent=_spent(usage, attempts, time.perf_counter() - started),
            model=self.model.name,
        )

    def _parts(self, case: Case, components: str | None) -> Parts:
        equipment, name = self.equipment, self.name
        examples = chosen_examples(
            case,
            equipment.examples,
            name.examples,
            name.choice,
            likeness=equipment.likeness,
            seed=equipment.seed,
        )
        return Parts(components=components, examples=examples, thinks=name.thinks, role=name.role)

    async def _components(self, case: Case) -> tuple[str | None, tuple[str, ...] | None]:
        """Return the components in words, and which of them were found; both may be None."""
        catalog = self.equipment.catalog
        if self.name.base == "whole-catalog":
            return self._whole_catalog, None
        if not self.name.base.startswith("rag"):
            return None, None
        document = document_of(case.prior) if case.prior is not None else None
        task = RetrieveTask(request=case.request, outline=Outline(), document=document)
        retriever = Retriever(catalog, self.equipment.search, per_step=FOUND)
        found = await retriever.retrieve(task)
        return self.equipment.texts.of(found)

    @cached_property
    def _whole_catalog(self) -> str:
        return components_text(list(self.equipment.catalog), self.equipment.catalog_tokens)

    async def _repaired(
        self, messages: list[Message], first: Reply, errors: tuple[Diagnostic, ...]
    ) -> Reply:
        more: list[Message] = [("ai", first.text or "(empty)"), ("human", repair_prompt(errors))]
        return await self.model.call([*messages, *more], agent="single")

    def _honest(self, case: Case, answer: SingleAnswer) -> SingleAnswer:
        """Who verifies claims no more than the verifier says."""
        errors = self._errors(case, answer.text) if answer.status == "valid" else ()
        if not errors:
            return answer
        return SingleAnswer(status="failed", text=answer.text, reason=errors[0].message)

    def _errors(self, case: Case, text: str) -> tuple[Diagnostic, ...]:
        from flowloom.verification.verifier import verify

        try:
            document = read_document(text)
        except DocumentError as error:
            return (Diagnostic.at((), "unreadable", "error", error.message, hint=error.hint),)
        original = document_of(case.prior) if case.prior is not None else None
        catalog = self.equipment.catalog
        return verify(document, catalog, request=case.request, original=original).errors


def _spent(usage: Usage, attempts: int, seconds: float) -> Spent:
    return Spent(
        model_calls=usage.model_calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        seconds=seconds,
        attempts=attempts,
    )
