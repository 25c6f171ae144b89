"""The component: what a step's ``uses`` names, and how it runs."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "ID_PATTERN",
    "Component",
    "Connection",
    "Effect",
    "JsonSchema",
    "Kind",
    "McpRun",
    "OpenApiRun",
    "Parameter",
    "PythonRun",
    "Run",
    "Taint",
    "Transaction",
]

JsonSchema: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["trigger", "action", "transform", "ai"]
Effect: TypeAlias = Literal["read", "write", "destructive"]
Taint: TypeAlias = Literal["code", "sql", "shell", "url", "path", "prompt"]
Transaction: TypeAlias = Literal["", "begin", "end"]

ID_PATTERN = r"^[A-Za-z][A-Za-z0-9_.:-]{0,499}$"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Connection(_Frozen):
    """The account that a component needs; secrets are kept outside workflow and catalog.

    Attributes:
        type: name of the connection type, such as ``slack`` or ``smtp``; a step's
            ``connection`` must name a connection of this type.
        auth: how the secret is sent by an OpenAPI operation.
        name: header or query parameter for ``header`` and ``query``.
        required: whether the component can run without one.
    """

    type: str
    auth: Literal["bearer", "basic", "header", "query", "path", "none"] = "none"
    name: str = ""
    required: bool = True


class Parameter(_Frozen):
    """Where one input goes in an HTTP request.

    Attributes:
        input: the component's input property.
        name: the parameter's name on the wire.
        place: part of the request that carries it; ``body`` is one property of a JSON or
            form body, ``whole_body`` the body itself.
    """

    input: str
    name: str
    place: Literal["path", "query", "header", "cookie", "body", "whole_body"]
    style: str = ""
    explode: bool = True


class PythonRun(_Frozen):
    """A Python function, ``package.module:function``, called with the inputs as keywords."""

    type: Literal["python"] = "python"
    target: str


class OpenApiRun(_Frozen):
    """One operation of an OpenAPI document."""

    type: Literal["openapi"] = "openapi"
    server: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    content_type: str = "application/json"
    headers: dict[str, str] = Field(default_factory=dict)


class McpRun(_Frozen):
    """One tool of an MCP server, reached by URL (streamable HTTP) or by command (stdio)."""

    type: Literal["mcp"] = "mcp"
    tool: str
    url: str = ""
    command: tuple[str, ...] = ()


Run: TypeAlias = Annotated[PythonRun | OpenApiRun | McpRun, Field(discriminator="type")]


class Component(_Frozen):
    """One thing that a step can use.

    Attributes:
        id: unique in a catalog, such as ``slack.chat.post_message``.
        provider: the service or room it belongs to, such as ``Slack``; what a request calls it.
        input: JSON Schema of type ``object``; its properties are the step's ``with`` keys.
        output: JSON Schema of ``steps.<id>.output`` (``trigger.output`` for a trigger).
            ``x-same-as: <input>`` anywhere in it stands for the schema of that input's value,
            ``x-items-of: <input>`` for the schema of one item of it (for transforms such as a
            filter, whose output has the type of what goes in).
        run: how it runs; ``None`` for an entry of a plain list (id and description only): such
            a component can be composed with and verified, but there is nothing here to run.
        taint: what an input is that text from outside must not steer: code, SQL, shell, a URL,
            a file path, or the instructions of a chat model (``prompt``), by input name.
            ``x-personal: true`` in an output schema marks what tells about a person.
        transaction: whether it begins or ends a transaction; a run must not pause in between.
        output_optional: a step is worth running though nothing names its output: a log line, a
            wait, a question.

    In an input's schema ``x-workflow: true`` says that its value names a workflow to run,
    ``x-separator: ","`` that a text may hold several values of its format, and ``x-dialect`` which
    SQL it is written in (as sqlglot calls it).
    """

    id: str = Field(pattern=ID_PATTERN)
    version: str = "1"
    title: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    provider: str = ""
    kind: Kind = "action"
    effect: Effect = "read"
    input: JsonSchema = Field(default_factory=lambda: {"type": "object"})
    output: JsonSchema = Field(default_factory=dict)
    connection: Connection | None = None
    run: Run | None = None
    deprecated: bool = False
    replaced_by: str = ""
    taint: dict[str, Taint] = Field(default_factory=dict)
    transaction: Transaction = ""
    output_optional: bool = False
    source: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the inputs that must be given."""
        return tuple(self.input.get("required", ()))

    @property
    def inputs(self) -> dict[str, JsonSchema]:
        """The inputs by name."""
        return dict(self.input.get("properties", {}))
