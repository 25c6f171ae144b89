"""The verifier agent: checks a draft, mends slips by rule, and checks what it mended again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from flowloom.catalog.catalog import Catalog
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.workflow.document import Document
from flowloom.workflow.outline import Outline

__all__ = ["Checked", "Mend", "Repair", "Verifier", "Verify"]

MAX_ROUNDS = 5


class Mend(BaseModel):
    """One slip that a rule has mended."""

    model_config = ConfigDict(frozen=True)

    code: str
    path: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The document after the mends, the verdict over exactly this document, and the mends."""

    document: Document
    verdict: Verdict
    mends: tuple[Mend, ...] = ()


class Verify(Protocol):
    """``flowloom.verification``'s check of one document."""

    def __call__(
        self,
        document: Document,
        catalog: Catalog,
        *,
        outline: Outline | None,
        request: str,
        original: Document | None,
        said: str = "",
    ) -> Verdict:
        """Return the verdict over exactly this document."""
        ...


class Repair(Protocol):
    """``flowloom.verification``'s mending of slips by rule."""

    def __call__(
        self, document: Document, catalog: Catalog, diagnostics: Sequence[Diagnostic]
    ) -> tuple[Document, tuple[Mend, ...]]:
        """Return the mended document and what was mended."""
        ...


def _verify(
    document: Document,
    catalog: Catalog,
    *,
    outline: Outline | None,
    request: str,
    original: Document | None,
    said: str = "",
) -> Verdict:
    from flowloom.verification.verifier import verify  # heavy: loads CEL

    return verify(document, catalog, outline=outline, request=request, original=original, said=said)


def _mend(
    document: Document, catalog: Catalog, diagnostics: Sequence[Diagnostic]
) -> tuple[Document, tuple[Mend, ...]]:
    from flowloom.verification.mending import mend

    mended = mend(document, catalog, diagnostics)
    mends = tuple(
        Mend(code=item.code, path=item.path, message=item.message) for item in mended.applied
    )
    return mended.document, mends


@dataclass(frozen=True)
class Verifier:
    """Checks drafts against one catalog; uses no model."""

    catalog: Catalog
    verify: Verify = _verify
    mend: Repair = _mend

    def verdict(self, document: Document) -> Verdict:
        """Verify a document as it stands, without a request and without mends."""
        return self.verify(document, self.catalog, outline=None, request="", original=None)

    def check(
        self,
        document: Document,
        *,
        outline: Outline | None,
        request: str,
        original: Document | None = None,
        said: str = "",
    ) -> Checked:
        """Verify a draft; mend it and verify again until no rule applies.

        Args:
            original: the document that the request changes, if it is a change.
            said: what the person said before the request, where it is part of a conversation.

        Returns:
            A verdict that belongs to exactly the document beside it.
        """

        def verdict_of(text: Document) -> Verdict:
            return self.verify(
                text,
                self.catalog,
                outline=outline,
                request=request,
                original=original,
                said=said,
            )

        mends: list[Mend] = []
        verdict = verdict_of(document)
        for _ in range(MAX_ROUNDS):
            document, applied = self.mend(document, self.catalog, verdict.diagnostics)
            if not applied:
                break
            mends.extend(applied)
            verdict = verdict_of(document)
        return Checked(document=document, verdict=verdict, mends=tuple(mends))
