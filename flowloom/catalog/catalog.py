"""A catalog: components by id, from one source or several."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from flowloom.catalog.component import Component
from flowloom.catalog.names import looks_of
from flowloom.errors import CatalogError, nearest

__all__ = ["Catalog"]


class Catalog:
    """An immutable set of components, looked up by id.

    Raises:
        CatalogError: two components share an id, or have ids that look alike (a later source must
            not shadow an earlier one).
    """

    def __init__(self, components: Iterable[Component] = ()) -> None:
        found: dict[str, Component] = {}
        for component in components:
            other = found.get(component.id)
            if other is not None and other != component:
                raise CatalogError(
                    f"Two components have the id {component.id!r}"
                    f" ({other.source or 'built in'} and {component.source or 'built in'}).",
                    hint="Rename one of them or leave one source out.",
                )
            found[component.id] = component
        _refuse_alike(found)
        self._components: Mapping[str, Component] = MappingProxyType(found)

    def __iter__(self) -> Iterator[Component]:
        return iter(self._components.values())

    def __len__(self) -> int:
        return len(self._components)

    def __contains__(self, component_id: object) -> bool:
        return component_id in self._components

    def get(self, reference: str) -> Component | None:
        """Return the component that ``reference`` (``id`` or ``id@version``) names, or None."""
        component_id, _, version = reference.partition("@")
        component = self._components.get(component_id)
        if component is None or (version and component.version != version):
            return None
        return component

    def __getitem__(self, reference: str) -> Component:
        """Return the component that ``reference`` names.

        Raises:
            CatalogError: there is none; the message lists the nearest ids.
        """
        component = self.get(reference)
        if component is None:
            raise CatalogError(
                f"There is no component {reference!r}.", hint=nearest(reference, self._components)
            )
        return component

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, in the order of the sources."""
        return tuple(self._components)

    def merged(self, other: Iterable[Component]) -> Catalog:
        """Return a catalog with the components of both; an id in both is an error."""
        return Catalog([*self, *other])

    @property
    def content_hash(self) -> str:
        """A hash that changes when any component changes (32 hex digits)."""
        digest = hashlib.sha256()
        for component_id in sorted(self._components):
            digest.update(self._components[component_id].model_dump_json().encode())
        return digest.hexdigest()[:32]


def _refuse_alike(components: Mapping[str, Component]) -> None:
    looks: dict[str, Component] = {}
    for component in components.values():
        for look in looks_of(component.id):
            other = looks.setdefault(look, component)
            if other is component:
                continue
            raise CatalogError(
                f"The ids {other.id!r} ({other.source or 'built in'}) and {component.id!r}"
                f" ({component.source or 'built in'}) look alike.",
                hint="Rename one of them or leave one source out.",
            )
