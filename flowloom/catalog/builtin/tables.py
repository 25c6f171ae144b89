"""CSV, JSON and YAML: text to data and back, and files of each."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from flowloom.catalog.builtin.files import Written, write_atomically
from flowloom.catalog.builtin.hints import FieldNames, FilePath, Rows, TextTable
from flowloom.catalog.python_functions import component
from flowloom.errors import ComponentError

__all__: list[str] = []

Delimiter: TypeAlias = Literal[",", ";", "\t", "|"]
Encoding: TypeAlias = Literal["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"]


def _rows(text: str, delimiter: str, has_header: bool) -> TextTable:
    # A byte order mark, as spreadsheet programs write it, is no part of the first name.
    lines = list(
        csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    )
    lines = [line for line in lines if line]
    if not lines:
        return []
    width = max(map(len, lines))
    names = lines[0] if has_header else [f"column_{number}" for number in range(1, width + 1)]
    rows: TextTable = []
    for number, line in enumerate(lines[has_header:], start=1 + has_header):
        if len(line) > len(names):
            raise ComponentError(
                f"Row {number} has {len(line)} cells, the header has {len(names)}.",
                hint="Check the delimiter and the quotes.",
            )
        rows.append(dict(zip(names, line + [""] * (len(names) - len(line)), strict=True)))
    return rows


@component(
    id="csv.parse",
    title="Parse CSV",
    keywords=["spreadsheet", "table", "rows", "comma separated", "import"],
    kind="transform",
)
def parse_csv(text: str, delimiter: Delimiter = ",", has_header: bool = True) -> TextTable:
    """Turn CSV text into a list of rows, each an object with a text for each column.

    Args:
        text: the CSV text.
        delimiter: what stands between two cells.
        has_header: whether the first row names the columns; else they are column_1, column_2, ….
    """
    return _rows(text, delimiter, has_header)


def _csv_text(rows: Rows, columns: list[str], delimiter: str) -> str:
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out, names, restval="", extrasaction="ignore", delimiter=delimiter, lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    nested = isinstance(value, (dict, list))
    return json.dumps(value, ensure_ascii=False) if nested else value


@component(
    id="csv.format",
    title="Format as CSV",
    keywords=["export", "spreadsheet", "table to text", "comma separated"],
    kind="transform",
)
def format_csv(
    items: Rows,
    columns: FieldNames = [],  # noqa: B006  never changed
    delimiter: Delimiter = ",",
) -> str:
    """Turn a list of rows into CSV text with a header row.

    Args:
        items: the rows, each an object.
        columns: the columns in their order; those of the rows if left out.
        delimiter: what stands between two cells.
    """
    return _csv_text(items, columns, delimiter)


@component(
    id="csv.read_file",
    title="Read a CSV file",
    keywords=["spreadsheet", "load table", "import rows", "open csv", "excel export"],
)
def read_csv(
    path: FilePath,
    delimiter: Delimiter = ",",
    has_header: bool = True,
    encoding: Encoding = "utf-8-sig",
) -> TextTable:
    """Read a CSV file, and return its rows, each an object with a text for each column.

    Args:
        path: the file.
        delimiter: what stands between two cells.
        has_header: whether the first row names the columns.
        encoding: the file's text encoding.
    """
    text = Path(path).expanduser().read_bytes().decode(encoding)
    return _rows(text, delimiter, has_header)


@component(
    id="csv.write_file",
    title="Write a CSV file",
    keywords=["save spreadsheet", "export rows", "append row", "save table", "log to csv"],
    effect="write",
)
def write_csv(
    path: FilePath,
    items: Rows,
    columns: FieldNames = [],  # noqa: B006  never changed
    delimiter: Delimiter = ",",
    append: bool = False,
) -> Written:
    """Write a list of rows to a CSV file, or append them to it.

    Args:
        path: the file.
        items: the rows, each an object.
        columns: the columns in their order; those of the file or the rows if left out.
        delimiter: what stands between two cells.
        append: whether the rows are added to those of an existing file.
    """
    file = Path(path).expanduser()
    if not append or not file.exists() or not file.stat().st_size:
        return write_atomically(file, _csv_text(items, columns, delimiter).encode())
    old = file.read_text("utf-8-sig")
    names = next(csv.reader(io.StringIO(old), delimiter=delimiter))
    unknown = sorted({name for row in items for name in row} - set(names))
    if unknown:
        raise ComponentError(
            f"The file {path!r} has no column {unknown[0]!r}.",
            hint=f"Its columns are {', '.join(names)}.",
        )
    added = _csv_text(items, names, delimiter).partition("\n")[2]
    return write_atomically(file, (old.rstrip("\n") + "\n" + added).encode())


@component(
    id="json.parse",
    title="Parse JSON",
    keywords=["decode", "deserialize", "text to object"],
    kind="transform",
)
def parse_json(text: str) -> Any:
    """Turn JSON text into data.

    Args:
        text: the JSON text.
    """
    return _parse_json(text)


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ComponentError(f"The text is no JSON: {error}.") from error


@component(
    id="json.format",
    title="Format as JSON",
    keywords=["encode", "serialize", "stringify", "object to text"],
    kind="transform",
)
def format_json(value: Any, indent: Annotated[int, Field(ge=0, le=8)] = 0) -> str:
    """Turn data into JSON text.

    Args:
        value: the data.
        indent: spaces by which nested parts are indented; all on one line if 0.
    """
    return json.dumps(value, ensure_ascii=False, indent=indent or None)


@component(
    id="json.get_value",
    title="Get a value from data",
    keywords=["path", "nested field", "pick", "jsonpath", "pointer"],
    kind="transform",
)
def get_value(value: Any, path: str, default: Any = None) -> Any:
    """Return the value at a path inside nested data, such as orders.0.customer.name.

    Args:
        value: the data.
        path: field names and list positions (from 0), separated by dots.
        default: what to return when there is nothing at the path; it fails if left out.
    """
    found = value
    for part in path.split("."):
        try:
            found = found[int(part)] if isinstance(found, list) else found[part]
        except (KeyError, IndexError, ValueError, TypeError) as error:
            if default is not None:
                return default
            raise ComponentError(f"There is nothing at {part!r} of the path {path!r}.") from error
    return found


@component(
    id="json.read_file",
    title="Read a JSON file",
    keywords=["load", "open json", "config file"],
)
def read_json(path: FilePath) -> Any:
    """Read a JSON file, and return its data.

    Args:
        path: the file.
    """
    return _parse_json(Path(path).expanduser().read_text("utf-8-sig"))


@component(
    id="json.write_file",
    title="Write a JSON file",
    keywords=["save", "export", "dump"],
    effect="write",
)
def write_json(
    path: FilePath, value: Any, indent: Annotated[int, Field(ge=0, le=8)] = 2
) -> Written:
    """Write data to a JSON file.

    Args:
        path: the file.
        value: the data.
        indent: spaces by which nested parts are indented; all on one line if 0.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent or None)
    return write_atomically(Path(path).expanduser(), f"{text}\n".encode())


