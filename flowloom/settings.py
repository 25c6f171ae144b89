"""Settings: flags, then environment, then ``flowloom.toml``, then defaults; each knows its origin.

Importing this module costs some tenths of a second; commands import it when they run.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import (
    AliasChoices,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from flowloom.errors import ConfigError, StorageError, nearest

__all__ = [
    "CONFIG_NAME",
    "DATA_VERSION",
    "Origin",
    "Settings",
    "SettingsWithOrigins",
    "load_settings",
    "prepare_data_directory",
]

CONFIG_NAME = "flowloom.toml"
DATA_VERSION = 1
"""Version of what stands in the data directory; older programs must not write a newer one."""

SECRETS = ("openai_api_key", "serve_tokens")
"""Settings that are never shown."""
_PREFIX = "FLOWLOOM_"
_HTTP: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
_SCHEMES = ("http://", "https://", "mcp:", "mcp+http://", "mcp+https://", "python:")
_PATHS = ("data_dir", "prompts_dir")


class Settings(BaseSettings):
    """Everything that can be set; the names are the keys of ``flowloom.toml``."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
    )

    model: str = Field(
        default="offline",
        min_length=1,
        description="'offline', 'scripted:FILE', or 'PROVIDER:NAME' of a LangChain chat model.",
    )
    base_url: str = Field(
        default="",
        validation_alias=AliasChoices(_PREFIX + "BASE_URL", "OPENAI_BASE_URL"),
        description="Address of an OpenAI-compatible server.",
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices("OPENAI_API_KEY"),
        description="Key for the model's server.",
    )
    catalog: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Component sources beside the built-in ones."
    )
    catalog_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Hosts that sources by address may come from; empty is any public one.",
    )
    catalog_internal: bool = Field(
        default=False, description="Whether sources by address may come from internal addresses."
    )
    builtin: bool = Field(default=True, description="Whether the built-in components are used.")
    skip_invalid: bool = Field(
        default=False, description="Leave out wrong entries of a source instead of refusing it."
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("flowloom", appauthor=False),
        description="Where the index and remembered sources are kept.",
    )
    prompts_dir: Path | None = Field(
        default=None, description="Directory of prompts that replace those that come along."
    )
    index_backend: Literal["auto", "chroma", "memory"] = Field(
        default="auto", description="How vectors are searched."
    )
    chroma_url: str = Field(default="", description="Address of a Chroma server.")
    embedder: str = Field(
        default="minilm",
        min_length=1,
        description="'minilm' or the name of a sentence-transformers model.",
    )
    max_attempts: int = Field(
        default=4, ge=1, le=100, description="Drafts at most for one request."
    )
    timeout: float = Field(
        default=300.0, gt=0, le=86_400, description="Seconds at most for one request."
    )
    max_tokens: int = Field(
        default=200_000, ge=1, description="Tokens at most for one request, in and out."
    )

    database: str = Field(
        default="",
        description="Address of a Postgres database for conversations; empty is a file.",
    )
    approve_plan: bool = Field(
        default=False, description="Whether a conversation shows its plan and waits."
    )
    serve_tokens: SecretStr = Field(
        default=SecretStr(""), description="Who may call the server: NAME=TOKEN,NAME=TOKEN."
    )

    verify_select: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Codes or prefixes that `flowloom verify` reports; empty is all."
    )
    verify_ignore: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Codes or prefixes that `flowloom verify` does not count."
    )
    verify_strict: bool = Field(
        default=False, description="Whether warnings count for `flowloom verify`."
    )

    @field_validator("catalog", mode="before")
    @classmethod
    def _split_catalog(cls, value: Any) -> Any:
        return [item for item in value.split(os.pathsep) if item] if _is_text(value) else value

    @field_validator("catalog_hosts", "verify_select", "verify_ignore", mode="before")
    @classmethod
    def _split_at_commas(cls, value: Any) -> Any:
        if not _is_text(value):
            return value
        return [item.strip() for item in value.split(",") if item.strip()]

    @field_validator("base_url", "chroma_url")
    @classmethod
    def _check_address(cls, value: str) -> str:
        if value:
            _HTTP.validate_python(value)
        return value

    @field_validator("data_dir", "prompts_dir", mode="after")
    @classmethod
    def _expand_home(cls, value: Path | None) -> Path | None:
        return value.expanduser() if value else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what ``load_settings`` has merged, so that each value's origin is known."""
        return (init_settings,)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a value came from: ``flag``, ``environment``, ``file`` or ``default``, and its name."""

    kind: Literal["flag", "environment", "file", "default"]
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".strip()


@dataclass(frozen=True, kw_only=True)
class SettingsWithOrigins:
    """The settings in force.

    Attributes:
        origins: for each setting where its value came from.
        config: the configuration file that was read, if any.
    """

    settings: Settings
    origins: Mapping[str, Origin]
    config: Path | None = None

    def shown(self) -> dict[str, Any]:
        """Return every setting as JSON data, secrets masked."""
        data = self.settings.model_dump(mode="json")
        secrets = {name: getattr(self.settings, name).get_secret_value() for name in SECRETS}
        return {**data, **{name: _masked(secret) for name, secret in secrets.items()}}


def load_settings(
    flags: Mapping[str, Any] | None = None, config: Path | None = None
) -> SettingsWithOrigins:
    """Merge flags, environment, configuration file and defaults, the first one wins.

    Args:
        flags: values by setting name; those that are None are not set.
        config: the file to read; by default ``flowloom.toml`` of the working directory, if there.

    Raises:
        ConfigError: a key is unknown or a value is wrong; the message says where it stands.
        StorageError: the file cannot be read.
    """
    file = _config_file(config)
    layers = (
        _from_flags(flags or {}),
        _from_environment(),
        _from_file(file) if file else {},
    )
    merged: dict[str, tuple[Any, Origin]] = {}
    for layer in reversed(layers):
        merged.update(layer)
    settings = _validated(merged)
    origins = {
        name: merged[name][1] if name in merged else Origin(kind="default")
        for name in Settings.model_fields
    }
    return SettingsWithOrigins(settings=settings, origins=origins, config=file)


def prepare_data_directory(directory: Path) -> Path:
    """Make the data directory, or check that this program may use the one that is there.

    Raises:
        StorageError: it cannot be made or written, or a newer flowloom wrote it.
    """
    mark = directory / "version"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        text = mark.read_text(encoding="utf-8", errors="replace") if mark.exists() else ""
        if not text.strip():
            mark.write_text(f"{DATA_VERSION}\n", encoding="utf-8")
            return directory
    except OSError as error:
        raise StorageError(
            f"The data directory {str(directory)!r} cannot be used: {error.strerror or error}.",
            hint="Give another one with --data-dir or FLOWLOOM_DATA_DIR.",
        ) from None
    _check_version(directory, text.strip())
    return directory


def _check_version(directory: Path, text: str) -> None:
    if not text.isascii() or not text.isdigit():
        raise StorageError(
            f"The data directory {str(directory)!r} has the version {text[:20]!r}, no number.",
            hint="Give another one with --data-dir, or remove this one; it is built again.",
        )
    if int(text) > DATA_VERSION:
        raise StorageError(
            f"The data directory {str(directory)!r} is of version {int(text)}, written by a newer"
            f" flowloom; this one reads version {DATA_VERSION}.",
            hint="Update flowloom, or give another directory with --data-dir.",
        )


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _masked(secret: str) -> str:
    if not secret:
        return ""
    return f"…{secret[-4:]}" if len(secret) >= 16 else "********"


def _config_file(config: Path | None) -> Path | None:
    if config is None:
        found = Path.cwd() / CONFIG_NAME
        return found if found.is_file() else None
    if not config.is_file():
        raise ConfigError(
            f"There is no configuration file {str(config)!r}.", hint="Check --config."
        )
    return config.absolute()


def _from_flags(flags: Mapping[str, Any]) -> dict[str, tuple[Any, Origin]]:
    return {
        name: (value, Origin(kind="flag", name="--" + name.replace("_", "-")))
        for name, value in flags.items()
        if value is not None
    }


def _from_environment() -> dict[str, tuple[Any, Origin]]:
    found: dict[str, tuple[Any, Origin]] = {}
    for key, value in EnvSettingsSource(Settings)().items():
        name = _field_of(key)
        found[name] = (value, Origin(kind="environment", name=_variable_of(name)))
    return found


def _variable_of(name: str) -> str:
    """Return the environment variable that sets a field."""
    alias = Settings.model_fields[name].validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [_PREFIX + name.upper()]
    return next((str(item) for item in choices if os.environ.get(str(item))), str(choices[0]))


def _field_of(key: str) -> str:
    """Return the field that a key of the environment source stands for: a name or an alias."""
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        if isinstance(alias, AliasChoices) and key in alias.choices:
            return name
    return key


def _from_file(file: Path) -> dict[str, tuple[Any, Origin]]:
    origin = Origin(kind="file", name=str(file))
    data = _with_flat_tables(_read_toml(file))
    for key in data:
        if key not in Settings.model_fields:
            raise ConfigError(
                f"There is no setting {key!r} ({file}).", hint=nearest(key, Settings.model_fields)
            )
    return {key: (_beside(file, key, value), origin) for key, value in data.items()}


def _with_flat_tables(data: dict[str, Any]) -> dict[str, Any]:
    """Return ``[verify]`` with ``strict`` in it as ``verify_strict``."""
    table = data.get("verify")
    if not isinstance(table, dict):
        return data
    rest = {key: value for key, value in data.items() if key != "verify"}
    return {**rest, **{f"verify_{key}": value for key, value in table.items()}}


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ConfigError(
            f"{str(file)!r} is not a text file in UTF-8.", hint="Give a file in TOML."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{str(file)!r} is no TOML: {error}.", hint="Mend that line.") from None
    except OSError as error:
        raise StorageError(
            f"Cannot read {str(file)!r}: {error.strerror or error}.", hint="Check the path."
        ) from None


def _beside(file: Path, key: str, value: Any) -> Any:
    """Return a value of a file with its relative paths taken from where the file is."""
    if key in _PATHS and _is_text(value):
        return str(file.parent / Path(value).expanduser())
    if key == "catalog" and isinstance(value, list):
        return [_source_beside(file, item) for item in value]
    return value


def _source_beside(file: Path, source: Any) -> Any:
    if not _is_text(source) or source.lower().startswith(_SCHEMES):
        return source
    return str(file.parent / Path(source).expanduser())


def _validated(merged: Mapping[str, tuple[Any, Origin]]) -> Settings:
    try:
        return Settings(**{name: value for name, (value, _) in merged.items()})
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
    name = _field_of(str(first["loc"][0]))
    value, origin = merged.get(name, ("", Origin(kind="default")))
    shown = "" if name in SECRETS else f" {value!r:.80}"
    raise ConfigError(
        f"The setting {name!r} has a wrong value{shown} ({origin}): {first['msg']}.",
        hint="Correct it there; see: flowloom config",
    )
