"""Our own form of a data set: YAML files of cases with gold workflows.

A file is a list of cases, or a mapping with ``dataset`` (name, version, licence, source,
description) and ``cases``. A case has the keys of ``flowloom.evaluation.cases.Case``; ``expected``
stands for ``gold``, ``workflow`` for ``prior``, and workflows may leave out their ``name``. A
folder is read with all files below it; the folder right below it names the ``split`` of its files,
and a file's name their ``domain``, unless a case says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flowloom.errors import DocumentError, StorageError
from flowloom.evaluation.cases import Case, Dataset, Datasheet
from flowloom.evaluation.datasets.files import case_of, read_yaml, unique

__all__ = ["read_suite"]

_OTHER_NAMES = {"expected": "gold", "workflow": "prior"}
_TUPLES = ("alternatives", "statuses", "free", "tags")


def read_suite(path: Path) -> Dataset:
    """Read a file or a folder of our own form.

    Raises:
        StorageError: it cannot be read, or has no case file.
        DocumentError: a file has another form, or two cases have the same id.
    """
    files = [path] if path.is_file() else sorted(path.rglob("*.y*ml"))
    if not files:
        raise StorageError(f"There is no case file in {str(path)!r}.", hint="Give a YAML file.")
    sheets: dict[str, Any] = {"name": path.stem}
    cases: list[Case] = []
    for file in files:
        data = read_yaml(file)
        if isinstance(data, Mapping):
            sheets |= dict(data.get("dataset") or {})
        inner = file.relative_to(path).parts if file != path else ()
        cases += _cases(file, data, inner[0] if len(inner) > 1 else "")
    sheet = case_of(path, 0, Datasheet.model_validate, sheets)
    return Dataset(sheet=sheet, cases=unique(cases, path))


def _cases(path: Path, data: Any, split: str) -> Iterator[Case]:
    rows = data.get("cases") if isinstance(data, Mapping) else data
    if not isinstance(rows, list):
        raise DocumentError(
            f"{str(path)!r} is no list of cases, and has no 'cases'.",
            hint="Begin each case with '- id: …'.",
        )
    for index, row in enumerate(rows):
        yield case_of(path, index, lambda item: _case(item, split, path.stem), row)


def _case(row: Mapping[str, Any], split: str, domain: str) -> Case:
    fields: dict[str, Any] = {_OTHER_NAMES.get(key, key): value for key, value in row.items()}
    fields = {"split": split, "domain": domain} | fields
    for key in _TUPLES:
        if key in fields:
            fields[key] = tuple(fields[key] or ())
    for key in ("gold", "prior"):
        if fields.get(key) is not None:
            fields[key] = _named(fields[key], row)
    fields["alternatives"] = tuple(_named(item, row) for item in fields.get("alternatives", ()))
    fields["request"] = str(row["request"]).strip()
    case = Case.model_validate(fields)
    if ("valid" in case.statuses) != (case.gold is not None):
        raise DocumentError("a case has a gold workflow exactly if 'valid' is a right status")
    return case


def _named(workflow: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": str(row["id"]), **workflow}
