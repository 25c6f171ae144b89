"""The calls of ``docs/api.md``: made again, their answers written behind them.

``python -m tests.service.http.api_document`` writes the document anew.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from flowloom.assembly import assemble
from flowloom.service.http.app import ServeOptions, create_app
from flowloom.settings import Settings
from tests.conftest import ROOT

__all__ = ["DOCUMENT", "called", "rewritten"]

DOCUMENT = ROOT / "docs" / "api.md"
_CALL = re.compile(
    r"<!-- call (?P<method>[A-Z]+) (?P<path>\S+)(?P<headers>( [\w-]+=\S+)*) -->\n"
    r"(?:```json\n(?P<body>.*?)\n```\n)?"
    r"(?:\n```text\n(?P<answer>.*?)\n```\n)?",
    re.DOTALL,
)
_CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00"), "2026-01-01T09:00:00.000000+00:00"),
    (re.compile(r'"seconds": ?[\d.e-]+'), '"seconds": 0.01'),
    (re.compile(r'"(\w+[eo]r)": ?\d+\.[\d.e-]+'), r'"\1": 0.01'),
    (re.compile(r'"turn": ?"[0-9a-f]{32}"'), '"turn": "0123456789abcdef0123456789abcdef"'),
    (re.compile(r"(_(?:sum|created|bucket)\S*) [\d.e+-]+"), r"\1 0.01"),
)
_SHOWN_HEADERS = ("content-type", "etag", "idempotent-replayed")
MAX_LINES = 60


def called(text: str) -> set[tuple[str, str]]:
    """Return the methods and paths that a document calls."""
    return {(match["method"], match["path"].partition("?")[0]) for match in _CALL.finditer(text)}


def rewritten(text: str, directory: Path) -> str:
    """Return the document with every answer as it is now.

    Args:
        directory: for data.
    """
    app = create_app(assemble(Settings(data_dir=directory)), ServeOptions(mcp=False))
    with TestClient(app, raise_server_exceptions=False) as client:
        return _CALL.sub(lambda match: _with_answer(client, match), text)


def _with_answer(client: TestClient, match: re.Match[str]) -> str:
    headers = dict(item.split("=", 1) for item in match["headers"].split())
    body: Any = json.loads(match["body"]) if match["body"] else None
    response = client.request(match["method"], match["path"], json=body, headers=headers)
    lines = [f"HTTP/1.1 {response.status_code} {response.reason_phrase}"]
    lines += [
        f"{name}: {response.headers[name]}" for name in _SHOWN_HEADERS if name in response.headers
    ]
    shown = "\n".join([*lines, "", *_shown(response.text, response.headers)]).rstrip()
    call = f"<!-- call {match['method']} {match['path']}{match['headers']} -->\n"
    given = f"```json\n{match['body']}\n```\n" if match["body"] else ""
    return f"{call}{given}\n```text\n{_settled(shown)}\n```\n"


def _shown(text: str, headers: Any) -> list[str]:
    if text and "json" in headers.get("content-type", ""):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    lines = text.splitlines()
    left = len(lines) - MAX_LINES
    return lines if left <= 0 else [*lines[:MAX_LINES], f"… {left} more lines"]


def _settled(text: str) -> str:
    for pattern, shown in _CHANGING:
        text = pattern.sub(shown, text)
    return text


def main() -> None:
    """Write the document anew."""
    with tempfile.TemporaryDirectory() as directory:
        text = rewritten(DOCUMENT.read_text(encoding="utf-8"), Path(directory))
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
