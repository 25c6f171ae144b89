"""XML to data and back.

An element becomes its text; with attributes or children it becomes an object: attributes as
``@name``, text beside them as ``#text``, a repeated child as a list. Document types are refused,
so that no entity can expand or fetch anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers import expat

from flowloom.catalog.builtin.files import Written, write_atomically
from flowloom.catalog.builtin.hints import FilePath, Row
from flowloom.catalog.python_functions import component
from flowloom.errors import ComponentError

__all__: list[str] = []


def _refuse(*_: Any) -> None:
    raise ComponentError("The XML has a document type, which is refused as it can hold entities.")


def _read(text: str | bytes) -> Row:
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ComponentError(f"The text is no XML: {error}.") from error
    root = builder.close()
    return {root.tag: _data(root)}


def _data(element: Element) -> Any:
    text = (element.text or "").strip()
    found: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in element:
        value = _data(child)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    if not found:
        return text
    return {**found, "#text": text} if text else found


def _fill(element: Element, value: Any) -> None:
    if not isinstance(value, dict):
        element.text = _text(value)
        return
    for name, inner in value.items():
        if name == "#text":
            element.text = _text(inner)
        elif name.startswith("@"):
            element.set(name[1:], _text(inner))
        else:
            for item in inner if isinstance(inner, list) else [inner]:
                _fill(SubElement(element, name), item)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _write(value: Row) -> str:
    if len(value) != 1:
        raise ComponentError(
            f"An XML document has one root element, not {len(value)}.",
            hint="Give an object with one field, such as {order: {…}}.",
        )
    ((name, inner),) = value.items()
    root = Element(name)
    _fill(root, inner)
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


@component(
    id="xml.parse",
    title="Parse XML",
    keywords=["decode", "soap", "feed", "text to object"],
    kind="transform",
)
def parse_xml(text: str) -> Row:
    """Turn XML text into nested data.

    Args:
        text: the XML text; attributes become @name, text beside them #text, repeated elements
            a list.
    """
    return _read(text)


@component(
    id="xml.format",
    title="Format as XML",
    keywords=["encode", "soap", "object to text"],
    kind="transform",
)
def format_xml(value: Row) -> str:
    """Turn nested data into XML text.

    Args:
        value: an object with one field, the root element; @name becomes an attribute.
    """
    return _write(value)


@component(id="xml.read_file", title="Read an XML file", keywords=["load", "open xml"])
def read_xml(path: FilePath) -> Row:
    """Read an XML file, and return its data.

    Args:
        path: the file.
    """
    return _read(Path(path).expanduser().read_bytes())


@component(
    id="xml.write_file", title="Write an XML file", keywords=["save", "export"], effect="write"
)
def write_xml(path: FilePath, value: Row) -> Written:
    """Write nested data to an XML file.

    Args:
        path: the file.
        value: an object with one field, the root element; @name becomes an attribute.
    """
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{_write(value)}'
    return write_atomically(Path(path).expanduser(), text.encode())
