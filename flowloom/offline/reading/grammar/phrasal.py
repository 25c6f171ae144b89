"""Phrasal verbs: "draw up" creates, "get rid of" deletes; the particle may follow the object."""

from __future__ import annotations

import re

__all__ = ["phrasal_verb", "with_particle_first", "without_removal"]

_VERBS = {
    "create": "draw up, set up, make up, spin up, write up, put together, note down, "
    "whip up, type up, open up, come up with, sign up, stand up, lay out, book in, "
    "put in, scribble down, put down, jot down, make out, work up, lay down, "
    "throw together",
    "delete": "get rid of, throw away, throw out, take down, tear down, wipe out, clear out, "
    "clean up, clean out, strike out, do away with, shut down, clear away, "
    "toss out, rip out, bin off",
    "send": "fire off, send out, send over, send off, pass on, pass along, hand over, "
    "give out, shoot off, shoot over, ship off, put out, send on, get out, "
    "blast out, dash off",
    "retrieve": "look up, pull up, pull in, bring up, dig up, dig out, call up, read in, "
    "get back, pull out, fish out, load up, bring in, track down, get hold of, "
    "take in",
    "update": "fill in, fill out, touch up, change over, swap out, bring up to date",
    "copy": "copy over",
    "move": "move over, carry over, bring over, shift over",
    "count": "count up",
    "sum": "add up, tally up, tot up, total up",
    "merge": "join up",
    "download": "pull down",
    "upload": "put up",
    "split": "split up, break up, cut up",
    "close": "close off, wrap up, tick off",
    "sort": "sort out by",
    "approve": "sign off",
}  # fmt: skip
_PLAIN = {
    tuple(phrase.strip().split()): verb
    for verb, phrases in _VERBS.items()
    for phrase in phrases.split(",")
}
_REMOVES = re.compile(
    r"^(?:get\s+rid\s+of|do\s+away\s+with|(?:throw|take|strike|wipe|toss)\s+(?:out|away))\s+", re.I
)
_APART = re.compile(
    r"^(?P<verb>[a-z]+)\s+(?P<what>it|them|this|that|everything|(?:the|an?|my|our|all|its|their)"
    r"\s+[\w⟦⟧-]+(?:\s+[\w⟦⟧-]+){0,3}?)\s+(?P<particle>[a-z]+)(?=$|[\s,.;])(?P<rest>.*)$",
    re.I | re.S,
)


def phrasal_verb(text: str) -> tuple[str, str]:
    """Return the plain verb of a phrasal verb that a text begins with, and what follows it."""
    words = text.split()
    for count in (4, 3, 2):
        phrase = tuple(word.lower() for word in words[:count])
        if verb := _PLAIN.get(phrase):
            return verb, " ".join(words[count:])
    return "", text


def with_particle_first(text: str) -> str:
    """ "Jot the totals down" is "jot down the totals"."""
    match = _APART.match(text)
    if match is None:
        return text
    verb, particle = match.group("verb"), match.group("particle").lower()
    if (verb.lower(), particle) not in _PLAIN:
        return text
    return f"{verb} {particle} {match.group('what')}{match.group('rest')}"


def without_removal(text: str) -> str:
    """ "Take out duplicates" is "remove duplicates": what rules about removing read."""
    return _REMOVES.sub("remove ", text)
