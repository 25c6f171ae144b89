"""The offline composer: planner and generator by rules, without a language model."""

from __future__ import annotations

from flowloom.offline.generator import OfflineGenerator
from flowloom.offline.planner import OfflinePlanner

__all__ = ["OfflineGenerator", "OfflinePlanner"]
