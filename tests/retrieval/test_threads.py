"""One index serves several threads: the retriever searches for its steps in parallel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.index import ComponentIndex
from flowloom.retrieval.query import Query
from tests.retrieval.stand_ins import WordEmbedder

WORDS = ("invoice", "issue", "message", "folder", "ticket", "branch", "event", "contact")


def test_parallel_searches_give_what_single_ones_give(tmp_path: Path) -> None:
    index = ComponentIndex.open(tmp_path, WordEmbedder(), backend="memory")
    index.sync([Entry(id=f"shop.{word}.create", name=f"create {word}") for word in WORDS])
    queries = [Query(f"create {word}", k=3) for word in WORDS * 6]
    alone = [index.search(query) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(index.search, queries)) == alone
