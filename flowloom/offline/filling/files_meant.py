"""Which file the words mean: "the archive", "the same file", "both", "it" after a renaming."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowloom.offline.reading.lexicon import NUMBERS, base_verb

__all__ = ["with_files_meant", "with_files_read"]

_MASK = re.compile(r"⟦(\d+)⟧")
_FILE = re.compile(r"(?:[\w.~-]*/)*[\w.-]+\.[A-Za-z]\w{0,4}")
_PACKED = re.compile(r"\.(?:zip|tar|gz|tgz|7z)$", re.I)
_ARCHIVE = re.compile(r"\bthe\s+(?:zip\s+)?(?:archive|zip(?:\s+file)?)\b(?!\s+⟦)", re.I)
_SAME = re.compile(
    r"\b(?:(?:save|write|store|put)\s+(?:it|them|this|that|the\s+results?)?\s*(?:back"
    r"\s+)?(?:over|to"
    r"|into|in|under)\s+the\s+same\s+(?:file|name|path)"
    r"|(?:overwrite|replace)\s+(?:the\s+(?:original\s+)?file|the\s+original|it)\s+with\s+(?:it|that"
    r"|this|them|the\s+results?)"
    r"|(?:save|write|store|put)\s+(?:it|them|the\s+results?)\s+back)(?=\s*(?:[.,;!]|$|and\b))",
    re.I,
)
_MOVED = re.compile(
    r"\b(?P<verb>rename|move)\s+(?:the\s+file\s+)?⟦(?P<old>\d+)⟧\s+(?:to|as|into)\s+⟦(?P<new>\d+)⟧"
    r"(?P<between>[.,;]?\s+(?:and\s+)?(?:then,?\s+|afterwards\s+|after that,?\s+|next,"
    r"?\s+)?(?!(?:if|when|should|once|unless)\b)[a-z]+\s+)"
    r"(?:it|that|this|the\s+file)\b",
    re.I,
)
_INTRODUCED = re.compile(
    r"(?:^|(?<=[.!?]\s))(?:(?:i|we)\s+(?:have|'ve|’ve|got|have got)|i've got|there are|here are"
    r"|given are|given)\s+[^.!?⟦]*?(?P<files>⟦\d+⟧(?:\s*,\s*⟦\d+⟧)*,?\s+and\s+⟦\d+⟧)\s*[.!:;]\s*",
    re.I,
)
_ORIGINAL = re.compile(
    r"\bthe\s+(?:original|source)(?:\s+(?:file|one))?(?=\s*(?:[.,;!]|$|and\b|afterwards))", re.I
)
_DATA = re.compile(r"\.(?:csv|json|ya?ml|xml)$", re.I)
_FRONTED = re.compile(
    r"(?:^|(?<=[.!?;]\s))(?:in|from)\s+(?:the\s+(?:file|table)\s+)?⟦(?P<file>\d+)⟧,?\s"
    r"+(?P<verb>[a-z]+)\s",
    re.I,
)
_ALL = re.compile(
    r"\b(?P<verb>zip|pack|attach|compress|archive|bundle)\s+(?:up\s+)?(?:(?:all\s+|the"
    r"\s+|these\s+)+"
    r"(?P<count>\d+|" + "|".join(NUMBERS) + r")|both)(?:\s+(?:of\s+them|files?|downloads?))?\b",
    re.I,
)
_MADE = re.compile(r"\b(?:to|as|into)\s+⟦(\d+)⟧")
_BOTH = re.compile(r"\b(?:both(?:\s+(?:of\s+them|files|lists|tables))?|them|these|the\s+two"
                   r"(?:\s+(?:files|lists|tables))?)\b", re.I)  # fmt: skip


def with_files_read(text: str, values: Sequence[str]) -> str:
    """Return the text with "in ⟦0⟧ do this" as "read ⟦0⟧, do this" where ⟦0⟧ is a file of data."""

    def read_first(match: re.Match[str]) -> str:
        verb = base_verb(match.group("verb"))
        if not verb or not _DATA.search(values[int(match.group("file"))]):
            return match.group(0)
        return f"read ⟦{match.group('file')}⟧, {match.group('verb')} "

    return _FRONTED.sub(read_first, text)


def with_files_meant(text: str, values: Sequence[str]) -> str:
    """Return a masked text with the files put where words refer to them, if that is plain."""
    text = _the_archive(text, values)
    text = _the_same_file(text, values)
    text = _the_original(text, values)
    text = _MOVED.sub(lambda found: _moved(found, values), text)
    return _all_made(_introduced(text, values), values)


def _files(text: str, values: Sequence[str]) -> list[int]:
    numbers = [int(found) for found in _MASK.findall(text)]
    return [number for number in numbers if _FILE.fullmatch(values[number])]


def _the_archive(text: str, values: Sequence[str]) -> str:
    packed = {number for number in _files(text, values) if _PACKED.search(values[number])}
    match = _ARCHIVE.search(text)
    if len(packed) != 1 or match is None:
        return text
    [number] = packed
    if f"⟦{number}⟧" not in text[: match.start()]:
        return text
    return text[: match.start()] + _ARCHIVE.sub(f"⟦{number}⟧", text[match.start() :])


def _the_same_file(text: str, values: Sequence[str]) -> str:
    files = set(_files(text, values))
    if len(files) != 1:
        return text
    return _SAME.sub(f"write it to ⟦{files.pop()}⟧", text)


def _the_original(text: str, values: Sequence[str]) -> str:
    match = _ORIGINAL.search(text)
    before = _files(text[: match.start()], values) if match else []
    if match is None or not before:
        return text
    return f"{text[: match.start()]}⟦{before[0]}⟧{text[match.end() :]}"


def _moved(match: re.Match[str], values: Sequence[str]) -> str:
    new = int(match.group("new"))
    if not _FILE.fullmatch(values[new]):
        return match.group(0)
    whole = match.group(0)
    end = match.end("between") - match.start()
    return f"{whole[:end]}⟦{new}⟧"


def _all_made(text: str, values: Sequence[str]) -> str:
    """ "zip all three": the three files that the words before have made."""
    match = _ALL.search(text)
    if match is None:
        return text
    made = [int(found) for found in _MADE.findall(text[: match.start()])]
    made = [number for number in made if _FILE.fullmatch(values[number])]
    word = (match.group("count") or "two").lower()
    if len(made) != (NUMBERS.get(word) or (int(word) if word.isdigit() else 0)):
        return text
    named = ", ".join(f"⟦{number}⟧" for number in made[:-1])
    files = f"{match.group('verb')} {named} and ⟦{made[-1]}⟧"
    return text[: match.start()] + files + text[match.end() :]


def _introduced(text: str, values: Sequence[str]) -> str:
    """ "I have A and B. Merge both" is "merge A and B"."""
    match = _INTRODUCED.search(text)
    if match is None:
        return text
    rest = text[match.end() :]
    meant = _BOTH.search(rest)
    if meant is None or len(_files(match.group("files"), values)) < 2:
        return text
    named = f"{rest[: meant.start()]}{match.group('files')}{rest[meant.end() :]}"
    return text[: match.start()] + named
