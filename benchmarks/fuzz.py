"""Random documents against the verifier: what must hold of every one of them.

    python -m benchmarks.fuzz [--examples N] [--seed N] [--processes N] [--kinds …] [--json]

Hypothesis draws documents of three kinds: arbitrary data with the language's words in it, good
workflows with random changes, and random workflows over the catalog. For each of them:

- the verifier raises nothing, and ends;
- it says the same again, in another process with another hash seed too, and whatever the order of
  keys;
- a workflow that it calls valid runs without an error that it could have known: eight runs over
  values drawn from the schemas (what counts: ``fuzz_runs``), and its own dry run with other seeds.

For each failure hypothesis looks for the smallest document. Ends with 1 if there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from benchmarks.fuzz_documents import KINDS as DOCUMENT_KINDS
from benchmarks.fuzz_documents import Data, documents
from benchmarks.fuzz_judge import KINDS, Fault, Judged, Kind, judge
from flowloom.workflow.document import content_hash

__all__ = ["UNCHECKED", "Tally", "fuzzed", "main"]

BATCH = 400
LONGEST = 5.0
"""Seconds after which a verification counts as one that does not end."""
UNCHECKED = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
    HealthCheck.filter_too_much,
)
"""What hypothesis would complain of: these documents are large, and slow to judge."""
KEPT = 20
"""Every so many documents, one is verified again in another process."""


@dataclass
class Tally:
    """What was found in a number of documents.

    Attributes:
        counts: documents by what became of them, and the counts of ``Judged``.
        smallest: for each kind of failure, where it is and the smallest document found.
        kept: documents to verify again, with what stands in their verdict.
    """

    counts: Counter[str] = field(default_factory=Counter[str])
    slowest: float = 0.0
    smallest: dict[Kind, tuple[str, Data]] = field(default_factory=dict[Kind, tuple[str, Data]])
    hashes: set[str] = field(default_factory=set[str])
    kept: list[tuple[Data, str]] = field(default_factory=list[tuple[Data, str]])

    def add(self, data: Data, judged: Judged, kind: str) -> None:
        """Count one document."""
        self.counts["documents"] += 1
        self.counts[f"{kind} documents"] += 1
        if not judged.read:
            self.counts["no document"] += 1
            return
        self.counts["valid" if judged.valid else "broken"] += 1
        self.counts[f"{kind} valid"] += judged.valid
        self.counts.update(judged.counts)
        self.counts.update({item.kind for item in judged.faults})
        self.slowest = max(self.slowest, judged.seconds)
        self.hashes.add(content_hash(data))
        if self.counts["documents"] % KEPT == 0 and judged.marks:
            self.kept.append((data, judged.marks))

    def note(self, fault: Fault, data: Data) -> None:
        """Keep the smaller document of those that show a failure."""
        known = self.smallest.get(fault.kind)
        if known is None or len(json.dumps(data)) < len(json.dumps(known[1])):
            self.smallest[fault.kind] = (fault.where, data)

    def join(self, other: Tally) -> None:
        """Add what was found elsewhere."""
        self.counts.update(other.counts)
        self.slowest = max(self.slowest, other.slowest)
        self.hashes |= other.hashes
        self.kept += other.kept
        for kind, (where, data) in other.smallest.items():
            self.note(Fault(kind, where), data)


class _Found(AssertionError):
    """A document shows a failure of a kind that was not seen before."""


def fuzzed(kind: str, examples: int, first_seed: int, *, shrink: bool = True) -> Tally:
    """Judge so many documents of a kind.

    After a failure of a new kind hypothesis shrinks the document, then the rest is judged.
    """
    tally = Tally()
    number = first_seed
    before = -1
    # Hypothesis ends early where it knows no new document.
    while before < tally.counts["documents"] < examples:
        before = tally.counts["documents"]
        _batch(kind, examples - before, number, tally, shrink)
        number += 1_000_003
    return tally


def _batch(kind: str, examples: int, number: int, tally: Tally, shrink: bool) -> None:
    looked_for: list[Fault] = []

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=UNCHECKED,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(documents((kind,)))
    def one(data: Data) -> None:
        judged = judge(data)
        if not looked_for:
            tally.add(data, judged, kind)
        for item in judged.faults:
            if item.kind == "edge":
                tally.note(item, data)
                continue
            if looked_for and item.kind != looked_for[0].kind:
                continue
            if looked_for or item.kind not in tally.smallest:
                looked_for.append(item)
                tally.note(item, data)
                raise _Found(item.where)

    with suppress(_Found):
        one()


def again(pairs: Sequence[tuple[Data, str]]) -> Tally:
    """Verify documents again, in a process with another hash seed."""
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fuzz", "--again"],
        input=json.dumps(pairs),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    tally = Tally()
    for index in json.loads(done.stdout):
        tally.counts["non-deterministic"] += 1
        where = "the verdict is another one in another process"
        tally.note(Fault("non-deterministic", where), pairs[index][0])
    return tally


def _again_here() -> int:
    pairs = json.load(sys.stdin)
    different = [
        index for index, (data, marks) in enumerate(pairs) if judge(data, runs=0).marks != marks
    ]
    print(json.dumps(different))
    return 0


def _batches(options: argparse.Namespace) -> Iterator[tuple[str, int, int]]:
    """Yield kind, size and seed of each batch; a structured one for each of the other two."""
    share = {"arbitrary": 20, "mutated": 30, "structured": 50}
    whole = sum(share[kind] for kind in options.kinds)
    for place, kind in enumerate(options.kinds):
        left = options.examples * share[kind] // whole
        number = 0
        while left > 0:
            yield kind, min(BATCH, left), options.seed * 1_000_000 + place * 100_000 + number
            left -= BATCH
            number += 1


def _run(options: argparse.Namespace) -> Tally:
    tally = Tally()
    started = time.perf_counter()
    with ProcessPoolExecutor(options.processes) as pool:
        waiting = [pool.submit(fuzzed, *batch) for batch in _batches(options)]
        for done in as_completed(waiting):
            tally.join(done.result())
            if not options.json:
                _progress(tally, time.perf_counter() - started)
    tally.join(again(tally.kept))
    return tally


def _progress(tally: Tally, seconds: float) -> None:
    count = tally.counts["documents"]
    found = sum(tally.counts[kind] for kind in KINDS)
    print(f"{count} documents, {count / seconds:.0f}/s, {found} failures", file=sys.stderr)


def _figures(tally: Tally) -> dict[str, Any]:
    counts = tally.counts
    return {
        "documents": counts["documents"],
        "different": len(tally.hashes),
        "valid": counts["valid"],
        "broken": counts["broken"],
        "no document": counts["no document"],
        **{
            f"{kind}: valid of": [counts[f"{kind} valid"], counts[f"{kind} documents"]]
            for kind in DOCUMENT_KINDS
        },
        "verified again in another process": len(tally.kept),
        "expressions evaluated in runs": counts["evaluated"],
        "failures that the verifier spoke of": counts["said"],
        "failures on values of no schema": counts["free"],
        "failures by content": counts["content"],
        "inputs that sometimes have another type": counts["sometimes mistyped"],
        "documents with an edge that no warning tells of": counts["edge"],
        **{kind: counts[kind] for kind in KINDS},
        "slowest (ms)": round(1_000 * tally.slowest, 1),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--kinds", nargs="*", choices=DOCUMENT_KINDS, default=DOCUMENT_KINDS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.again:
        return _again_here()
    tally = _run(options)
    figures = _figures(tally)
    if options.json:
        smallest = {kind: list(found) for kind, found in tally.smallest.items()}
        print(json.dumps({**figures, "smallest": smallest}, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:<52}{' of '.join(map(str, value)) if isinstance(value, list) else value}")
        for kind, (where, data) in tally.smallest.items():
            print(f"--- {kind}: {where}\n{json.dumps(data, ensure_ascii=False)}")
    return int(any(tally.counts[kind] for kind in KINDS) or tally.slowest > LONGEST)


if __name__ == "__main__":
    sys.exit(main())
