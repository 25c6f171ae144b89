"""The vector index in Chroma: a local directory, or a Chroma server.

A live local directory is never written: a change is applied, by hash difference, to a copy that is
then renamed into place. So a killed process leaves the old index or the new one, and a reader in
another process never meets a writer, which Chroma does not survive. A directory that fails its
probe is put aside and built again from the store, without embedding.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
import numpy.typing as npt
from chromadb.config import Settings
from chromadb.errors import ChromaError

from flowloom.errors import ConfigError, IndexFault, StorageError
from flowloom.retrieval.vectors import Near

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

    from flowloom.retrieval.store import Store

__all__ = ["ChromaVectors", "open_chroma", "sync_chroma"]

_STAGING = "staging-chroma-"
_LOCAL_COLLECTION = "components"
_BATCH = 2_000
_PROBES = 3
_BROKEN = (ChromaError, ValueError, OSError, RuntimeError, AttributeError)
"""What a damaged directory has been seen to raise; chromadb 1.5.9 hides an error of its start-up
behind an AttributeError of its own tidying up."""


class ChromaVectors:
    """Approximate nearest vectors by Chroma's HNSW index."""

    def __init__(self, client: Client, collection: Collection, store: Store) -> None:
        """Search ``collection``; ids become positions through ``store``."""
        self._client = client
        self._collection = collection
        self._store = store

    def search(self, queries: npt.NDArray[np.float32], limit: int) -> list[Near]:
        """The ``limit`` nearest entries of each row of ``queries``."""
        try:
            count = min(limit, self._collection.count())
            answer = self._collection.query(
                query_embeddings=queries, n_results=max(count, 1), include=["distances"]
            )
        except (httpx.HTTPError, *_BROKEN) as error:
            raise IndexFault(
                f"Chroma failed during a search: {error}",
                hint="Try again; a local index is probed and repaired when it is opened.",
            ) from error
        ids = answer["ids"]
        positions = self._store.positions(list({key for row in ids for key in row}))
        distances = answer["distances"] or []
        return [
            (
                np.array([positions[key] for key in row], np.int64),
                1 - np.asarray(apart, np.float32),
            )
            for row, apart in zip(ids, distances, strict=True)
        ]

    def close(self) -> None:
        """Let go of Chroma's files."""
        self._client.close()


def sync_chroma(directory: Path, url: str, fingerprint: str, store: Store) -> None:
    """Bring Chroma to the store's content; the caller holds the writer's lock.

    Raises:
        ConfigError: The server's address is wrong.
        IndexFault: The server does not answer, or the directory cannot be built.
        StorageError: The disk is full or cannot be written.
    """
    if url:
        client = _server(url)
        try:
            _update(_collection(client, _server_collection(directory)), store, fingerprint)
        except (httpx.HTTPError, *_BROKEN) as error:
            raise _server_fault(url, error) from error
        finally:
            client.close()
    elif _home(directory, fingerprint) is None:
        _build_local(directory, fingerprint, store)


def open_chroma(directory: Path, url: str, fingerprint: str, store: Store) -> ChromaVectors:
    """Open Chroma on the store's content, repaired if need be; the caller holds the lock.

    Raises:
        ConfigError: The server's address is wrong.
        IndexFault: The server does not answer, or a rebuilt directory is damaged again.
        StorageError: The disk is full or cannot be written.
    """
    sync_chroma(directory, url, fingerprint, store)
    if url:
        client = _server(url)
        return ChromaVectors(client, _collection(client, _server_collection(directory)), store)
    opened = _open_local(_home(directory, fingerprint), store)
    if opened is None:
        _put_aside(directory, fingerprint)
        _build_local(directory, fingerprint, store)
        opened = _open_local(_home(directory, fingerprint), store)
    if opened is None:
        raise IndexFault(
            f"The vector index in {str(directory)!r} is damaged right after it was built.",
            hint="Check the disk, or set the index backend to 'memory'.",
        )
    return opened


# -- a local directory -------------------------------------------------------------------


def _home(directory: Path, fingerprint: str) -> Path | None:
    """The directory of that content. Each build has a name of its own: Chroma keeps what failed
    to open in a table by path, for as long as the process lives."""
    return next(iter(sorted(directory.glob(f"chroma-{fingerprint[:24]}-*"))), None)


def _open_local(home: Path | None, store: Store) -> ChromaVectors | None:
    """Open and probe a directory; ``None`` if it is missing or damaged."""
    if home is None:
        return None
    client = None
    try:
        client = _local_client(home)
        collection = client.get_collection(_LOCAL_COLLECTION, embedding_function=None)
        if _healthy(collection, store):
            return ChromaVectors(client, collection, store)
    except _BROKEN:
        pass  # damaged: the caller puts it aside and builds it again
    if client is not None:
        client.close()
    return None


