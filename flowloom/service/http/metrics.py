"""Numbers for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from starlette.types import Scope

from flowloom.graph.events import Event, ResultReady, StageFinished

__all__ = ["CONTENT_TYPE", "Metrics"]

CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8"


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "flowloom_http_answers", "Answers by route and status.", ("route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._results = Counter(
            "flowloom_results", "Composed results by status.", ("status",), registry=self._registry
        )
        self._stages = Histogram(
            "flowloom_stage_seconds", "Seconds a stage took.", ("stage",), registry=self._registry
        )

    def answered(self, scope: Scope, status: int) -> None:
        """Count an answer; the route is the pattern, so that ids make no labels."""
        route = getattr(scope.get("route"), "path", "none")
        self._answers.labels(route, str(status)).inc()

    def happened(self, event: Event) -> None:
        """Count what an event tells."""
        match event:
            case ResultReady(result=result):
                self._results.labels(result.status).inc()
            case StageFinished(stage=stage, seconds=seconds):
                self._stages.labels(stage).observe(seconds)
            case _:
                pass

    def text(self) -> bytes:
        """Return the numbers in Prometheus' text format."""
        return generate_latest(self._registry)
