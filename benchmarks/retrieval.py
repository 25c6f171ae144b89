"""Retrieval quality, latency, cold start and indexing rate, through `ComponentIndex.search`.

    python -m benchmarks.retrieval --data ../shared/data/retrieval [--cache DIR] [--json]

Quality: recall@5, recall@10 and NDCG@10 of one search per request on each set, and their mean.
``large``: the requests of the REST sets (TMDB, Spotify, Kubernetes) against all operations of
``operations-61k.jsonl.gz``, which holds the same operations among those of some 600 other
providers: once as asked, once with ``In <app>: `` before the request. The first run embeds the
large catalog, which takes minutes; an interrupted run continues.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.index import Backend, ComponentIndex
from flowloom.retrieval.minilm import MiniLm
from flowloom.retrieval.quality import ndcg_at, recall_at
from flowloom.retrieval.query import Query

__all__ = ["main"]

SETS = (
    "seal-tools",
    "stable-toolbench",
    "metatool-single",
    "metatool-multi",
    "restbench-tmdb",
    "restbench-spotify",
    "kubernetes",
)
APPS = {
    "restbench-tmdb": ("tmdb", "TMDB"),
    "restbench-spotify": ("spotify", "Spotify"),
    "kubernetes": ("kubernetes.io", "Kubernetes"),
}
LARGE = "operations-61k"
SIZES = (1_000, 10_000, 100_000)
_COLD = """
import sys, time
started = time.perf_counter()
from pathlib import Path
from flowloom.retrieval.index import ComponentIndex
from flowloom.retrieval.minilm import MiniLm
from flowloom.retrieval.query import Query
index = ComponentIndex.open(Path(sys.argv[1]), MiniLm(Path(sys.argv[2])), backend=sys.argv[3])
assert index.search(Query("Create a playlist"))
print(time.perf_counter() - started)
"""


@dataclass(frozen=True)
class Quality:
    """Means over the requests of one set."""

    recall5: float
    recall10: float
    ndcg10: float
    requests: int


@dataclass(frozen=True)
class Lab:
    """Where the data and the indexes are, and how vectors are searched."""

    data: Path
    cache: Path
    backend: Backend

    def index(self, name: str) -> ComponentIndex:
        """The index of that name."""
        embedder = MiniLm(self.cache / "models")
        return ComponentIndex.open(self.cache / name, embedder, backend=self.backend)

    def load(self, name: str) -> tuple[list[Entry], list[tuple[str, list[str]]]]:
        """Catalog and requests of one set."""
        with gzip.open(self.data / f"{name}.json.gz", "rt", encoding="utf-8") as file:
            content: dict[str, Any] = json.load(file)
        entries = [Entry(**entry) for entry in content["catalog"]]
        return entries, [(str(q["query"]), list(q["gold"])) for q in content["queries"]]

    def large(self) -> list[Entry]:
        """The large catalog, the first of each id."""
        with gzip.open(self.data / f"{LARGE}.jsonl.gz", "rt", encoding="utf-8") as file:
            entries = [Entry(**json.loads(line)) for line in file]
        return list({entry.id: entry for entry in reversed(entries)}.values())[::-1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/retrieval"))
    parser.add_argument(
        "--cache", type=Path, default=Path(tempfile.gettempdir()) / "flowloom-bench"
    )
    parser.add_argument("--backend", choices=("auto", "chroma", "memory"), default="auto")
    parser.add_argument("--sets-only", action="store_true", help="leave out the large catalog")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    lab = Lab(given.data, given.cache, given.backend)
    result: dict[str, Any] = {"backend": given.backend, "sets": _sets(lab)}
    if not given.sets_only:
        result |= _large(lab)
    print(json.dumps(result, indent=2) if given.json else "\n".join(_table(result)))
    return 0


def _sets(lab: Lab) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in SETS:
        entries, requests = lab.load(name)
        index = lab.index(name)
        index.sync(entries)
        found[name] = vars(_quality(index, requests))
    measures = ("recall5", "recall10", "ndcg10")
    found["macro"] = {key: sum(found[name][key] for name in SETS) / len(SETS) for key in measures}
    return found


def _quality(index: ComponentIndex, requests: Sequence[tuple[str, Sequence[str]]]) -> Quality:
    rows = [
        (recall_at(ids, gold, 5), recall_at(ids, gold, 10), ndcg_at(ids, gold, 10))
        for text, gold in requests
        for ids in [[hit.id for hit in index.search(Query(text))]]
    ]
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return Quality(means[0], means[1], means[2], len(rows))


def _large(lab: Lab) -> dict[str, Any]:
    entries = lab.large()
    index = lab.index(LARGE)
    report = index.sync(entries, _show)
    texts = [text for name in APPS for text, _ in lab.load(name)[1]]
    return {
        "large": {
            "as asked": vars(_quality(index, list(_app_requests(lab, "{text}")))),
            "app named": vars(_quality(index, list(_app_requests(lab, "In {app}: {text}")))),
        },
        "indexing": _indexing(lab, entries, report.embedded, report.seconds),
        "latency_ms": {str(min(n, len(entries))): _latency(lab, entries[:n], texts) for n in SIZES},
        "cold_seconds": {kind: _cold(lab, kind) for kind in ("memory", "chroma")},
    }


def _app_requests(lab: Lab, pattern: str) -> Iterator[tuple[str, list[str]]]:
    for name, (prefix, app) in APPS.items():
        for text, gold in lab.load(name)[1]:
            yield pattern.format(app=app, text=text), [f"{prefix}::{item}" for item in gold]


def _indexing(lab: Lab, entries: Sequence[Entry], embedded: int, seconds: float) -> dict[str, Any]:
    """Texts per second: of this run if it embedded the large catalog, else of a sample of it."""
    if embedded > len(entries) // 2:
        return {"texts": embedded, "per_second": embedded / seconds}
    texts = [entry.dense_text for entry in entries[:: max(len(entries) // 2_000, 1)]]
    embedder = MiniLm(lab.cache / "models")
    embedder.embed(texts[:64])
    return {"texts": len(texts), "per_second": len(texts) / _timed(lambda: embedder.embed(texts))}


def _latency(lab: Lab, entries: Sequence[Entry], texts: Sequence[str]) -> dict[str, float]:
    index = lab.index(f"{LARGE}-{len(entries)}" if len(entries) < 60_000 else LARGE)
    index.sync(entries)
    for text in texts[:10]:
        index.search(Query(text))
    times = sorted(_timed(lambda text=text: index.search(Query(text))) for text in texts)
    return {"p50": times[len(times) // 2] * 1e3, "p99": times[int(len(times) * 0.99)] * 1e3}


def _cold(lab: Lab, kind: Backend) -> float:
    """Seconds from the first import to the first result, in a new process; the best of three."""
    command = [sys.executable, "-c", _COLD, str(lab.cache / LARGE), str(lab.cache / "models"), kind]
    runs = [
        subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(4)
    ]  # the first may still have to build the vector index
    return min(float(run.stdout) for run in runs[1:])


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _show(done: int, total: int) -> None:
    print(f"\rembedding {done:,} of {total:,}", end="", file=sys.stderr, flush=True)


def _table(result: dict[str, Any]) -> Iterator[str]:
    yield f"{'set':24}   R@5  R@10 NDCG@10"
    for name, row in [*result["sets"].items(), *result.get("large", {}).items()]:
        label = name if name in result["sets"] else f"61k, {name}"
        yield f"{label:24} {row['recall5']:.3f} {row['recall10']:.3f}   {row['ndcg10']:.3f}"
    for size, row in result.get("latency_ms", {}).items():
        yield f"latency at {size}: p50 {row['p50']:.1f} ms, p99 {row['p99']:.1f} ms"
    for kind, seconds in result.get("cold_seconds", {}).items():
        yield f"cold process to first result at 61k, {kind}: {seconds:.2f} s"
    if "indexing" in result:
        yield f"indexing: {result['indexing']['per_second']:.0f} texts/s"


if __name__ == "__main__":
    sys.exit(main())
