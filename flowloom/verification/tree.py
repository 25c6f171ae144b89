"""The steps of a document as a tree, read tolerantly: broken parts are left out, not refused.

The verifier works on plain data, so that the sound steps of a document with shape errors are
checked too. What the language's own models say about the shape is in ``flowloom.workflow.shape``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

from flowloom.workflow.models import kind_of
from flowloom.workflow.path import Path

__all__ = ["Block", "BlockKind", "Node", "Place", "Tree", "read_tree"]

BlockKind: TypeAlias = Literal["root", "branch", "for_each", "while", "parallel", "try", "catch"]
"""What decides whether a block's steps ran: ``branch`` is a block of ``if`` or ``switch``."""


@dataclass(eq=False)
class Block:
    """A list of steps.

    Attributes:
        owner: the step that holds it; None for the workflow's own steps.
        label: ``then``, ``else``, ``do``, …: the key that holds it.
        condition: place of the expression that decides over it, if there is one.
    """

    kind: BlockKind
    path: Path
    owner: Node | None
    label: str = ""
    condition: Path | None = None
    nodes: list[Node] = field(default_factory=list["Node"])


@dataclass(eq=False)
class Node:
    """One step: its data as the author wrote it, and where it stands.

    Attributes:
        id: empty if it has none that can be used.
        kind: as in ``flowloom.workflow.models``; empty if no key tells it.
    """

    data: dict[str, Any]
    path: Path
    block: Block
    index: int
    id: str
    kind: str
    blocks: list[Block] = field(default_factory=list[Block])

    @property
    def place(self) -> Place:
        """Where the step's own expressions are evaluated."""
        return Place(self.block, self.index, self)

    def get(self, key: str) -> Any:
        """Return the value of a key, or None."""
        return self.data.get(key)


@dataclass(frozen=True)
class Place:
    """A place where an expression is evaluated: before the step ``index`` of ``block``.

    Attributes:
        node: the step the expression belongs to; None for the outputs of the workflow.
    """

    block: Block
    index: int
    node: Node | None = None


@dataclass(eq=False)
class Tree:
    """All steps of a document: as a tree, in order, and by id (the first that has it)."""

    root: Block
    nodes: list[Node]
    by_id: dict[str, Node]


def read_tree(data: dict[str, Any]) -> Tree:
    """Read the steps of a document's plain data; never raises."""
    root = _block(data.get("steps"), Block("root", ("steps",), None, "steps"))
    nodes = list(_walk(root))
    by_id: dict[str, Node] = {}
    for node in nodes:
        if node.id:
            by_id.setdefault(node.id, node)
    return Tree(root, nodes, by_id)


def _walk(block: Block) -> Iterator[Node]:
    for node in block.nodes:
        yield node
        for inner in node.blocks:
            yield from _walk(inner)


def _block(steps: Any, block: Block) -> Block:
    for index, step in enumerate(_list(steps)):
        if isinstance(step, dict):
            block.nodes.append(_node(cast(dict[str, Any], step), block, index))
    return block


def _node(data: dict[str, Any], block: Block, index: int) -> Node:
    step_id = data.get("id")
    node = Node(
        data=data,
        path=(*block.path, index),
        block=block,
        index=index,
        id=step_id if isinstance(step_id, str) else "",
        kind=kind_of(data) or "",
    )
    node.blocks = [_block(steps, inner) for steps, inner in _inner(node)]
    return node


def _inner(node: Node) -> Iterator[tuple[Any, Block]]:
    match node.kind:
        case "if":
            yield from _branches_of_if(node)
        case "switch":
            yield from _branches_of_switch(node)
        case "for_each":
            yield node.get("do"), _inside(node, "for_each", "do")
        case "while":
            yield node.get("do"), _inside(node, "while", "do", condition="while")
        case "parallel":
            for index, branch in enumerate(_list(node.get("parallel"))):
                yield branch, Block("parallel", (*node.path, "parallel", index), node, "parallel")
        case "try":
            yield node.get("try"), _inside(node, "try", "try")
            yield node.get("catch"), _inside(node, "catch", "catch")
            yield node.get("finally"), _inside(node, "root", "finally")
        case _:
            return


def _inside(node: Node, kind: BlockKind, label: str, condition: str = "") -> Block:
    decides = (*node.path, condition) if condition else None
    return Block(kind, (*node.path, label), node, label, decides)


def _branches_of_if(node: Node) -> Iterator[tuple[Any, Block]]:
    yield node.get("then"), _inside(node, "branch", "then", condition="if")
    for index, branch in enumerate(_list(node.get("elif"))):
        if isinstance(branch, dict):
            here = (*node.path, "elif", index)
            block = Block("branch", (*here, "then"), node, "elif", (*here, "if"))
            yield cast(dict[str, Any], branch).get("then"), block
    yield node.get("else"), _inside(node, "branch", "else")


def _branches_of_switch(node: Node) -> Iterator[tuple[Any, Block]]:
    for index, case in enumerate(_list(node.get("cases"))):
        if isinstance(case, dict):
            block = Block("branch", (*node.path, "cases", index, "do"), node, "case")
            yield cast(dict[str, Any], case).get("do"), block
    yield node.get("default"), _inside(node, "branch", "default")


def _list(value: Any) -> list[Any]:
    return cast(list[Any], value) if isinstance(value, list) else []
