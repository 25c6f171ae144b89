"""Readers of data sets, each on files of its form, and their own scoring by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.errors import DocumentError, StorageError
from flowloom.evaluation.cases import Dataset
from flowloom.evaluation.datasets.flow_bench import read_flow_bench
from flowloom.evaluation.datasets.suite import read_suite
from flowloom.evaluation.datasets.tool_calls import (
    read_nestools,
    read_seal_tools,
    workflow_of_calls,
)
from flowloom.evaluation.datasets.tools import read_tools
from flowloom.evaluation.datasets.worfbench import OutlineGraph, parse_outline, read_worfbench
from flowloom.evaluation.metrics.matching import best_matching, embedding_likeness, word_cosine
from flowloom.evaluation.metrics.outline import (
    chain_overlap,
    edge_overlap,
    graph_overlap,
    node_overlap,
    published_graph,
)
from flowloom.evaluation.samples import Output
from flowloom.evaluation.scores import Scores
from flowloom.evaluation.scoring import Judge, score
from flowloom.verification.examples import EXAMPLE_CATALOG
from flowloom.workflow.document import dump_json, dump_yaml

Read = Callable[[Path], Dataset]

SUITE = """
dataset: {name: demo, version: "1", licence: Apache-2.0}
cases:
  - id: one
    request: >-
      Read it.
    level: linear
    tags: [plain]
    expected: {steps: [{id: r, uses: demo.read}]}
    alternatives:
      - {steps: [{id: f, uses: demo.find}]}
    free: [r.text]
  - id: one-ko
    request: 읽어 줘.
    language: ko
    paraphrase_of: one
    expected: {steps: [{id: r, uses: demo.read}]}
  - id: two
    request: Fly to the moon.
    statuses: [failed, needs_input]
