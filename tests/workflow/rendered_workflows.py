"""Workflows for the tests of rendering and comparison: one with every kind of step, and any."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

__all__ = ["EVERY_KIND", "workflow_data"]

EVERY_KIND: dict[str, Any] = {
    "name": "every kind",
    "description": "One of each.",
    "inputs": {"channel": {"type": "string"}},
    "trigger": {"uses": "core.schedule", "with": {"cron": "0 9 * * 1-5"}},
    "steps": [
        {
            "id": "issues",
            "uses": "github.issues.list",
            "with": {"labels": ["bug"], "owner": "acme"},
        },
        {
            "id": "busy",
            "if": "size(steps.issues.output) > 5",
            "then": [
                {"id": "note", "uses": "slack.chat.post_message", "with": {"text": 'a "b" [c]'}}
            ],
            "elif": [
                {"if": "size(steps.issues.output) > 2", "then": [{"id": "nap", "wait": "10m"}]}
            ],
            "else": [{"id": "quit", "stop": "nothing to do"}],
        },
        {
            "id": "each",
            "for_each": "steps.issues.output",
            "as": "issue",
            "do": [{"id": "label", "uses": "github.issues.label"}],
            "collect": "issue.title",
        },
        {"id": "poll", "while": "true", "do": [{"id": "rest", "wait": "1s"}], "max_iterations": 3},
        {
            "id": "both",
            "parallel": [[{"id": "left", "uses": "a.b"}], [{"id": "right", "uses": "a.c"}]],
        },
        {
            "id": "route",
            "switch": "inputs.channel",
            "cases": [{"when": "#eng", "do": [{"id": "one", "uses": "a.b"}]}],
            "default": [{"id": "other", "uses": "a.c"}],
        },
        {
            "id": "safe",
            "try": [{"id": "risky", "uses": "a.b"}],
            "catch": [{"id": "tell", "ask": "Go on?", "choices": ["yes", "no"], "to": "ops"}],
            "finally": [{"id": "tidy", "uses": "a.c"}],
        },
    ],
    "outputs": {"count": "${{ size(steps.issues.output) }}"},
}

_TEXT = st.text(min_size=1, max_size=12)
_VALUES = st.one_of(_TEXT, st.integers(), st.booleans(), st.none(), st.lists(_TEXT, max_size=2))


def _holders(inner: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[list[Any]]:
    step = st.one_of(
        st.fixed_dictionaries({"uses": _TEXT, "with": st.dictionaries(_TEXT, _VALUES, max_size=3)}),
        st.fixed_dictionaries({"stop": _TEXT}),
        st.fixed_dictionaries({"ask": _TEXT}),
        st.fixed_dictionaries({"if": _TEXT, "then": inner, "else": inner}),
        st.fixed_dictionaries(
            {
                "if": _TEXT,
                "then": inner,
                "elif": st.lists(st.fixed_dictionaries({"if": _TEXT, "then": inner}), max_size=2),
            }
        ),
        st.fixed_dictionaries({"for_each": _TEXT, "do": inner}),
        st.fixed_dictionaries({"while": _TEXT, "do": inner}),
        st.fixed_dictionaries({"parallel": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"try": inner, "catch": inner, "finally": inner}),
        st.fixed_dictionaries(
            {
                "switch": _TEXT,
                "cases": st.lists(
                    st.fixed_dictionaries({"when": _TEXT, "do": inner}), min_size=1, max_size=2
                ),
                "default": inner,
            }
        ),
    )
    return st.lists(step, max_size=3)


def _numbered(block: list[Any], ids: list[str]) -> list[Any]:
    return [_step_with_ids(step, ids) for step in block]


def _step_with_ids(step: dict[str, Any], ids: list[str]) -> dict[str, Any]:
    name = f"s_{len(ids)}" if len(ids) % 2 else f"_s{len(ids)}_"
    ids.append(name)
    made: dict[str, Any] = {"id": name}
    for key, value in step.items():
        if key in ("then", "else", "do", "try", "catch", "finally", "default"):
            made[key] = _numbered(value, ids)
        elif key == "parallel":
            made[key] = [_numbered(branch, ids) for branch in value]
        elif key in ("elif", "cases"):
            inner = "then" if key == "elif" else "do"
            made[key] = [{**item, inner: _numbered(item[inner], ids)} for item in value]
        else:
            made[key] = value
    return made


def _whole(name: str, steps: list[Any]) -> dict[str, Any]:
    return {"name": name, "steps": _numbered([{"uses": "a.b"}, *steps], [])}


workflow_data = st.builds(_whole, _TEXT, st.recursive(st.just([]), _holders, max_leaves=6))
"""Documents of any shape with unique ids, as plain data."""
