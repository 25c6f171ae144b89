"""Short commands of a conversation: undo, redo, go to a version, verify, export.

Each form must match a message from end to end: "undo" is a command, "undo the booking in the
calendar" is not.
"""

from __future__ import annotations

import re
from typing import Literal

from flowloom.intents import CheckWorkflow, Export, GoTo, Intent, Redo, Undo
from flowloom.offline.reading.lexicon import NUMBERS

__all__ = ["command_in"]

_WORKFLOW = r"(?:(?:work)?flow|automation|pipeline|document|definition)"
_IT = (
    rf"(?:it|this|that|them|everything|all(?: of it)?|this one|what (?:you|we|i) (?:have|made"
    rf"|did)|(?:the|my|your|our|this|that)(?: (?:whole|entire|full|current|complete|finished"
    rf"|new|final|resulting|updated))*(?: {_WORKFLOW}| thing| result| plan))"
)
_NUMBER = r"(?P<count>\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|couple of)"
_LATELY = (
    rf"(?:(?:the|your|my|that|this|those|these)\s+)?(?:(?:very\s+)?(?:last|latest|previous"
    rf"|recent|most recent)\s+)?(?:{_NUMBER}\s+)?(?:changes?|edits?|steps?|versions?|things?"
    rf"|ones?|modifications?|actions?|updates?|times?)"
)
_TIMES = r"(?:(?P<twice>once|twice|thrice)|(?P<times>\d{1,2}|two|three|four|five)\s+times)"
_AGAIN = r"(?:\s+(?:to (?:me|us)|again|now|first|please|once more|instead|back|for me))*"
_UNDO = re.compile(
    rf"^(?:(?:undo|un-do|revert|roll ?back|reverse|take back|ctrl[- +]?z)(?:\s+(?:{_IT}"
    rf"|{_LATELY}|{_NUMBER.replace('count', 'bare')}))?|(?:roll|take|turn)\s+(?:{_IT}|(?:the"
    rf"|your) (?:last|latest|previous) (?:change|edit|step))\s+back|(?:go|step|move|jump"
    rf"|roll)\s+back(?:\s+(?:by\s+)?{_LATELY.replace('count', 'back')}"
    rf"|\s+(?:by\s+)?{_NUMBER.replace('count', 'by')})?|back)(?:\s+{_TIMES})?{_AGAIN}$",
    re.I,
)
_UNDO_ALL = re.compile(
    rf"^(?:undo|revert|roll ?back|reset)\s+(?:everything|all(?:\s+of it)?|{_IT}\s+all|all (?:of"
    rf" )?(?:the|my|your|these|those)?\s*(?:changes|edits|updates))$",
    re.I,
)
_BEFORE = re.compile(
    rf"^(?:(?:put|set|bring|change|turn|restore|leave|make|get)\s+{_IT}\s+)?(?:(?:go|revert"
    rf"|return|roll|switch|get)\s+)?(?:back\s+)?(?:to\s+)?(?:how|what|the way|as|like)\s+(?:it"
    rf"|that|things)\s+(?:was|were|looked|had been)(?:\s+(?:before|earlier|previously))?$"
    rf"|^(?:(?:go|return|get|switch|revert|roll)\s+(?:back\s+)?to|back to|restore|use|take|i"
    rf" (?:want|prefer|liked))\s+(?:the\s+)?(?:previous|earlier|prior|older|old)\s+(?:version"
    rf"|state|one|workflow)(?:\s+(?:back|again|better))?$",
    re.I,
)
_BACK = re.compile(rf"^(?:put|bring|get|give me)\s+{_IT}\s+back{_AGAIN}$|^i want {_IT} back$", re.I)
_REDO = re.compile(
    rf"^(?:redo|re-do|ctrl[- +]?y)(?:\s+(?:{_IT}|{_LATELY}))?(?:\s+{_TIMES})?{_AGAIN}$|^(?:undo"
    rf"|revert|take back)\s+(?:the|that|your|my)\s+(?:last\s+)?undo{_AGAIN}$|^(?:restore|bring"
    rf" back|put back)\s+what\s+(?:i|you|we|was)\s+(?:have\s+|had\s+|just\s+)?(?:undid|undone"
    rf"|reverted|took back)$",
    re.I,
)
_ORDINALS = {"first": 1, "original": 1, "initial": 1, "very first": 1, "second": 2, "third": 3,
             "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
             "tenth": 10}  # fmt: skip
