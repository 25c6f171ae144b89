"""A person's own data as a data set: pairs in a folder, or chats and what was corrected in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowloom.catalog.catalog import Catalog
from flowloom.errors import DocumentError, StorageError
from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.datasets.files import read_text
from flowloom.evaluation.datasets.redaction import without_secrets, without_secrets_in_text
from flowloom.storage.records import StoredVersion
from flowloom.verification.verifier import verify
from flowloom.workflow.document import document_of, dump_yaml, read_document, read_file

__all__ = ["Found", "cases_of_folder", "cases_of_versions", "checked", "suite_text"]

_REQUESTS = (".txt", ".md")
_WORKFLOWS = (".yaml", ".yml", ".json")
_NO_ID = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Found:
    """Cases that can be used, and why others cannot, a sentence each."""

    cases: tuple[Case, ...]
    left_out: tuple[str, ...]


def cases_of_folder(folder: Path) -> list[Case]:
    """Return a case for each pair ``NAME.txt`` (or ``.md``) and ``NAME.yaml`` (or ``.json``).

    ``NAME.before.yaml`` is the workflow that the request changes, if there is one.

    Raises:
        StorageError: the folder has no pair, or a file cannot be read.
        DocumentError: a workflow is no document.
    """
    requests = [file for file in sorted(folder.rglob("*")) if file.suffix in _REQUESTS]
    pairs = [(file, gold) for file in requests if (gold := _beside(file, "")) is not None]
    if not pairs:
        raise StorageError(
            f"There is no pair of request and workflow in {str(folder)!r}.",
            hint="Put NAME.txt beside NAME.yaml.",
        )
    return [_case_of_files(folder, request, gold) for request, gold in pairs]


def _beside(request: Path, part: str) -> Path | None:
    stem = request.with_suffix("")
    files = (stem.parent / f"{stem.name}{part}{suffix}" for suffix in _WORKFLOWS)
    return next((file for file in files if file.is_file()), None)


def _case_of_files(folder: Path, request: Path, gold: Path) -> Case:
    before = _beside(request, ".before")
    name = request.relative_to(folder).with_suffix("").as_posix()
    return _case(
        _NO_ID.sub("-", name),
        read_text(request).strip(),
        read_file(gold).data,
        read_file(before).data if before else None,
    )


def cases_of_versions(
    thread: str, versions: Sequence[StoredVersion], *, accepted: bool = False
) -> Iterator[Case]:
    """Yield a case for each version by the composer that a person has corrected.

    Gold is the last version of the person's that follows it before the composer's next; prior is
    what it was made from.

    Args:
        versions: of one thread, oldest first.
        accepted: also those that nobody corrected and that are valid; a person who says nothing
            may still not have looked.
    """
    by_number = {version.number: version for version in versions}
    for version in versions:
        if version.author == "person" or not version.message.strip():
            continue
        gold = _corrected(version, versions)
        if gold is version and not (accepted and _is_valid(version)):
            continue
        prior = by_number.get(version.parent)
        yield _case(
            f"{thread}-{version.number}",
            version.message.strip(),
            read_document(gold.text, format=gold.format).data,
            read_document(prior.text, format=prior.format).data if prior else None,
        )


def _corrected(version: StoredVersion, versions: Sequence[StoredVersion]) -> StoredVersion:
    last = version
    for later in versions:
        if later.number > version.number and later.author == "composer":
            break  # What follows belongs to the next request.
        if later.parent == last.number and later.author == "person":
            last = later
    return last


def _is_valid(version: StoredVersion) -> bool:
    found: list[dict[str, Any]] = version.verdict.get("diagnostics") or []
    return not any(item.get("severity") == "error" for item in found)


def _case(name: str, request: str, gold: dict[str, Any], prior: dict[str, Any] | None) -> Case:
    return Case(
        id=name,
        request=without_secrets_in_text(request),
        gold=without_secrets(gold),
        prior=without_secrets(prior) if prior is not None else None,
        level="edit" if prior is not None else "",
        split="test",
    )


def checked(cases: Iterable[Case], catalog: Catalog) -> Found:
    """Leave out cases whose gold workflow the verifier does not accept."""
    good: list[Case] = []
    left_out: list[str] = []
    for case in cases:
        problem = _problem(case, catalog)
        if problem:
            left_out.append(f"{case.id}: {problem}")
        else:
            good.append(case)
    return Found(tuple(good), tuple(left_out))


def _problem(case: Case, catalog: Catalog) -> str:
    try:
        document = document_of(case.gold or {})
    except DocumentError as error:
        return error.message
    errors = verify(document, catalog).errors
    return f"{errors[0].code} {errors[0].message}" if errors else ""


def suite_text(name: str, cases: Sequence[Case]) -> str:
    """Return a data set in our own form; see ``flowloom.evaluation.datasets.suite``."""
    sheet = Datasheet(name=name, description="Made with: flowloom eval new")
    dataset = Dataset(sheet=sheet, cases=tuple(cases))
    rows = [
        case.model_dump(mode="json", exclude_defaults=True) | {"request": case.request}
        for case in dataset.cases
    ]
    return dump_yaml({"dataset": sheet.model_dump(exclude_defaults=True), "cases": rows})
