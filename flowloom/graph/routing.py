"""Where a run goes next: a pure decision over the verdict, and the routers that follow it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal, NamedTuple

from flowloom.graph.limits import Limits
from flowloom.graph.state import ComposeState, Target
from flowloom.verification.diagnostic import Diagnostic

__all__ = [
    "Decision",
    "after_generator",
    "after_planner",
    "after_retriever",
    "after_verifier",
    "decide",
    "mender_of",
    "signature",
]


class Decision(NamedTuple):
    """The next node, and why where it is the end."""

    target: Target
    reason: str = ""


def signature(errors: Sequence[Diagnostic]) -> str:
    """Return a hash of a set of errors: equal for the same findings in any order."""
    keys = sorted({item.key for item in errors})
    return hashlib.sha256(repr(keys).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def decide(
    errors: Sequence[Diagnostic], seen: Sequence[str], attempts: int, limits: Limits
) -> Decision:
    """Say who mends what the verifier found, or why nobody does.

    Args:
        errors: errors of the newest draft, after the mends by rule.
        seen: signatures of the errors of the earlier drafts, oldest first.
        attempts: drafts made so far.
    """
    if not errors:
        return Decision("finish")
    menders = {item.mender for item in errors}
    if menders == {"person"}:
        return Decision("finish", "Only a person can mend what is left.")
    now = signature(errors)
    if seen and seen[-1] == now:
        return Decision("finish", "No progress: the last two drafts have the same errors.")
    if now in seen:
        return Decision("finish", "No progress: the drafts go back and forth between errors.")
    if attempts >= limits.max_attempts:
        return Decision("finish", f"The limit of {limits.max_attempts} attempts is reached.")
    return Decision(mender_of(errors))


def mender_of(errors: Sequence[Diagnostic]) -> Literal["planner", "retriever", "generator"]:
    """Return who mends first: a new plan is searched and written, a new search is written."""
    menders = {item.mender for item in errors}
    if "planner" in menders:
        return "planner"
    return "retriever" if "retriever" in menders else "generator"


def after_planner(state: ComposeState) -> Literal["retriever", "finish"]:
    """Search for the planned steps, or end."""
    return "finish" if state.target == "finish" else "retriever"


def after_retriever(state: ComposeState) -> Literal["generator", "finish"]:
    """Generate, or end."""
    return "finish" if state.target == "finish" else "generator"


def after_generator(state: ComposeState) -> Literal["verifier", "finish"]:
    """Verify the draft, or end."""
    return "finish" if state.target == "finish" else "verifier"


def after_verifier(
    state: ComposeState,
) -> Literal["planner", "retriever", "generator", "finish"]:
    """Send the findings to who can mend them, or end."""
    if state.target == "verifier":
        raise ValueError("the verifier never goes to itself")
    return state.target
