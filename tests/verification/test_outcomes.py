"""What is said of a condition's outcome holds for every value: no evaluation says otherwise."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from flowloom.verification.outcomes import outcome_of
from flowloom.workflow.cel.ast import Node, Select, decode
from flowloom.workflow.cel.evaluation import evaluate
from flowloom.workflow.cel.library import parse_text

CHOICES = ("a", "b")
VALUES: list[dict[str, Any]] = [
    {"v": {"n": n, "s": s, "k": k, "b": b}}
    for n in range(-1, 5)
    for s in ("", "a", "bb")
    for k in CHOICES
    for b in (True, False)
]
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
NUMBERS = st.sampled_from(["v.n", "size(v.s)", "-1", "0", "1", "2", "3"])
TEXTS = st.sampled_from(["v.s", "v.k", "'a'", "'b'", "'bb'", "'c'"])
LISTS = st.lists(st.sampled_from(["'a'", "'b'", "'c'"]), max_size=3).map(
    lambda items: f"[{', '.join(items)}]"
)
ATOMS = (
    st.builds("{} {} {}".format, NUMBERS, SIGNS, NUMBERS)
    | st.builds("{} {} {}".format, TEXTS, SIGNS, TEXTS)
    | st.builds("{} in {}".format, TEXTS, LISTS)
    | st.sampled_from(["v.b", "v.b == true", "v.b != false", "true", "false"])
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: (
        inner.map("!({})".format)
        | st.builds("({}) && ({})".format, inner, inner)
        | st.builds("({}) || ({})".format, inner, inner)
    ),
    max_leaves=6,
)


def schema_of(node: Node) -> dict[str, Any] | None:
    known: dict[str, dict[str, Any]] = {
        "n": {"type": "integer"},
        "s": {"type": "string"},
        "k": {"enum": list(CHOICES)},
        "b": {"type": "boolean"},
    }
    return known[node.field] if isinstance(node, Select) else None


@settings(max_examples=400, deadline=None)
@given(CONDITIONS)
def test_an_outcome_is_that_of_every_evaluation(condition: str) -> None:
    parsed = parse_text(condition)
    assert not isinstance(parsed, list)
    outcome = outcome_of(decode(parsed), schema_of)
    if outcome is not None:
        assert all(evaluate(condition, values) is outcome.value for values in VALUES)
