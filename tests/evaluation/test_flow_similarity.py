"""FlowSim and TreeBLEU by hand, against a slower oracle, and as a metric."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.evaluation.flow_tree import FlowTree, NodeKind, flow_tree, tree_size
from flowloom.evaluation.forms import FlowForm, form_of
from flowloom.evaluation.metrics.structure import flow_similarity, tree_bleu
from flowloom.evaluation.tree_distance import insert_cost, tree_edit_distance, update_cost
from tests.evaluation.flows import BASE, changed, flow, step, without

GOLD = form_of(
    flow(
        step("read", "demo.read"),
        step("log", "demo.log", text="x"),
        trigger={"uses": "demo.every", "with": {"cron": "0 9 * * *"}},
    )
)
FOUND = form_of(flow(step("read", "demo.read"), step("send", "demo.send", to="y", text="x")))
Forest = tuple[FlowTree, ...]


@cache
def forest_distance(one: Forest, other: Forest) -> int:
    """The definition, word for word: the last root is deleted, inserted or changed."""
    if not one and not other:
        return 0
    found: list[int] = []
    if one:
        last = one[-1]
        found.append(forest_distance((*one[:-1], *last.children), other) + insert_cost(last))
    if other:
        last = other[-1]
        found.append(forest_distance(one, (*other[:-1], *last.children)) + insert_cost(last))
    if one and other:
        inside = forest_distance(one[-1].children, other[-1].children)
        beside = forest_distance(one[:-1], other[:-1])
        found.append(inside + beside + update_cost(one[-1], other[-1]))
    return min(found)


def _node(kind: NodeKind, name: str, children: list[FlowTree]) -> FlowTree:
    return FlowTree(kind, (name, "", ""), tuple(children))


_KINDS: st.SearchStrategy[NodeKind] = st.sampled_from(
    ["container", "trigger", "component", "value"]
)
_NAMES = st.sampled_from(["a", "b", "c"])
TREES: st.SearchStrategy[FlowTree] = st.recursive(
    st.builds(_node, _KINDS, _NAMES, st.just([])),
    lambda inner: st.builds(_node, _KINDS, _NAMES, st.lists(inner, max_size=3)),
    max_leaves=6,
)


def test_by_hand_with_inputs() -> None:
    # 5 and 4 nodes. Trigger and cron deleted (2), log becomes send (2), `to` inserted (1).
    assert [tree_size(flow_tree(form)) for form in (GOLD, FOUND)] == [5, 4]
    assert tree_edit_distance(flow_tree(GOLD), flow_tree(FOUND)) == 5
    assert flow_similarity(GOLD, FOUND) == pytest.approx(1 - 5 / 9)


def test_by_hand_without_inputs() -> None:
    # 3 and 2 nodes. The trigger is deleted (1), log becomes send (2).
    assert flow_similarity(GOLD, FOUND, with_inputs=False) == pytest.approx(1 - 3 / 5)


def test_a_changed_input_costs_one_and_a_changed_component_two() -> None:
    base = form_of(flow(step("a", "demo.log", text="x")))
    other_value = form_of(flow(step("a", "demo.log", text="y")))
    other_component = form_of(flow(step("a", "demo.store", text="x")))
    assert tree_edit_distance(flow_tree(base), flow_tree(other_value)) == 1
    assert tree_edit_distance(flow_tree(base), flow_tree(other_component)) == 2


def test_inputs_are_sorted_by_name_and_steps_are_not() -> None:
    one = flow(step("a", "x.y", p=1, q=2), step("b", "x.z"))
    other = flow(step("a", "x.y", q=2, p=1), step("b", "x.z"))
    turned = flow(step("b", "x.z"), step("a", "x.y", q=2, p=1))
    assert flow_similarity(form_of(one), form_of(other)) == 1
    assert flow_similarity(form_of(one), form_of(turned)) < 1


def test_what_cannot_be_read_is_an_empty_flow() -> None:
    assert flow_similarity(GOLD, FlowForm()) == 0
    assert flow_similarity(FlowForm(), FlowForm()) == 1


def test_tree_bleu_by_hand() -> None:
    # Of the pairs flow-trigger, trigger-cron, flow-read, flow-log, log-text one is shared.
    assert tree_bleu(GOLD, FOUND) == pytest.approx(1 / 5)
    assert tree_bleu(GOLD, FOUND, with_inputs=False) == pytest.approx(1 / 3)
    assert tree_bleu(GOLD, GOLD) == 1
    assert tree_bleu(GOLD, FlowForm()) == 0


def test_blocks_are_part_of_the_tree() -> None:
    base = form_of(BASE)
    moved = changed("steps", 1, "else", value=[])
    moved["steps"][1]["then"].append(BASE["steps"][1]["else"][0])
    # `else` is deleted, `if` is deleted, and inserted again around all that it holds now.
    assert tree_edit_distance(flow_tree(base), flow_tree(form_of(moved))) == 3
    dropped = form_of(without("steps", 2))
    # for_each, its list, send and its two inputs.
    assert tree_edit_distance(flow_tree(base), flow_tree(dropped)) == 5


@given(TREES, TREES)
def test_the_distance_is_the_oracles(one: FlowTree, other: FlowTree) -> None:
    assert tree_edit_distance(one, other) == forest_distance((one,), (other,))


@given(TREES, TREES, TREES)
def test_the_distance_is_a_metric(one: FlowTree, other: FlowTree, third: FlowTree) -> None:
    here, back = tree_edit_distance(one, other), tree_edit_distance(other, one)
    assert here == back >= 0
    assert tree_edit_distance(one, one) == 0
    assert here <= tree_edit_distance(one, third) + tree_edit_distance(third, other)
    assert here <= tree_size(one) + tree_size(other)


def _labels(tree: FlowTree) -> list[object]:
    """The tree without its containers."""
    inner = [item for child in tree.children for item in _labels(child)]
    return inner if tree.kind == "container" else [(tree.kind, tree.label, tuple(inner))]


@given(TREES, TREES)
def test_only_trees_that_are_equal_but_for_containers_have_no_distance(
    one: FlowTree, other: FlowTree
) -> None:
    assert (tree_edit_distance(one, other) == 0) == (_labels(one) == _labels(other))
