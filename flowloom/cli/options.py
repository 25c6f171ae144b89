"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = [
    "BaseUrlOption",
    "BuiltinOption",
    "CatalogOption",
    "ConfigOption",
    "DataDirOption",
    "DatabaseOption",
    "EmbedderOption",
    "JsonOption",
    "ModelOption",
    "SkipInvalidOption",
]

ConfigOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--config", help="Configuration file [default: flowloom.toml, if there]."),
]
DataDirOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Directory for the index and remembered sources."),
]
CatalogOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--catalog", help="A component source beside the built-in ones; may be repeated."),
]
BuiltinOption: TypeAlias = Annotated[
    bool | None,
    typer.Option("--builtin/--no-builtin", help="Use the built-in components.", show_default=False),
]
SkipInvalidOption: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--skip-invalid",
        help="Leave out wrong entries of a source instead of refusing it.",
        show_default=False,
    ),
]
EmbedderOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--embedder", help="'minilm', or a model for sentence-transformers."),
]
ModelOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--model", help="'offline', 'scripted:FILE', 'openai:NAME', 'PROVIDER:NAME'."),
]
BaseUrlOption: TypeAlias = Annotated[
    str | None, typer.Option("--base-url", help="Address of an OpenAI-compatible server.")
]
DatabaseOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--database", help="postgresql://… for what is kept; otherwise a file."),
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on stdout.")
]
