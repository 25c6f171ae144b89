from __future__ import annotations

import re
from typing import Any

from hypothesis import given

from flowloom.workflow.mermaid import render_mermaid
from flowloom.workflow.models import Workflow, walk
from tests.workflow.rendered_workflows import EVERY_KIND, workflow_data

NODE = re.compile(
    r'n\d+(\["[^"]*"\]|\("[^"]*"\)|\(\["[^"]*"\]\)|\{"[^"]*"\}|\{\{"[^"]*"\}\}'
    r'|\(\("[^"]*"\)\)|\[/"[^"]*"/\])'
)
EDGE = re.compile(r'n\d+ (-->|-\.->)(\|"[^"]*"\|)? n\d+')
SUBGRAPH = re.compile(r'subgraph s\d+\["[^"]*"\]')


def unescape(text: str) -> str:
    return re.sub(r"#(\d+);", lambda match: chr(int(match[1])), text)


def chart_of(steps: list[Any]) -> str:
    return render_mermaid(Workflow.model_validate({"name": "w", "steps": steps}))


def test_a_branch_joins_again_and_a_loop_goes_back() -> None:
    chart = unescape(render_mermaid(Workflow.model_validate(EVERY_KIND)))
    assert '{"busy<br/>if size(steps.issues.output) > 5"}' in chart
    names = {match[2]: match[1] for match in re.finditer(r'(n\d+)[\[({/]+"(\w+)', chart)}
    assert f'{names["busy"]} -->|"then"| {names["note"]}' in chart
    assert f"{names['note']} --> {names['each']}" in chart
    assert f"{names['nap']} --> {names['each']}" in chart
    assert f"{names['quit']} -->" not in chart
    assert f'{names["label"]} -.->|"next"| {names["each"]}' in chart
    assert f'{names["each"]} -->|"done"| {names["poll"]}' in chart


def test_an_if_without_else_goes_on_by_an_edge_named_else() -> None:
    chart = chart_of(
        [
            {"id": "a", "if": "x", "then": [{"id": "b", "uses": "u.v"}]},
            {"id": "c", "uses": "u.v"},
        ]
    )
    assert 'n2 -->|"else"| n4' in chart


def test_labels_cannot_leave_their_quotes_nor_start_markdown() -> None:
    text = 'say "end"] --> x; %% `1. _b_` <b> #35; 🎉 ü'
    chart = chart_of([{"id": "end", "ask": text}])
    label = next(line for line in chart.splitlines() if "[/" in line)
    assert label.count('"') == 2
    assert not re.search(r"[<>`%;\]\[](?!br|/|\")", re.sub(r"#\d+;|<br/>|\[/|/\]", "", label[4:]))
    assert "ü" in label
    assert "🎉" in unescape(label)


@given(workflow_data)
def test_every_line_is_mermaid_and_every_step_is_there(data: dict[str, Any]) -> None:
    workflow = Workflow.model_validate(data)
    chart = render_mermaid(workflow)
    first, *lines = [line.strip() for line in chart.splitlines()]
    assert first == "flowchart TD"
    depth = 0
    for line in lines:
        matched = [bool(pattern.fullmatch(line)) for pattern in (NODE, EDGE, SUBGRAPH)]
        assert matched.count(True) + (line == "end") == 1, line
        depth += SUBGRAPH.fullmatch(line) is not None
        depth -= line == "end"
    assert depth == 0
    shown = unescape(chart)
    assert all(f'"{step.id}<br/>' in shown for _, step in walk(workflow.steps))


@given(workflow_data)
def test_edges_name_nodes_that_exist(data: dict[str, Any]) -> None:
    chart = render_mermaid(Workflow.model_validate(data))
    nodes = set(re.findall(r"^ +(n\d+)[\[({]", chart, re.MULTILINE))
    ends = set(re.findall(r"^  (n\d+) -|(n\d+)$", chart, re.MULTILINE))
    assert {name for pair in ends for name in pair if name} <= nodes
