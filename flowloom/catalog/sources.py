"""Load a catalog from sources of every kind, each told by its form and content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.component import Component
from flowloom.catalog.entries import Entries, SkippedEntry
from flowloom.catalog.fetching import DEFAULT_RULES, FetchRules
from flowloom.catalog.names import looks_of
from flowloom.catalog.source_text import SourceText, read_source
from flowloom.errors import CatalogError

__all__ = ["LoadedCatalog", "SkippedEntry", "builtin_catalog", "load_catalog"]

_SERVICES = Path(__file__).parent / "services"
_SUFFIXES = frozenset({".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".py"})
_FORMS = (
    "A source is a file with a 'components:' list, an OpenAPI 3 document, a list of entries with"
    " 'id' and 'description' (JSON or JSON Lines), a Python file, a directory of such files,"
    " an http(s) address of an OpenAPI document, 'mcp:COMMAND' or 'mcp+https://…'."
)


@dataclass(frozen=True)
class LoadedCatalog:
    """A catalog and the entries that were left out because they are wrong."""

    catalog: Catalog
    skipped: tuple[SkippedEntry, ...] = ()


def load_catalog(
    sources: Sequence[str | Path],
    *,
    builtin: bool = True,
    skip_invalid: bool = False,
    rules: FetchRules = DEFAULT_RULES,
) -> LoadedCatalog:
    """Load components from ``sources``, in their order, behind the built-in ones.

    Args:
        sources: paths, ``http(s)://`` addresses of OpenAPI documents, ``python:FILE`` or
            ``python:MODULE``, ``mcp:COMMAND`` and ``mcp+http(s)://…``. Python files are executed,
            and MCP servers are started or called.
        builtin: whether the built-in components are in the catalog.
        skip_invalid: leave wrong entries out and report them, instead of refusing the source.
        rules: what sources by address may reach; by default any public host.

    Raises:
        CatalogError: a source cannot be read, or, without ``skip_invalid``, an entry is wrong or
            two components share an id; the message names file, entry and line.
    """
    found = _Found()
    skipped: list[SkippedEntry] = []
    if builtin:
        found.take(builtin_catalog())
    for source in sources:
        for entries in _read(source, rules, skip_invalid=skip_invalid):
            skipped.extend(entries.skipped)
            skipped.extend(found.add(entries))
            if skipped and not skip_invalid:
                raise skipped[0].as_error()
    return LoadedCatalog(Catalog(found.components.values()), tuple(skipped))


@cache
def builtin_catalog() -> Catalog:
    """Return the components that come with flowloom: Python functions and services."""
    from flowloom.catalog.builtin import python_components

    return Catalog([*python_components(), *service_components()])


@cache
def service_components() -> tuple[Component, ...]:
    """Return the operations of the service documents that come with flowloom."""
    from flowloom.catalog.openapi import read_openapi

    found: list[Component] = []
    for path in sorted(_SERVICES.glob("*.yaml")):
        entries = read_openapi(read_source(path), path.parent)
        if entries.skipped:
            raise entries.skipped[0].as_error()
        found.extend(
            component.model_copy(update={"source": "built in"}) for component in entries.components
        )
    return tuple(found)


class _Found:
    """Components by id; none takes the place of another or looks like it."""

    def __init__(self) -> None:
        self.components: dict[str, Component] = {}
        self._looks: dict[str, Component] = {}

    def take(self, components: Iterable[Component]) -> None:
        for component in components:
            self.components[component.id] = component
            self._looks.update(dict.fromkeys(looks_of(component.id), component))

    def add(self, entries: Entries) -> Iterator[SkippedEntry]:
        """Take the components of a source; yield those that another one shuts out."""
        for component in entries.components:
            looks = looks_of(component.id)
            other = next((self._looks[look] for look in looks if look in self._looks), None)
            if other is None:
                self.take([component])
            elif other != component:
                yield _shut_out(component, other)


def _shut_out(component: Component, other: Component) -> SkippedEntry:
    alike = "" if component.id == other.id else ", which looks the same"
    return SkippedEntry(
        component.source,
        repr(component.id),
        0,
        f"{other.source or 'the built-in catalog'} already has a component {other.id!r}{alike}",
        "Rename one of them or leave one source out.",
    )


def _read(source: str | Path, rules: FetchRules, *, skip_invalid: bool) -> Iterator[Entries]:
    scheme = _scheme(source)
    if scheme:
        yield _read_address(str(source), scheme, rules)
        return
    path = Path(source)
    if path.is_dir():
        yield from _read_directory(path, skip_invalid=skip_invalid)
    else:
        yield _read_file(path)


def _scheme(source: str | Path) -> str:
    if isinstance(source, Path):
        return ""
    schemes = ("python:", "mcp:", "mcp+http://", "mcp+https://", "http://", "https://")
    return next((scheme for scheme in schemes if source.lower().startswith(scheme)), "")


def _read_address(source: str, scheme: str, rules: FetchRules) -> Entries:
    if scheme == "python:":
        return _read_python(source[len(scheme) :])
    if scheme.startswith("mcp"):
        from flowloom.catalog.mcp_servers import read_mcp_server

        return read_mcp_server(source, rules)
    from flowloom.catalog.openapi import fetch_document

    return _read_text(fetch_document(source, rules), None)


def _read_directory(path: Path, *, skip_invalid: bool) -> Iterator[Entries]:
    files = sorted(
        item
        for item in path.rglob("*")
        if item.suffix in _SUFFIXES and item.is_file() and item.name[0] not in "._"
    )
    if not files:
        raise CatalogError(f"The directory {str(path)!r} holds no catalog source.", hint=_FORMS)
    for file in files:
        try:
            yield _read_file(file)
        except CatalogError as error:
            if not skip_invalid:
                raise
            yield Entries(skipped=(SkippedEntry(str(file), "file", 0, error.message, error.hint),))


def _read_file(path: Path) -> Entries:
    if path.suffix == ".py":
        return _read_python(str(path))
    return _read_text(read_source(path), path.parent)


def _read_python(place: str) -> Entries:
    from flowloom.catalog.python_functions import components_from_module

    if place.endswith(".py"):
        read_source(Path(place))
    return Entries(components=components_from_module(place))


def _read_text(source: SourceText, directory: Path | None) -> Entries:
    from flowloom.catalog import plain_lists, yaml_files
    from flowloom.catalog.openapi import read_openapi

    if source.name.endswith((".jsonl", ".ndjson")):
        return plain_lists.read_json_lines(source)
    data = source.data
    if isinstance(data, list):
        return plain_lists.read_plain_list(source)
    document = cast(dict[str, Any], data) if isinstance(data, dict) else {}
    if "openapi" in document or "swagger" in document:
        return read_openapi(source, directory)
    if "components" in document:
        return yaml_files.read_component_file(source)
    raise CatalogError(f"{source.name!r} is no catalog source that is known.", hint=_FORMS)
