"""Prompt files: a system part and a user part with ``<<slots>>``; a user may override each file.

A file has the lines ``--- system`` and ``--- user``; ``<<include NAME>>`` puts in the text of
``NAME.txt``; ``<<slot>>`` is filled by ``render``. What fills a slot is never read for slots again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from flowloom.errors import ConfigError, StorageError, nearest

__all__ = ["Prompt", "PromptName", "Rendered", "load_prompt", "render"]

PromptName: TypeAlias = Literal[
    "planner",
    "planner_edit",
    "planner_repair",
    "generator",
    "generator_edit",
    "generator_repair",
    "listener",
    "answerer",
    "summarizer",
    "reask",
]

SLOTS: dict[PromptName, frozenset[str]] = {
    "planner": frozenset({"form", "examples", "request"}),
    "planner_edit": frozenset({"form", "examples", "request", "workflow"}),
    "planner_repair": frozenset({"form", "request", "outline", "workflow", "diagnostics"}),
    "generator": frozenset({"form", "examples", "request", "outline", "components"}),
    "generator_edit": frozenset(
        {"form", "examples", "request", "outline", "workflow", "components"}
    ),
    "generator_repair": frozenset(
        {"form", "request", "outline", "workflow", "diagnostics", "components"}
    ),
    "listener": frozenset({"form", "state", "workflow", "waiting", "recent", "message"}),
    "answerer": frozenset(
        {"workflow", "diagnostics", "components", "summary", "recent", "question"}
    ),
    "summarizer": frozenset({"words", "summary", "messages", "decisions"}),
    "reask": frozenset({"problem"}),
}
"""The slots of each prompt; an overriding file may leave out ``examples`` only."""

OPTIONAL = frozenset({"examples"})
FRAGMENTS = ("blocks", "data", "language", "questions")
_PACKAGE = Path(__file__).parent
_INCLUDE = re.compile(r"<<include ([a-z_]+)>>")
_SLOT = re.compile(r"<<([a-z_]+)>>")
_PART = re.compile(r"^--- (system|user)$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Prompt:
    """A prompt with open slots."""

    name: PromptName
    system: str
    user: str


@dataclass(frozen=True)
class Rendered:
    """What is sent to a model."""

    system: str
    user: str


def load_prompt(name: PromptName, directory: Path | None = None) -> Prompt:
    """Return a prompt; a file of the same name in ``directory`` overrides ours.

    Raises:
        ConfigError: the directory does not exist, a part or slot is missing, or is unknown.
        StorageError: the file cannot be read.
    """
    if directory is None:
        return _own_prompt(name)
    if not directory.is_dir():
        raise ConfigError(
            f"There is no prompt directory {str(directory)!r}.", hint="Check the setting."
        )
    _refuse_unknown_files(directory)
    return _read_prompt(name, directory)


@cache
def _own_prompt(name: PromptName) -> Prompt:
    return _read_prompt(name, _PACKAGE)


def _read_prompt(name: PromptName, directory: Path) -> Prompt:
    text = _INCLUDE.sub(lambda match: _included(match[1], directory), _read(name, directory))
    parts = _PART.split(text)
    found = {label: part.strip() for label, part in zip(parts[1::2], parts[2::2], strict=True)}
    if "user" not in found:
        raise ConfigError(
            f"The prompt {name!r} has no part '--- user'.", hint=f"See {_PACKAGE / name}.txt."
        )
    _check_slots(name, text)
    return Prompt(name, found.get("system", ""), found["user"])


def _read(name: str, directory: Path) -> str:
    path = directory / f"{name}.txt"
    if not path.is_file():
        path = _PACKAGE / f"{name}.txt"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"Cannot read the prompt {str(path)!r}: {error}.") from None


def _included(name: str, directory: Path) -> str:
    if name not in FRAGMENTS:
        raise ConfigError(f"There is no text {name!r} to include.", hint=nearest(name, FRAGMENTS))
    return _read(name, directory).strip()


def _check_slots(name: PromptName, text: str) -> None:
    known = SLOTS[name]
    used = set(_SLOT.findall(text))
    for slot in sorted(used - known):
        raise ConfigError(f"The prompt {name!r} has no slot {slot!r}.", hint=nearest(slot, known))
    for slot in sorted(known - used - OPTIONAL):
        raise ConfigError(f"The prompt {name!r} lacks the slot {slot!r}.", hint=f"Add <<{slot}>>.")


def _refuse_unknown_files(directory: Path) -> None:
    known = (*get_args(PromptName), *FRAGMENTS)
    for path in sorted(directory.glob("*.txt")):
        if path.stem not in known:
            raise ConfigError(f"{str(path)!r} overrides no prompt.", hint=nearest(path.stem, known))


def render(prompt: Prompt, slots: Mapping[str, str]) -> Rendered:
    """Fill the slots of a prompt.

    Raises:
        ValueError: ``slots`` are not exactly the slots of the prompt.
    """
    wanted = SLOTS[prompt.name]
    if frozenset(slots) != wanted:
        raise ValueError(f"{prompt.name!r} takes the slots {sorted(wanted)}, not {sorted(slots)}")
    return Rendered(_filled(prompt.system, slots), _filled(prompt.user, slots))


def _filled(text: str, slots: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: slots[match[1]], text).strip()
