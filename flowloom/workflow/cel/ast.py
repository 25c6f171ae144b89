"""CEL syntax trees: the library's serialized expression as plain nodes.

The library gives a tree only as a serialized ``cel.expr.CheckedExpr`` or ``ParsedExpr``. Their
message types (https://github.com/google/cel-spec, ``proto/cel/expr/syntax.proto`` and
``checked.proto``) are rebuilt here as far as they are read; unknown fields are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cel_expr_python import cel

__all__ = [
    "Bind",
    "Call",
    "CelType",
    "Comprehension",
    "Const",
    "Ident",
    "ListNode",
    "MapNode",
    "Node",
    "Select",
    "decode",
    "decode_checked",
    "descend",
]


@dataclass(frozen=True, slots=True)
class CelType:
    """A CEL type: ``kind`` is a name such as ``string``, ``list``, ``message``, ``any``.

    Attributes:
        kind: string, int, uint, double, bool, bytes, null, timestamp, duration, list, map,
            message, optional, any, other.
        arguments: the element type of a list or optional, key and value type of a map.
        name: full name of a message type.
        nullable: a wrapper type: the value or null.
    """

    kind: str
    arguments: tuple[CelType, ...] = ()
    name: str = ""
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One node; ``position`` is its 0-based offset in the text, -1 if unknown."""

    id: int
    position: int


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A literal; ``kind`` is the name of its CEL type."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Ident(Node):
    """A name; ``absolute`` if written ``.name``, which no local variable can shadow."""

    name: str
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Select(Node):
    """``operand.field``, or ``has(operand.field)`` with ``test``; at the dot."""

    operand: Node
    field: str
    test: bool


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function or operator (``_+_``); ``target`` is the receiver of a member call."""

    function: str
    target: Node | None
    arguments: tuple[Node, ...]

    @property
    def operands(self) -> tuple[Node, ...]:
        """Receiver and arguments."""
        return self.arguments if self.target is None else (self.target, *self.arguments)


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """A list literal."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MapNode(Node):
    """A map or message literal; keys of a message are no nodes."""

    entries: tuple[tuple[Node | None, Node], ...]


