"""The OpenAPI document is true: requests made from it are answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from flowloom.assembly import Assembly
from flowloom.service.http.app import ServeOptions, create_app
from tests.graph.conversation.stand_ins import roles

EXAMPLES = 12


@pytest.fixture
def operations(placed: Assembly) -> Iterator[dict[str, Any]]:
    """Return every operation by name, over a running application."""
    app = create_app(placed, ServeOptions(mcp=False), roles())
    with TestClient(app):
        schema: Any = schemathesis.openapi.from_asgi("/openapi.json", app)
        found = [item.ok() for item in schema.get_all_operations()]
        yield {f"{item.method.upper()} {item.path}": item for item in found}


def test_every_operation_answers_as_the_document_says(operations: dict[str, Any]) -> None:
    assert len(operations) > 15
    for operation in operations.values():
        _check(operation)


def _check(operation: Any) -> None:
    # What no schema can say is refused with 422: a text that is no workflow, a search for "\0".
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=operation.as_strategy())
    def answers(case: Any) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    answers()
