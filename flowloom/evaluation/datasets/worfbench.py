"""WorFBench (arXiv 2410.07869, MIT): tasks, and outlines of nodes and edges that solve them.

A row, in a JSON list or in JSON lines, is a conversation; its last request is the task, the answer
to it the gold outline::

    Node:
    1: Take the mug.
    2: Heat the mug.
    Edges: (START,1) (1,2) (2,END)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowloom.errors import DocumentError
from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.datasets.files import case_of, read_json_rows, unique
from flowloom.evaluation.datasets.tool_calls import last_turns

__all__ = ["OutlineGraph", "parse_outline", "read_worfbench"]

_NODE = re.compile(r"^\s*(\d+)\s*[:.]\s*(\S.*?)\s*$", re.MULTILINE)
_EDGE = re.compile(r"\(\s*(START|\d+)\s*,\s*(END|\d+)\s*\)", re.IGNORECASE)
_EDGES = re.compile(r"^\s*edges?\s*:", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class OutlineGraph:
    """Nodes in words, in their order, and edges by place, without START and END.

    Attributes:
        starts: places of the nodes that START leads to.
        ends: places of the nodes that lead to END.
    """

    nodes: tuple[str, ...]
    edges: frozenset[tuple[int, int]]
    starts: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()


def read_worfbench(path: Path) -> Dataset:
    """Read a case file of WorFBench.

    Raises:
        StorageError: the file cannot be read.
        DocumentError: it has another form.
    """
    rows = read_json_rows(path)
    cases = [
        case_of(path, index, lambda row, number=index: _case(row, number), row)
        for index, row in enumerate(rows)
    ]
    sheet = Datasheet(name="worfbench", licence="MIT", source="WorFBench, arXiv 2410.07869")
    return Dataset(sheet=sheet, cases=unique(cases, path))


def _case(row: Mapping[str, Any], number: int) -> Case:
    request, answer = last_turns(row)
    parse_outline(answer)
    source = str(row.get("source") or "")
    return Case(
        id=str(row.get("id", number)),
        request=request,
        tags=(source,) if source else (),
        scoring="outline",
        reference=answer,
    )


def parse_outline(text: str) -> OutlineGraph:
    """Return the graph that an outline tells.

    Raises:
        DocumentError: it has no nodes, or an edge names a node that is not there.
    """
    parts = _EDGES.split(text, maxsplit=1)
    nodes: dict[str, str] = dict(_NODE.findall(parts[0]))
    if not nodes:
        raise DocumentError("The outline has no nodes.", hint="Write a line '1: …' for each.")
    places = {number: place for place, number in enumerate(nodes)}
    edges: set[tuple[int, int]] = set()
    starts: set[int] = set()
    ends: set[int] = set()
    for one, other in _EDGE.findall(parts[1]) if len(parts) > 1 else ():
        inner = [name for name in (one, other) if name.upper() not in ("START", "END")]
        if any(name not in places for name in inner):
            raise DocumentError(f"The edge ({one},{other}) names a node that is not there.")
        if len(inner) == 2:
            edges.add((places[one], places[other]))
        elif inner:
            (ends if inner[0] == one else starts).add(places[inner[0]])
    return OutlineGraph(tuple(nodes.values()), frozenset(edges), frozenset(starts), frozenset(ends))
