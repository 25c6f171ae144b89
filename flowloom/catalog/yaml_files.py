"""Files of components: ``components:`` and a list whose entries have the fields of Component."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from flowloom.catalog.component import Component
from flowloom.catalog.entries import Entries, SkippedEntry, WrongEntry, make_component
from flowloom.catalog.source_text import SourceText
from flowloom.errors import CatalogError, nearest

__all__ = ["components_to_yaml", "read_component_file"]

_KEYS = ("components",)


def read_component_file(source: SourceText) -> Entries:
    """Return the components of a YAML or JSON file with a ``components`` list.

    Raises:
        CatalogError: the document is not of that form.
    """
    document = cast(dict[str, Any], source.data)
    unknown = [key for key in document if key not in _KEYS and not key.startswith("x-")]
    if unknown:
        raise CatalogError(
            f"{source.name!r}, line {source.line((unknown[0],))}:"
            f" the key {unknown[0]!r} is unknown in a component file.",
            hint=nearest(unknown[0], _KEYS),
        )
    entries = document.get("components")
    if not isinstance(entries, list):
        raise CatalogError(
            f"{source.name!r}: 'components' must be a list.",
            hint="Write one '- id: …' entry for each component below it.",
        )
    return Entries.of(_read(source, cast(list[object], entries)))


def components_to_yaml(components: Iterable[Component]) -> str:
    """Return a component file that reads back as the same components.

    Fields that have their default value are left out.
    """
    from ruamel.yaml import YAML

    writer = YAML()  # keeps the order of keys; its strings are those of YAML 1.2
    writer.width = 100
    out = io.StringIO()
    writer.dump({"components": [_fields(component) for component in components]}, out)
    return out.getvalue()


def _fields(component: Component) -> dict[str, Any]:
    fields = component.model_dump(mode="json", exclude_defaults=True, exclude={"source"})
    if component.run is not None:
        fields["run"] = {"type": component.run.type, **fields["run"]}
    return fields


def _read(source: SourceText, entries: list[object]) -> Iterator[Component | SkippedEntry]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        try:
            component = _component(entry, source.name)
            if component.id in seen:
                raise WrongEntry(f"the id {component.id!r} stands twice in this file")
        except WrongEntry as error:
            yield _skip(source, index, entry, error)
            continue
        seen.add(component.id)
        yield component


def _component(entry: object, name: str) -> Component:
    if not isinstance(entry, Mapping):
        raise WrongEntry(f"an entry must be a mapping with 'id' and more, not {entry!r}")
    # Where it comes from is said by us: an entry that claims another place is not believed.
    return make_component({**cast(Mapping[str, Any], entry), "source": name})


def _skip(source: SourceText, index: int, entry: object, error: WrongEntry) -> SkippedEntry:
    component_id = cast(Mapping[str, Any], entry).get("id") if isinstance(entry, Mapping) else None
    label = f"components[{index}]" + (f" {component_id!r}" if component_id else "")
    return SkippedEntry(source.name, label, source.line(("components", index)), error.message)
