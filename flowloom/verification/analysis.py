"""From a document and a catalog to the facts that the checks read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flowloom.catalog.catalog import Catalog
from flowloom.errors import ExpressionError
from flowloom.verification.expression_types import ExpressionTypes
from flowloom.verification.facts import Facts, Reached, Role, Site, Use
from flowloom.verification.scope import ScopeRules
from flowloom.verification.tree import Block, Node, Place, Tree, read_tree
from flowloom.workflow.cel.results import Checked
from flowloom.workflow.document import Document
from flowloom.workflow.outline import Outline
from flowloom.workflow.path import Path
from flowloom.workflow.shape import ShapeProblem, shape_problems
from flowloom.workflow.templates import bare_expression, parse_template

__all__ = ["facts_of"]


def facts_of(
    document: Document,
    catalog: Catalog,
    outline: Outline | None,
    request: str,
    original: Document | None = None,
    said: str = "",
) -> Facts:
    """Find out everything that the checks need to know about a document."""
    tree = read_tree(document.data)
    shape = tuple(shape_problems(document.data))
    uses = {use.path: use for use in _uses(document.data, tree, catalog, shape)}
    types = ExpressionTypes(document.data, tree, uses)
    scope = ScopeRules()
    sites = tuple(_Reader(tree, scope, types).sites(document.data))
    by_path: dict[Path, list[Site]] = {}
    for site in sites:
        by_path.setdefault(site.path, []).append(site)
    return Facts(
        document=document,
        catalog=catalog,
        outline=outline,
        request=request,
        tree=tree,
        scope=scope,
        types=types,
        shape=shape,
        uses=uses,
        sites=sites,
        sites_at={path: tuple(found) for path, found in by_path.items()},
        outputs=types.outputs,
        original=original,
        said=said,
    )


def _uses(
    data: Mapping[str, Any], tree: Tree, catalog: Catalog, shape: tuple[ShapeProblem, ...]
) -> Iterator[Use]:
    misspelt = {problem.path[:-1] for problem in shape if problem.kind == "unknown_key"}
    trigger = data.get("trigger")
    if isinstance(trigger, dict):
        yield _use(("trigger",), None, cast(dict[str, Any], trigger), catalog, misspelt)
    for node in tree.nodes:
        if node.kind == "call":
            yield _use(node.path, node, node.data, catalog, misspelt)


def _use(
    path: Path, node: Node | None, data: dict[str, Any], catalog: Catalog, misspelt: set[Path]
) -> Use:
    reference, given, connection = data.get("uses"), data.get("with"), data.get("connection")
    named = reference if isinstance(reference, str) else ""
    return Use(
        path=path,
        node=node,
        reference=named,
        component=catalog.get(named),
        inputs=cast(dict[str, Any], given) if isinstance(given, dict) else {},
        connection=connection if isinstance(connection, str) else "",
        complete=isinstance(given, dict) or (given is None and path not in misspelt),
    )


@dataclass
class _Reader:
    """Reads the expressions of a document, each with what surely exists where it stands."""

    tree: Tree
    scope: ScopeRules
    types: ExpressionTypes
    present: dict[int, frozenset[str]] = field(default_factory=dict[int, frozenset[str]])

    def sites(self, data: Mapping[str, Any]) -> Iterator[Site]:
        root = self.tree.root
        trigger = data.get("trigger")
        if isinstance(trigger, dict):
            place = Place(root, 0)
            given = cast(dict[str, Any], trigger).get("with")
            yield from self._in_value("input", ("trigger", "with"), given, place)
        for node in self.tree.nodes:
            yield from self._of_step(node)
        end = Place(root, len(root.nodes))
        yield from self._in_value("output", ("outputs",), data.get("outputs"), end)

    def _of_step(self, node: Node) -> Iterator[Site]:
        match node.kind:
            case "call":
                given = node.get("with")
                yield from self._in_value("input", (*node.path, "with"), given, node.place)
            case "if":
                yield from self._conditions(node)
            case "switch":
                yield from self._bare("switch", (*node.path, "switch"), node.get("switch"), node)
                self._know(node, frozenset())
            case "for_each":
                yield from self._bare("list", (*node.path, "for_each"), node.get("for_each"), node)
                self._know(node, frozenset())
                yield from self._collect(node)
            case "while":
                sites = self._bare("condition", (*node.path, "while"), node.get("while"), node)
                yield from sites
                self._know(node, _present(sites, True))
            case "wait":
                yield from self._in_value(
                    "wait", (*node.path, "wait"), node.get("wait"), node.place
                )
            case "ask":
                for key in ("ask", "to", "choices"):
                    path = (*node.path, key)
                    yield from self._in_value("text", path, node.get(key), node.place)
            case "stop":
                yield from self._in_value(
                    "text", (*node.path, "stop"), node.get("stop"), node.place
                )
            case _:
                self._know(node, frozenset())

    def _conditions(self, node: Node) -> Iterator[Site]:
        """Yield the conditions of an ``if``: each knows that those before it were false."""
        known: frozenset[str] = frozenset()
        after: frozenset[str] | None = None
        for block in node.blocks:
            inside = known
            if block.condition is not None:
                text = _at(node, block.condition)
                sites = self._bare("condition", block.condition, text, node, known)
                yield from sites
                inside = known | _present(sites, True)
                known |= _present(sites, False)
            self._enter(block, inside)
            if self.scope.completes(block):
                after = inside if after is None else after & inside
        if after:
            # What every way past the `if` has made sure of.
            held = self.present.get(id(node.block), frozenset())
            self.present[id(node.block)] = held | after

    def _collect(self, node: Node) -> list[Site]:
        body = node.blocks[0]
        place = Place(body, len(body.nodes), node)
        return self._expression("collect", (*node.path, "collect"), node.get("collect"), place)

    def _know(self, node: Node, more: frozenset[str]) -> None:
        for block in node.blocks:
            self._enter(block, more)

    def _enter(self, block: Block, more: frozenset[str]) -> None:
        outer = self.present.get(id(block.owner.block), frozenset()) if block.owner else frozenset()
        self.present[id(block)] = outer | more if more else outer

    def _bare(
        self, role: Role, path: Path, text: Any, node: Node, known: frozenset[str] = frozenset()
    ) -> list[Site]:
        return self._expression(role, path, text, node.place, known)

    def _expression(
        self,
        role: Role,
        path: Path,
        text: Any,
        place: Place,
        known: frozenset[str] = frozenset(),
    ) -> list[Site]:
        if not isinstance(text, str) or not text:
            return []
        try:
            expression = bare_expression(text)
        except ExpressionError as error:
            return [_broken(role, path, place, error)]
        column = max(text.find(expression), 0)
        return [self._site(role, path, place, expression, column, known=known)]

    def _in_value(self, role: Role, path: Path, value: Any, place: Place) -> Iterator[Site]:
        if isinstance(value, str):
            yield from self._in_text(role, path, value, place) if "${{" in value else ()
        elif isinstance(value, dict):
            for key, item in cast(dict[str, Any], value).items():
                yield from self._in_value(role, (*path, key), item, place)
        elif isinstance(value, list):
            for index, item in enumerate(cast(list[Any], value)):
                yield from self._in_value(role, (*path, index), item, place)

    def _in_text(self, role: Role, path: Path, text: str, place: Place) -> Iterator[Site]:
        try:
            template = parse_template(text)
        except ExpressionError as error:
            yield _broken(role, path, place, error)
            return
        whole = template.is_expression
        for part in template.expressions:
            yield self._site(role, path, place, part.text, part.column, whole=whole)

    def _site(
        self,
        role: Role,
        path: Path,
        place: Place,
        text: str,
        column: int,
        *,
        whole: bool = True,
        known: frozenset[str] = frozenset(),
    ) -> Site:
        checked = self.types.check(text, place.block)
        present = self.present.get(id(place.block), frozenset()) | known
        reached = tuple(self._reached(checked, place, present))
        return Site(role, path, place, text, column, whole, checked, "", reached)

    def _reached(
        self, checked: Checked, place: Place, present: frozenset[str]
    ) -> Iterator[Reached]:
        for reference in checked.references:
            if reference.root != "steps" or not reference.path:
                continue
            target = self.tree.by_id.get(str(reference.path[0]))
            if target is not None:
                reach = self.scope.reach(place, target)
                guarded = reach.guardable and (reference.guarded or target.id in present)
                yield Reached(reference, target, reach, guarded)


def _at(node: Node, path: Path) -> Any:
    value: Any = node.data
    for part in path[len(node.path) :]:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _present(sites: list[Site], outcome: bool) -> frozenset[str]:
    found = sites[0].checked if sites else None
    if found is None:
        return frozenset()
    paths = found.present_if_true if outcome else found.present_if_false
    return frozenset(str(path[1]) for path in paths if len(path) > 1 and path[0] == "steps")


def _broken(role: Role, path: Path, place: Place, error: ExpressionError) -> Site:
    column = max(error.column - 1, 0)
    said = f"{error.message} {error.hint}".strip()
    return Site(role, path, place, column=column, broken=said)
