"""The resources: the language's JSON Schema, the catalog and saved workflows."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from flowloom.api.answers import plain_line
from flowloom.service.mcp.saved import saved_list
from flowloom.service.mcp.workbench import Workbench, told
from flowloom.workflow.json_schema import workflow_schema

__all__ = ["add_resources"]

SCHEMA = "flowloom://language/schema"
CATALOG = "flowloom://catalog"
COMPONENT = "flowloom://catalog/{component}"
WORKFLOWS = "flowloom://workflows"
WORKFLOW = "flowloom://workflows/{name}"
MAX_COMPLETIONS = 100


def add_resources(server: MCPServer[Any], workbench: Workbench) -> None:
    """Add the resources, and completion for the names in their addresses."""
    _add_language(server)
    _add_catalog(server, workbench)
    _add_workflows(server, workbench)
    _add_completion(server, workbench)


def _add_language(server: MCPServer[Any]) -> None:
    @server.resource(
        SCHEMA,
        title="The workflow language",
        description="JSON Schema of a workflow document.",
        mime_type="application/schema+json",
    )
    def language_schema() -> str:  # pyright: ignore[reportUnusedFunction] kept by its decorator
        return json.dumps(workflow_schema())


def _add_catalog(server: MCPServer[Any], workbench: Workbench) -> None:
    @server.resource(
        CATALOG,
        title="The catalog",
        description="How many components there are, by provider; search_components finds one.",
        mime_type="application/json",
    )
    def catalog() -> str:  # pyright: ignore[reportUnusedFunction] kept by its decorator
        found = workbench.assembly.catalog
        names = Counter(plain_line(item.provider, 80) for item in found)
        data = {"components": len(found), "hash": found.content_hash, "providers": names}
        return json.dumps(data, ensure_ascii=False)

    @server.resource(
        COMPONENT,
        title="A component",
        description="One component with its whole schemas.",
        mime_type="application/json",
    )
    def component(component: str) -> str:  # pyright: ignore[reportUnusedFunction] kept by its decorator
        with told(resource=True):
            found = workbench.assembly.catalog[component]
        return found.model_dump_json(exclude={"run", "source"}, exclude_defaults=True)


def _add_workflows(server: MCPServer[Any], workbench: Workbench) -> None:
    @server.resource(
        WORKFLOWS,
        title="Saved workflows",
        description="Their names.",
        mime_type="application/json",
    )
    async def workflows() -> str:  # pyright: ignore[reportUnusedFunction] kept by its decorator
        with told(resource=True):
            found = await workbench.saved.entries(workbench.owner)
        return json.dumps(saved_list(found).compact())

    @server.resource(
        WORKFLOW,
        title="A saved workflow",
        description="The document as it was saved.",
        mime_type="application/yaml",
    )
    async def workflow(name: str) -> str:  # pyright: ignore[reportUnusedFunction] kept by its decorator
        with told(resource=True):
            return (await workbench.saved.get(workbench.owner, name)).text


def _add_completion(server: MCPServer[Any], workbench: Workbench) -> None:
    @server.completion()
    async def complete(  # pyright: ignore[reportUnusedFunction] kept by its decorator
        reference: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None:
        if not isinstance(reference, ResourceTemplateReference):
            return None
        if reference.uri == COMPONENT:
            names = list(workbench.assembly.catalog.ids)
        elif reference.uri == WORKFLOW:
            names = [item.name for item in await workbench.saved.entries(workbench.owner)]
        else:
            return None
        fitting = [name for name in names if name.startswith(argument.value)]
        return Completion(values=fitting[:MAX_COMPLETIONS], total=len(fitting))