"""


def written(folder: Path, name: str, text: Any) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return path


def test_our_own_form(tmp_path: Path) -> None:
    found = read_suite(written(tmp_path, "demo.yaml", SUITE))
    one, korean, two = found.cases
    assert (found.sheet.name, found.sheet.licence) == ("demo", "Apache-2.0")
    assert one.gold == {"name": "one", "steps": [{"id": "r", "uses": "demo.read"}]}
    assert [item["name"] for item in one.accepted] == ["one", "one"]
    assert (one.request, one.domain, one.level, one.cluster) == (
        "Read it.",
        "demo",
        "linear",
        "one",
    )
    assert (korean.language, korean.cluster) == ("ko", "one")
    assert (two.gold, two.accepted, two.statuses) == (None, (), ("failed", "needs_input"))
    assert [case.id for case in found.only(language="ko").cases] == ["one-ko"]
    assert [case.id for case in found.only(tag="plain", language="en").cases] == ["one"]


def test_a_folder_of_our_own_form(tmp_path: Path) -> None:
    rows = "- {id: %s, request: x, statuses: [failed]}\n"
    written(tmp_path, "suite/development/b.yaml", rows % "b")
    written(tmp_path, "suite/test/a.yaml", rows % "a")
    written(tmp_path, "suite/top.yaml", rows % "top")
    found = read_suite(tmp_path / "suite")
    assert [(case.id, case.split, case.domain) for case in found.cases] == [
        ("b", "development", "b"),
        ("a", "test", "a"),
        ("top", "", "top"),
    ]
    assert [case.id for case in found.only(split="test").cases] == ["a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {id: a}", "case 1: the key 'request' is missing"),
        ("- {id: a, request: x}", "exactly if 'valid'"),
        ("- {id: a, request: x, statuses: [failed], colour: red}", "case 1: colour"),
        ("- {id: a, request: x, statuses: [failed]}\n" * 2, "two cases have the id 'a'"),
        ("- 3", "case 1: it has another form"),
        ("cases: 3", "no list of cases"),
        ("a: [", "no YAML"),
        ("dataset: {colour: red}\ncases: []", "colour"),
    ],
)
def test_what_is_wrong_with_a_suite_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read_suite(written(tmp_path, "x.yaml", text))


def test_a_suite_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no case file"):
        read_suite(tmp_path / "none")


BENCH: list[dict[str, Any]] = [
    {
        "uid": 2,
        "tags": ["conditional"],
        "utterance": "Get the file; if it is large, ask someone to delete it.",
        "prior_sequence": "",
        "expected_sequence": 'f = Box_get()\nif f.size > 100:\n  t = user_task("delete it")',
    },
    {
        "uid": 3,
        "tags": ["linear_update"],
        "utterance": "Copy it too.",
        "prior_sequence": "f = Box_get()",
        "expected_sequence": "f = Box_get()\nc = Box_copy()",
    },
]
BOX = Judge(Catalog([Component(id="Box_get"), Component(id="Box_copy")]))


def bench_score(path: Path, number: int, made: dict[str, Any]) -> Scores:
    case = read_flow_bench(path).cases[number]
    return score(case, Output(status="valid", text=dump_yaml(made)), BOX)


def test_flow_bench(tmp_path: Path) -> None:
    path = written(tmp_path, "dev.json", BENCH)
    new, edit = read_flow_bench(path).cases
    assert (new.id, new.level, new.is_edit, edit.level, edit.is_edit) == (
        "2",
        "conditional",
        False,
        "edit",
        True,
    )
    assert new.gold is not None
    assert bench_score(path, 0, new.gold).correct
    own = bench_score(path, 0, new.gold).own
    assert own == {"strict": 1, "any_task_wording": 1, "any_condition": 1}


def test_flow_bench_has_its_own_exact_match(tmp_path: Path) -> None:
    path = written(tmp_path, "dev.json", BENCH)
    gold: Any = read_flow_bench(path).cases[0].gold
    other = json.loads(json.dumps(gold).replace("delete it", "remove it"))
    found = bench_score(path, 0, other)
    assert (found.exact, found.correct) == (False, False)
    assert found.own == {"strict": 0, "any_task_wording": 1, "any_condition": 0}
    stopped = bench_score(path, 0, {"name": "x", "steps": [{"id": "s", "stop": "x"}]})
    assert set(stopped.own.values()) == {0}


def test_flow_bench_ids_are_no_matter_of_locality(tmp_path: Path) -> None:
    path = written(tmp_path, "dev.json", BENCH)
    made = {"name": "x", "steps": [{"id": "q", "uses": "Box_get"}, {"id": "r", "uses": "Box_copy"}]}
    found = bench_score(path, 1, made)
    assert (found.correct, found.edit_locality, found.edit_damage) == (True, 1, 0)
    lost = bench_score(path, 1, {"name": "x", "steps": [{"id": "r", "uses": "Box_copy"}]})
    assert (lost.edit_locality, lost.edit_damage) == (0, 1)


def test_a_flow_that_is_not_in_the_notation(tmp_path: Path) -> None:
    broken = [{**BENCH[0], "expected_sequence": "import os"}]
    with pytest.raises(DocumentError, match="case 1: The notation has no 'import os'"):
        read_flow_bench(written(tmp_path, "dev.json", broken))
    with pytest.raises(DocumentError, match="no list in JSON"):
        read_flow_bench(written(tmp_path, "dev.json", "[{"))


CALLS: list[dict[str, Any]] = [
    {"api": "findCity", "parameters": {"name": "Seoul"}, "responses": ["API_call_0"]},
    {
        "api": "getWeather",
        "parameters": {"city": "API_call_0", "days": 3},
        "responses": ["API_call_1"],
    },
]
NESTED = {
    "name": "calls",
    "steps": [
        {"id": "call_0", "uses": "findCity", "with": {"name": "Seoul"}},
        {
            "id": "call_1",
            "uses": "getWeather",
            "with": {"city": "${{ steps.call_0.output }}", "days": 3},
        },
    ],
}


PROMPT = """Please choose the needed apis.
Output format: [{"api": "", "parameters": {"": ""}}]

