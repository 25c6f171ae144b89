"""What a repair may touch: the parts that a diagnostic concerns, and what names them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flowloom.agents.concerned import concerned_steps
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import Document
from flowloom.workflow.parts import changed_leaves, names_step, parts_of

__all__ = ["unasked_changes"]


def unasked_changes(
    before: Document,
    after: Document,
    diagnostics: Sequence[Diagnostic],
    planned: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the parts that a repair changed or removed although nothing concerns them.

    Concerned is the step of a diagnostic, the steps around it, any value that names such a step
    (``steps.<id>``), the trigger and the inputs that such a step names, and the part at a
    diagnostic's place. Parts may be added and steps moved: what is missing must be put somewhere.

    Args:
        planned: ids of the planned steps. Where one of them is missing, the steps that are not
            planned may change: one of them may be it, under another id.
    """
    old, new = parts_of(before), parts_of(after)
    concerned = concerned_steps(before, diagnostics)
    if any(item.path == "steps" for item in diagnostics) and not set(planned) <= old.keys():
        concerned |= {name for name in old if name not in planned and "." not in name}
    texts = [old[name] for name in concerned if name in old]
    return tuple(
        name
        for name, text in old.items()
        if new.get(name) != text
        and name not in concerned
        and not _follows(text, new.get(name, ""), concerned, new)
        and not any(_is_at(item.path, name) for item in diagnostics)
        and not any(_is_named(name, text) for text in texts)
    )


def _follows(before: str, after: str, concerned: Collection[str], new: Collection[str]) -> bool:
    """All that changed in a part names a step concerned; a part that went named one that went."""
    if not after:
        return any(names_step(before, step_id) for step_id in concerned if step_id not in new)
    return all(
        any(names_step(text, step_id) for text in change for step_id in concerned)
        for change in changed_leaves(before, after)
    )


def _is_at(path: str, part: str) -> bool:
    """The place is in the part, or the part in the place."""
    return f"{path}.".startswith(f"{part}.") or (bool(path) and f"{part}.".startswith(f"{path}."))


def _is_named(part: str, text: str) -> bool:
    return (part == "trigger" or part.startswith("inputs.")) and part in text
