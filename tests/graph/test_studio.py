"""The graph that LangGraph Studio loads."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowloom.graph.builder import ComposeGraph

ROOT = Path(__file__).parents[2]
SOURCE = """
components:
  - {id: slack.post, title: Post a message to a channel, provider: Slack}
  - {id: github.list, title: List the issues of a repository, provider: GitHub}
"""


def test_the_graph_of_langgraph_json_is_there_and_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "catalog.yaml").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "script.yaml").write_text("- {answer: x}", encoding="utf-8")
    monkeypatch.setenv("FLOWLOOM_MODEL", f"scripted:{tmp_path / 'script.yaml'}")
    monkeypatch.setenv("FLOWLOOM_CATALOG", str(tmp_path / "catalog.yaml"))
    monkeypatch.setenv("FLOWLOOM_BUILTIN", "false")
    monkeypatch.setenv("FLOWLOOM_DATA_DIR", str(tmp_path / "data"))
    named = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))
    graph = _target(named["graphs"]["composer"])()
    assert {"planner", "retriever", "generator", "verifier", "finish"} < set(graph.nodes)
    schema = graph.get_context_jsonschema()
    assert schema is not None
    assert set(schema["properties"]) == {"max_attempts", "timeout", "max_tokens"}
    assert "request" in graph.get_input_jsonschema()["properties"]


def _target(place: str) -> Callable[[], ComposeGraph]:
    """Load a graph factory as LangGraph's server does: from the file, not by import name."""
    file, _, name = place.partition(":")
    spec = importlib.util.spec_from_file_location("studio_target", ROOT / file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Any = getattr(module, name)
    return found
