"""flowloom: from a request in plain words to a verified, runnable workflow.

    from flowloom import compose

    result = compose("Every weekday at 9, list the open issues of acme/app and post them to #eng")
    print(result.status, result.text)

Names are imported when they are first used, so that ``import flowloom`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowloom.api.composing import acompose, aedit, compose, edit, stream
    from flowloom.api.verifying import verify
    from flowloom.catalog.catalog import Catalog
    from flowloom.graph.result import Result

__all__ = [
    "Catalog",
    "Result",
    "__version__",
    "acompose",
    "aedit",
    "compose",
    "edit",
    "stream",
    "verify",
]

__version__ = "0.1.0"

_PLACES = {
    "Catalog": "flowloom.catalog.catalog",
    "Result": "flowloom.graph.result",
    "acompose": "flowloom.api.composing",
    "aedit": "flowloom.api.composing",
    "compose": "flowloom.api.composing",
    "edit": "flowloom.api.composing",
    "stream": "flowloom.api.composing",
    "verify": "flowloom.api.verifying",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
