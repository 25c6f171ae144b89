"""The sentences of a change request, and what they ask for without the words around it."""

from __future__ import annotations

import re

from flowloom.offline.editing import edit_forms as forms
from flowloom.offline.reading.lexicon import base_verb

__all__ = ["change_sentences", "without_lead"]

_INSTEAD = re.compile(r"\binstead\b(?! of)", re.I)
_ENDS = re.compile(r"(?<=[.!?])\s+(?=\S)|\s*[;\n]+\s*")


def change_sentences(text: str) -> list[str]:
    """Return the sentences of a masked change request, with all their words."""
    found: list[str] = []
    for part in _ENDS.split(text):
        sentence = part.strip().rstrip(".!").strip(" -*•")
        if found and _INSTEAD.search(sentence):
            found[-1] = f"{found[-1]}. {sentence}"  # "instead" of what was said before
        elif sentence:
            found.append(sentence)
    return found


def without_lead(text: str) -> str:
    """ "Add a step that logs …" is "log …", "as the last step, log …" is "at the end, log …"."""
    if match := forms.A_STEP_THAT.match(text):
        first, _, rest = match.group("rest").partition(" ")
        where = match.group("where") or ""
        text = f"{base_verb(first) or first} {rest} {where}".strip()
    match = re.match(
        r"^as\s+(?:an?|the)\s+(?P<end>first|last|final)\s+(?:step|action),?\s+", text, re.I
    )
    if match is None:
        return text
    place = "at the start" if match.group("end").lower() == "first" else "at the end"
    return f"{place}, {text[match.end() :]}"
