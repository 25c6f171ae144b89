"""What the prompts say about the language agrees with the language."""

from __future__ import annotations

import re

from flowloom.prompts.template import load_prompt
from flowloom.workflow.cel.library import FUNCTIONS
from flowloom.workflow.models import (
    KIND_KEYS,
    Case,
    ElifBranch,
    Retry,
    StepBase,
    Trigger,
    Workflow,
)

SYSTEM = load_prompt("generator").system
NOT_TAUGHT = {"backoff", "name", "connection"}


def test_every_step_form_and_every_key_is_taught() -> None:
    for key, model in KIND_KEYS.items():
        line = next(line for line in SYSTEM.splitlines() if line.startswith(f'- {{"id", "{key}"'))
        for name, item in model.model_fields.items():
            assert f'"{item.alias or name}"' in line or name in NOT_TAUGHT, (key, name)


def test_every_key_of_the_document_is_taught() -> None:
    for model in (Workflow, Trigger, Retry, ElifBranch, Case):
        for name, item in model.model_fields.items():
            assert re.search(rf"\b{item.alias or name}\b", SYSTEM) or name in NOT_TAUGHT, name


def test_only_functions_that_exist_are_taught() -> None:
    cel = SYSTEM[SYSTEM.index("CEL: ==") : SYSTEM.index("There is no now()")]
    named = set(re.findall(r"[a-zA-Z]{3,}", cel)) - {"CEL", "texts", "lists", "field", "size"}
    assert named - {"contains"} <= set(FUNCTIONS) | {"contains"}
    assert "now" not in FUNCTIONS


def test_the_base_keys_are_those_of_every_step() -> None:
    assert set(StepBase.model_fields) == {"id", "name"}
