"""What the calls share: settings from keywords, and one assembly for each set of settings."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypedDict, TypeVar

from flowloom.assembly import Assembly, assemble, open_catalog
from flowloom.catalog.catalog import Catalog
from flowloom.errors import ConfigError
from flowloom.settings import Settings, load_settings

if TYPE_CHECKING:
    from flowloom.graph.limits import Limits

__all__ = [
    "CatalogLike",
    "Options",
    "assembly_of",
    "catalog_of",
    "forget_assemblies",
    "limits_of",
    "open_assembly",
    "settings_of",
]

CatalogLike: TypeAlias = Catalog | Sequence[str | Path]
"""Exactly these components; or sources that stand beside the built-in components."""

MAX_KEPT = 8
_LIMITS = ("max_attempts", "timeout", "max_tokens")
T = TypeVar("T")


class Options(TypedDict, total=False):
    """Settings by keyword; ``flowloom config`` explains each."""

    base_url: str
    openai_api_key: str
    builtin: bool
    skip_invalid: bool
    data_dir: str | Path
    prompts_dir: str | Path
    index_backend: Literal["auto", "chroma", "memory"]
    chroma_url: str
    embedder: str
    max_attempts: int
    timeout: float
    max_tokens: int


def settings_of(
    model: str | None,
    catalog: CatalogLike | None,
    settings: Settings | None,
    options: Mapping[str, Any],
) -> Settings:
    """Return the settings of a call: its keywords, else as the command line finds them.

    Raises:
        ConfigError: a value is wrong, or both ``settings`` and keywords are given.
    """
    sources = None if catalog is None or isinstance(catalog, Catalog) else catalog
    flags = {**options, "model": model, "catalog": _texts(sources)}
    if settings is None:
        return load_settings(flags).settings
    given = [name for name, value in flags.items() if value is not None]
    if given:
        raise ConfigError(
            f"Both 'settings' and {given[0]!r} are given.",
            hint="Put it into the settings, or give keywords only.",
        )
    return settings


def limits_of(settings: Settings) -> Limits:
    """Return the limits of one run."""
    from flowloom.graph.limits import Limits

    return Limits(
        max_attempts=settings.max_attempts,
        timeout=settings.timeout,
        max_tokens=settings.max_tokens,
    )


def assembly_of(settings: Settings, catalog: CatalogLike | None = None) -> Assembly:
    """Return the assembly of settings; made once, kept until eight others were used since.

    A source that changes on disk is read again after ``forget_assemblies``.

    Raises:
        UserError: a setting, a source or the data directory is wrong.
        IndexFault: the vector index is damaged and could not be rebuilt.
    """
    own = catalog if isinstance(catalog, Catalog) else None
    shared = _without_limits(settings)
    key = (shared, own.content_hash if own is not None else "")
    return _ASSEMBLIES.get(key, lambda: assemble(shared, catalog=own))


async def open_assembly(settings: Settings, catalog: CatalogLike | None = None) -> Assembly:
    """Return ``assembly_of`` without blocking the event loop while it is made."""
    return await asyncio.to_thread(assembly_of, settings, catalog)


def catalog_of(settings: Settings, catalog: CatalogLike | None = None) -> Catalog:
    """Return the components of settings; opens no index and loads no model."""
    if isinstance(catalog, Catalog):
        return catalog
    shared = _without_limits(settings)
    return _CATALOGS.get(shared, lambda: open_catalog(shared).catalog)


def forget_assemblies() -> None:
    """Forget what was loaded: the next call reads catalogs and opens indexes anew."""
    _ASSEMBLIES.clear()
    _CATALOGS.clear()


class _Kept(Generic[T]):
    """The newest few values by key, each made once however many threads ask for it."""

    def __init__(self) -> None:
        self._values: OrderedDict[Any, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, make: Callable[[], T]) -> T:
        with self._lock:
            if key not in self._values:
                self._values[key] = make()
            self._values.move_to_end(key)
            while len(self._values) > MAX_KEPT:
                self._values.popitem(last=False)
            return self._values[key]

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


_ASSEMBLIES: _Kept[Assembly] = _Kept()
_CATALOGS: _Kept[Catalog] = _Kept()


def _without_limits(settings: Settings) -> Settings:
    fields = type(settings).model_fields
    return settings.model_copy(update={name: fields[name].default for name in _LIMITS})


def _texts(sources: Sequence[str | Path] | None) -> list[str] | None:
    if sources is None:
        return None
    return [sources] if isinstance(sources, str) else [str(item) for item in sources]
