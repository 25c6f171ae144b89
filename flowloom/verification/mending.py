"""Mends by rule: slips that have just one mend, written as changes of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.errors import EditError, ExpressionError
from flowloom.verification.analysis import facts_of
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.facts import Facts
from flowloom.verification.literals import literal_problems
from flowloom.workflow.document import Document
from flowloom.workflow.edits import Change, SetValue, UnsetValue, apply_changes
from flowloom.workflow.path import Path, at, format_path, parse_path
from flowloom.workflow.shape import shape_problems

__all__ = ["AppliedMend", "Mended", "mend"]

CLOSE = 0.8
"""Similarity from which a name counts as misspelt; the second best must be clearly worse."""
CLOSE_KEY = 0.7
"""The same for the few keys of the language."""
APART = 0.1


@dataclass(frozen=True)
class AppliedMend:
    """One slip that was mended: what the verifier called it, where, and what was done."""

    code: str
    path: str
    message: str


@dataclass(frozen=True)
class Mended:
    """The document after the mends; the same object if no rule applied."""

    document: Document
    applied: tuple[AppliedMend, ...] = ()


@dataclass(frozen=True)
class _Proposal:
    changes: tuple[Change, ...]
    message: str


def mend(document: Document, catalog: Catalog, diagnostics: Iterable[Diagnostic]) -> Mended:
    """Mend by rule what has just one mend; the caller verifies the outcome.

    A mend of a document without errors is no mend: nothing is changed.
    """
    errors = [item for item in diagnostics if item.severity == "error" and item.code in _RULES]
    if not errors:
        return Mended(document)
    facts = facts_of(document, catalog, None, "")
    applied: list[AppliedMend] = []
    changed = document
    for item in errors:
        for proposal in _RULES[item.code](facts, item, parse_path(item.path)):
            try:
                changed = apply_changes(changed, proposal.changes)
            except EditError:
                continue  # An earlier mend has changed the same place; the next round looks again.
            applied.append(AppliedMend(item.code, item.path, proposal.message))
            break
    return Mended(changed, tuple(applied))


def _set(path: Path, value: Any) -> tuple[Change, ...]:
    return (SetValue(path=format_path(path), value=value),)


def _only_close(name: str, candidates: Iterable[str], close: float = CLOSE) -> str | None:
    """Return the one candidate that ``name`` is a slip of, or None."""
    rated = sorted(
        ((SequenceMatcher(None, name.lower(), item.lower()).ratio(), item) for item in candidates),
        reverse=True,
    )
    if not rated or rated[0][0] < close:
        return None
    if len(rated) > 1 and rated[0][0] - rated[1][0] < APART:
        return None
    return rated[0][1]


def _component(facts: Facts, item: Diagnostic, path: Path) -> Iterator[_Proposal]:
    name = str(at(facts.data, path))
    only = _only_close(name, facts.catalog.ids) if len(item.candidates) else None
    if only is not None:
        yield _Proposal(_set(path, only), f"{name!r} is written {only!r}")


def _version(facts: Facts, item: Diagnostic, path: Path) -> Iterator[_Proposal]:
    name = str(at(facts.data, path)).partition("@")[0]
    yield _Proposal(_set(path, name), f"the only version of {name!r} is taken")


def _renamed(path: Path, value: Any, name: str) -> tuple[Change, ...]:
    new = (*path[:-1], name)
    return (UnsetValue(path=format_path(path)), SetValue(path=format_path(new), value=value))


def _input_name(facts: Facts, item: Diagnostic, path: Path) -> Iterator[_Proposal]:
    use = facts.uses.get(path[: path.index("with")])
    if use is None or use.component is None:
        return
    name, value = str(path[-1]), at(facts.data, path)
    free = {key: schema for key, schema in use.component.inputs.items() if key not in use.inputs}
    only = _only_close(name, free)
    if only is not None and not list(literal_problems(value, free[only])):
        yield _Proposal(_renamed(path, value, only), f"the input {name!r} is written {only!r}")


def _key(facts: Facts, item: Diagnostic, path: Path) -> Iterator[_Proposal]:
    name, value = str(path[-1]), at(facts.data, path)
    owner = at(facts.data, path[:-1])
    only = _only_close(name, item.candidates, CLOSE_KEY)
    if only is None or only in owner:
        return
    before = len(shape_problems(facts.data))
    changes = _renamed(path, value, only)
    after = len(shape_problems(apply_changes(facts.document, changes).data))
    if after < before:
        yield _Proposal(changes, f"the key {name!r} is written {only!r}")


def _value(facts: Facts, item: Diagnostic, path: Path) -> Iterator[_Proposal]:
    where = path.index("with")
    use = facts.uses.get(path[:where])
    if use is None or use.component is None or len(path) != where + 2:
        return
    schema = use.component.inputs.get(str(path[-1]), {})
    value = at(facts.data, path)
    for other in _readings(value, schema):
        if not list(literal_problems(other, schema)):
            yield _Proposal(_set(path, other), f"{value!r} is written {other!r}")
            return


def _readings(value: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """Yield what the author may have meant, in the order of how sure that is."""
    if isinstance(value, str):
        for item in schema.get("enum", ()):
            if isinstance(item, str) and item.lower() == value.strip().lower():
                yield item
        yield from _numbers(value.strip())
        if value.strip().lower() in ("true", "false"):
            yield value.strip().lower() == "true"
        if value.strip().startswith("steps."):
            yield "${{ " + value.strip() + " }}"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
        if isinstance(value, float) and value.is_integer():
            yield int(value)


def _numbers(text: str) -> Iterator[int | float]:
    if text.lstrip("-").isdigit():
        yield int(text)
    try:
        yield float(text)
    except ValueError:
        return


def _int_literals(facts: Facts, item: Diagnostic, path: Path) -> Iterator[_Proposal]:
    from flowloom.workflow.expressions import rewrite_int_literals

    for site in facts.sites_at.get(path, ()):
        if site.checked is None or site.checked.ok:
            continue
        try:
            new = rewrite_int_literals(site.text, facts.types.environment(site.place.block))
        except ExpressionError:
            continue
        if new is not None and new != site.text:
            text = str(at(facts.data, path))
            replaced = text[: site.column] + new + text[site.column + len(site.text) :]
            yield _Proposal(_set(path, replaced), f"{site.text!r} is written {new!r}")
            return


_Rule = Callable[[Facts, Diagnostic, Path], Iterator[_Proposal]]
_RULES: dict[str, _Rule] = {
    "FL101": _key,
    "FL201": _component,
    "FL202": _version,
    "FL302": _input_name,
    "FL303": _value,
    "FL404": _int_literals,
}
