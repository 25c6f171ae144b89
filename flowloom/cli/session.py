"""What commands share: settings from flags, and an assembly with progress on stderr."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowloom.cli import output

if TYPE_CHECKING:
    from flowloom.assembly import Assembly
    from flowloom.catalog.sources import LoadedCatalog
    from flowloom.settings import Settings, SettingsWithOrigins

__all__ = ["IndexProgress", "assembled", "loaded_catalog", "settings_of"]

MANY_TEXTS = 1_000


def settings_of(config: Path | None, **flags: Any) -> SettingsWithOrigins:
    """Return the settings in force; flags that are None are not set."""
    from flowloom.settings import load_settings

    return load_settings(flags, config)


class IndexProgress:
    """Shows on stderr how far indexing is; silent where nothing has to be indexed."""

    def __init__(self) -> None:
        self._said = -1

    def __call__(self, done: int, count: int) -> None:
        """Report that ``done`` of ``count`` texts are indexed."""
        if not count:
            return
        percent = 100 * done // count
        step = 10 if count > MANY_TEXTS or sys.stderr.isatty() else 100
        if self._said < 0:
            output.note(f"indexing {count:,} components")
            self._said = 0
        if percent >= self._said + step:
            output.note(f"indexed {done:,} of {count:,}")
            self._said = percent


def loaded_catalog(settings: Settings) -> LoadedCatalog:
    """Load the catalog and say what was left out of it."""
    from flowloom.assembly import open_catalog

    loaded = open_catalog(settings)
    for entry in loaded.skipped:
        output.note(output.one_line(f"skipped: {entry}"))
    return loaded


def assembled(settings: Settings) -> Assembly:
    """Build the composer, showing the progress of indexing, and say what was left out."""
    from flowloom.assembly import assemble

    assembly = assemble(settings, IndexProgress())
    for entry in assembly.loaded.skipped:
        output.note(output.one_line(f"skipped: {entry}"))
    return assembly
