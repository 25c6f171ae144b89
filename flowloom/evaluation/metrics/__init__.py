"""The metrics, each a pure function over forms, with its definition and source."""

__all__: list[str] = []