def _healthy(collection: Collection, store: Store) -> bool:
    """Whether all entries are there and known vectors are found."""
    count = store.count()
    if collection.count() != count:
        return False
    for position in {count * step // _PROBES for step in range(_PROBES)} if count else ():
        key, vector = store.vector(position)
        if collection.get(ids=[key], include=[])["ids"] != [key]:
            return False
        near = collection.query(query_embeddings=vector, n_results=1, include=["distances"])
        if not near["distances"] or near["distances"][0][0] > 1e-3:
            return False
    return True


def _build_local(directory: Path, fingerprint: str, store: Store) -> None:
    """Build the directory from the previous one if that is sound, else from nothing."""
    for unfinished in directory.glob(f"{_STAGING}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    earlier = sorted(directory.glob("chroma-*"))
    try:
        built = any(_try_build(directory, old, fingerprint, store) for old in [*earlier, None])
    except OSError as error:
        raise StorageError(
            f"The vector index in {str(directory)!r} cannot be written: {error.strerror or error}.",
            hint="Free some disk space or choose another data directory.",
        ) from error
    if not built:
        raise IndexFault(
            f"The vector index in {str(directory)!r} cannot be built.",
            hint="Check the disk, or set the index backend to 'memory'.",
        )
    for old in earlier:
        shutil.rmtree(old, ignore_errors=True)


def _try_build(directory: Path, old: Path | None, fingerprint: str, store: Store) -> bool:
    """Build in a staging directory and rename it; False if what was built is not sound."""
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=directory))
    if old is not None:
        shutil.copytree(old, staging, dirs_exist_ok=True)
    sound = False
    try:
        client = _local_client(staging)
        try:
            collection = _collection(client, _LOCAL_COLLECTION)
            _update(collection, store, "")
            sound = _healthy(collection, store)
        finally:
            client.close()
    except _BROKEN:
        if old is None:
            raise
    if sound:
        name = staging.name.removeprefix(_STAGING)
        staging.rename(directory / f"chroma-{fingerprint[:24]}-{name}")
    else:
        shutil.rmtree(staging, ignore_errors=True)
    return sound


def _put_aside(directory: Path, fingerprint: str) -> None:
    """Keep the last damaged directory for inspection."""
    aside = directory / "damaged-chroma"
    for home in directory.glob(f"chroma-{fingerprint[:24]}-*"):
        shutil.rmtree(aside, ignore_errors=True)
        home.rename(aside)


def _local_client(path: Path) -> Client:
    settings = Settings(anonymized_telemetry=False, allow_reset=False)
    return cast("Client", chromadb.PersistentClient(path=str(path), settings=settings))


# -- a server ----------------------------------------------------------------------------


def _server(url: str) -> Client:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(
            f"The Chroma server's address {url!r} is not a URL.",
            hint="Write it as http://host:8000.",
        )
    try:
        client = chromadb.HttpClient(
            host=parts.hostname,
            port=parts.port or (443 if parts.scheme == "https" else 8000),
            ssl=parts.scheme == "https",
            settings=Settings(anonymized_telemetry=False),
        )
        return cast("Client", client)
    except (httpx.HTTPError, *_BROKEN) as error:
        raise _server_fault(url, error) from error


def _server_collection(directory: Path) -> str:
    """One collection per index directory."""
    digest = hashlib.sha256(str(directory.resolve()).encode("utf-8", "surrogatepass"))
    return f"flowloom-{digest.hexdigest()[:24]}"


def _server_fault(url: str, error: Exception) -> IndexFault:
    return IndexFault(
        f"The Chroma server {url!r} failed: {error}",
        hint="Start it with 'chroma run', or remove its address to use a local index.",
    )


# -- both --------------------------------------------------------------------------------


def _collection(client: Client, name: str) -> Collection:
    return client.get_or_create_collection(
        name,
        embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_construction": 128, "ef_search": 200}},
    )


def _update(collection: Collection, store: Store, fingerprint: str) -> None:
    """Apply the difference between the collection's and the store's hashes."""
    if fingerprint and (collection.metadata or {}).get("fingerprint") == fingerprint:
        return
    wanted, found = store.vector_hashes(), _hashes(collection)
    gone = [key for key in found if key not in wanted]
    for start in range(0, len(gone), _BATCH):
        collection.delete(ids=gone[start : start + _BATCH])
    changed = [(at, key) for at, (key, text) in enumerate(wanted.items()) if found.get(key) != text]
    matrix = store.matrix() if changed else np.zeros((0, 0), np.float32)
    for start in range(0, len(changed), _BATCH):
        some = changed[start : start + _BATCH]
        collection.upsert(
            ids=[key for _, key in some],
            embeddings=matrix[[at for at, _ in some]],
            metadatas=[{"text": wanted[key]} for _, key in some],
        )
    if fingerprint:
        collection.modify(metadata={"fingerprint": fingerprint})


def _hashes(collection: Collection) -> dict[str, str]:
    found: dict[str, str] = {}
    for offset in range(0, collection.count(), _BATCH):
        page = collection.get(include=["metadatas"], limit=_BATCH, offset=offset)
        for key, metadata in zip(page["ids"], page["metadatas"] or [], strict=True):
            found[key] = str((metadata or {}).get("text", ""))
    return found
