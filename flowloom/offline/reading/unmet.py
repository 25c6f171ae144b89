"""Words for a structure that a workflow does not have: they are told, so no slip goes unnoticed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["unmet_words"]

_UNITS = r"(?:seconds?|minutes?|hours?|days?)"
_CUES: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\b(?:in parallel|at the same time|simultaneously|concurrently|side by side)\b", re.I
        ),
        re.compile(r'"parallel"'),
        "no steps run at the same time",
    ),
    (
        re.compile(
            r"\b(?:wait|pause|sleep|hang on|hold on|hold off|give it)\s+(?:for\s+|anot"
            r"her\s+|about\s+)*"
            rf"(?:[\w.]+\s+){{0,3}}{_UNITS}\b",
            re.I,
        ),
        re.compile(r'"wait"|wait|"delay"|"trigger"'),
        "no step waits",
    ),
    (
        re.compile(
            r"\b(?:rows?|lines?|entries|items?|records?|those|ones)\s+(?:where|whose|without)\b"
            r"|\bonly\s+(?:those|the\s+ones|rows|entries)\b|\b(?:drop|leave out|throw "
            r"out)\s+(?:every|all|any)\b",
            re.I,
        ),
        re.compile(
            r"filter|find|search|query|select|remove_duplicates|\"if\"|for_each|slice|reject"
            r"|aggregate|delete",
            re.I,
        ),
        "no step keeps only some",
    ),
    (
        re.compile(
            r"\b(?:average|sum|total|number)s?\b[^.;]*\b(?:per|for each|for every|grou"
            r"ped by)\s+[a-z]",
            re.I,
        ),
        re.compile(r"_by\b|for_each|group"),
        "no step groups",
    ),
    (
        re.compile(
            r"\b(?:if|when|should)\s+(?:it|that|this|the \w+)\s+(?:fails|goes wrong|breaks)\b", re.I
        ),
        re.compile(r'"catch"|"on_error"|"retry"|"finally"'),
        "no step handles an error",
    ),
    (
        re.compile(r"(?:^|[.,;:]\s|\band\s)(?:if|unless|provided|only if)\s", re.I),
        re.compile(r'"if"|"switch"|"while"|"catch"|"on_error"|"retry"|filter|"until"|"trigger"'),
        "no step depends on a condition",
    ),
)


def unmet_words(text: str, workflow: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each kind of wording that nothing in a workflow answers.

    Args:
        text: the masked words of the request, so that quoted texts say nothing.
    """
    data = {key: value for key, value in workflow.items() if key not in ("name", "description")}
    written = json.dumps(data, ensure_ascii=False)
    return [
        f"The request says {found.group(0).strip(' .,;:')!r}, but {what}."
        for said, answered, what in _CUES
        if (found := said.search(text)) is not None and not answered.search(written)
    ]
