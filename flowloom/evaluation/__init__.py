"""Measures what agents add over a single prompt: cases, metrics, mistakes and statistics.

Start at ``scoring.score``: a case and an output in, flat scores out.
"""

__all__: list[str] = []
