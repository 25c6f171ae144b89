"""The house: imports run downwards only, modules stay small, ``__all__`` is true."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "flowloom"
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "settings", "workflow"}),
    frozenset({"catalog"}),
    frozenset({"retrieval", "verification", "engine", "targets", "prompts", "storage"}),
    frozenset({"intents"}),
    frozenset({"roles"}),
    frozenset({"agents", "offline"}),
    frozenset({"graph"}),
    frozenset({"assembly"}),
    frozenset({"api", "studio"}),
    frozenset({"service", "evaluation"}),
    frozenset({"cli"}),
    frozenset({"__main__"}),
)
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else "__init__"


def floor_of(room: str) -> int:
    return next(level for level, rooms in enumerate(FLOORS) if room in rooms)


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("flowloom."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flowloom."):
            yield node.module or ""


def broken_imports(path: Path) -> list[str]:
    own = room_of(module_name(path))
    if own == "__init__":
        return []
    return [
        name
        for name in imported(path)
        if room_of(name) != own
        and floor_of(room_of(name)) >= floor_of(own)
        # errors.py is the cellar: everything of its floor may stand on it.
        and room_of(name) != "errors"
    ]


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_run_downwards_only(path: Path) -> None:
    assert broken_imports(path) == []


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_modules_have_at_most_500_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_all_names_exist(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    listed: list[str] = []
    defined: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name == "__all__":
                listed = ast.literal_eval(node.value)
            defined.add(name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            defined.add(node.target.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            defined.update(alias.asname or alias.name for alias in node.names)
    lazy = "__getattr__" in defined
    assert lazy or set(listed) <= defined
    assert len(listed) == len(set(listed))


def test_a_room_that_imports_upwards_is_found(tmp_path: Path) -> None:
    assert floor_of("cli") > floor_of("graph") > floor_of("agents") > floor_of("retrieval")
    assert floor_of("retrieval") > floor_of("catalog") > floor_of("workflow")
