"""A process that brings an index on a Chroma server up to date and searches it.

python -m tests.retrieval.chroma_process DIRECTORY URL QUERY
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from flowloom.catalog.sources import builtin_catalog
from flowloom.retrieval.embedder import embedder_for
from flowloom.retrieval.entry import entry_of
from flowloom.retrieval.index import ComponentIndex
from flowloom.retrieval.query import Query

__all__ = ["main"]


def main(directory: Path, url: str, text: str) -> None:
    """Print the ids of what fits best."""
    embedder = embedder_for("minilm", directory / "models")
    index = ComponentIndex.open(directory / "index", embedder, backend="chroma", chroma_url=url)
    index.sync(entry_of(item) for item in builtin_catalog() if item.provider == "Slack")
    print(json.dumps([hit.id for hit in index.search(Query(text, k=3))]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
