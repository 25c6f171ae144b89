"""The checks, by what they look at; each registers itself when its module is imported."""

__all__: list[str] = []
