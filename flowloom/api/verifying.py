"""Verify a workflow as the command line does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from flowloom.api.assembling import CatalogLike, Options, catalog_of, settings_of
from flowloom.api.documents import WorkflowLike, document_from

if TYPE_CHECKING:
    from flowloom.settings import Settings
    from flowloom.verification.diagnostic import Verdict

__all__ = ["verify"]


def verify(
    workflow: WorkflowLike,
    *,
    request: str = "",
    catalog: CatalogLike | None = None,
    settings: Settings | None = None,
    **options: Unpack[Options],
) -> Verdict:
    """Check a workflow; nothing is mended, no model is asked.

    Args:
        workflow: YAML or JSON text, a ``Path``, plain data, or what ``compose`` returned.
        request: what the workflow is to do, if its faithfulness is to be checked too.
        catalog: a ``Catalog``, or sources beside the built-in components.

    Returns:
        The verdict: ``verdict.valid``, ``verdict.errors``, ``verdict.diagnostics``.

    Raises:
        DocumentError: the workflow is no document at all.
        UserError: a setting or source is wrong.
    """
    from flowloom.verification.verifier import verify as check

    document = document_from(workflow)
    chosen = settings_of(None, catalog, settings, options)
    return check(document, catalog_of(chosen, catalog), request=request)