def _parse_yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        # The safe loader builds plain data only; its dates become ISO texts as in JSON.
        return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    except YAMLError as error:
        raise ComponentError(f"The text is no YAML: {error}") from error


def _yaml_text(value: Any) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.representer.sort_base_mapping_type_on_output = False
    out = io.StringIO()
    yaml.dump(value, out)
    return out.getvalue()


@component(
    id="yaml.parse",
    title="Parse YAML",
    keywords=["decode", "config", "text to object"],
    kind="transform",
)
def parse_yaml(text: str) -> Any:
    """Turn YAML text into data.

    Args:
        text: the YAML text.
    """
    return _parse_yaml(text)


@component(
    id="yaml.format",
    title="Format as YAML",
    keywords=["encode", "serialize", "object to text"],
    kind="transform",
)
def format_yaml(value: Any) -> str:
    """Turn data into YAML text.

    Args:
        value: the data.
    """
    return _yaml_text(value)


@component(
    id="yaml.read_file",
    title="Read a YAML file",
    keywords=["load", "open yaml", "config file"],
)
def read_yaml(path: FilePath) -> Any:
    """Read a YAML file, and return its data.

    Args:
        path: the file.
    """
    return _parse_yaml(Path(path).expanduser().read_text("utf-8"))


@component(
    id="yaml.write_file",
    title="Write a YAML file",
    keywords=["save", "export", "config"],
    effect="write",
)
def write_yaml(path: FilePath, value: Any) -> Written:
    """Write data to a YAML file.

    Args:
        path: the file.
        value: the data.
    """
    return write_atomically(Path(path).expanduser(), _yaml_text(value).encode())
