"""LangChain tools: what an agent of your own needs to compose, change, verify and search."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Unpack

from langchain_core.tools import BaseTool, StructuredTool, ToolException
from pydantic import Field

from flowloom.api.answers import (
    Answer,
    component_answer,
    search_answer,
    verify_answer,
    workflow_answer,
)
from flowloom.api.assembling import CatalogLike, Options, limits_of, open_assembly, settings_of
from flowloom.api.documents import document_from
from flowloom.errors import FlowloomError
from flowloom.settings import Settings

__all__ = ["workflow_tools"]

Text = Annotated[str, Field(description="The whole workflow document, YAML or JSON.")]
Full = Annotated[bool, Field(description="Everything, instead of few words.")]


def workflow_tools(
    *,
    model: str | None = None,
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    **options: Unpack[Options],
) -> list[BaseTool]:
    """Return the tools over one catalog, for ``create_agent`` or any LangChain agent.

    Each returns JSON, and an error of ours as text that the model can act on. They run in
    ``invoke`` as well as in ``ainvoke``.

    Args:
        model: what plays planner and generator inside ``compose_workflow`` and ``edit_workflow``.
        catalog, settings, options: as in ``flowloom.compose``.
    """
    calls = _Calls(settings_of(model, catalog, settings, options), catalog)
    return [
        _tool(calls.compose_workflow),
        _tool(calls.edit_workflow),
        _tool(calls.verify_workflow),
        _tool(calls.search_components),
        _tool(calls.describe_component),
    ]


class _Calls:
    """The functions behind the tools; their docstrings are what a model reads."""

    def __init__(self, settings: Settings, catalog: CatalogLike | None) -> None:
        self._settings = settings
        self._catalog = catalog

    async def compose_workflow(
        self,
        request: Annotated[str, Field(description="What is to be done, in plain words.")],
        full: Full = False,
    ) -> Answer:
        """Make a verified workflow from a request in plain words."""
        from flowloom.graph.composer import compose

        assembly = await open_assembly(self._settings, self._catalog)
        limits = limits_of(self._settings)
        result = await compose(request, composer=assembly.composer, limits=limits)
        return workflow_answer(result, full=full)

    async def edit_workflow(
        self,
        workflow: Text,
        request: Annotated[str, Field(description="What is to change, in plain words.")],
        full: Full = False,
    ) -> Answer:
        """Change a workflow; what is not concerned stays as it is."""
        from flowloom.graph.composer import compose

        document = document_from(workflow)
        assembly = await open_assembly(self._settings, self._catalog)
        limits = limits_of(self._settings)
        result = await compose(
            request, composer=assembly.composer, document=document, limits=limits
        )
        return workflow_answer(result, document, full=full)

    async def verify_workflow(self, workflow: Text, full: Full = False) -> Answer:
        """Check a workflow as a compiler does: problems with place, hint and candidates."""
        from flowloom.verification.verifier import verify

        document = document_from(workflow)
        assembly = await open_assembly(self._settings, self._catalog)
        return verify_answer(verify(document, assembly.catalog), full=full)

    async def search_components(
        self,
        query: Annotated[str, Field(description="The need, in words.")],
        limit: Annotated[int, Field(ge=1, le=50)] = 8,
        full: Full = False,
    ) -> Answer:
        """Find components for a step or a trigger."""
        assembly = await open_assembly(self._settings, self._catalog)
        return search_answer(assembly, query, limit=limit, full=full)

    async def describe_component(
        self,
        component: Annotated[str, Field(description="Its id.")],
        full: Full = False,
    ) -> Answer:
        """Tell a component's inputs and output."""
        assembly = await open_assembly(self._settings, self._catalog)
        return component_answer(assembly.catalog[component], full=full)


def _tool(function: Callable[..., Awaitable[Answer]]) -> BaseTool:
    async def run(**inputs: Any) -> str:
        try:
            answer = await function(**inputs)
        except FlowloomError as error:
            raise ToolException(str(error)) from error
        return json.dumps(answer.compact(), ensure_ascii=False)

    def run_and_wait(**inputs: Any) -> str:
        return asyncio.run(run(**inputs))

    named = StructuredTool.from_function(coroutine=function)
    return StructuredTool(
        name=named.name,
        description=named.description,
        args_schema=named.args_schema,
        func=run_and_wait,
        coroutine=run,
        handle_tool_error=True,
    )
