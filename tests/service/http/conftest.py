"""A running server over stand-ins, and over the offline composer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from flowloom.assembly import Assembly
from flowloom.service.http.app import ServeOptions, create_app
from flowloom.service.http.tokens import Tokens
from tests.graph.conversation.stand_ins import roles
from tests.service.bench import running

ANN, BOB = "token-of-ann-0123456789", "token-of-bob-0123456789"


@pytest.fixture
def placed(assembly: Assembly, tmp_path: Path) -> Assembly:
    """Return the offline composer with a database of this test's own."""
    settings = assembly.settings.model_copy(update={"data_dir": tmp_path})
    return replace(assembly, settings=settings)


@pytest.fixture
async def client(placed: Assembly) -> AsyncGenerator[httpx.AsyncClient]:
    """Return a client of a server without tokens."""
    app = create_app(placed, ServeOptions(), roles())
    async with running(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client


@pytest.fixture
async def guarded(placed: Assembly) -> AsyncGenerator[httpx.AsyncClient]:
    """Return a client of a server with two tokens, three requests at once and ten a minute."""
    options = ServeOptions(
        tokens=Tokens({"ann": ANN, "bob": BOB}), per_minute=10, max_body=5_000, mcp=False
    )
    app = create_app(placed, options, roles())
    async with running(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client