Input:
api_list = [{'api_name': 'getWeather', 'api_description': 'The weather.', 'parameters': \
{'city': {'type': 'str', 'description': "where it's"}}, 'required': ['city'], 'responses': \
{'degrees': {'type': 'float', 'description': 'how warm'}}}]
task_instruction = "Weather?"
Output:
"""


@pytest.mark.parametrize("read", [read_seal_tools, read_nestools])
@pytest.mark.parametrize(
    "row",
    [
        {"test_id": "a", "task": "Weather?", "call": CALLS},
        {
            "id": "a",
            "conversations": [
                {"from": "human", "value": PROMPT},
                {"from": "gpt", "value": str(CALLS)},
            ],
        },
        {"id": "a", "query": "Weather?", "calling": CALLS},
        {"id": "a", "instruction": "Weather?", "output": json.dumps(CALLS)},
        {
            "id": "a",
            "conversations": [
                {"from": "system", "value": "Be good."},
                {"from": "human", "value": "Weather?"},
                {"from": "gpt", "value": json.dumps(CALLS)},
            ],
        },
    ],
)
def test_tool_calls(tmp_path: Path, read: Read, row: dict[str, Any]) -> None:
    for text in (json.dumps([row]), json.dumps(row) + "\n\n"):
        (case,) = read(written(tmp_path, "x.jsonl", text)).cases
        assert (case.id, case.request, case.gold) == ("a", "Weather?", NESTED)


def test_a_label_stands_for_one_of_several_responses(tmp_path: Path) -> None:
    tools = [
        {"api_name": "findCity", "responses": {"code": {}, "mayor": {}}},
        {"api_name": "getWeather", "responses": {"text": {}}},
    ]
    calls = [
        {"api_name": "findCity", "parameters": {}, "responses": ["API_call_0", "API_call_1"]},
        {"api_name": "getWeather", "parameters": {"city": "API_call_1"}, "responses": ["x"]},
    ]
    row = {"test_id": 7, "task": "Weather?", "api": tools, "call": calls, "field": "Weather"}
    (case,) = read_nestools(written(tmp_path, "x.jsonl", json.dumps(row))).cases
    assert (case.id, case.tags) == ("7", ("Weather",))
    assert case.gold is not None
    assert case.gold["steps"][1]["with"] == {"city": "${{ steps.call_0.output.mayor }}"}
    other = json.loads(dump_json(case.gold).replace("mayor", "code"))
    right, wrong = (
        score(case, Output(status="valid", text=dump_json(item)), Judge(Catalog())).own
        for item in (case.gold, other)
    )
    assert (right["nested_f1"], right["order_f1"]) == (1, 1)
    # Another response of the right tool: one value and one link are wrong.
    assert (wrong["nested_f1"], wrong["parameters_f1"], wrong["order_f1"]) == (0, 0, 1)


def test_links_inside_lists_and_objects() -> None:
    call = {"name": "x", "arguments": {"a": ["r0", 1], "b": {"c": "r0"}}}
    made = workflow_of_calls([{"name": "y", "responses": ["r0"]}, call])
    link = "${{ steps.call_0.output }}"
    assert made["steps"][1]["with"] == {"a": [link, 1], "b": {"c": link}}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"calling": CALLS}, "query or request"),
        ({"query": "x"}, "calling or call"),
        ({"query": "x", "calling": [{"parameters": {}}]}, "api or api_name"),
        ({"query": "x", "calling": "[{"}, "another form"),
        ({"conversations": [{"from": "gpt", "value": "x"}]}, "user and assistant"),
    ],
)
def test_what_is_wrong_with_tool_calls_is_said(
    tmp_path: Path, row: dict[str, Any], said: str
) -> None:
    with pytest.raises(DocumentError, match=said):
        read_seal_tools(written(tmp_path, "x.json", [row]))


def test_the_scores_of_tool_calls(tmp_path: Path) -> None:
    path = written(tmp_path, "x.json", [{"query": "Weather?", "calling": CALLS}])
    (case,) = read_seal_tools(path).cases
    made = {
        "name": "x",
        "steps": [
            {"id": "a", "uses": "findCity", "with": {"name": "seoul", "country": "KR"}},
            {"id": "b", "uses": "getWeather", "with": {"city": "Seoul", "days": "3"}},
            {"id": "c", "uses": "getNews"},
        ],
    }
    own = score(case, Output(status="valid", text=dump_yaml(made)), Judge(Catalog())).own
    # Two of three tools; name and days of four parameters (3 wanted); no nesting.
    assert (own["tools_precision"], own["tools_recall"]) == (pytest.approx(2 / 3), 1)
    assert (own["parameters_shared"], own["parameters_wanted"], own["parameters_found"]) == (
        2,
        3,
        4,
    )
    assert own["parameters_f1"] == pytest.approx(4 / 7)
    assert (own["nested_wanted"], own["nested_f1"], own["format"]) == (1, 0, 1)
    # findCity, getWeather is wanted; found are that and getWeather, getNews.
    assert (own["order_precision"], own["order_recall"]) == (0.5, 1)
    right = score(case, Output(status="valid", text=dump_yaml(NESTED)), Judge(Catalog())).own
    assert (right["tools_f1"], right["parameters_f1"], right["nested_f1"]) == (1, 1, 1)
    none = score(case, Output(status="valid", text="sorry"), Judge(Catalog())).own
    assert (none["format"], none["tools_f1"]) == (0, 0)


def test_tools_as_a_catalog(tmp_path: Path) -> None:
    tool = {
        "api_name": "getWeather",
        "api_description": "The weather.",
        "parameters": {"city": {"type": "str", "description": "where"}, "days": {"type": "int"}},
        "required": ["city"],
    }
    catalog = read_tools(written(tmp_path, "tool.jsonl", json.dumps(tool)))
    found = catalog["getWeather"]
    assert found.inputs["city"] == {"type": "string", "description": "where"}
    assert found.inputs["days"]["type"] == "integer"
    assert (found.required, found.description) == (("city",), "The weather.")


def test_tools_told_by_cases(tmp_path: Path) -> None:
    def tool(*needed: str, **types: str) -> dict[str, Any]:
        fields = {name: {"type": kind, "description": ""} for name, kind in types.items()}
        return {"api_name": "find", "parameters": fields, "required": list(needed)}

    answers = {"responses": {"code": {"type": "int", "description": ""}}}
    rows = [{"api": [tool("a", a="str", b="int")]}, {"api": [{**tool("b", b="str"), **answers}]}]
    (found,) = read_tools(written(tmp_path, "x.json", rows))
    # Of one name: the inputs of both, of which neither needs the other's.
    assert (sorted(found.inputs), found.required) == (["a", "b"], ())
    assert "type" not in found.inputs["b"]
    assert found.output["properties"]["code"]["type"] == "integer"
    turns = [{"from": "human", "value": PROMPT}, {"from": "gpt", "value": "[]"}]
    (told,) = read_tools(written(tmp_path, "y.json", [{"conversations": turns}]))
    assert (told.id, told.required) == ("getWeather", ("city",))
    assert told.output["properties"]["degrees"]["type"] == "number"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"parameters": {}}, "api_name or api"),
        (
            {"conversations": [{"from": "human", "value": "x"}, {"from": "gpt", "value": "y"}]},
            "list",
        ),
        ({"api_name": "x", "parameters": 3}, "another form"),
    ],
)
def test_what_is_wrong_with_tools_is_said(tmp_path: Path, row: dict[str, Any], said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read_tools(written(tmp_path, "x.json", [row]))


OUTLINE = """Node:
1: Take the mug.
2: Wash the mug.
3: Fill the kettle.
4: Pour the water.
Edges: (START,1) (1,2) (START,3) (2,4) (3,4) (4,END)
"""
GRAPH = parse_outline(OUTLINE)


def test_an_outline_is_read() -> None:
    assert GRAPH.nodes == (
        "Take the mug.",
        "Wash the mug.",
        "Fill the kettle.",
        "Pour the water.",
    )
    assert GRAPH.edges == {(0, 1), (1, 3), (2, 3)}
    assert (GRAPH.starts, GRAPH.ends) == ({0, 2}, {3})


@pytest.mark.parametrize("text", ["I do not know.", "1: a\nEdges: (1,2)"])
def test_what_is_no_outline_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        parse_outline(text)


def graph(nodes: str, *edges: tuple[int, int]) -> OutlineGraph:
    return OutlineGraph(tuple(nodes), frozenset(edges))


def test_a_chain_may_be_any_topological_order() -> None:
    gold = graph("abcd", (0, 1), (1, 3), (2, 3))
    assert chain_overlap(gold, graph("cabd")).f1 == 1
    # d stands before all of which it is the end: it, or they, are left out.
    assert chain_overlap(gold, graph("dabc")).shared == 3
    assert chain_overlap(gold, graph("ba")).shared == 1
    missing = chain_overlap(gold, graph("abx"))
    assert (missing.precision, missing.recall) == (pytest.approx(2 / 3), 1 / 2)


def test_a_graph_needs_the_same_edges() -> None:
    gold = graph("abc", (0, 1), (1, 2))
    assert graph_overlap(gold, gold).f1 == 1
    # Without the edge between b and c only two of the three nodes can stay.
    assert graph_overlap(gold, graph("abc", (0, 1))).shared == 2
    assert graph_overlap(gold, graph("cba", (2, 1), (1, 0))).f1 == 1
    assert graph_overlap(gold, graph("xyz")).f1 == 0


def test_nodes_and_edges_alone() -> None:
    # All but the mug's washing; of six edges the two from START, (3,4) and the one to END stay.
    made = parse_outline(
        "Node:\n1: Fill the kettle.\n2: Take the mug.\n3: Pour the water.\n"
        "Edges: (START,1) (START,2) (1,3) (2,3) (3,END)"
    )
    nodes, edges = node_overlap(GRAPH, made), edge_overlap(GRAPH, made)
    assert (nodes.shared, nodes.wanted, nodes.found) == (3, 4, 3)
    assert (edges.shared, edges.wanted, edges.found) == (4, 6, 5)


def test_the_graph_as_the_published_program_counts_it() -> None:
    assert published_graph(GRAPH, GRAPH) == (1, 1)
    short = parse_outline("Node:\n1: Take the mug.\n2: Pour the water.\nEdges: (START,1) (1,2)")
    # START-1 alone is in both by number: two of four nodes here, two of six there.
    assert published_graph(GRAPH, short) == (1 / 2, pytest.approx(1 / 3))
    # Two nodes in the other order: by number the edges are the same, whatever they join.
    one, other = (
        parse_outline(f"Node:\n1: {a}\n2: {b}\nEdges: (START,1) (1,2) (2,END)")
        for a, b in (("alpha", "beta"), ("beta", "alpha"))
    )
    assert published_graph(one, other) == (1, 1)
    assert graph_overlap(one, other).f1 == 0.5
    assert published_graph(GRAPH, OutlineGraph(GRAPH.nodes, frozenset())) == (0, 0)


def test_likeness_by_embeddings() -> None:
    vectors = {"a": [1.0, 0.0], "b": [0.6, 0.8], "c": [-1.0, 0.0]}
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> Any:
        asked.extend(texts)
        return np.asarray([vectors[text] for text in texts])

    likeness = embedding_likeness(embed)
    found = [likeness("a", "b"), likeness("a", "c"), likeness("b", "b")]
    assert found == pytest.approx([0.6, 0, 1])
    assert asked == ["a", "b", "c"]


def test_words_that_are_near_enough_match() -> None:
    # 2 of 3 words are shared: 2 / sqrt(3 * 3).
    assert word_cosine("Wash the mug.", "wash the cup") == pytest.approx(2 / 3)
    other = OutlineGraph(("wash the cup", "boil it"), frozenset())
    assert chain_overlap(GRAPH, other).shared == 1
    assert chain_overlap(GRAPH, other, lambda one, two: 0.0).shared == 0


@given(
    st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 9).map(float), min_size=columns, max_size=columns),
            min_size=1,
            max_size=4,
        )
    )
)
def test_the_best_matching_is_the_best_of_all(weights: list[list[float]]) -> None:
    rows, columns = len(weights), len(weights[0])
    pairs = best_matching(weights)
    assert len(pairs) == min(rows, columns)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    if rows <= columns:
        options = [
            sum(weights[row][column] for row, column in enumerate(chosen))
            for chosen in permutations(range(columns), rows)
        ]
    else:
        options = [
            sum(weights[row][column] for column, row in enumerate(chosen))
            for chosen in permutations(range(rows), columns)
        ]
    assert sum(weights[row][column] for row, column in pairs) == max(options)


def test_worfbench(tmp_path: Path) -> None:
    row = {
        "source": "alfworld",
        "conversations": [
            {"role": "user", "content": "Make tea."},
            {"role": "assistant", "content": OUTLINE},
        ],
    }
    (case,) = read_worfbench(written(tmp_path, "x.json", [row])).cases
    assert (case.id, case.request, case.tags) == ("0", "Make tea.", ("alfworld",))
    judge = Judge(EXAMPLE_CATALOG)
    same = score(case, Output(status="valid", text=OUTLINE), judge)
    assert (same.correct, same.own["chain_f1"], same.own["graph_f1"]) == (True, 1, 1)
    assert same.valid is False
    short = "Node:\n1: Take the mug.\n2: Pour the water.\nEdges: (START,1) (1,2) (2,END)"
    found = score(case, Output(status="valid", text=short), judge)
    # Both nodes in order, of four; but in gold no edge joins them: one stays in the graph.
    assert (found.own["chain_precision"], found.own["chain_recall"]) == (1, 0.5)
    assert (found.own["graph_precision"], found.own["graph_recall"]) == (0.5, 0.25)
    assert (found.correct, found.mistakes) == (False, ())
    unread = score(case, Output(status="valid", text="no"), judge)
    assert [item.kind for item in unread.mistakes] == ["format.unparseable"]
    assert (unread.own["format"], unread.own["graph_f1"]) == (0, 0)


def test_a_gold_outline_that_is_none_is_refused(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "Make tea."}, {"role": "assistant", "content": "x"}]
    path = written(tmp_path, "y.json", [{"messages": turns}])
    with pytest.raises(DocumentError, match="case 1: The outline has no nodes"):
        read_worfbench(path)


@pytest.mark.parametrize("steps", [[1], [{"uses": "Box_get"}], {"a": 1}, [{"id": "i", "if": 3}]])
def test_flow_bench_of_what_is_no_workflow(tmp_path: Path, steps: Any) -> None:
    path = written(tmp_path, "dev.json", BENCH)
    found = bench_score(path, 0, {"name": "x", "steps": steps})
    assert (found.exact, found.convertible) == (False, False)
