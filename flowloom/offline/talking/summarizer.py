"""The summarizer without a language model: it keeps the sentences that bind what comes later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flowloom.offline.reading.small_talk import is_small_talk
from flowloom.offline.talking.phrases import opened, reply_in
from flowloom.prompts.components import estimated_tokens
from flowloom.roles import Summarized, SummaryTask

__all__ = ["OfflineSummarizer"]

MAX_LINE = 300
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|\n+")
_SPEAKER = re.compile(r"^(?P<role>[a-z]+): (?P<text>.+)$", re.S)
_BINDS = re.compile(
    r"\b(?:must|never|always|only|at (?:most|least)|no more than|don['’]?t|do not|should|shall"
    r"|need(?:s|ed)?|have to|has to|instead|rather|without|except|unless|not|prefer|want|use"
    r"|call it|by default|decided?|agreed?|because)\b",
    re.I,
)
_VALUES = re.compile(
    r"\"[^\"]+\"|“[^”]+”|https?://\S+|\S+@\S+|[#@/]\w[\w./-]*|\b\w+/\w+\b|\b\d[\d:.,%]*"
)
_PEOPLE = ("person", "user", "human")


@dataclass(frozen=True)
class _Line:
    """One sentence that may be kept.

    Attributes:
        place: where it stands in the conversation, from 0.
    """

    role: str
    text: str
    place: int

    @property
    def shown(self) -> str:
        """The line as the summary has it."""
        text = " ".join(self.text.split())
        cut = text if len(text) <= MAX_LINE else text[: MAX_LINE - 1].rstrip() + "…"
        return f"{self.role}: {cut}"


class OfflineSummarizer:
    """Shortens by leaving out, never by other words: what it keeps was said so."""

    async def summarize(self, task: SummaryTask) -> Summarized:
        """Return the sentences that count most, in their order, within the token limit.

        What the person bound later work to comes before what else the person said, and that before
        the answers. A decision that is kept elsewhere is not repeated.
        """
        lines = _new(_lines(task), task.decisions)
        last = max((line.place for line in lines), default=0)
        ranked = sorted(lines, key=lambda line: -_weight(line, last))
        kept: list[_Line] = []
        for line in ranked:
            if estimated_tokens(_text([*kept, line])) <= task.max_tokens:
                kept.append(line)
        return Summarized(text=_text(kept))


def _text(lines: list[_Line]) -> str:
    return "\n".join(line.shown for line in sorted(lines, key=lambda line: line.place))


def _lines(task: SummaryTask) -> Iterator[_Line]:
    place = 0
    for role, text in (*_summarized(task.summary), *task.messages):
        for sentence in _sentences(role, text):
            yield _Line(role, sentence, place)
            place += 1


def _summarized(summary: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of an earlier summary with who said them."""
    for line in summary.splitlines():
        match = _SPEAKER.match(line.strip())
        if match is not None:
            yield match["role"], match["text"]
        elif line.strip():
            yield "summary", line.strip()


def _sentences(role: str, text: str) -> list[str]:
    found = [piece.strip() for piece in _SENTENCE.split(text) if piece.strip()]
    if role in _PEOPLE:
        return [piece for piece in found if not _says_nothing(piece)]
    # The first sentence of an answer says what was done; the rest tells it in detail.
    return found[:1]


def _says_nothing(text: str) -> bool:
    reply = reply_in(text)
    return (bool(reply.kind) and not reply.rest) or is_small_talk(opened(text))


def _new(lines: Iterator[_Line], decisions: tuple[str, ...]) -> list[_Line]:
    """Leave out what is said twice (the last time counts) or is a decision already."""
    decided = {_plain(item) for item in decisions}
    found = {_plain(line.text): line for line in lines}
    return [line for plain, line in found.items() if plain and plain not in decided]


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _weight(line: _Line, last: int) -> float:
    told = {"summary": 3.0, **dict.fromkeys(_PEOPLE, 2.0)}.get(line.role, 0.0)
    binds = 2.0 if _BINDS.search(line.text) and line.role in _PEOPLE else 0.0
    values = 0.5 * min(len(_VALUES.findall(line.text)), 3)
    return told + binds + values + line.place / (last + 1)
