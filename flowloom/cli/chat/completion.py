"""What Tab offers: commands and their arguments, ids of steps, and names of components."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from flowloom.cli.chat.slash import COMMANDS

__all__ = ["ChatCompleter", "Names"]

MOST = 50
_FILES = ("save", "export")
_VERSIONS = ("goto", "diff")


@dataclass
class Names:
    """What can be named in a message: brought up to date after each turn.

    Attributes:
        version: number of the current version; 0 before the first.
        versions: how many there are.
        components: id and title of each component.
    """

    steps: tuple[str, ...] = ()
    version: int = 0
    versions: int = 0
    components: tuple[tuple[str, str], ...] = ()


class ChatCompleter(Completer):
    """Completes the line that is typed."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._paths = PathCompleter(expanduser=True)

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """Yield what can stand before the cursor instead."""
        line = document.text_before_cursor
        if not line.startswith("/"):
            yield from self._words(line)
            return
        name, space, argument = line[1:].partition(" ")
        if not space:
            yield from _commands(name)
        elif name in _FILES:
            yield from self._paths.get_completions(Document(argument), complete_event)
        else:
            known = self._arguments(name)
            yield from (
                Completion(item, start_position=-len(argument))
                for item in known
                if item.startswith(argument)
            )

    def _arguments(self, name: str) -> Iterable[str]:
        if name in _VERSIONS:
            return map(str, range(self._names.versions, 0, -1))
        command = COMMANDS.get(name)
        return command.values if command else ()

    def _words(self, line: str) -> Iterator[Completion]:
        word = line.rpartition(" ")[2].lstrip("'\"").lower()
        if not word:
            return
        found = [(step, "step") for step in self._names.steps if step.lower().startswith(word)]
        found += [pair for pair in self._names.components if _fits(pair[0].lower(), word)]
        for name, meaning in found[:MOST]:
            yield Completion(name, start_position=-len(word), display_meta=meaning)


def _fits(name: str, word: str) -> bool:
    """Say whether a component's id, or one of its parts, begins with a word."""
    return name.startswith(word) or f".{word}" in name or f"_{word}" in name


def _commands(start: str) -> Iterator[Completion]:
    for command in COMMANDS.values():
        if command.name.startswith(start):
            yield Completion(
                command.name,
                start_position=-len(start),
                display=command.usage,
                display_meta=command.help,
            )
