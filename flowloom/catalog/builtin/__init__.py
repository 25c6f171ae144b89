"""The built-in components that are Python functions."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from flowloom.catalog.component import Component
from flowloom.catalog.python_functions import components_from_module

__all__ = ["python_components"]

_MODULES = (
    "triggers",
    "core",
    "person",
    "http",
    "files",
    "tables",
    "xml_data",
    "markup",
    "text",
    "dates",
    "numbers",
    "lists",
    "records",
    "sql",
    "email",
    "rss",
    "ai",
)


@cache
def python_components() -> tuple[Component, ...]:
    """Return the built-in components that are Python functions, in a fixed order."""
    modules = (import_module(f"{__name__}.{name}") for name in _MODULES)
    return tuple(
        found for module in modules for found in components_from_module(module, source="built in")
    )
