"""The ladder: ways to get a workflow from a request, each adding one thing, over one interface."""

__all__: list[str] = []
