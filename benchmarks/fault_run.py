"""Plants the faults, verifies what comes out, and counts: caught, caught otherwise, missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path as FilePath
from random import Random
from typing import Any, Literal, TypeAlias

from benchmarks.fault_catalog import BENCH_COMPONENTS, BENCH_WORKFLOWS
from benchmarks.fault_model import FAULTS, Fault, Planting, Sample, apply
from benchmarks.fault_schema import schema_errors
from flowloom.catalog.catalog import Catalog
from flowloom.catalog.sources import builtin_catalog
from flowloom.errors import DocumentError
from flowloom.verification.diagnostic import Diagnostic
from flowloom.verification.mending import mend
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, document_of, read_document
from flowloom.workflow.path import Path, parse_path

__all__ = [
    "Case",
    "Judge",
    "Judged",
    "Judgement",
    "all_faults",
    "bench_catalog",
    "cases",
    "good_workflows",
    "judgement",
    "mended_back",
]

ROOT = FilePath(__file__).parent.parent
MODULES = (
    "shape",
    "components",
    "inputs",
    "expressions",
    "references",
    "control",
    "safety",
    "faithfulness",
)
MAX_MENDS = 10
Judgement: TypeAlias = Literal["caught", "otherwise", "missed"]


@dataclass(frozen=True)
class Case:
    """One fault planted in one workflow."""

    fault: Fault
    sample: Sample
    planting: Planting

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that are right."""
        return self.planting.codes or self.fault.codes

    @property
    def document(self) -> Document:
        """The broken document, as it is verified.

        Raises:
            DocumentError: the text cannot be read at all (a key stands twice).
        """
        text = self.planting.text
        if text:
            return read_document(text, format="yaml")
        return document_of(apply(self.sample.data, self.planting.edits))


@dataclass(frozen=True)
class Judged:
    """What became of one case.

    Attributes:
        mended: the rules turned it back into the workflow without the fault.
        by_schema: validation against the JSON Schemas says something of it.
        found: what the verifier said that it does not say without the fault.
    """

    case: Case
    judgement: Judgement
    mended: bool
    by_schema: bool
    found: tuple[str, ...]


def all_faults() -> dict[str, Fault]:
    """Return every class of faults by name, in the order of the checks."""
    for name in MODULES:
        import_module(f"benchmarks.fault_{name}")
    order = [f"benchmarks.fault_{name}" for name in MODULES]
    found = sorted(FAULTS.values(), key=lambda item: order.index(item.places.__module__))
    return {item.name: item for item in found}


def bench_catalog() -> Catalog:
    """Return the built-in catalog with the few components of the benchmark."""
    return builtin_catalog().merged(BENCH_COMPONENTS)


def good_workflows(catalog: Catalog) -> list[Sample]:
    """Return the workflows without faults: examples, those of the tests, the benchmark's own."""
    files = [
        *sorted((ROOT / "examples").glob("*.yaml")),
        *sorted((ROOT / "tests" / "verification" / "workflows").glob("*.yaml")),
    ]
    read = {
        path.stem: read_document(path.read_text(encoding="utf-8")).data
        for path in files
        if path.name != "requests.yaml"
    }
    return [Sample(name, data, catalog) for name, data in {**read, **BENCH_WORKFLOWS}.items()]


def cases(
    faults: Iterable[Fault], samples: Sequence[Sample], *, most: int, seed: int
) -> Iterator[Case]:
    """Yield each fault in the workflows where it applies, at most ``most`` of them a fault.

    Which workflows and which places are chosen by the seed and the names alone.
    """
    for fault in faults:
        order = sorted(
            samples, key=lambda item: Random(f"{seed} {fault.name} {item.name}").random()
        )
        left = min(most, fault.limit)
        for sample in order:
            if left == 0:
                break
            planting = fault.plant(sample, Random(f"{seed} {sample.name} {fault.name}"))
            if planting is not None:
                left -= 1
                yield Case(fault, sample, planting)


@dataclass(frozen=True)
class _Known:
    """What is said of a workflow without faults."""

    diagnostics: tuple[Diagnostic, ...]
    by_schema: frozenset[str]


@dataclass(frozen=True)
class Judge:
    """Verifies broken workflows; remembers what is said of those without the fault."""

    known: dict[str, _Known] = field(default_factory=dict[str, _Known])

    def judge(self, case: Case) -> Judged:
        """Verify one broken workflow, and say whether the fault was found."""
        try:
            document = case.document
        except DocumentError as error:
            # A reader that names the line has caught it, whatever the verifier would have seen.
            said = str(error)
            right = "twice" in said or "duplicate" in said.lower()
            verdict: Judgement = "caught" if right and "line" in said else "otherwise"
            return Judged(case, verdict, False, False, (said,))
        planting, catalog = case.planting, case.sample.catalog
        bad = verify(
            document,
            catalog,
            outline=planting.outline,
            request=planting.request,
            original=document_of(case.sample.data) if planting.is_edit else None,
        ).diagnostics
        good = self._said_of_the_good(case)
        new = _new(bad, good.diagnostics)
        schema = set(schema_errors(Sample("", document.data, catalog)))
        return Judged(
            case,
            judgement(new, case.codes, planting.at, within=planting.within),
            mended_back(case, document, bad),
            bool(schema - good.by_schema),
            tuple(f"{item.code} {item.path}: {item.message}" for item in new),
        )

    def _said_of_the_good(self, case: Case) -> _Known:
        sample, planting = case.sample, case.planting
        outline, request = planting.outline, planting.asked or planting.request
        plain = outline is None and not request
        if plain and sample.name in self.known:
            return self.known[sample.name]
        document = document_of(sample.data)
        verdict = verify(document, sample.catalog, outline=outline, request=request)
        known = _Known(verdict.diagnostics, frozenset(schema_errors(sample)))
        if plain:
            self.known[sample.name] = known
        return known


def _new(bad: Sequence[Diagnostic], good: Sequence[Diagnostic]) -> list[Diagnostic]:
    # Steps that were put in move the others: what was said before is known by its words.
    known = {(item.code, item.message) for item in good}
    return [item for item in bad if (item.code, item.message) not in known]


def judgement(
    found: Sequence[Diagnostic], codes: Sequence[str], at: Sequence[Path], *, within: bool = False
) -> Judgement:
    """Return whether a finding has a right code and place; any other finding is ``otherwise``.

    A place is right if it is one of ``at`` or inside the value there. A whole step or the whole
    document is matched exactly, unless ``within`` says that a place inside counts too. A note of
    another code is no finding.
    """
    if any(item.code in codes and any(_is_at(item, path, within) for path in at) for item in found):
        return "caught"
    serious = any(item.severity != "note" or item.code in codes for item in found)
    return "otherwise" if serious else "missed"


def _is_at(item: Diagnostic, expected: Path, within: bool) -> bool:
    path = parse_path(item.path)
    is_whole = not expected or isinstance(expected[-1], int)
    inside = bool(expected) and path[: len(expected)] == expected
    return path == expected or (inside and (within or not is_whole))


def mended_back(case: Case, document: Document, found: Sequence[Diagnostic]) -> bool:
    """Return whether mending by rule gives the workflow without the fault, and nothing else."""
    good: dict[str, Any] = case.sample.data
    for _ in range(MAX_MENDS):
        mended = mend(document, case.sample.catalog, found).document
        if mended is document:
            break
        document = mended
        found = verify(document, case.sample.catalog).diagnostics
    return document.data == good and not any(item.severity == "error" for item in found)
