"""What an edit changed, in one or two sentences."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.workflow.diff import Difference, render_diff

__all__ = ["changes_in_words"]


def changes_in_words(differences: Sequence[Difference]) -> str:
    """Return the differences in words."""
    return render_diff(differences).strip()
