from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowloom.workflow.models import Workflow, walk
from flowloom.workflow.tree import one_line, render_tree, tree_lines
from tests.workflow.rendered_workflows import EVERY_KIND, workflow_data

TREE = """\
every kind: One of each.
├─ inputs: channel
├─ trigger: core.schedule (cron="0 9 * * 1-5")
├─ issues: github.issues.list (owner="acme", labels=["bug"])
├─ busy: if size(steps.issues.output) > 5
│  ├─ then
│  │  └─ note: slack.chat.post_message (text="a \\"b\\" [c]")
│  ├─ elif size(steps.issues.output) > 2
│  │  └─ nap: wait 10m
│  └─ else
│     └─ quit: stop, succeeded "nothing to do"
├─ each: for each issue in steps.issues.output, collect issue.title
│  └─ label: github.issues.label
├─ poll: while true (at most 3 times)
│  └─ rest: wait 1s
├─ both: in parallel
│  ├─ branch 1
│  │  └─ left: a.b
│  └─ branch 2
│     └─ right: a.c
├─ route: switch inputs.channel
│  ├─ case "#eng"
│  │  └─ one: a.b
│  └─ default
│     └─ other: a.c
├─ safe: try
│  ├─ try
│  │  └─ risky: a.b
│  ├─ catch
│  │  └─ tell: ask to ops "Go on?" (yes / no)
│  └─ finally
│     └─ tidy: a.c
└─ output count = "${{ size(steps.issues.output) }}"
"""


def test_every_kind_of_step_is_shown() -> None:
    assert render_tree(Workflow.model_validate(EVERY_KIND)) == TREE


@given(workflow_data)
def test_every_step_has_exactly_one_line(data: dict[str, Any]) -> None:
    workflow = Workflow.model_validate(data)
    steps = [line.step for line in tree_lines(workflow) if line.step]
    assert steps == [step.id for _, step in walk(workflow.steps)]


@given(workflow_data)
def test_lines_are_printable_and_depth_grows_by_one(data: dict[str, Any]) -> None:
    lines = tree_lines(Workflow.model_validate(data))
    assert all((line.guides + line.text).isprintable() for line in lines)
    assert all(b.depth <= a.depth + 1 for a, b in pairwise(lines))


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_one_line_is_printable_and_short(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert line.isprintable()
    assert len(line) <= limit


def test_more_than_four_inputs_are_cut_with_plain_values_first() -> None:
    inputs: dict[str, Any] = {"list": [1], "a": 1, "b": True, "c": None, "d": "\x1b[31mred"}
    data = {"name": "w", "steps": [{"id": "s", "uses": "x.y", "with": inputs}]}
    text = render_tree(Workflow.model_validate(data))
    assert 's: x.y (a=1, b=true, c=null, d="\\u001b[31mred", …)' in text


def test_a_branch_without_steps_says_so() -> None:
    data = {"name": "w", "steps": [{"id": "s", "if": "true", "then": []}]}
    assert "then (nothing)" in render_tree(Workflow.model_validate(data))
