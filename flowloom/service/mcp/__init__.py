"""The Model Context Protocol: flowloom's calls as tools, over stdio and streamable HTTP."""
