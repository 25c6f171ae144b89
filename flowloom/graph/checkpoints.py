"""What a checkpointer may bring back: the types of the state and no others."""

from __future__ import annotations

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from flowloom.agents.verifier import Mend
from flowloom.graph.state import CandidateIds, Version
from flowloom.roles import Usage
from flowloom.verification.diagnostic import Diagnostic, Verdict
from flowloom.workflow.outline import Outline, Question

__all__ = ["STATE_TYPES", "checkpoint_serializer"]

STATE_TYPES = (CandidateIds, Diagnostic, Mend, Outline, Question, Usage, Verdict, Version)
"""Every type that stands in the state by itself; what stands inside one of them comes with it."""


def checkpoint_serializer(*more: type) -> JsonPlusSerializer:
    """Return the serializer for a checkpointer of ours, such as ``InMemorySaver(serde=…)``.

    LangGraph's default brings back any type that a checkpoint names.

    Args:
        more: types that may come back beside those of ``ComposeState``.
    """
    return JsonPlusSerializer(allowed_msgpack_modules=(*STATE_TYPES, *more))
