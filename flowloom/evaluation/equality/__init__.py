"""When two workflows are the same: one normal form, and what differs from it."""

__all__: list[str] = []
