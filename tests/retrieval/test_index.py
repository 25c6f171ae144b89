"""The index: keeping, continuing, repairing, searching."""

from __future__ import annotations

import dataclasses
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.index_kill import run_kills
from flowloom.errors import CatalogError, ConfigError, StorageError
from flowloom.retrieval.entry import Entry
from flowloom.retrieval.index import Backend, ComponentIndex
from flowloom.retrieval.query import Query
from tests.retrieval.stand_ins import CATALOG, WordEmbedder

MANY = [Entry(f"e{at}", f"thing {at}", description=f"number {at}") for at in range(600)]


def _open(directory: Path, backend: Backend = "memory") -> ComponentIndex:
    return ComponentIndex.open(directory, WordEmbedder(), backend=backend)


def _ids(index: ComponentIndex, text: str, **options: object) -> list[str]:
    return [hit.id for hit in index.search(dataclasses.replace(Query(text), **options))]


@pytest.mark.parametrize("backend", ["memory", "chroma"])
def test_sync_adds_updates_and_removes(tmp_path: Path, backend: Backend) -> None:
    index = _open(tmp_path, backend)
    first = index.sync(CATALOG)
    assert (first.added, first.embedded) == (len(CATALOG), len(CATALOG))
    changed = dataclasses.replace(CATALOG[0], description="Whisper to a channel")
    report = index.sync([changed, *CATALOG[2:]])
    assert (report.added, report.updated, report.removed, report.embedded) == (0, 1, 1, 1)
    assert _ids(index, "whisper to a channel")[0] == "slack.post"
    assert "slack.delete" not in _ids(index, "delete a message")
    assert len(index) == len(CATALOG) - 1
    index.close()


@pytest.mark.parametrize("backend", ["memory", "chroma"])
def test_an_unchanged_catalog_embeds_nothing(tmp_path: Path, backend: Backend) -> None:
    _open(tmp_path, backend).sync(CATALOG)
    embedder = WordEmbedder()
    report = ComponentIndex.open(tmp_path, embedder, backend=backend).sync(CATALOG)
    assert (report.unchanged, report.embedded, embedder.texts) == (len(CATALOG), 0, 0)


def test_an_unchanged_catalog_loads_no_model(tmp_path: Path) -> None:
    ComponentIndex.open(tmp_path / "index").sync(CATALOG[:2])
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from flowloom.retrieval.index import ComponentIndex\n"
        "from tests.retrieval.stand_ins import CATALOG\n"
        "assert ComponentIndex.open(Path(sys.argv[1])).sync(CATALOG[:2]).unchanged == 2\n"
        "print({'onnxruntime', 'torch', 'tokenizers', 'chromadb'} & set(sys.modules))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "index")]
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.strip() == "set()"


def test_an_interrupted_sync_continues(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    stopping = ComponentIndex.open(tmp_path, WordEmbedder(stop_after=256), backend="memory")
    with pytest.raises(KeyboardInterrupt):
        stopping.sync(MANY, lambda done, total: seen.append((done, total)))
    assert seen == [(0, 600), (256, 600)]
    index = _open(tmp_path)
    assert len(index) == 0  # the earlier content stays until the new one is whole
    assert index.sync(MANY).embedded == 600 - 256
    assert _ids(index, "thing 77 number 77")[0] == "e77"


def test_two_entries_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"'slack\.post' occurs twice"):
        _open(tmp_path).sync([*CATALOG, CATALOG[0]])


def test_a_newer_index_is_refused(tmp_path: Path) -> None:
    _open(tmp_path).sync(CATALOG)
    with closing(sqlite3.connect(tmp_path / "index.sqlite3")) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StorageError, match="newer flowloom"):
        _open(tmp_path)


def test_a_broken_store_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite3").write_bytes(b"no database " * 400)
    with pytest.raises(StorageError, match="built again"):
        _open(tmp_path)


def test_another_embedder_needs_a_sync_and_embeds_all_anew(tmp_path: Path) -> None:
    _open(tmp_path).sync(CATALOG)
    other = ComponentIndex.open(tmp_path, WordEmbedder("other"), backend="memory")
    with pytest.raises(ConfigError, match="made with the embedder 'words'"):
        other.search(Query("post a message"))
    assert other.sync(CATALOG).embedded == len(CATALOG)


