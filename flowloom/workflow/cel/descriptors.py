"""JSON Schemas as CEL types: objects with known properties become protobuf messages.

CEL checks field names only on protobuf messages, so every object shape is turned into one.
Limits of protobuf, and what stands in: a list of lists has untyped inner items; a nullable list
or map is dynamic; two maps whose names differ in underscores and case only are untyped; an object
of thousands of properties (about 7,500 steps) becomes a map, whose names CEL does not check. A
property whose name is no identifier gets a short stand-in name, which the text is rewritten to
use (``cel.normal``).
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeAlias

from flowloom.workflow.cel.ast import CelType
from flowloom.workflow.cel.library import typed_environment
from flowloom.workflow.cel.tokens import is_identifier
from flowloom.workflow.schema_types import JsonSchema, Shape, shape_of

if TYPE_CHECKING:
    from cel_expr_python import cel

__all__ = ["ANY", "MessageType", "TypeRegistry"]

ANY = CelType("any")

_PACKAGE = "flowloom_schema"
_MAX_DEPTH = 16
_MAX_FIELDS = 100_000
_MAX_SHARED_FIELDS = 200_000
_SCALARS = {
    "string": CelType("string"),
    "integer": CelType("int"),
    "number": CelType("double"),
    "boolean": CelType("bool"),
}
# google.protobuf.FieldDescriptorProto.Type
_FIELD_TYPES = {"double": 1, "int": 3, "bool": 8, "string": 9}
_MESSAGE_FIELD = 11
_WRAPPERS = {"double": "DoubleValue", "int": "Int64Value", "bool": "BoolValue"} | {
    "string": "StringValue"
}
_DEFAULTS = {"double": "0.0", "int": "0", "bool": "false", "string": '""'}
_SCHEMA_NAMES = {
    "string": "string",
    "int": "integer",
    "uint": "integer",
    "double": "number",
    "bool": "boolean",
    "null": "null",
    "duration": "string",
}
_SIZES = {"string": 16.2}  # bytes of a field in a message, with its presence bit
_MAX_SIZE = 62_000  # protobuf's limit is 65,535


@dataclass(slots=True)
class MessageType:
    """One object type: the schema it came from and its field names as CEL sees them."""

    schema: JsonSchema
    fields: dict[str, str]
    shape: Shape


Structure: TypeAlias = tuple[tuple[str, CelType], ...]
"""Field names and types of a message, in order."""


class TypePool:
    """Message types by their structure, and the environment that knows them.

    Documents share a pool: an environment takes a millisecond to set up. A message says nothing
    of the schemas behind it, so documents learn nothing of each other. ``lock`` is held while
    types are added and used.
    """

    def __init__(self) -> None:
        from google.protobuf import descriptor_pool, struct_pb2, wrappers_pb2

        self.lock = RLock()
        self.fields = 0
        self._pool = descriptor_pool.DescriptorPool()
        for module in (struct_pb2, wrappers_pb2):
            self._pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
        self._file: Any = None
        self._files: list[str] = []
        self._names: dict[Structure, str] = {}
        self._environment: cel.Env | None = None

    @property
    def environment(self) -> cel.Env:
        """An environment without variables that knows every type registered so far."""
        if self._file is not None:
            self._pool.AddSerializedFile(self._file.SerializeToString())
            self._files.append(self._file.name)
            self._file = None
        if self._environment is None:
            self._environment = typed_environment(self._pool, {})
        return self._environment

    def message(self, structure: Structure) -> str:
        """Return the full name of the message with a structure, making it if there is none."""
        name = self._names.get(structure)
        if name is None:
            name = self._names[structure] = f"{_PACKAGE}.T{len(self._names)}"
            self.fields += len(structure)
            self._add(name, structure)
        return name

    def _add(self, name: str, structure: Structure) -> None:
        file = self._open_file()
        message = file.message_type.add(name=name.rpartition(".")[2])
        message.options.deprecated_legacy_json_field_conflicts = True  # foo_bar beside fooBar
        fields = {field for field, _ in structure}
        for number, (field, kind) in enumerate(structure, start=1):
            _add_field(message, field, number, kind, fields)

    def _open_file(self) -> Any:
        from google.protobuf import descriptor_pb2

        if self._file is None:
            self._file = descriptor_pb2.FileDescriptorProto(
                name=f"{_PACKAGE}/{len(self._files)}.proto",
                package=_PACKAGE,
                syntax="proto3",
                dependency=[
                    "google/protobuf/struct.proto",
                    "google/protobuf/wrappers.proto",
                    *self._files,
                ],
            )
        return self._file


_pools: list[TypePool] = []


def _shared_pool() -> TypePool:
    """Return the pool of this process; a new one when it has grown too large."""
    if not _pools or _pools[-1].fields > _MAX_SHARED_FIELDS:
        _pools[:] = [TypePool()]
    return _pools[-1]


class TypeRegistry:
    """The object types of one document, and the pool that holds their messages."""

    def __init__(self) -> None:
        self.pool = _shared_pool()
        self.messages: dict[str, MessageType] = {}
        self.stand_ins: dict[str, str] = {}
        self._known: dict[int, tuple[object, CelType]] = {}
        self._open: set[int] = set()
        self._field_count = 0

    def type_of(self, schema: object) -> CelType:
        """Return the CEL type of a schema, registering the object types it needs."""
        if isinstance(schema, dict) and len(schema) == 1 and type(schema.get("type")) is str:
            scalar = _SCALARS.get(schema["type"])  # the most frequent case, for speed
            if scalar is not None:
                return scalar
        identity = id(schema)
        if identity in self._known:
            return self._known[identity][1]
        if identity in self._open or len(self._open) >= _MAX_DEPTH:
            return ANY
        self._open.add(identity)
        found = self._type_of_shape(shape_of(schema), schema)
        self._open.discard(identity)
        if not self._open or found.kind != "any":
            self._known[identity] = (schema, found)  # keeps the schema, so its id stays taken
        return found

    def _type_of_shape(self, shape: Shape, schema: object) -> CelType:
        if shape.kind in _SCALARS:
            scalar = _SCALARS[shape.kind]
            return CelType(scalar.kind, nullable=True) if shape.nullable else scalar
        if shape.kind == "object":
            return self._object(shape, schema if isinstance(schema, dict) else {})
        if shape.kind == "null":
            return CelType("null")
        if shape.nullable or shape.kind == "any":
            return ANY
        element = self.type_of(shape.items)
        if shape.kind == "array":
            return CelType("list", (element,))
        return CelType("map", (CelType("string"), element))

    def _object(self, shape: Shape, schema: JsonSchema) -> CelType:
        fields = {self._field_name(name): name for name in shape.properties}
        types = {name: self.type_of(value) for name, value in shape.properties.items()}
        self._field_count += len(fields)
        too_large = sum(_SIZES.get(kind.kind, 8.2) for kind in types.values()) > _MAX_SIZE
        if len(fields) < len(types) or too_large or self._field_count > _MAX_FIELDS:
            return CelType("map", (CelType("string"), ANY))
        structure = tuple((field, types[name]) for field, name in sorted(fields.items()))
        name = self.pool.message(structure)
        if name not in self.messages:
            self.messages[name] = MessageType(schema, fields, shape)
        else:
            self._merge(self.messages[name], schema, shape)
        return CelType("message", name=name)

    def _merge(self, known: MessageType, schema: JsonSchema, shape: Shape) -> None:
        """Two schemas with one structure share a type: keep only what holds for both."""
        if schema is known.schema or schema == known.schema:
            return
        required = known.shape.required & shape.required
        properties = {
            name: self.schema_of(self.type_of(value))
            for name, value in known.shape.properties.items()
        }
        known.schema = {
            "type": "object",
            "properties": properties,
            "required": sorted(required),
        }
        known.shape = Shape("object", False, properties, required)

    def _field_name(self, name: str) -> str:
        """Return a name that can stand behind a dot, no longer than the quoted key."""
        if is_identifier(name):
            return name
        return self.stand_ins.setdefault(name, f"_{len(self.stand_ins)}")

    def example(self, kind: CelType) -> str:
        """Return an expression that has the type; it is checked, never evaluated."""
        if kind.kind == "list":
            return f"[{self.example(kind.arguments[0])}]"
        if kind.kind == "map":
            return f'{{"": {self.example(kind.arguments[1])}}}'
        if kind.kind == "message":
            return f".{kind.name}{{}}"
        if kind.kind == "null":
            return "null"
        if kind.nullable and kind.kind in _WRAPPERS:
            return f".google.protobuf.{_WRAPPERS[kind.kind]}{{}}"
        return _DEFAULTS.get(kind.kind, "dyn(0)")

    def schema_of(self, kind: CelType) -> JsonSchema:
        """Return the JSON Schema of a CEL type."""
        if kind.kind == "message":
            known = self.messages.get(kind.name)
            return known.schema if known else {}
        if kind.kind == "list":
            items = self.schema_of(kind.arguments[0])
            return {"type": "array", "items": items} if items else {"type": "array"}
        if kind.kind == "map":
            values = self.schema_of(kind.arguments[1])
            return {"type": "object", "additionalProperties": values or True}
        if kind.kind == "timestamp":
            return {"type": "string", "format": "date-time"}
        if kind.kind == "bytes":
            return {"type": "string", "contentEncoding": "base64"}
        name = _SCHEMA_NAMES.get(kind.kind)
        if name is None:
            return {}
        return {"type": [name, "null"]} if kind.nullable else {"type": name}


def _add_field(message: Any, name: str, number: int, kind: CelType, fields: set[str]) -> None:
    if kind.kind == "list":
        _set_type(message, name, number, kind.arguments[0], repeated=True)
    elif kind.kind == "map" and (entry_name := _entry_name(message, name, fields)):
        entry = message.nested_type.add(name=entry_name)
        entry.options.map_entry = True
        _set_type(entry, "key", 1, CelType("string"))
        _set_type(entry, "value", 2, kind.arguments[1])
        path = f".{_PACKAGE}.{message.name}.{entry_name}"
        message.field.add(name=name, number=number, type=_MESSAGE_FIELD, label=3, type_name=path)
    else:
        _set_type(message, name, number, kind)


def _entry_name(message: Any, field: str, fields: set[str]) -> str:
    """Return the name protobuf demands for a map's entry type; empty if it cannot be had."""
    camel = "".join(part[:1].upper() + part[1:] for part in field.split("_"))
    name = f"{camel}Entry"
    taken = fields | {entry.name for entry in message.nested_type}
    return name if is_identifier(name) and name not in taken else ""


def _set_type(
    message: Any, name: str, number: int, kind: CelType, *, repeated: bool = False
) -> None:
    """Add one field; what protobuf cannot nest becomes a dynamic list, map or value."""
    field = message.field.add(name=name, number=number, label=3 if repeated else 1)
    if kind.kind in _FIELD_TYPES and not kind.nullable:
        field.type = _FIELD_TYPES[kind.kind]
        return
    field.type = _MESSAGE_FIELD
    if kind.kind == "message":
        field.type_name = f".{kind.name}"
    else:
        plain = {"list": "ListValue", "map": "Struct"}.get(kind.kind, "Value")
        field.type_name = f".google.protobuf.{_WRAPPERS.get(kind.kind, plain)}"
