"""Measures what agents add over a single prompt: strategies, runs, scores, statistics, reports.

Start at ``scoring.score`` (a case and an output in, scores out), at ``strategies.ladder`` (a name
in, a strategy out), or at ``runner.experiment`` (all of a run); see docs/evaluation.md.
"""

__all__: list[str] = []
