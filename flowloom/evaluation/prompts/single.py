"""One prompt for everything: its parts put together for a case and a strategy's switches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flowloom.agents.examples import Example, examples_text
from flowloom.agents.excerpt import diagnostics_text
from flowloom.evaluation.cases import Case
from flowloom.prompts.fence import fenced
from flowloom.verification.diagnostic import Diagnostic
from flowloom.workflow.document import dump_yaml

__all__ = ["PROMPTS", "ROLE", "Parts", "filled", "own_text", "repair_prompt", "single_prompt"]

PROMPTS = "flowloom.evaluation.prompts"
_SLOT = re.compile(r"<<([a-z_]+)>>")
_GAPS = re.compile(r"\n{3,}")

ROLE = (
    "You are an experienced automation engineer. You have built hundreds of workflows in this "
    "language, and people run yours without looking."
)
_LISTED = (
    '"uses" names only components of the list, letter by letter; "with" gives only inputs that the '
    "component has, all that are marked * among them, each of its type."
)
_NOT_LISTED = (
    '"uses" names a component as service.thing.verb or group.verb; nobody lists them for you. '
    '"with" gives its inputs.'
)
_EDIT = (
    '4. The block "workflow" holds the workflow that the request changes. Answer with the whole '
    "workflow after the change: untouched steps keep their ids and everything in them."
)
_STRAIGHT = "Answer with one JSON object and nothing else."
_THINK = (
    "First think step by step, in a few lines: what starts it, which steps, in which order and "
    "under which conditions, and where each value comes from. Then answer with one JSON object in "
    "a block that begins with ```json and ends with ```."
)


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a prompt has beside the language and the request.

    Attributes:
        components: the components in few words; None where none are shown.
    """

    components: str | None = None
    examples: Sequence[Case] = ()
    thinks: bool = False
    role: bool = False


def single_prompt(case: Case, parts: Parts) -> tuple[str, str]:
    """Return the system part and the user part."""
    listed = parts.components is not None
    slots = {
        "role": ROLE if parts.role else "",
        "components_rule": _LISTED if listed else _NOT_LISTED,
        "edit_rule": _EDIT if case.prior is not None else "",
        "language": _words_for_all("language"),
        "data": _words_for_all("data"),
        "thinking": _THINK if parts.thinks else _STRAIGHT,
        "with_these": " with these components" if listed else "",
        "examples": examples_text([_example(item) for item in parts.examples]),
        "workflow": fenced("workflow", dump_yaml(case.prior)) if case.prior else "",
        "components": fenced("components", parts.components or "") if listed else "",
        "request": fenced("request", case.request),
    }
    system, _, user = own_text("single").removeprefix("--- system\n").partition("--- user\n")
    return filled(system, slots), filled(user, slots)


def repair_prompt(errors: Sequence[Diagnostic]) -> str:
    """Return what is said after a draft with errors."""
    return filled(
        own_text("single_repair"), {"diagnostics": fenced("diagnostics", diagnostics_text(errors))}
    )


def _example(case: Case) -> Example:
    before = f"{fenced('workflow', dump_yaml(case.prior))}\n" if case.prior else ""
    return Example(request=f"{before}{case.request}", answer=dict(case.gold or {}))


@cache
def own_text(name: str) -> str:
    """Return a prompt of this package as it stands in its file."""
    return files(PROMPTS).joinpath(f"{name}.txt").read_text("utf-8")


@cache
def _words_for_all(name: str) -> str:
    return files("flowloom.prompts").joinpath(f"{name}.txt").read_text("utf-8").strip()


def filled(text: str, slots: Mapping[str, str]) -> str:
    """Return a prompt with its slots filled in one pass, and without gaps where one is empty."""
    return _GAPS.sub("\n\n", _SLOT.sub(lambda match: slots[match[1]], text)).strip()
