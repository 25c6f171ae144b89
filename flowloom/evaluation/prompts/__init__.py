"""The words that single-prompt strategies say to a model."""

__all__: list[str] = []
