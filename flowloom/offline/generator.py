"""The generator without a language model: writes what the stages planned, and mends by rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flowloom.catalog.catalog import Catalog
from flowloom.offline.choosing.choose import Search
from flowloom.offline.composer import Composed, shared_composer
from flowloom.offline.meaning.classifier import Embed
from flowloom.roles import Draft, GenerateTask
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.edits import find_steps

__all__ = ["OfflineGenerator"]


class OfflineGenerator:
    """Writes workflows by rules.

    Attributes of a task that it uses: the request, the workflow at hand, the diagnostics. The
    candidates of the retriever are those that the same index gave the planner.
    """

    def __init__(self, catalog: Catalog, search: Search, embed: Embed | None = None) -> None:
        self._composer = shared_composer(catalog, search, embed)

    async def generate(self, task: GenerateTask) -> Draft:
        """Return the draft for a task; an empty one where nothing more can be done."""
        avoid = frozenset(_refused(task))
        if task.diagnostics and (task.editing or not avoid):
            return Draft()
        if task.editing and task.document is not None:
            composed = self._composer.change(task.request, task.document.data, avoid=avoid)
        else:
            composed = self._composer.compose(task.request, avoid=avoid)
        return _draft(composed)


def _draft(composed: Composed) -> Draft:
    return Draft(
        workflow=composed.workflow,
        changes=composed.changes,
        assumptions=composed.assumptions,
    )


def _refused(task: GenerateTask) -> Iterator[str]:
    """Return the optional inputs and the components that the verifier complains about."""
    steps = find_steps(task.document.data) if task.document else {}
    for item in _errors(task.diagnostics):
        block, index, _ = steps.get(item.step, ([{}], 0, ()))
        name = re.search(r"\.with\.(\w+)", item.path)
        if name:
            yield f"{item.step}.{name.group(1)}"
        elif item.path.endswith(".uses") and "uses" in block[index]:
            yield str(block[index]["uses"])


def _errors(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [item for item in diagnostics if item.severity == "error"]
