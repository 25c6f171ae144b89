"""What is shown at the terminal, as frozen records that each screen renders its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flowloom.cli.chat.tree_marks import TreeRow
from flowloom.graph.conversation.state import Pending
from flowloom.verification.diagnostic import Verdict

__all__ = [
    "Answer",
    "Ask",
    "Block",
    "Changes",
    "Code",
    "Findings",
    "Note",
    "Problem",
    "Table",
    "Tree",
]


@dataclass(frozen=True)
class Answer:
    """What the assistant says."""

    text: str


@dataclass(frozen=True)
class Note:
    """A remark of the program itself."""

    text: str


@dataclass(frozen=True)
class Problem:
    """What went wrong, and what to do next."""

    message: str
    hint: str = ""


@dataclass(frozen=True)
class Changes:
    """A structural diff, a line each."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """A workflow as a tree."""

    rows: tuple[TreeRow, ...]


@dataclass(frozen=True)
class Code:
    """A document; ``language`` is ``yaml``, ``json`` or ``mermaid``."""

    text: str
    language: str


@dataclass(frozen=True)
class Table:
    """Rows of texts under column heads."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Findings:
    """What the verifier found in the workflow at hand."""

    verdict: Verdict


@dataclass(frozen=True)
class Ask:
    """What the turn waits for."""

    pending: Pending


Block: TypeAlias = Answer | Note | Problem | Changes | Tree | Code | Table | Findings | Ask
