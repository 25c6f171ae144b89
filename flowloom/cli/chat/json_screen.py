"""The screen of a program: one JSON object a line on stdout."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from flowloom.cli import output
from flowloom.cli.chat.blocks import Block

if TYPE_CHECKING:
    from flowloom.storage.records import StoredEvent

__all__ = ["JsonScreen"]


class JsonScreen:
    """Writes each event as it is stored, and what commands find as ``{"shown": …}``."""

    def said(self, text: str) -> None:
        """Write nothing: the message is an event."""

    def happened(self, event: StoredEvent) -> None:
        """Write an event: ``number``, ``turn``, and ``data`` with its ``type``."""
        output.write_out(event.model_dump_json() + "\n")

    def turn_ended(self, blocks: tuple[Block, ...]) -> None:
        """Write nothing: the events say it."""

    def show(self, blocks: tuple[Block, ...]) -> None:
        """Write a line for each block."""
        for block in blocks:
            kind = type(block).__name__.lower()
            shown = {"shown": kind, **{k: _plain(v) for k, v in vars(block).items()}}
            output.write_out(json.dumps(shown, ensure_ascii=False, default=asdict) + "\n")

    def remark(self, text: str) -> None:
        """Write a line to stderr."""
        output.note(output.one_line(text))


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