def test_lost_search_files_are_made_again_without_embedding(tmp_path: Path) -> None:
    _open(tmp_path).sync(CATALOG)
    (snapshot,) = tmp_path.glob("snapshot-*")
    vectors = snapshot / "vectors.npy"
    vectors.write_bytes(vectors.read_bytes()[:100])
    embedder = WordEmbedder()
    index = ComponentIndex.open(tmp_path, embedder, backend="memory")
    assert _ids(index, "list the issues of a repository")[0] == "github.issues"
    assert embedder.texts == 1
    shutil.rmtree(next(tmp_path.glob("snapshot-*")))
    assert _ids(_open(tmp_path), "schedule start at fixed times")[0] == "core.cron"


def test_a_damaged_chroma_directory_is_put_aside_and_built_again(tmp_path: Path) -> None:
    first = _open(tmp_path, "chroma")
    first.sync(CATALOG)
    first.close()
    (home,) = tmp_path.glob("chroma-*")
    (home / "chroma.sqlite3").write_bytes(b"broken " * 1000)
    embedder = WordEmbedder()
    index = ComponentIndex.open(tmp_path, embedder, backend="chroma")
    assert _ids(index, "list the issues of a repository")[0] == "github.issues"
    assert embedder.texts == 1
    assert (tmp_path / "damaged-chroma").is_dir()
    index.close()


def test_chroma_finds_what_exact_search_finds(tmp_path: Path) -> None:
    exact, approximate = _open(tmp_path, "memory"), _open(tmp_path, "chroma")
    exact.sync(MANY)
    for text in ("thing 5", "number 123", "some other text"):
        assert _ids(exact, text)[:3] == _ids(approximate, text)[:3]
    approximate.close()


def test_kills_in_mid_sync_lose_nothing(tmp_path: Path) -> None:
    report = run_kills(tmp_path, kills=3, size=400, backend="chroma")
    assert (report.kills, report.lost) == (3, 0)


def test_settings_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not use the Chroma server"):
        ComponentIndex.open(tmp_path, backend="memory", chroma_url="http://127.0.0.1:8000")
    index = ComponentIndex.open(tmp_path, WordEmbedder(), chroma_url="nowhere")
    with pytest.raises(ConfigError, match="is not a URL"):
        index.sync(CATALOG)


def test_a_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be made"):
        _open(tmp_path / "file")


def test_the_named_service_wins(tmp_path: Path) -> None:
    index = _open(tmp_path)
    index.sync(CATALOG)
    assert _ids(index, "post a message in Slack")[0] == "slack.post"
    assert _ids(index, "post a message in Microsoft Teams")[0] == "teams.post"
    assert _ids(index, "delete a message in Slack")[0] == "slack.delete"
    assert "named" in index.search(Query("post a message in Slack"))[0].reason


def test_steps_find_what_the_request_does_not_say(tmp_path: Path) -> None:
    index = _open(tmp_path)
    index.sync(CATALOG)
    found = _ids(index, "weekly report", steps=("start at fixed times", "list the issues"), k=2)
    assert set(found) == {"core.cron", "github.issues"}


def test_the_producer_of_a_needed_id_comes_along(tmp_path: Path) -> None:
    index = _open(tmp_path)
    index.sync(CATALOG)
    hits = index.search(Query("add tracks", k=2))
    assert [hit.id for hit in hits] == ["spotify.add", "spotify.mine"]
    assert "playlist id" in hits[1].reason


def test_providers_and_boosts(tmp_path: Path) -> None:
    index = _open(tmp_path)
    index.sync(CATALOG)
    assert set(_ids(index, "post a message", providers=("Slack",))) <= {
        "slack.post",
        "slack.delete",
    }
    assert "core.cron" in _ids(index, "post a message", k=2, boost=("core.cron", "not.there"))
    with pytest.raises(ConfigError, match="'GitHub'"):
        index.search(Query("issues", providers=("Githb",)))


def test_nothing_to_find(tmp_path: Path) -> None:
    index = _open(tmp_path)
    assert index.search(Query("anything")) == []
    index.sync([])
    assert index.search(Query("anything")) == []
    index.sync(CATALOG)
    assert index.search(Query("  ")) == []
    assert index.search(Query("message", k=0)) == []
