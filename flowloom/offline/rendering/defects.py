"""How much of a request a reading leaves over, guesses or hands to a person without being asked."""

from __future__ import annotations

from collections.abc import Sequence

from flowloom.offline.choosing.weights import SURE
from flowloom.offline.planning.plan import Call, Node, walk_nodes
from flowloom.offline.rendering.render import Renderer

__all__ = ["defects_of"]

UNSUPPORTED = 3.0
TO_A_PERSON = 2.5
DECLARED = 1.5
LEFT_OVER = 0.6


def defects_of(nodes: Sequence[Node], renderer: Renderer, unsupported: Sequence[str]) -> float:
    """Return the sum over a plan; 0 for one in which all that is said has its place."""
    calls = [node for node in walk_nodes(nodes) if isinstance(node, Call)]
    handed = sum(not (call.component or call.question) for call in calls)
    loose = sum(max(0.0, SURE - call.fits[0].score) for call in calls if call.component)
    return (
        UNSUPPORTED * len(unsupported)
        + TO_A_PERSON * handed
        + DECLARED * len(renderer.inputs)
        + LEFT_OVER * renderer.left_over
        + 0.5 * loose
    )
