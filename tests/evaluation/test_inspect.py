"""The suites as an Inspect task, where the extra is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

PROGRAM = """
import json
from inspect_ai import eval
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from flowloom.evaluation.inspect_task import flowloom_suite

gold = {"name": "x", "steps": [{"id": "say", "uses": "core.log", "with": {"message": "hello"}}]}
said = ModelOutput.from_content("m", json.dumps(gold))
said.usage = ModelUsage(input_tokens=9, output_tokens=5, total_tokens=14)
model = get_model("mockllm/model", custom_outputs=[said, said])
task = flowloom_suite(strategy="zero-shot", dataset="suite.yaml", split=None)
(log,) = eval(task, model=model, display="none", log_dir="logs")
print(json.dumps({
    "status": log.status,
    "scores": {item.name: item.metrics["mean"].value for item in log.results.scores},
}))
"""
SUITE = """
- {id: a, request: Log hello., expected: {steps: [{id: s, uses: core.log, with: {message: hello}}]}}
- {id: b, request: Log bye., expected: {steps: [{id: s, uses: core.log, with: {message: bye}}]}}
"""


@pytest.mark.skipif(find_spec("inspect_ai") is None, reason="the extra 'eval' is not installed")
def test_the_task_runs_with_a_mock_model(tmp_path: Path) -> None:
    (tmp_path / "suite.yaml").write_text(SUITE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "FLOWLOOM_DATA_DIR": str(tmp_path / "data"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["status"] == "success"
    assert found["scores"]["correct"] == 0.5
    assert found["scores"]["valid"] == 1.0
