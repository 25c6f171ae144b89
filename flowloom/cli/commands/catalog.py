"""``flowloom catalog``: look at the components, and remember sources of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

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

if TYPE_CHECKING:
    from flowloom.catalog.component import Component

__all__ = ["app"]

app = typer.Typer(help="Look at components; remember sources.", no_args_is_help=True)
ProviderOption = Annotated[str, typer.Option("--provider", help="Only those of a provider.")]


@app.command("list")
def list_components(
    provider: ProviderOption = "",
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """List the components, and with --json the sources they come from."""
    from flowloom.assembly import remembered_sources
    from flowloom.cli.session import loaded_catalog, settings_of

    settings = settings_of(
        config,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        data_dir=data_dir,
    ).settings
    found = [
        item
        for item in loaded_catalog(settings).catalog
        if provider.lower() in ("", item.provider.lower())
    ]
    sources = [*remembered_sources(settings.data_dir), *settings.catalog]
    if as_json:
        rows = [_row(item) for item in found]
        names = [*(["built in"] if settings.builtin else []), *sources]
        output.print_json({"sources": names, "components": rows})
        return 0
    for name in sources:
        output.note(f"source: {name}")
    _print_rows(found)
    return 0


@app.command("show")
def show_component(
    id: Annotated[str, typer.Argument(help="Id of the component.")],
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Show one component with its inputs and output."""
    from flowloom.cli.session import loaded_catalog, settings_of

    settings = settings_of(
        config,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        data_dir=data_dir,
    ).settings
    component = loaded_catalog(settings).catalog[id]
    if as_json:
        output.print_json(component.model_dump(mode="json"))
    else:
        output.write_out("".join(f"{line}\n" for line in _described(component)))
    return 0


@app.command("search")
def search_components(
    words: Annotated[str, typer.Argument(help="What is needed, in plain words.")],
    count: Annotated[int, typer.Option("--count", "-k", min=1, max=100)] = 10,
    as_json: JsonOption = False,
    catalog: CatalogOption = None,
    builtin: BuiltinOption = None,
    skip_invalid: SkipInvalidOption = None,
    embedder: EmbedderOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Find components by meaning and by words."""
    from flowloom.assembly import open_index
    from flowloom.cli.session import IndexProgress, loaded_catalog, settings_of
    from flowloom.retrieval.query import Query

    settings = settings_of(
        config,
        catalog=catalog or None,
        builtin=builtin,
        skip_invalid=skip_invalid,
        embedder=embedder,
        data_dir=data_dir,
    ).settings
    loaded = loaded_catalog(settings)
    index = open_index(loaded.catalog, settings, IndexProgress())
    hits = index.search(Query(words, k=count))
    if as_json:
        rows = [
            {**_row(loaded.catalog[hit.id]), "score": hit.score, "reason": hit.reason}
            for hit in hits
        ]
        output.print_json({"components": rows})
    else:
        _print_rows([loaded.catalog[hit.id] for hit in hits])
    return 0


@app.command("add")
def add_source(
    source: Annotated[
        str, typer.Argument(help="File, directory, URL, 'mcp:COMMAND' or 'python:FILE'.")
    ],
    as_json: JsonOption = False,
    skip_invalid: SkipInvalidOption = None,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Check a component source and remember it for later commands."""
    from flowloom.assembly import remember_source
    from flowloom.catalog.catalog import Catalog
    from flowloom.cli.session import loaded_catalog, settings_of

    named = _named(source)
    settings = settings_of(config, skip_invalid=skip_invalid, data_dir=data_dir).settings
    before = loaded_catalog(settings).catalog
    after = loaded_catalog(
        settings.model_copy(update={"catalog": (*settings.catalog, named)})
    ).catalog
    new: Catalog = Catalog(item for item in after if item.id not in before)
    remembered = remember_source(settings.data_dir, named)
    if as_json:
        output.print_json({"source": named, "new": remembered, "components": list(new.ids)})
    else:
        what = "remembered" if remembered else "was remembered already"
        output.write_out(output.printable(f"{named}: {what}, {len(new):,} new components\n"))
    return 0


@app.command("remove")
def remove_source(
    source: Annotated[str, typer.Argument(help="The source, as 'catalog list' names it.")],
    as_json: JsonOption = False,
    data_dir: DataDirOption = None,
    config: ConfigOption = None,
) -> int:
    """Forget a remembered source; its file stays as it is."""
    from flowloom.assembly import forget_source, remembered_sources
    from flowloom.cli.session import settings_of

    directory = settings_of(config, data_dir=data_dir).settings.data_dir
    named = source if source in remembered_sources(directory) else _named(source)
    forget_source(directory, named)
    if as_json:
        output.print_json({"source": named, "sources": list(remembered_sources(directory))})
    else:
        output.write_out(output.printable(f"{named}: forgotten\n"))
    return 0


def _named(source: str) -> str:
    # A path must mean the same from every directory, also after the file is gone.
    from pathlib import Path

    is_address = ":" in source.split("/")[0] and not Path(source).exists()
    return source if is_address else str(Path(source).absolute())


def _row(component: Component) -> dict[str, Any]:
    return {
        "id": component.id,
        "title": component.title,
        "description": component.description,
        "provider": component.provider,
        "kind": component.kind,
        "effect": component.effect,
        "runs": component.run.type if component.run else None,
    }


def _print_rows(components: list[Component]) -> None:
    width = min(48, max((len(item.id) for item in components), default=0))
    for item in components:
        words = output.one_line(item.title or item.description)
        line = f"{item.id:<{width}}  {item.kind:<9}  {words}"
        output.write_out(output.printable(line) + "\n")


def _described(component: Component) -> list[str]:
    lines = [
        f"{component.id}  {component.title}",
        output.one_line(component.description),
        f"kind {component.kind}, effect {component.effect}, provider {component.provider or '-'}",
    ]
    if component.connection:
        lines.append(f"connection {component.connection.type}")
    lines.append("inputs:")
    for name, schema in component.inputs.items():
        mark = " (required)" if name in component.required else ""
        lines.append(f"  {name}{mark}: {_type_of(schema)}  {schema.get('description', '')}")
    lines.append(f"output: {_type_of(component.output)}")
    for name, schema in component.output.get("properties", {}).items():
        lines.append(f"  {name}: {_type_of(schema)}")
    if component.run is None:
        lines.append("described only: it can be composed with, but there is nothing to run")
    return [output.printable(output.one_line(line) if ":" not in line else line) for line in lines]


def _type_of(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    kind = schema.get("type", "any")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)
