"""Data sets as a command names them: ``suite``, ``flow-bench:FILE``, or a path of our own form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flowloom.errors import ConfigError, StorageError, nearest
from flowloom.evaluation.cases import Dataset
from flowloom.evaluation.datasets.flow_bench import read_flow_bench
from flowloom.evaluation.datasets.suite import read_suite
from flowloom.evaluation.datasets.tool_calls import read_nestools, read_seal_tools
from flowloom.evaluation.datasets.worfbench import read_worfbench

__all__ = ["SUITES", "read_named"]

SUITES = Path(__file__).parent.parent / "suites"
_READERS: dict[str, Callable[[Path], Dataset]] = {
    "flow-bench": read_flow_bench,
    "nestools": read_nestools,
    "seal-tools": read_seal_tools,
    "worfbench": read_worfbench,
}


def read_named(name: str) -> Dataset:
    """Return the data set of a name.

    Args:
        name: a suite that comes along; ``FORM:FILE`` with a form of others; or a file or folder of
            our own form.

    Raises:
        ConfigError: there is none of that name.
        StorageError, DocumentError: the file cannot be read, or has another form.
    """
    own = sorted(item.name for item in SUITES.iterdir() if item.is_dir())
    if name in own:
        return read_suite(SUITES / name)
    form, _, path = name.partition(":")
    if path and form in _READERS:
        return _READERS[form](Path(path))
    if Path(name).exists():
        return read_suite(Path(name))
    known = [*own, *(f"{item}:FILE" for item in _READERS)]
    if "/" in name or "." in name:
        raise StorageError(f"There is no data set {name!r}.", hint="Check the path.")
    raise ConfigError(f"There is no data set {name!r}.", hint=nearest(name, known))
