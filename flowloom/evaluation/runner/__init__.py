"""Runs strategies over a data set: resumable, within a budget, and on record."""

__all__: list[str] = []
