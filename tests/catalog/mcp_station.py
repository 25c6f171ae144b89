"""A real MCP server for the tests: over stdio, or over HTTP on the port that is given."""

from __future__ import annotations

import sys

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from pydantic import BaseModel

server = MCPServer("Weather Station")


class Place(BaseModel):
    """A place."""

    name: str
    altitude: float = 0.0


class Reading(BaseModel):
    """What was measured."""

    place: Place
    degrees: float


@server.tool(title="Measure", annotations=ToolAnnotations(read_only_hint=True))
def measure(place: Place) -> Reading:
    """Measure the temperature of a place."""
    return Reading(place=place, degrees=20 - place.altitude / 100)


@server.tool(annotations=ToolAnnotations(destructive_hint=True))
def wipe(days: int) -> int:
    """Delete readings that are older than some days."""
    return days


@server.tool(structured_output=False)
def report(text: str) -> str:
    """Write a report."""
    if text == "fail":
        raise ValueError(text)
    return f"written: {text}"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", port=int(sys.argv[1]))
    else:
        server.run("stdio")
