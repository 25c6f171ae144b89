"""Flow-Bench's notation and metrics, on flows written by hand."""

from __future__ import annotations

import pytest

from benchmarks.flow_bench_metrics import Variant, calls_in, exact_match, hallucinated, recall
from benchmarks.flow_bench_notation import sequence_of, workflow_from
from flowloom.errors import DocumentError

NESTED = """\
files = Box_get()
for file in files:
  if file.size > 100 and not file.kept:
    file = Box_delete()
  elif file.owner == None:
    task = user_task("ask the owner")
    if task != "yes":
      note = Slack_send()
  else:
    other = Box_copy()
while size_left == Null:
  more = Box_get()
if "401k" in files.messages:
  last = Slack_send()
"""


def test_a_flow_comes_out_of_its_workflow_again() -> None:
    assert exact_match(NESTED, sequence_of(workflow_from(NESTED)))


def test_the_workflow_has_the_flow_in_our_language() -> None:
    workflow = workflow_from(NESTED)
    loop = workflow["steps"][1]
    assert loop["for_each"] == "steps.files.output"
    assert loop["do"][0]["if"] == "(file.size > 100 && !(file.kept))"
    assert loop["do"][0]["elif"][0]["then"][1]["if"] == 'steps.task.output != "yes"'
    assert workflow["inputs"] == {"size_left": {}}


@pytest.mark.parametrize(
    ("expected", "found", "variant", "equal"),
    [
        ("a = X()\nb = Y()", "q = X()\na = Y()", "strict", True),
        ("a = X()\nb = Y()", "b = Y()\na = X()", "strict", False),
        (
            "a = X()\na = Y()\nif a == 1:\n  c = Z()",
            "a = X()\nb = Y()\nif b == 1:\n  c = Z()",
            "strict",
            True,
        ),
        (
            "a = X()\na = Y()\nif a == 1:\n  c = Z()",
            "a = X()\nb = Y()\nif a == 1:\n  c = Z()",
            "strict",
            False,
        ),
        (
            "a = X()\nif a.b == 'x':\n  c = Z()",
            'a = X()\nif a.b == "x":\n  c = Z()',
            "strict",
            True,
        ),
        (
            "a = X()\nif a.b == 'x':\n  c = Z()",
            "a = X()\nif a.b == 'y':\n  c = Z()",
            "strict",
            False,
        ),
        (
            "a = X()\nif a.b == 'x':\n  c = Z()",
            "a = X()\nif a.c != 2:\n  c = Z()",
            "any_condition",
            True,
        ),
        ('t = user_task("do it")', 't = user_task("it is done")', "strict", False),
        ('t = user_task("do it")', 't = user_task("it is done")', "any_task_wording", True),
        ("if x == Null:\n  a = X()", "if x == None:\n  b = X()", "strict", True),
        ("if x == 1:\n  a = X()", "if y == 1:\n  a = X()", "strict", False),
    ],
)
def test_exact_match(expected: str, found: str, variant: Variant, equal: bool) -> None:
    assert exact_match(expected, found, variant) is equal
    assert exact_match(found, expected, variant) is equal


def test_calls_hallucinations_and_recall() -> None:
    assert calls_in('a = X()\nt = user_task("y")\nfor b in a:\n  c = Y()') == ["X", "Y"]
    assert calls_in("") == []
    assert hallucinated("a = X()\nb = Y()", {"X"}) == ["Y"]
    assert recall(["X", "Y", "X"], {"Y", "Z"}) == (1, 2)


@pytest.mark.parametrize(
    "text", ["a = ", "import os", "a = 3", "a = X()\nif a < b < 3:\n  c = Y()"]
)
def test_what_the_notation_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        workflow_from(text)


def test_a_step_kind_without_counterpart_is_refused() -> None:
    with pytest.raises(DocumentError, match="'s'"):
        sequence_of({"steps": [{"id": "s", "stop": "x"}]})
