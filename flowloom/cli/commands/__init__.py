"""One file per command; each imports what is heavy when it runs."""

__all__: list[str] = []
