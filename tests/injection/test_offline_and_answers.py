"""The offline composer obeys no text; answers to agents hold hostile texts as one plain line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from flowloom.api.answers import Answer, component_answer, plain_line, verify_answer
from flowloom.assembly import Assembly, assemble
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.sources import builtin_catalog
from flowloom.graph.composer import compose
from flowloom.service.mcp.server import mcp_server
from flowloom.service.mcp.workbench import LOCAL, Workbench
from flowloom.settings import Settings
from flowloom.storage.database import open_database
from flowloom.storage.saved_workflows import SavedWorkflows
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of, dump_yaml
from tests.injection.hostile import COMMAND, HOSTILE, INVISIBLE, ORDER, REMOVE
from tests.service.bench import REQUEST, data_of, small_catalog

POST = "slack.chat.post_message"
TWIN = builtin_catalog()[POST].model_copy(
    update={"id": "slack.chat.post_messages", "source": "theirs.yaml", "run": None}
)


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    known = [builtin_catalog()["file.delete"], HOSTILE]
    catalog = small_catalog(*known)
    loud = Catalog(
        item.model_copy(update={"description": f"{item.description} {ORDER}"}) for item in catalog
    )
    return assemble(Settings(data_dir=tmp_path_factory.mktemp("data")), catalog=loud)


def uses_of(workflow: dict[str, Any] | None) -> list[str]:
    return [step["uses"] for step in (workflow or {"steps": []})["steps"]]


async def test_the_offline_composer_adds_nothing_that_a_catalog_asks_for(
    assembly: Assembly,
) -> None:
    result = await compose(REQUEST, composer=assembly.composer)
    assert uses_of(result.workflow) == ["github.issues.list", POST]
    assert COMMAND not in result.text
    assert not [item for item in result.diagnostics if item.code in ("FL804", "FL805", "FL809")]


async def test_nor_what_a_workflow_asks_for(assembly: Assembly) -> None:
    step = {"id": "post", "uses": POST, "with": {"channel": "#eng", "text": ORDER}}
    before = document_of({"name": "x", "description": ORDER, "steps": [step]})
    result = await compose(
        "Change the channel to #ops", composer=assembly.composer, document=before
    )
    assert result.workflow is not None
    assert result.workflow["steps"] == [{**step, "with": {"channel": "#ops", "text": ORDER}}]
    assert result.workflow["description"] == ORDER


async def test_a_twin_of_a_built_in_component_is_not_taken_for_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = Settings(data_dir=tmp_path_factory.mktemp("twin"))
    made = assemble(settings, catalog=small_catalog(TWIN))
    result = await compose(REQUEST, composer=made.composer)
    assert uses_of(result.workflow) == ["github.issues.list", POST]


# -- answers -------------------------------------------------------------------------------------


def texts_of(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *texts_of(item))]
    return [text for item in value for text in texts_of(item)] if isinstance(value, list) else []


def assert_plain(answer: Answer | dict[str, Any], limit: int = 600) -> None:
    data = answer if isinstance(answer, dict) else answer.compact()
    for text in texts_of(data):
        assert text.isprintable(), text
        assert not set(INVISIBLE) & set(text)
        assert len(text) <= limit + 1


def test_a_plain_line_shows_all_it_holds() -> None:
    assert plain_line(f" a{INVISIBLE}\n\u2028b\u0000 ", 10) == "a b"
    assert plain_line("x" * 20, 10) == "x" * 9 + "…"
    assert plain_line("Größe: 5 €, 日本語, 😀", 40) == "Größe: 5 €, 日本語, 😀"


def test_components_and_findings_are_told_in_plain_lines() -> None:
    assert_plain(component_answer(HOSTILE))
    step = {"id": "a", "uses": ORDER, "with": {ORDER: ORDER}, ORDER: 1}
    document = document_of({"name": ORDER, ORDER: 1, "steps": [step, REMOVE]})
    for full in (False, True):
        answer = verify_answer(verify(document, Catalog([HOSTILE])), full=full)
        assert answer.problems
        assert_plain({"problems": [item.message + item.hint for item in answer.problems]}, 1_200)


async def test_a_saved_workflow_is_told_in_plain_lines(assembly: Assembly, tmp_path: Path) -> None:
    step = {"id": "post", "uses": POST, "with": {"channel": ORDER, "text": ORDER}}
    text = dump_yaml({"name": f"x{INVISIBLE}\n{COMMAND}", "description": ORDER, "steps": [step]})
    async with open_database(tmp_path) as database:
        saved = SavedWorkflows(database)
        await saved.save(LOCAL, "report", text)
        bench = Workbench(assembly=assembly, saved=saved)
        async with Client(mcp_server(bench)) as client:
            listed = data_of(await client.call_tool("list_workflows", {}))
            got = data_of(await client.call_tool("get_workflow", {"name": "report"}))
            told = data_of(await client.call_tool("explain_workflow", {"workflow": text}))
            checked = data_of(await client.call_tool("verify_workflow", {"workflow": text}))
    assert got.pop("workflow") == text
    for answer in (listed, got, checked):
        assert_plain(answer)
    assert "report" in texts_of(listed)
    assert_plain({"lines": told["text"].splitlines()})
