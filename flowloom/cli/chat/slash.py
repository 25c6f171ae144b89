"""The commands that begin with a slash: their names, arguments and help."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flowloom.errors import UserError, nearest

__all__ = ["COMMANDS", "Slash", "SlashCommand", "number_in", "parse_slash"]

_SLASH = re.compile(r"/([a-z]+)(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True)
class SlashCommand:
    """One command.

    Attributes:
        argument: how its argument is named in the help; in brackets if it may be left out.
        values: what the argument can be, where that is a short list.
    """

    name: str
    argument: str
    help: str
    values: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How it is typed."""
        return f"/{self.name} {self.argument}".rstrip()


_ALL = (
    SlashCommand("undo", "[COUNT]", "go back to the version before"),
    SlashCommand("redo", "[COUNT]", "take an undo back"),
    SlashCommand("goto", "VERSION", "make a version the current one"),
    SlashCommand("versions", "", "list all versions"),
    SlashCommand("diff", "[VERSION]", "what a version changed; the current one by default"),
    SlashCommand(
        "show", "[FORMAT]", "tree, yaml, json or mermaid", ("tree", "yaml", "json", "mermaid")
    ),
    SlashCommand("verify", "", "check the workflow and list all that was found"),
    SlashCommand("save", "FILE|NAME", "write it to a .yaml or .json file, or keep it by name"),
    SlashCommand("export", "FILE", "write it as .yaml, .json, .mmd (Mermaid) or .txt (tree)"),
    SlashCommand("model", "[MODEL]", "the model that composes, or another one from now on"),
    SlashCommand("approve", "[on|off]", "whether a plan waits for your approval", ("on", "off")),
    SlashCommand("threads", "", "list all threads"),
    SlashCommand("help", "", "this list"),
    SlashCommand("quit", "", "leave; the thread is kept"),
)
COMMANDS = {command.name: command for command in _ALL}


@dataclass(frozen=True)
class Slash:
    """A command as it was typed."""

    command: SlashCommand
    argument: str = ""


def parse_slash(line: str) -> Slash | None:
    """Return the command of a line; None if it is a message, such as "/data/in.csv is the file".

    Raises:
        UserError: there is no such command, or its argument is missing or not one of its values.
    """
    match = _SLASH.fullmatch(line.strip())
    if match is None:
        return None
    name, argument = match[1], (match[2] or "").strip()
    command = COMMANDS.get(name)
    if command is None:
        names = [f"/{known}" for known in COMMANDS]
        raise UserError(f"There is no command '/{name}'.", hint=nearest(f"/{name}", names))
    _check_argument(command, argument)
    return Slash(command, argument)


def _check_argument(command: SlashCommand, argument: str) -> None:
    if argument and not command.argument:
        raise UserError(f"{command.usage!r} takes nothing behind it.", hint="See: /help")
    if not argument and command.argument and not command.argument.startswith("["):
        raise UserError(f"Something is missing behind '/{command.name}'.", hint=f"{command.usage}")
    if argument and command.values and argument not in command.values:
        raise UserError(
            f"'/{command.name}' does not know {argument!r:.80}.",
            hint=nearest(argument, command.values),
        )


def number_in(slash: Slash, default: int) -> int:
    """Return the number behind a command.

    Raises:
        UserError: it is none, or below 1.
    """
    text = slash.argument
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 9):
        raise UserError(
            f"{text!r:.80} is not a number from 1 on.", hint=f"Say: {slash.command.usage}"
        )
    return int(text)
