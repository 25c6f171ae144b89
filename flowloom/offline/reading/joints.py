"""Places where the words of one action may be cut into two, whether a verb is known or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowloom.offline.reading.grammar.forms import begins_with_verb
from flowloom.offline.reading.lexicon import base_verb

__all__ = ["cuts_of"]

_JOINT = re.compile(r"\s*[,;]\s*(?:and\s+|but\s+)?|\s+(?:and|but|then)\s+", re.I)
_ADVERBIAL = re.compile(
    r"^(?:(?:after|following)\s+(?:that|this|which)|after(?:wards?)?|then|also|finally|lastly|next"
    r"|in\s+the\s+end|at\s+last|later|meanwhile|first|please|just)\b,?\s*",
    re.I,
)


def cuts_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the halves of a masked text at each joint behind which a verb may begin."""
    for match in _JOINT.finditer(text):
        left, right = text[: match.start()].strip(), text[match.end() :].strip()
        before = ""
        while right != before:
            before, right = right, _ADVERBIAL.sub("", right)
        first, _, rest = right.partition(" ")
        known = base_verb(first) == first.lower()
        if rest and " " in left and (known or begins_with_verb(right)):
            yield left, right