_NEWEST = ("latest", "newest", "last", "most recent", "current")
_WISH = (
    r"(?:(?:go|jump|switch|return|get|move|roll|revert|change|reset"
    r"|come)\s+(?:it\s+)?(?:back\s+)?to|back to|restore|use|take|load|activate|make|i(?:['’]d|"
    r" would)? (?:want|liked?|prefer(?:red)?|rather have)|give me|let['’]?s (?:use|take|go"
    r" (?:back )?(?:to|with))|please)"
)
_VERSION = re.compile(
    rf"^(?:{_WISH}\s+)?(?:the\s+)?(?:(?:version|revision|v|ver\.?|rev\.?)\s*(?:no\.?|number|#)?\s*"
    r"(?P<number>\d{1,4})"
    rf"|(?P<ordinal>{'|'.join((*sorted(_ORDINALS, key=len, reverse=True), *_NEWEST))})"
    r"\s+(?:version|revision|draft|one))(?:\s+(?:the\s+)?current)?(?:\s+(?:was|is|looked)\s+(?:much\s+)?(?:better|nicer|right|good|fine"
    r"|the best))?(?:\s+(?:again|better|back|please|instead))*$",
    re.I,
)
_START = re.compile(
    rf"^(?:{_WISH})\s+(?:the\s+)?(?:(?:very\s+)?(?:beginning|start)"
    rf"|original(?:\s+{_WORKFLOW})?)(?:\s+again)?$",
    re.I,
)
_FAULTS = r"(?:errors?|mistakes?|problems?|issues?|warnings?|bugs?|faults?|complaints?|findings?)"
_SOUND = (
    r"(?:valid|correct|ok(?:ay)?|fine|right|good|sound|complete|ready|working|well[- ]formed"
    r"|healthy|without (?:errors|mistakes)|error[- ]free)"
)
_ADVERB = r"(?:(?:still|now|really|actually|all|already|even)\s+)?"
_VERIFY = re.compile(
    rf"^(?:(?:re-?|double[- ]?|cross[- ]?)?(?:check|verify|validate|lint|test|examine|inspect"
    rf"|proof-?read)(?:\s+{_IT})?(?:\s+(?:for|to find)\s+(?:any\s+)?{_FAULTS})?|(?:run|do|start"
    rf"|make|repeat)\s+(?:the|a|another|your|all)?\s*(?:checks?|verifier|verification"
    rf"|validation|validator|dry run|tests?)(?:\s+on\s+it)?|(?:is|are)\s+(?:{_IT}"
    rf"|we)\s+{_ADVERB}{_SOUND}(?:\s+(?:with|in|about)\s+{_IT})?|(?:does|will|would|can"
    rf"|did)\s+{_IT}\s+{_ADVERB}(?:work|make sense|pass|validate|be ok)|(?:are there|is there"
    rf"|does {_IT} (?:still )?have|has {_IT}|do you (?:see|find|have)|did you find|see|find"
    rf"|got)?\s*(?:any(?:thing)?|still|some(?:thing)?|no|an?)\s*(?:{_FAULTS}|wrong"
    rf"|missing)(?:\s+(?:left|remaining))?(?:\s+(?:in|with|on|of|about)\s+{_IT})?|what(?:['’]s|"
    rf" is)\s+wrong(?:\s+(?:in|with)\s+{_IT})?|(?:show|list|tell)(?:\s+me)?\s+(?:the|all"
    rf"|any)\s+(?:the\s+)?{_FAULTS})(?:\s+(?:now|again|yet|as it is|like this|once more|then))*$",
    re.I,
)
_FORMATS: dict[str, Literal["yaml", "json", "mermaid"]] = {
    "yaml": "yaml", "yml": "yaml", "json": "json", "mermaid": "mermaid", "diagram": "mermaid",
    "flowchart": "mermaid", "flow chart": "mermaid", "chart": "mermaid", "graph": "mermaid",
    "drawing": "mermaid", "picture": "mermaid", "image": "mermaid", "visualisation": "mermaid",
    "visualization": "mermaid", "sketch": "mermaid", "source": "yaml", "source code": "yaml",
    "code": "yaml", "text": "yaml",
}  # fmt: skip
_FORMAT = "|".join(sorted(_FORMATS, key=len, reverse=True))
_IN_FORMAT = (
    rf"(?:as|in|into|to)\s+(?:an?\s+|the\s+)?(?:{_FORMAT})(?:\s+(?:{_FORMAT}|file|format|text"
    rf"|document))?"
)
_THE_FORMAT = (
    rf"(?:(?:the|a|an|its|your|my|this|that)\s+)?(?:(?:whole|full|current|complete|final|raw"
    rf"|workflow(?:['’]s)?|flow|mermaid)\s+)*(?:{_FORMAT})(?:\s+(?:file|document|version|code"
    rf"|text|form|diagram))?(?:\s+(?:of|for)\s+{_IT})?"
)
_SHOW = (
    r"(?:(?:show|give|print|display|dump|output|see|view|get|hand|send|want|have|look at|let me"
    r" see|read|write|open)(?:\s+(?:me|us))?(?:\s+(?:out|over))?)"
)
_DRAW = r"(?:draw|visuali[sz]e|sketch|paint|render|plot|chart|graph)(?:\s+me)?"
_GIVE = r"(?:export|download|print out|serialise|serialize)"
_EXPORT = re.compile(
    rf"^(?:{_SHOW}\s+{_THE_FORMAT}|{_SHOW}\s+(?:{_IT})(?:\s+{_IN_FORMAT})?"
    rf"|{_DRAW}(?:\s+(?:{_IT}|{_THE_FORMAT}))?(?:\s+{_IN_FORMAT})?|{_GIVE}(?:\s+(?:{_IT}"
    rf"|{_THE_FORMAT}))?(?:\s+{_IN_FORMAT})?|save\s+{_IT}\s+{_IN_FORMAT}|(?=.*(?:ya?ml|json"
    rf"|mermaid|diagram|flow ?chart)){_THE_FORMAT}|(?:{_IT}\s+)?{_IN_FORMAT}|(?:what"
    rf"|how)\s+(?:does|would|will)\s+(?:{_IT}"
    rf"|{_THE_FORMAT})\s+look(?:\s+like)?(?:\s+{_IN_FORMAT}|\s+now)?){_AGAIN}$",
    re.I,
)
_NOT_EXPORT = re.compile(
    r"^(?:send|write|read|open|have|want|get) (?!.*\b(?:yaml|yml|json|mermaid)\b)", re.I
)
_ASKED_TO = re.compile(
    r"^(?:(?:can|could|may|might)\s+(?:i|we|you)|would you|i want to|i(?:['’]d| would) like to"
    r"|let me|please|do you want to)\s+(?:please\s+|just\s+)?",
    re.I,
)


