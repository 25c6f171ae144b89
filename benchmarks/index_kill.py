"""Kill an index in mid-sync, again and again, and see whether anything is lost.

    python -m benchmarks.index_kill [--kills 50] [--backend chroma]

Each round changes a part of the catalog, starts a process that synchronises it, kills that process
with SIGKILL at another moment, reopens the index, synchronises, and checks that every entry is
there and found. The embedder is a small arithmetic one: what is tested is storage, not meaning.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from flowloom.retrieval.entry import Entry
from flowloom.retrieval.index import Backend, ComponentIndex
from flowloom.retrieval.query import Query

__all__ = ["HashEmbedder", "KillReport", "main", "run_kills"]

_DIMENSION = 64


class HashEmbedder:
    """Vectors drawn from each text's own seed: equal texts, equal vectors."""

    name = "seeded"
    dimension = _DIMENSION

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One unit vector per text."""
        rows = [
            np.random.default_rng(list(text.encode())).normal(size=_DIMENSION) for text in texts
        ]
        matrix = np.array(rows, np.float32).reshape(len(texts), _DIMENSION)
        return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


@dataclass(frozen=True)
class KillReport:
    """What became of the index.

    Attributes:
        kills: Processes that were killed before they ended.
        ended: Processes that were faster than the kill.
        lost: Entries that were missing or not found after reopening.
        kept: Rounds in which texts embedded before the kill were not embedded again.
    """

    kills: int
    ended: int
    lost: int
    kept: int


def run_kills(directory: Path, kills: int, size: int, backend: Backend) -> KillReport:
    """Run rounds until ``kills`` processes were killed in mid-sync."""
    chance = random.Random(7)
    killed = ended = lost = kept = 0
    while killed < kills:
        round_number = killed + ended
        if _killed(directory, size, round_number, backend, chance.uniform(0.0, 1.0)):
            killed += 1
        else:
            ended += 1
        index = ComponentIndex.open(directory, HashEmbedder(), backend=backend)
        wanted = _catalog(size, round_number)
        report = index.sync(wanted)
        kept += report.embedded < size // 2
        lost += _missing(index, wanted)
        index.close()
    return KillReport(killed, ended, lost, kept)


def _killed(directory: Path, size: int, number: int, backend: Backend, share: float) -> bool:
    """Start a synchronisation and kill it a part of the way through; False if it had ended."""
    arguments = [str(directory), str(size), str(number), backend]
    command = [sys.executable, "-m", "benchmarks.index_kill", "--worker", *arguments]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it is about to synchronise
        try:
            process.wait(timeout=share)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


def _missing(index: ComponentIndex, wanted: Sequence[Entry]) -> int:
    """Entries that are not stored as they should be, and samples that are not found."""
    stored = {entry.id: entry for entry in index.entries()}
    absent = sum(stored.get(entry.id) != entry for entry in wanted)
    samples = wanted[:: max(len(wanted) // 20, 1)]
    unseen = sum(
        entry.id not in {hit.id for hit in index.search(Query(entry.dense_text))}
        for entry in samples
    )
    return absent + unseen


def _catalog(size: int, number: int) -> list[Entry]:
    """Each round another half is new."""
    return [
        Entry(id=f"entry{at}", name=f"thing {at}", description=f"round {number * (at % 2)}")
        for at in range(size)
    ]


def _work(directory: Path, size: int, number: int, backend: Backend) -> None:
    index = ComponentIndex.open(directory, HashEmbedder(), backend=backend)
    catalog = _catalog(size, number)
    print("ready", flush=True)
    index.sync(catalog)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rounds and print the report; exit code 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--size", type=int, default=3_000)
    parser.add_argument("--backend", choices=("chroma", "memory"), default="chroma")
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.worker:
        directory, size, number, backend = given.worker
        _work(Path(directory), int(size), int(number), backend)
        return 0
    with tempfile.TemporaryDirectory() as directory:
        report = run_kills(Path(directory) / "index", given.kills, given.size, given.backend)
    print(json.dumps(vars(report)))
    return 1 if report.lost else 0


if __name__ == "__main__":
    sys.exit(main())
