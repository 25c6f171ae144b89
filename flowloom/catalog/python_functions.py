"""The source "Python functions": components from type hints and docstrings.

    @component(id="text.upper", title="Upper case", keywords=["capitals"], kind="transform")
    def upper(text: str) -> str:
        \"\"\"Turn text into capital letters.

        Args:
            text: the text to change.
        \"\"\"
        return text.upper()

What the runner gives (an account, a clock, a poll's state) is hinted ``Injected[…]`` and is no
input. A trigger that polls returns an ``Iterator``: one output for each new event.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from flowloom.catalog.component import (
    Component,
    Connection,
    Effect,
    JsonSchema,
    Kind,
    PythonRun,
    Taint,
    Transaction,
)
from flowloom.catalog.docstrings import Docstring, read_docstring
from flowloom.catalog.type_schema import schema_of
from flowloom.errors import CatalogError

__all__ = [
    "Account",
    "Injected",
    "component",
    "component_from_function",
    "components_from_module",
    "import_target",
    "injected_names",
]

_Function = TypeVar("_Function", bound=Callable[..., Any])
_T = TypeVar("_T")


class _InjectedMark:
    """Marks a parameter that the runner gives."""


Injected = Annotated[_T, _InjectedMark()]
Account = Injected[Mapping[str, str]]

_MARK = "__flowloom_component__"
_TAINTED_FORMATS: dict[str, Taint] = {"uri": "url", "path": "path", "sql": "sql", "code": "code"}


@dataclass(frozen=True)
class _Details:
    """What a decorator says beyond hints and docstring."""

    id: str = ""
    title: str = ""
    keywords: tuple[str, ...] = ()
    provider: str = ""
    kind: Kind = "action"
    effect: Effect = "read"
    connection: Connection | None = None
    output: JsonSchema | None = None
    taint: dict[str, Taint] = field(default_factory=dict[str, Taint])
    transaction: Transaction = ""
    output_optional: bool = False


def component(
    *,
    id: str,
    title: str = "",
    keywords: Sequence[str] = (),
    provider: str = "",
    kind: Kind = "action",
    effect: Effect = "read",
    connection: str | Connection = "",
    output: JsonSchema | None = None,
    taint: Mapping[str, Taint] | None = None,
    transaction: Transaction = "",
    output_optional: bool = False,
) -> Callable[[_Function], _Function]:
    """Offer a function as a component; the function itself stays as it is.

    Args:
        id: the component's id, such as ``csv.parse``.
        title: a few words in sentence case; made from the function's name if left out.
        keywords: other words that people use for it.
        provider: the service it belongs to, empty for a general one.
        kind: trigger, action, transform or ai.
        effect: read, write or destructive.
        connection: the account that it needs, passed to the function as ``connection``.
        output: the output's JSON Schema where the return hint cannot say it.
        taint: inputs that are code, SQL, shell, a URL or a path; those whose schema has the
            format ``uri``, ``path``, ``sql`` or ``code`` are found without it.
        transaction: whether it begins or ends one.
        output_optional: it is worth running though nothing names its output.
    """
    account = Connection(type=connection) if isinstance(connection, str) and connection else None
    details = _Details(
        id=id,
        title=title,
        keywords=tuple(keywords),
        provider=provider,
        kind=kind,
        effect=effect,
        connection=connection if isinstance(connection, Connection) else account,
        output=output,
        taint=dict(taint or {}),
        transaction=transaction,
        output_optional=output_optional,
    )

    def mark(function: _Function) -> _Function:
        setattr(function, _MARK, details)
        return function

    return mark


def component_from_function(
    function: Callable[..., Any], *, target: str = "", id: str = "", source: str = ""
) -> Component:
    """Describe one function as a component.

    Args:
        function: a function with type hints, decorated with :func:`component` or not.
        target: where it is found again; ``module:name`` if left out.
        id: the id of an undecorated function; ``module.name`` if left out.
        source: where it comes from, for messages.

    Raises:
        CatalogError: a hint or the description is missing, or a type has no JSON Schema.
    """
    details: _Details = getattr(function, _MARK, None) or _Details(
        id=id or f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
    )
    where = f"{function.__module__}:{function.__name__}"
    text = read_docstring(function.__doc__)
    if not text.summary:
        raise CatalogError(
            f"The function {where!r} has no docstring.",
            hint="Its first paragraph becomes the component's description.",
        )
    hints = _hints(function, where)
    schema = _input_schema(function, hints, text, details, where)
    output = details.output if details.output is not None else _output_schema(hints, where)
    return Component(
        id=details.id,
        title=details.title or function.__name__.replace("_", " ").capitalize(),
        description=text.summary,
        keywords=details.keywords,
        provider=details.provider,
        kind=details.kind,
        effect=details.effect,
        input=schema,
        output=output,
        connection=details.connection,
        run=PythonRun(target=target or where),
        taint={**_taint(schema), **details.taint},
        transaction=details.transaction,
        output_optional=details.output_optional,
        source=source,
    )


def components_from_module(
    module: str | Path | ModuleType, *, source: str = ""
) -> tuple[Component, ...]:
    """Return the components that a module offers, in the order of its source.

    A module that uses :func:`component` offers the functions it decorates; any other offers all
    its public functions.

    Args:
        module: a module, its import path, or the path of a ``.py`` file.
        source: where they come from, for messages; the module if left out.

    Raises:
        CatalogError: it cannot be imported, has no function, or one cannot be described.
    """
    is_file = isinstance(module, Path) or (isinstance(module, str) and module.endswith(".py"))
    loaded = module if isinstance(module, ModuleType) else _load(str(module))
    source = source or (str(module) if is_file else loaded.__name__)
    functions = _offered(loaded)
    if not functions:
        raise CatalogError(
            f"The module {source!r} has no public function.",
            hint="Define functions with type hints and a docstring in it.",
        )
    place = str(Path(str(module)).resolve()) if is_file else loaded.__name__
    stem = loaded.__name__.rpartition(".")[2]
    return tuple(
        component_from_function(
            function, target=f"{place}:{name}", id=f"{stem}.{name}", source=source
        )
        for name, function in functions
    )


def import_target(target: str) -> Callable[..., Any]:
    """Return the function that a :class:`PythonRun` names.

    Args:
        target: ``package.module:function`` or ``/path/file.py:function``.

    Raises:
        CatalogError: there is no such module or function.
    """
    place, _, name = target.rpartition(":")
    module = _load(place)
    function = getattr(module, name, None)
    if not callable(function):
        raise CatalogError(f"The module {place!r} has no function {name!r}.")
    return function


def injected_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the parameters of a function that the runner gives."""
    hints = get_type_hints(function, include_extras=True)
    return tuple(name for name, hint in hints.items() if _is_injected(hint))


