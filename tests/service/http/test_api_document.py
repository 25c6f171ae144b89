"""``docs/api.md`` shows every operation with the answer that it gives."""

from __future__ import annotations

import re
from pathlib import Path

from flowloom.assembly import Assembly
from flowloom.service.http.app import ServeOptions, create_app
from tests.service.http.api_document import DOCUMENT, called, rewritten


def test_every_answer_is_the_real_one(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert rewritten(text, tmp_path) == text


def test_every_operation_is_shown(assembly: Assembly) -> None:
    document = create_app(assembly, ServeOptions(mcp=False)).openapi()
    shown = called(DOCUMENT.read_text(encoding="utf-8"))
    for path, operations in document["paths"].items():
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
        for method in operations:
            assert any(m.lower() == method and pattern.fullmatch(p) for m, p in shown), (
                method,
                path,
            )
