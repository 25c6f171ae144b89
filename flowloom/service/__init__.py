"""The faces for other programs: HTTP and MCP."""
