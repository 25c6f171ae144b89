"""What is left out of a list: "all issues except those with …", "every file but the old ones"."""

from __future__ import annotations

import re

from flowloom.offline.comparing.picking import as_clause, is_condition
from flowloom.offline.reading.grammar.forms import begins_with_verb
from flowloom.offline.reading.lexicon import singular, verb_class

__all__ = ["without_excepted"]

_EXCEPT = re.compile(
    r"(?i)^(?P<do>(?P<verb>[a-z]+)(?:\s+[^,;]+?)??)\s+(?:(?:all|every|each|any)\s+)+"
    r"(?:(?:of\s+)?the\s+)?(?P<noun>[^,;]+?),?\s+"
    r"(?:except(?:ing)?(?:\s+for)?|but(?:\s+not|\s+for)?|other\s+than|apart\s+from|aside\s+from"
    r"|besides|excluding|save\s+for|not\s+counting)\s+(?:(?:all|any|every|each)\s+)?"
    r"(?P<those>(?:of\s+)?(?:those|them|the\s+ones|ones|the)\s+)?(?P<rest>\S.*)$"
)
_PICKS = re.compile(r"(?i)^(?:with|without|that|which|whose|where|who|having)\s|^[\w-]+\s+ones\b")
_TIMES = re.compile(r"(?i)^(?:days?|weeks?|weekdays?|months?|years?|hours?|mornings?|evenings?)\b")
_ENDS = re.compile(
    r"(?i),?\s+and\s+(?:then\s+)?|,\s+(?:then\s+)?|\s+(?=(?:to|into|in|via|as|on)\s)|$"
)
_PLURAL_OF = re.compile(r"(?i)\b([a-z]+s)\s+of$")
_ONES = re.compile(r"(?i)^(?P<state>[\w-]+)\s+ones$")


def without_excepted(text: str, values: tuple[str, ...]) -> list[str]:
    """Return the sentences that leave out what a text excepts; none where it excepts nothing.

    What is done to each thing is done unless the exception holds; from what is only retrieved,
    the excepted is removed.
    """
    match = _EXCEPT.match(text)
    if match is None or _TIMES.match(match.group("noun")):
        return []
    if not match.group("those") and not _PICKS.match(match.group("rest")):
        return []
    rest, verb, noun = match.group("rest"), match.group("do"), match.group("noun")
    for end in _ENDS.finditer(rest):
        said, after = rest[: end.start()], rest[end.end() :]
        ones = _ONES.match(said)
        clause = f"it is {ones.group('state')}" if ones else as_clause(said)
        if not said or not is_condition(clause, values):
            continue
        acts = begins_with_verb(after)
        if verb.lower() == "take" or {"retrieve", "count"} & set(verb_class(verb.lower())):
            kept = [
                f"{verb} all {noun}",
                f"leave out those {said if not ones else 'that are ' + ones['state']}",
            ]
            return [*kept, after] if acts else kept if not after else []
        tail = "" if acts or not after else f" {after}"
        verb = _PLURAL_OF.sub(lambda found: f"{singular(found.group(1))} of", verb)
        made = [f"for each {noun}, unless {clause}, {verb} it{tail}"]
        return [*made, after] if acts else made
    return []