def command_in(text: str, *, versions: int = 0, undid: bool = False) -> Intent | None:
    """Return the command that a message is, or None.

    Args:
        text: the message without greeting and openings.
        versions: how many versions there are.
        undid: whether the last thing that was done is an undo ("put it back" is a redo then).
    """
    plain = re.sub(r"\s+", " ", text).strip().rstrip(".!?,;: ").strip()
    plain = re.sub(r",? (?:please|thanks|thank you)$", "", plain, flags=re.I)
    asked = _ASKED_TO.sub("", plain)
    for said in dict.fromkeys((plain, asked)):
        found = _step_back(said, undid=undid) or _version(said, versions) or _view(said)
        if found is not None:
            return found
    return None


def _step_back(text: str, *, undid: bool) -> Intent | None:
    if match := _REDO.match(text):
        return Redo(count=_count(match))
    if _BACK.match(text):
        return Redo() if undid else Undo()
    if _UNDO_ALL.match(text):
        return GoTo(version=1)
    if match := _UNDO.match(text):
        return Undo(count=_count(match))
    return Undo() if _BEFORE.match(text) else None


def _count(match: re.Match[str]) -> int:
    words = [
        match.groupdict().get(name) for name in ("count", "back", "by", "bare", "times", "twice")
    ]
    word = next((item.lower() for item in words if item), "one")
    named = {"a": 1, "an": 1, "couple of": 2, "once": 1, "twice": 2, "thrice": 3, **NUMBERS}
    return max(1, int(word) if word.isdigit() else named[word])


def _version(text: str, versions: int) -> Intent | None:
    if _START.match(text):
        return GoTo(version=1)
    match = _VERSION.match(text)
    if match is None:
        return None
    if match.group("number"):
        return GoTo(version=max(1, int(match.group("number"))))
    word = match.group("ordinal").lower()
    if word in _NEWEST:
        return GoTo(version=versions) if versions else None
    return GoTo(version=_ORDINALS[word])


def _view(text: str) -> Intent | None:
    if _VERIFY.match(text):
        return CheckWorkflow()
    if not _EXPORT.match(text) or _NOT_EXPORT.match(text):
        return None
    named = re.search(rf"\b(?:{_FORMAT})\b", text, re.I)
    drawn = re.match(_DRAW, text, re.I)
    if named is None:
        return Export(format="mermaid" if drawn else "yaml")
    return Export(format=_FORMATS[named.group(0).lower()])