@dataclass(frozen=True, slots=True)
class Comprehension(Node):
    """What ``all``, ``map``, ``filter``, … expand to."""

    variables: tuple[str, ...]
    accumulator: str
    range: Node
    initial: Node
    body: tuple[Node, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Bind(Node):
    """``cel.bind(name, value, body)``."""

    name: str
    value: Node
    body: Node


def descend(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(_children(current)))


def _children(node: Node) -> list[Node]:
    match node:
        case Select():
            return [node.operand]
        case Call():
            return list(node.operands)
        case ListNode():
            return list(node.items)
        case MapNode():
            return [part for entry in node.entries for part in entry if part is not None]
        case Comprehension():
            return [node.range, node.initial, *node.body, node.result]
        case Bind():
            return [node.value, node.body]
        case _:
            return []


# Field number, name and type; "*" marks a repeated field, "!" a member of the oneof ``kind``,
# a capital letter a message.
_MESSAGES = {
    "Any": "1 type_url string, 2 value bytes",
    "Parsed": "2 expr Expr, 3 source_info SourceInfo",
    "Checked": "3 types *TypeEntry, 4 expr Expr, 5 source_info SourceInfo",
    "SourceInfo": "4 positions *PositionEntry",
    "PositionEntry": "1 key int64, 2 value int32",
    "TypeEntry": "1 key int64, 2 value Type",
    "Expr": "2 id int64, 3 constant !Constant, 4 ident !Ident, 5 select !Select, 6 call !Call, "
    "7 list !List, 8 struct !Struct, 9 comprehension !Comprehension",
    "Constant": "1 null_value !int64, 2 bool_value !bool, 3 int64_value !int64, "
    "4 uint64_value !uint64, 5 double_value !double, 6 string_value !string, 7 bytes_value !bytes",
    "Ident": "1 name string",
    "Select": "1 operand Expr, 2 field string, 3 test_only bool",
    "Call": "1 target Expr, 2 function string, 3 args *Expr",
    "List": "1 elements *Expr",
    "Struct": "1 message_name string, 2 entries *Entry",
    "Entry": "2 field_key string, 3 map_key Expr, 4 value Expr",
    "Comprehension": "1 iter_var string, 2 iter_range Expr, 3 accu_var string, 4 accu_init Expr, "
    "5 loop_condition Expr, 6 loop_step Expr, 7 result Expr, 8 iter_var2 string",
    "Type": "1 dyn !Empty, 2 null !int64, 3 primitive !int64, 4 wrapper !int64, "
    "5 well_known !int64, 6 list_type !ListType, 7 map_type !MapType, 9 message_type !string, "
    "11 type !Type, 14 abstract_type !Abstract",
    "ListType": "1 elem_type Type",
    "MapType": "1 key_type Type, 2 value_type Type",
    "Abstract": "1 name string, 2 parameter_types *Type",
    "Empty": "",
}
_SCALARS = {"double": 1, "int64": 3, "uint64": 4, "int32": 5, "bool": 8, "string": 9, "bytes": 12}
_PRIMITIVES = {1: "bool", 2: "int", 3: "uint", 4: "double", 5: "string", 6: "bytes"}
_WELL_KNOWN = {1: "any", 2: "timestamp", 3: "duration"}
_ANY = CelType("any")


@cache
def _messages() -> dict[str, Any]:
    """Build the message classes of ``_MESSAGES``."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(
        name="flowloom/cel_ast.proto", package="flowloom.cel_ast", syntax="proto3"
    )
    for name, spec in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for entry in filter(None, spec.split(", ")):
            _add_field(message, *entry.split())
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(
            pool.FindMessageTypeByName(f"flowloom.cel_ast.{name}")
        )
        for name in _MESSAGES
    }


def _add_field(message: Any, number: str, name: str, kind: str) -> None:
    bare = kind.lstrip("*!")
    field = message.field.add(name=name, number=int(number), label=3 if kind[0] == "*" else 1)
    if kind[0] == "!":
        if not message.oneof_decl:
            message.oneof_decl.add(name="kind")
        field.oneof_index = 0
    if bare[0].isupper():
        field.type, field.type_name = 11, f".flowloom.cel_ast.{bare}"
    else:
        field.type = _SCALARS[bare]


def decode(expression: cel.Expression) -> Node:
    """Return the tree of a compiled expression, checked or only parsed."""
    message = _unpacked(expression)
    return _node(message.expr, _positions(message, 0))


def decode_checked(
    expression: cel.Expression, shift: int = 0, bindings: int = 0
) -> tuple[Node | None, CelType]:
    """Return the tree inside so many ``cel.bind``s of a checked expression, and its type.

    Positions lose ``shift``. The tree is None where the expression has fewer bindings around it.
    """
    message = _unpacked(expression)
    found = next((entry.value for entry in message.types if entry.key == message.expr.id), None)
    kind = _ANY if found is None else _type(found)
    inner = message.expr
    for _ in range(bindings):
        if inner.WhichOneof("kind") != "comprehension" or not _is_binding(inner.comprehension):
            return None, kind
        inner = inner.comprehension.result
    return _node(inner, _positions(message, shift)), kind


def _is_binding(fold: Any) -> bool:
    """``cel.bind`` becomes a fold over the empty list."""
    if fold.iter_var != "#unused" or fold.iter_range.WhichOneof("kind") != "list":
        return False
    return not fold.iter_range.list.elements


def _positions(message: Any, shift: int) -> dict[int, int]:
    return {entry.key: entry.value - shift for entry in message.source_info.positions}


def _unpacked(expression: cel.Expression) -> Any:
    messages = _messages()
    packed = messages["Any"].FromString(expression.serialize())
    kind = "Checked" if packed.type_url.endswith("CheckedExpr") else "Parsed"
    return messages[kind].FromString(packed.value)


def _type(message: Any) -> CelType:
    name = message.WhichOneof("kind")
    value: Any = getattr(message, name) if name else None
    match name:
        case "null":
            return CelType("null")
        case "primitive":
            return CelType(_PRIMITIVES.get(value, "any"))
        case "wrapper":
            return CelType(_PRIMITIVES.get(value, "any"), nullable=True)
        case "well_known":
            return CelType(_WELL_KNOWN.get(value, "any"))
        case "list_type":
            return CelType("list", (_type(value.elem_type),))
        case "map_type":
            return CelType("map", (_type(value.key_type), _type(value.value_type)))
        case "message_type":
            return CelType("message", name=value)
        case "type":
            return CelType("other")
        case "abstract_type":
            kind = "optional" if value.name == "optional_type" else "other"
            return CelType(kind, tuple(_type(item) for item in value.parameter_types))
        case _:
            return _ANY


def _node(message: Any, positions: dict[int, int]) -> Node:
    kind = message.WhichOneof("kind")
    identity = message.id
    position = positions.get(identity, -1)
    if kind is None:
        return Const(identity, position, "null", None)
    return _READERS[kind](identity, position, getattr(message, kind), positions)


def _ident(identity: int, position: int, message: Any, _: dict[int, int]) -> Node:
    name = message.name
    return Ident(identity, position, name.removeprefix("."), name.startswith("."))


def _select(identity: int, position: int, message: Any, positions: dict[int, int]) -> Node:
    operand = _node(message.operand, positions)
    return Select(identity, position, operand, message.field, message.test_only)


def _call(identity: int, position: int, message: Any, positions: dict[int, int]) -> Node:
    target = _node(message.target, positions) if message.HasField("target") else None
    arguments = tuple([_node(item, positions) for item in message.args])
    return Call(identity, position, message.function, target, arguments)


def _list(identity: int, position: int, message: Any, positions: dict[int, int]) -> Node:
    return ListNode(identity, position, tuple([_node(x, positions) for x in message.elements]))


def _struct(identity: int, position: int, message: Any, positions: dict[int, int]) -> Node:
    entries = tuple(
        (
            _node(entry.map_key, positions) if entry.HasField("map_key") else None,
            _node(entry.value, positions),
        )
        for entry in message.entries
    )
    return MapNode(identity, position, entries)


def _const(identity: int, position: int, message: Any, _: dict[int, int]) -> Node:
    name = message.WhichOneof("kind")
    if name is None or name == "null_value":
        return Const(identity, position, "null", None)
    kind = name.removesuffix("_value").removesuffix("64")
    return Const(identity, position, kind, getattr(message, name))


def _fold(identity: int, position: int, message: Any, positions: dict[int, int]) -> Node:
    initial, result = _node(message.accu_init, positions), _node(message.result, positions)
    if _is_binding(message):
        return Bind(identity, position, message.accu_var, initial, result)
    span = _node(message.iter_range, positions)
    variables = tuple(name for name in (message.iter_var, message.iter_var2) if name)
    body = (_node(message.loop_condition, positions), _node(message.loop_step, positions))
    return Comprehension(
        identity, position, variables, message.accu_var, span, initial, body, result
    )


_READERS: dict[str, Callable[[int, int, Any, dict[int, int]], Node]] = {
    "constant": _const,
    "ident": _ident,
    "select": _select,
    "call": _call,
    "list": _list,
    "struct": _struct,
    "comprehension": _fold,
}
