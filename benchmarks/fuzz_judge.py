"""What must hold of every document, and what is found when it does not."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal, TypeAlias, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from benchmarks.fuzz_documents import Data, fuzz_catalog
from benchmarks.fuzz_runs import is_of_content, surprises
from flowloom.errors import DocumentError
from flowloom.verification.analysis import facts_of
from flowloom.verification.diagnostic import Verdict
from flowloom.verification.dry_run.trial import Trial, references_of
from flowloom.verification.facts import Facts
from flowloom.verification.verifier import verify
from flowloom.workflow.document import Document, content_hash, document_of
from flowloom.workflow.models import Workflow
from flowloom.workflow.path import format_path
from flowloom.workflow.shape import parse_workflow

__all__ = ["KINDS", "Fault", "Judged", "Kind", "judge"]

Kind: TypeAlias = Literal["raised", "non-deterministic", "key order", "wrongly valid", "edge"]
KINDS: tuple[Kind, ...] = ("raised", "non-deterministic", "key order", "wrongly valid")
"""What must never be; an ``edge`` that no warning tells of is counted only."""
RUNS = 8
TRIAL_SEEDS = (1_003, 2_010)
_ON_VALUES = ("FL3", "FL4", "FL5", "FL9")
"""Groups of diagnostics that speak of values, and so of failures of a run."""


@dataclass(frozen=True)
class Fault:
    """Something that must not be.

    Attributes:
        where: what tells it from others of its kind: the exception, or the place and message.
    """

    kind: Kind
    where: str


@dataclass
class Judged:
    """What was found out about a document.

    Attributes:
        read: whether it is a document at all (a key may be too long, a number too large).
        counts: of the runs, see ``fuzz_runs.surprises``.
        marks: what stands in the verdict; the same in every process.
    """

    read: bool = False
    valid: bool = False
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list[Fault])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    marks: str = ""


def judge(data: Data, *, runs: int = RUNS) -> Judged:
    """Verify a document and check what must hold of the verdict."""
    judged = Judged()
    try:
        document = document_of(data, format="json")
    except DocumentError:
        return judged
    judged.read = True
    started = time.perf_counter()
    verdict = _verdict(document, judged)
    judged.seconds = time.perf_counter() - started
    if verdict is None:
        return judged
    judged.valid = verdict.valid
    judged.marks = content_hash({"verdict": _marks(verdict)})
    _is_stable(document.data, verdict, judged)
    if verdict.valid:
        _runs(document, verdict, judged, runs)
    return judged


def _verdict(document: Document, judged: Judged) -> Verdict | None:
    try:
        return verify(document, fuzz_catalog())
    except Exception as error:  # noqa: BLE001 - any exception at all is what is looked for
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
        judged.faults.append(Fault("raised", f"{type(error).__name__} at {place}: {error}"))
        return None


def _is_stable(data: Data, verdict: Verdict, judged: Judged) -> None:
    again = _verdict(document_of(copy.deepcopy(data), format="json"), judged)
    if again is not None and again != verdict:
        judged.faults.append(Fault("non-deterministic", _difference(verdict, again)))
    chance = Random(judged.marks)
    turned = _verdict(document_of(shuffled(data, chance), format="json"), judged)
    if turned is not None and _marks(turned) != _marks(verdict):
        judged.faults.append(Fault("key order", _difference(verdict, turned)))


def _marks(verdict: Verdict) -> list[Any]:
    """Return everything that a verdict says except the lines, in an order of its own."""
    said = [
        [item.code, item.severity, item.path, item.message, item.hint, *item.candidates]
        for item in verdict.diagnostics
    ]
    return sorted(said)


def _difference(verdict: Verdict, other: Verdict) -> str:
    one, two = _marks(verdict), _marks(other)
    left = [item for item in one if item not in two] + [item for item in two if item not in one]
    return str(left[:2] or "the order of the diagnostics")


def shuffled(value: Any, chance: Random) -> Any:
    """Return the same data with the keys of every mapping in another order."""
    if isinstance(value, dict):
        found = cast(dict[str, Any], value)
        keys = list(found)
        chance.shuffle(keys)
        return {key: shuffled(found[key], chance) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, chance) for item in cast(list[Any], value)]
    return value


def _runs(document: Document, verdict: Verdict, judged: Judged, runs: int) -> None:
    facts = facts_of(document, fuzz_catalog(), None, "")
    workflow, _ = parse_workflow(document.data)
    if workflow is None:
        judged.faults.append(Fault("wrongly valid", "the document is no workflow"))
        return
    if not _has_sound_inputs(facts):
        judged.faults.append(Fault("wrongly valid", "an input's schema is no JSON Schema"))
        return
    said = frozenset(item.path for item in verdict.diagnostics if item.code.startswith(_ON_VALUES))
    start = int(judged.marks[:8], 16) if judged.marks else 0
    found, judged.counts = surprises(facts, workflow, said, range(start, start + runs))
    for item in found:
        where = f"{format_path(item.path)}: {item.message}"
        judged.faults.append(Fault("edge" if item.is_edge else "wrongly valid", where))
    judged.faults += _of_trials(facts, workflow, said, TRIAL_SEEDS)


def _has_sound_inputs(facts: Facts) -> bool:
    try:
        for schema in facts.declared_inputs.values():
            Draft202012Validator.check_schema(schema)
    except SchemaError:
        return False
    return True


def _of_trials(
    facts: Facts, workflow: Workflow, said: frozenset[str], seeds: Sequence[int]
) -> list[Fault]:
    """Return what fails in the verifier's own dry run with all of some other seeds."""
    trials = [Trial(facts, workflow, references_of(facts), seed=seed) for seed in seeds]
    for trial in trials:
        trial.run()
    passed = {key for trial in trials for key in trial.passed}
    return [
        Fault("wrongly valid", f"own dry run: {format_path(failure.path)}: {failure.message}")
        for key, failure in trials[0].failures.items()
        if key not in passed
        and format_path(failure.path) not in said
        and not is_of_content(failure.message)
    ]
