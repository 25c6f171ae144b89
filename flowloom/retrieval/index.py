"""The component index: keep a catalog searchable, and search it."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from filelock import FileLock, Timeout

from flowloom.errors import CatalogError, ConfigError, IndexFault, StorageError
from flowloom.retrieval.embedder import DEFAULT_EMBEDDER, Embedder, embedder_for
from flowloom.retrieval.entry import Entry
from flowloom.retrieval.query import Hit, Query, SyncReport
from flowloom.retrieval.snapshot import Snapshot, build_snapshot, load_snapshot
from flowloom.retrieval.store import Store, text_key
from flowloom.retrieval.vectors import MemoryVectors, VectorIndex

if TYPE_CHECKING:
    from collections.abc import Generator

    import numpy as np
    import numpy.typing as npt

    from flowloom.retrieval.search import Searcher

__all__ = ["Backend", "ComponentIndex"]

Backend = Literal["auto", "chroma", "memory"]
Progress = Callable[[int, int], None]

CHROMA_FROM = 2_000
"""``auto`` takes Chroma from this many entries; below, importing it costs more than it saves."""

_BATCH = 256
_LOCK_SECONDS = 600.0


class ComponentIndex:
    """An index directory: SQLite as the source of truth, search files derived from it."""

    def __init__(
        self, directory: Path, embedder: Embedder, backend: Backend, chroma_url: str
    ) -> None:
        """Use `ComponentIndex.open`."""
        self.directory = directory
        self._embedder = embedder
        self._backend: Backend = backend
        self._chroma_url = chroma_url
        self._store = Store(directory / "index.sqlite3")
        self._searcher: tuple[str, Searcher] | None = None
        self._search_lock = threading.Lock()

    @classmethod
    def open(
        cls,
        directory: Path,
        embedder: Embedder | None = None,
        *,
        backend: Backend = "auto",
        chroma_url: str = "",
    ) -> ComponentIndex:
        """Open or create the index in ``directory``; loads no model.

        Args:
            directory: One catalog's index; made if it does not exist.
            embedder: What makes the vectors; by default MiniLM, cached beside the directory.
            backend: ``memory`` is exact search over all vectors; ``chroma`` the persistent vector
                index; ``auto`` takes ``chroma`` from 2,000 entries or with a ``chroma_url``.
            chroma_url: ``http://host:port`` of a Chroma server to use instead of a local directory.

        Raises:
            ConfigError: ``backend`` is unknown, or does not go with ``chroma_url``.
            StorageError: The directory cannot be used, or a newer flowloom wrote it.
        """
        if backend not in ("auto", "chroma", "memory"):
            raise ConfigError(
                f"Unknown index backend {backend!r}.", hint="Known: auto, chroma, memory."
            )
        if backend == "memory" and chroma_url:
            raise ConfigError(
                "The index backend 'memory' does not use the Chroma server that is set.",
                hint="Set the backend to 'chroma', or remove the server's address.",
            )
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"The index directory {str(directory)!r} cannot be made: {error.strerror}.",
                hint="Choose another data directory.",
            ) from error
        chosen = embedder or embedder_for(DEFAULT_EMBEDDER, directory.parent / "models")
        return cls(directory, chosen, backend, chroma_url)

    def close(self) -> None:
        """Let go of mapped files and of Chroma; a later search opens them again."""
        if self._searcher is not None:
            self._searcher[1].close()
            self._searcher = None

    def __len__(self) -> int:
        """Number of entries."""
        return self._store.count()

    def entries(self) -> list[Entry]:
        """All entries, in the order of the catalog."""
        return self._store.entries()

    # -- keeping -------------------------------------------------------------------------

    def sync(self, entries: Iterable[Entry], progress: Progress | None = None) -> SyncReport:
        """Make the index hold exactly ``entries``.

        Only texts that are new to the index are embedded, and each batch is kept at once: an
        interrupted call continues where it stopped, and until it ends the earlier content is
        what is found. Without a change, no model is loaded.

        Args:
            entries: The catalog.
            progress: Called with the texts embedded so far and their total.

        Raises:
            CatalogError: Two entries have the same id.
            StorageError: The index cannot be written, or another process is writing it.
        """
        started = time.monotonic()
        wanted = list(entries)
        hashes = {entry.id: entry.content_hash for entry in wanted}
        if len(hashes) < len(wanted):
            raise CatalogError(
                f"The id {_twice(wanted)!r} occurs twice.", hint="Rename one of them."
            )
        with self._writing():
            known = self._store.hashes()
            embedded = 0
            if list(known.items()) != list(hashes.items()) or not self._same_embedder():
                embedded = self._embed_missing(wanted, progress)
                fingerprint = _fingerprint(hashes, self._embedder.name)
                self._store.replace(wanted, {"fingerprint": fingerprint})
            self._derive()
        return _report(known, hashes, embedded, time.monotonic() - started)

    def _same_embedder(self) -> bool:
        return self._store.meta("embedder") == self._embedder.name

    def _embed_missing(self, entries: Sequence[Entry], progress: Progress | None) -> int:
        """Embed, batch by batch, the texts that have no vector yet; shortest first."""
        self._store.start_embedder(self._embedder.name)
        texts = {text_key(entry.dense_text): entry.dense_text for entry in entries}
        missing = self._store.missing_vectors(texts)
        order = sorted(missing, key=lambda key: (len(texts[key]), key))
        for start in range(0, len(order), _BATCH):
            if progress:
                progress(start, len(order))
            keys = order[start : start + _BATCH]
            self._store.add_vectors(keys, self._embedder.embed([texts[key] for key in keys]))
        if progress and order:
            progress(len(order), len(order))
        return len(order)

    # -- meaning -------------------------------------------------------------------------

    def embed(self, texts: Sequence[str], *, keep: bool = False) -> npt.NDArray[np.float32]:
        """Return the vectors of texts, an array of shape (len(texts), dimension).

        Args:
            keep: Whether they are kept on disk beside the index: for texts that are always the
                same.

        Raises:
            StorageError: What is kept cannot be written.
        """
        from flowloom.retrieval.kept_vectors import KeptVectors

        if keep:
            return KeptVectors(self.directory.parent, self._embedder).vectors(texts)
        with self._search_lock:
            return self._ready().embedded(list(texts))

    # -- searching -----------------------------------------------------------------------

    def search(self, query: Query) -> list[Hit]:
        """The components that fit ``query`` best, best first, at most ``query.k``.

        Raises:
            ConfigError: A provider is unknown, or the index was made with another embedder.
            IndexFault: Derived files are damaged and could not be built again.
        """
        # A searcher keeps what it has embedded and is no good to two threads at once.
        with self._search_lock:
            return self._ready().search(query)

    def _ready(self) -> Searcher:
        """The searcher for the content as it is now, built again if another process changed it."""

        fingerprint = self._store.meta("fingerprint")
        if self._searcher is None or self._searcher[0] != fingerprint:
            if fingerprint and not self._same_embedder():
                raise ConfigError(
                    f"The index {str(self.directory)!r} was made with the embedder "
                    f"{self._store.meta('embedder')!r}, not {self._embedder.name!r}.",
                    hint="Synchronise the catalog, or set the embedder back.",
                )
            self.close()
            self._searcher = (fingerprint, self._load(fingerprint))
        return self._searcher[1]

    def _load(self, fingerprint: str) -> Searcher:
        from flowloom.retrieval.search import Searcher

        snapshot = load_snapshot(self.directory, fingerprint)
        if snapshot is None:
            with self._writing():
                build_snapshot(self.directory, fingerprint, self._store)
            snapshot = load_snapshot(self.directory, fingerprint)
        if snapshot is None:
            raise IndexFault(
                f"The search files in {str(self.directory)!r} do not stay as they are written.",
                hint="Check the disk, or choose another data directory.",
            )
        vectors = self._vectors(fingerprint, snapshot)
        return Searcher(self._store, snapshot, vectors, self._embedder)

    def _vectors(self, fingerprint: str, snapshot: Snapshot) -> VectorIndex:
        if self._resolved_backend() == "memory":
            return MemoryVectors(snapshot.vectors)
        from flowloom.retrieval.chroma import open_chroma

        with self._writing():
            return open_chroma(self.directory, self._chroma_url, fingerprint, self._store)

    def _resolved_backend(self) -> Backend:
        if self._backend != "auto":
            return self._backend
        return "chroma" if self._chroma_url or len(self) >= CHROMA_FROM else "memory"

    def _derive(self) -> None:
        """Make the search files of the store's content, where they are not there yet."""
        fingerprint = self._store.meta("fingerprint")
        if load_snapshot(self.directory, fingerprint) is None:
            build_snapshot(self.directory, fingerprint, self._store)
        if self._resolved_backend() == "chroma":
            from flowloom.retrieval.chroma import sync_chroma

            sync_chroma(self.directory, self._chroma_url, fingerprint, self._store)

    @contextmanager
    def _writing(self) -> Generator[None]:
        """Hold the single-writer lock of the directory."""
        lock = FileLock(self.directory / "index.lock", timeout=_LOCK_SECONDS)
        try:
            with lock:
                yield
        except Timeout as error:
            raise StorageError(
                f"Another process has been writing the index {str(self.directory)!r} for "
                f"{_LOCK_SECONDS:.0f} s.",
                hint="Wait for it to end, or end it.",
            ) from error


def _twice(entries: Sequence[Entry]) -> str:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            return entry.id
        seen.add(entry.id)
    return ""


def _fingerprint(hashes: dict[str, str], embedder: str) -> str:
    """Stands for the content and the embedder: same fingerprint, same search results."""
    digest = hashlib.sha256(embedder.encode())
    for key, value in hashes.items():
        digest.update(f"\x1e{key}\x1f{value}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _report(
    known: dict[str, str], wanted: dict[str, str], embedded: int, seconds: float
) -> SyncReport:
    same = sum(known.get(key) == value for key, value in wanted.items())
    added = len(wanted.keys() - known.keys())
    return SyncReport(
        added=added,
        updated=len(wanted) - same - added,
        removed=len(known.keys() - wanted.keys()),
        unchanged=same,
        embedded=embedded,
        seconds=seconds,
    )
