"""The dry run: a workflow run in memory with values made from schemas; nothing is really called."""

__all__: list[str] = []
