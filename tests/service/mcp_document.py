"""The calls of ``docs/mcp.md``: made again, their answers written behind them.

``python -m tests.service.mcp_document`` writes the document anew.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from pathlib import Path

from mcp import Client
from mcp.types import CallToolResult, TextContent

from flowloom.assembly import assemble, roles_of
from flowloom.service.mcp.server import mcp_server
from flowloom.service.mcp.workbench import LOCAL, Workbench
from flowloom.settings import Settings
from flowloom.storage.database import open_database
from flowloom.storage.saved_workflows import SavedWorkflows
from tests.conftest import ROOT
from tests.service.bench import SAVED

__all__ = ["DOCUMENT", "called_tools", "rewritten"]

DOCUMENT = ROOT / "docs" / "mcp.md"
_CALL = re.compile(
    r"<!-- call (?P<tool>\w+) -->\n```json\n(?P<inputs>.*?)\n```\n"
    r"(?:\n```(?:json|text)\n(?P<answer>.*?)\n```\n)?",
    re.DOTALL,
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
_SHOWN_TIME = "2026-01-01T09:00:00.000+00:00"


def called_tools(text: str) -> set[str]:
    """Return the tools that a document calls."""
    return {match["tool"] for match in _CALL.finditer(text)}


async def rewritten(text: str, directory: Path) -> str:
    """Return the document with every answer as it is now.

    Args:
        directory: for data.
    """
    assembly = assemble(Settings(data_dir=directory))
    async with open_database(directory) as database:
        saved = SavedWorkflows(database)
        await saved.save(LOCAL, "report", SAVED)
        bench = Workbench(assembly=assembly, saved=saved, answerer=roles_of(assembly).answerer)
        async with Client(mcp_server(bench)) as client:
            parts: list[str] = []
            at = 0
            for match in _CALL.finditer(text):
                result = await client.call_tool(match["tool"], json.loads(match["inputs"]))
                parts += [text[at : match.start()], _with_answer(match, result)]
                at = match.end()
    return "".join([*parts, text[at:]])


def _with_answer(match: re.Match[str], result: CallToolResult) -> str:
    call = f"<!-- call {match['tool']} -->\n```json\n{match['inputs']}\n```\n"
    if result.is_error:
        return f"{call}\n```text\n{_error_text(result)}\n```\n"
    answer = json.dumps(result.structured_content, indent=2, ensure_ascii=False)
    return f"{call}\n```json\n{_TIME.sub(_SHOWN_TIME, answer)}\n```\n"


def _error_text(result: CallToolResult) -> str:
    return "\n".join(block.text for block in result.content if isinstance(block, TextContent))


def main() -> None:
    """Write the document anew."""
    with tempfile.TemporaryDirectory() as directory:
        text = asyncio.run(rewritten(DOCUMENT.read_text(encoding="utf-8"), Path(directory)))
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
