"""Run a component that is a Python function."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from flowloom.catalog.component import Component, PythonRun
from flowloom.catalog.python_functions import import_target, injected_names
from flowloom.errors import CatalogError, ComponentError, UserError

__all__ = ["call_python"]


async def call_python(
    component: Component,
    inputs: Mapping[str, Any],
    connection: Mapping[str, str] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Any:
    """Check the inputs, call the function, return its output.

    A function that is not ``async`` runs in a thread.

    Args:
        component: one whose ``run`` is a :class:`PythonRun`.
        inputs: values by input name.
        connection: the account's settings and secrets, for a component that needs one.
        given: other values for the function's ``Injected`` parameters, by name; those that it
            does not have are left out.

    Returns:
        The output; for a trigger that polls, the list of its outputs.

    Raises:
        CatalogError: the component is not a Python function.
        ComponentError: an input does not fit, the connection is missing, or the call failed.
    """
    if not isinstance(component.run, PythonRun):
        raise CatalogError(f"The component {component.id!r} is not a Python function.")
    _check(component, inputs, connection)
    function = import_target(component.run.target)
    arguments = {**inputs, **_extras(function, component, connection, given or {})}
    try:
        if inspect.iscoroutinefunction(function):
            return await function(**arguments)
        return await asyncio.to_thread(_call, function, arguments)
    except (ComponentError, UserError) as error:
        raise ComponentError(
            f"{component.id!r} failed: {error.message}", hint=error.hint
        ) from error
    except Exception as error:
        kind = type(error).__name__
        raise ComponentError(f"{component.id!r} failed with {kind}: {error}") from error


def _call(function: Any, arguments: dict[str, Any]) -> Any:
    output = function(**arguments)
    return list(output) if isinstance(output, Iterator) else output


def _check(
    component: Component, inputs: Mapping[str, Any], connection: Mapping[str, str] | None
) -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    error = best_match(Draft202012Validator(component.input).iter_errors(dict(inputs)))
    if error is not None:
        place = f" in input {error.json_path[2:]!r}" if error.path else ""
        raise ComponentError(f"{component.id!r} cannot run{place}: {error.message}.")
    needed = component.connection
    if needed is not None and needed.required and not connection:
        raise ComponentError(
            f"{component.id!r} cannot run without a connection of type {needed.type!r}.",
            hint="Name one in the step's 'connection'.",
        )


def _extras(
    function: Any,
    component: Component,
    connection: Mapping[str, str] | None,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    names = injected_names(function)
    extras = {name: value for name, value in given.items() if name in names}
    if component.connection is not None:
        extras["connection"] = connection or {}
    return extras
