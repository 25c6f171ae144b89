"""``flowloom index``: bring the index of the catalog up to date."""

from __future__ import annotations

from flowloom.cli import output
from flowloom.cli.options import (
    BuiltinOption,
    CatalogOption,
    ConfigOption,
    DataDirOption,
    EmbedderOption,
    JsonOption,
    SkipInvalidOption,
)

__all__ = ["index"]

INTERRUPTED = 130


def index(
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    embedder: EmbedderOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Index the catalog now; it goes on where an interrupted run stopped."""
    from flowloom.assembly import open_index
    from flowloom.cli.session import IndexProgress, loaded_catalog, settings_of

    settings = settings_of(
        config,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        embedder=embedder,
        data_dir=data_dir,
    ).settings
    loaded = loaded_catalog(settings)
    try:
        opened = open_index(loaded.catalog, settings, IndexProgress())
    except KeyboardInterrupt:
        return INTERRUPTED
    count = len(loaded.catalog)
    if as_json:
        output.print_json({"components": count, "directory": str(opened.directory)})
    else:
        output.write_out(f"{count:,} components in {opened.directory}\n")
    return 0
