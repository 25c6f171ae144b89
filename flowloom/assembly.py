"""From settings to a composer: catalog, index, agents and graph put together.

Every face (terminal, server, evaluation) starts here. Heavy packages are imported only for what
the settings ask for: the offline composer loads no language-model library.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flowloom.catalog.catalog import Catalog
from flowloom.catalog.fetching import FetchRules
from flowloom.catalog.sources import LoadedCatalog, load_catalog
from flowloom.errors import ConfigError, StorageError, nearest
from flowloom.settings import Settings, prepare_data_directory

if TYPE_CHECKING:
    from flowloom.agents.language_model import LanguageModel
    from flowloom.graph.context import Composer
    from flowloom.graph.conversation.nodes import Roles
    from flowloom.retrieval.index import ComponentIndex
    from flowloom.roles import Generator, Planner

__all__ = [
    "OFFLINE",
    "Assembly",
    "assemble",
    "forget_source",
    "open_catalog",
    "open_index",
    "remember_source",
    "remembered_sources",
    "roles_of",
]

OFFLINE = "offline"
Progress = Callable[[int, int], None]
_SOURCES = "sources.txt"


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """What one set of settings makes: ready to compose many times."""

    settings: Settings
    loaded: LoadedCatalog
    index: ComponentIndex
    composer: Composer

    @property
    def catalog(self) -> Catalog:
        """The components that the composer may use."""
        return self.loaded.catalog


def assemble(
    settings: Settings, progress: Progress | None = None, *, catalog: Catalog | None = None
) -> Assembly:
    """Load the catalog, bring the index up to date and build the composer.

    Args:
        progress: called with (done, all) while texts are indexed.
        catalog: exactly these components, instead of those that the settings name.

    Raises:
        UserError: a setting, a source or the data directory is wrong.
        IndexFault: the vector index is damaged and could not be rebuilt.
    """
    from flowloom.graph.context import composer_of

    model = _language_model(settings)  # First: a wrong name or key is told at once.
    loaded = open_catalog(settings) if catalog is None else LoadedCatalog(catalog)
    name = catalog.content_hash[:16] if catalog is not None else ""
    index = open_index(loaded.catalog, settings, progress, name=name)
    planner, generator = _roles(settings, model, loaded.catalog, index)
    composer = composer_of(
        planner=planner,
        generator=generator,
        catalog=loaded.catalog,
        search=index.search,
        model=settings.model,
    )
    return Assembly(settings=settings, loaded=loaded, index=index, composer=composer)


def open_catalog(settings: Settings) -> LoadedCatalog:
    """Load the built-in components and every source of the settings and the data directory."""
    sources = dict.fromkeys([*remembered_sources(settings.data_dir), *settings.catalog])
    return load_catalog(
        tuple(sources),
        builtin=settings.builtin,
        skip_invalid=settings.skip_invalid,
        rules=FetchRules(hosts=settings.catalog_hosts, internal=settings.catalog_internal),
    )


def open_index(
    catalog: Catalog, settings: Settings, progress: Progress | None = None, *, name: str = ""
) -> ComponentIndex:
    """Open the index of a catalog and bring it up to date; an unchanged one loads no model.

    Args:
        name: of its directory; by default made from the sources in the settings.
    """
    from flowloom.retrieval.embedder import embedder_for
    from flowloom.retrieval.entry import entry_of
    from flowloom.retrieval.index import ComponentIndex

    data = prepare_data_directory(settings.data_dir)
    index = ComponentIndex.open(
        data / "index" / (name or _index_name(settings)),
        embedder_for(settings.embedder, data / "models"),
        backend=settings.index_backend,
        chroma_url=settings.chroma_url,
    )
    index.sync((entry_of(component) for component in catalog), progress)
    return index


def _index_name(settings: Settings) -> str:
    # One directory for a set of sources: when a source changes, only the difference is embedded.
    sources = sorted({*remembered_sources(settings.data_dir), *settings.catalog})
    words = "\n".join([settings.embedder, str(settings.builtin), *sources])
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _language_model(settings: Settings) -> LanguageModel | None:
    if settings.model == OFFLINE:
        return None
    from flowloom.agents.chat_model import chat_model

    return chat_model(
        settings.model,
        base_url=settings.base_url,
        api_key=settings.openai_api_key.get_secret_value(),
    )


def _roles(
    settings: Settings, model: LanguageModel | None, catalog: Catalog, index: ComponentIndex
) -> tuple[Planner, Generator]:
    if model is None:
        from flowloom.offline import OfflineGenerator, OfflinePlanner

        found = catalog, index.search, index.embed
        return OfflinePlanner(*found), OfflineGenerator(*found)
    from flowloom.agents.generator import ModelGenerator
    from flowloom.agents.planner import ModelPlanner

    prompts = settings.prompts_dir
    return ModelPlanner(model=model, prompts=prompts), ModelGenerator(model=model, prompts=prompts)


def roles_of(assembly: Assembly) -> Roles:
    """Return who understands, answers and shortens in conversations over an assembly.

    Raises:
        ConfigError: the model's name or key is wrong.
    """
    from flowloom.graph.conversation.nodes import Roles

    settings, catalog = assembly.settings, assembly.catalog
    model = _language_model(settings)
    if model is None:
        from flowloom.offline.talking.answerer import OfflineAnswerer
        from flowloom.offline.talking.listener import OfflineListener
        from flowloom.offline.talking.summarizer import OfflineSummarizer

        search = assembly.index.search
        return Roles(
            listener=OfflineListener(catalog, search),
            answerer=OfflineAnswerer(catalog, search),
            summarizer=OfflineSummarizer(),
        )
    from flowloom.agents.answerer import ModelAnswerer
    from flowloom.agents.listener import ModelListener
    from flowloom.agents.summarizer import ModelSummarizer

    prompts = settings.prompts_dir
    return Roles(
        listener=ModelListener(model=model, prompts=prompts),
        answerer=ModelAnswerer(
            model=model, catalog=catalog, search=assembly.index.search, prompts=prompts
        ),
        summarizer=ModelSummarizer(model=model, prompts=prompts),
    )


def remembered_sources(data_dir: Path) -> tuple[str, ...]:
    """Return the sources that ``flowloom catalog add`` has remembered, oldest first.

    Raises:
        StorageError: the list cannot be read.
    """
    file = data_dir / _SOURCES
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(
            f"Cannot read the remembered sources {str(file)!r}: {error}.",
            hint="Remove that file, and add the sources again with: flowloom catalog add",
        ) from None
    return tuple(line for line in text.splitlines() if line)


def remember_source(data_dir: Path, source: str) -> bool:
    """Remember a source for later commands; return whether it is new."""
    known = remembered_sources(data_dir)
    if source in known:
        return False
    _keep(data_dir, (*known, source))
    return True


def forget_source(data_dir: Path, source: str) -> None:
    """Forget a remembered source.

    Raises:
        ConfigError: it is not remembered; the message lists the nearest.
    """
    known = remembered_sources(data_dir)
    if source not in known:
        raise ConfigError(
            f"The source {source!r} is not remembered.",
            hint=nearest(source, known) or "None is remembered.",
        )
    _keep(data_dir, tuple(item for item in known if item != source))


def _keep(data_dir: Path, sources: tuple[str, ...]) -> None:
    file = prepare_data_directory(data_dir) / _SOURCES
    part = file.with_suffix(".part")
    try:
        part.write_text("".join(f"{item}\n" for item in sources), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StorageError(
            f"Cannot write {str(file)!r}: {error.strerror or error}.",
            hint="Free some disk space, or give another directory with --data-dir.",
        ) from None
