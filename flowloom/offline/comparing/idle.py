"""Cases in which nothing is to be done."""

from __future__ import annotations

import re

__all__ = ["does_nothing", "without_idle"]

_NOTHING = re.compile(
    r"(?i)^(?:(?:just|simply|then|we|you|i|it|please)\s+)*(?:gets?\s+(?:anything|nothing)|nothing(?:\s+(?:needs?|has"
    r"|ought)\s+to|\s+should|\s+must"
    r"|\s+is)?(?:\s+(?:happens?|be\s+done|to\s+do|to\s+be\s+done|done|more|further|else))?"
    r"|no\s+(?:further\s+)?action"
    r"(?:\s+(?:is\s+)?(?:needed|required|necessary))?|do(?:es)?\s+nothing(?:\s+at\s+all)?"
    r"|leave\s+(?:it|them|things|everything|that|(?:the|those|these)(?:\s+\S+){0,4}?)(?:\s+(?:alone|be|as\s+(?:it\s+is|they\s+are"
    r"|is)|untouched"
    r"|unchanged))|that['’]?s?\s+(?:is\s+)?(?:it|fine|ok|okay|all|good)|all\s+(?:is\s+)?(?:good"
    r"|fine|well)"
    r"|(?:we|you)['’ ]?a?re\s+done|don['’]t\s+do\s+anything|do\s+not\s+do\s+anything)$"
)


_LED = re.compile(
    r"(?i)^(?P<each>for\s+each\s+[^,]+,\s+)?(?P<word>if|unless|otherwise|else)\b,?\s*(?P<rest>.*)$"
)


def does_nothing(text: str) -> bool:
    """Return whether words say that nothing is to be done."""
    return bool(_NOTHING.match(text.strip(" .,")))


def without_idle(texts: list[str]) -> list[str]:
    """ "If x, nothing. Otherwise, do it" is "unless x, do it"; "otherwise nothing" says nothing."""
    found: list[str] = []
    for text in texts:
        match = _LED.match(text)
        rest = match.group("rest") if match else ""
        head, comma, tail = rest.rpartition(", ")
        if match and match.group("word").lower() in ("otherwise", "else") and does_nothing(rest):
            continue
        if match and comma and does_nothing(tail):
            found.append(f"\0{match.group('word').lower()} {match.group('each') or ''}\0{head}")
            continue
        if found and found[-1].startswith("\0"):
            idle = found.pop()[1:]
            plain = re.match(r"(?i)^(?:otherwise|else|if\s+not)\b,?\s+(?!if\b)(.+)$", text)
            if plain is not None:
                word, _, rest = idle.partition(" ")
                each, _, head = rest.partition("\0")
                other = "unless" if word == "if" else "if"
                found.append(f"{each}{other} {head}, {plain.group(1)}")
                continue
        found.append(text)
    return [text for text in found if not text.startswith("\0")]