def _offered(module: ModuleType) -> list[tuple[str, Callable[..., Any]]]:
    own = [
        (name, value)
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    ]
    decorated = [(name, value) for name, value in own if hasattr(value, _MARK)]
    return decorated or own


def _load(place: str) -> ModuleType:
    try:
        return _load_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    except Exception as error:
        # The module is the user's code: importing it can fail in any way.
        raise CatalogError(
            f"The Python module {place!r} cannot be imported ({type(error).__name__}: {error}).",
            hint="Name a module on the import path or a .py file.",
        ) from error


def _load_file(path: Path) -> ModuleType:
    path = path.resolve()
    loaded = sys.modules.get(path.stem)
    if loaded is not None and getattr(loaded, "__file__", None) == str(path):
        return loaded
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by name; a name that is taken stays with its owner.
    kept = sys.modules.setdefault(path.stem, module)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        if kept is module:
            del sys.modules[path.stem]
        raise
    return module


def _hints(function: Callable[..., Any], where: str) -> dict[str, Any]:
    try:
        return get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as error:
        raise CatalogError(
            f"The type hints of {where!r} cannot be read: {error}.",
            hint="Import the names at the top of the module, not under TYPE_CHECKING.",
        ) from error


def _is_injected(hint: Any) -> bool:
    return get_origin(hint) is Annotated and any(
        isinstance(extra, _InjectedMark) for extra in get_args(hint)[1:]
    )


def _input_schema(
    function: Callable[..., Any],
    hints: Mapping[str, Any],
    text: Docstring,
    details: _Details,
    where: str,
) -> JsonSchema:
    properties: dict[str, JsonSchema] = {}
    required: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if _is_injected(hints.get(name)) or (name == "connection" and details.connection):
            continue
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise CatalogError(
                f"The function {where!r} takes {str(parameter)!r}, which no schema can describe.",
                hint="Give each input a name and a type hint.",
            )
        if name not in hints:
            raise CatalogError(
                f"The parameter {name!r} of {where!r} has no type hint.",
                hint=f"Write {name}: str, for example.",
            )
        properties[name] = _property(hints[name], parameter, text.entries.get(name, ""))
        if parameter.default is parameter.empty:
            required.append(name)
    schema: JsonSchema = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return {**schema, "additionalProperties": False}


def _property(hint: Any, parameter: inspect.Parameter, description: str) -> JsonSchema:
    schema = schema_of(hint)
    if parameter.default is None:
        schema = _without_null(schema)
    elif parameter.default is not parameter.empty:
        default = parameter.default
        schema = {**schema, "default": list(default) if isinstance(default, tuple) else default}
    return {**schema, "description": description} if description else schema


def _without_null(schema: JsonSchema) -> JsonSchema:
    """Leave ``null`` out of a union: an input that is not given is left out, not null."""
    options = [option for option in schema.get("anyOf", []) if option != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    if len(options) == 1:
        return {**options[0], **rest}
    return {**rest, "anyOf": options} if options else schema


def _output_schema(hints: Mapping[str, Any], where: str) -> JsonSchema:
    if "return" not in hints:
        raise CatalogError(
            f"The function {where!r} has no return type.", hint="Write -> None if it has none."
        )
    hint = hints["return"]
    return schema_of(get_args(hint)[0] if get_origin(hint) is Iterator else hint)


def _taint(schema: JsonSchema) -> dict[str, Taint]:
    found: dict[str, Taint] = {}
    for name, inner in schema["properties"].items():
        form = inner.get("format") or (inner.get("items") or {}).get("format", "")
        if form in _TAINTED_FORMATS:
            found[name] = _TAINTED_FORMATS[form]
    return found
