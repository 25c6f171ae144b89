"""Readers of data sets, each with its own form and its own scoring."""

__all__: list[str] = []
