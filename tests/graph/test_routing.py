"""The decision over a verdict."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flowloom.graph.limits import Limits
from flowloom.graph.routing import decide, signature
from flowloom.verification.diagnostic import Diagnostic, Mender
from tests.graph.stand_ins import error

MENDERS: list[Mender] = ["rule", "retriever", "generator", "planner", "person"]
errors = st.lists(
    st.builds(error, st.sampled_from(["a", "b", "c"]), st.sampled_from(MENDERS)), max_size=5
)


@given(errors, st.lists(st.text(max_size=3), max_size=3), st.integers(1, 9))
def test_every_verdict_leads_on_or_to_an_end_with_a_reason(
    found: list[Diagnostic], seen: list[str], attempts: int
) -> None:
    decision = decide(found, seen, attempts, Limits(max_attempts=4))
    if not found:
        assert decision == ("finish", "")
    elif decision.target == "finish":
        assert decision.reason
    else:
        assert attempts < 4
        assert decision.target in ("planner", "retriever", "generator")


@given(errors)
def test_a_signature_does_not_depend_on_order_or_line(found: list[Diagnostic]) -> None:
    moved = [item.model_copy(update={"line": item.line + 7}) for item in reversed(found)]
    assert signature(found) == signature(moved)


def test_different_findings_have_different_signatures() -> None:
    assert signature([error("a")]) != signature([error("b")])
