"""What people write around a request: greetings, thanks, their reasons, titles."""

from __future__ import annotations

import re

from flowloom.offline.planning.actions import is_action
from flowloom.offline.reading.lexicon import DETERMINERS, PRONOUNS, words_of

__all__ = ["is_small_talk", "is_title", "without_greeting", "without_thanks"]

_GREETING = re.compile(
    r"^(?:hi|hello|hey|hiya|howdy|greetings|dear|good (?:morning|afternoon|evening|day))\b"
    r"(?:\s+(?:there|again|all|everyone|everybody|team|folks|guys|(?-i:[A-Z])\w+))*"
    r"\s*(?:[,!.:–-]\s*|$)",
    re.I,
)
_THANKS = (
    r"(?:(?:many |a lot of )?thanks(?: (?:a lot|so much|very much|a million|again|in advance"
    r"|for \w+"
    r"(?: \w+)*))*|thank you(?: (?:so|very) much)?(?: (?:in advance|again|for [\w ]+))*|thx|cheers"
    r"|ta|much appreciated|i(?: would|'d)? (?:really )?appreciate (?:it|that|your help))"
)
_END = re.compile(rf"(?:[,.!–-]|\s-)\s*{_THANKS}\s*[!.]*\s*$", re.I)
_CLOSING = re.compile(
    rf"^(?:(?:and |ok |okay |great,? )*{_THANKS}(?:[,\s]+(?-i:[A-Z])\w+)*"
    r"|(?:best|kind|warm)?\s*(?:regards|wishes)(?:[,\s]+(?-i:[A-Z])\w+)*|do nothing else"
    r"|nothing else"
    r"|best|yours(?: \w+)?|sincerely"
    r"|(?:that|this) (?:would|will) (?:be|help|save|make)\b.*|that(?:'s| is| was) (?:all|it)\b.*"
    r"|hope (?:that|this|it|you)\b.*|i hope\b.*|let me know\b.*|looking forward\b.*"
    r"|have a (?:nice|great|good|lovely)\b.*|sorry\b.*|is that (?:possible|ok|okay)\b.*"
    r"|can (?:you|we) do (?:that|this)|how (?:are you|is it going)\b.*|it should be (?:easy"
    r"|simple)\b.*"
    r"|easy,? right|right|ok(?:ay)?|great|perfect|please)\W*$",
    re.I,
)
_REASON = re.compile(
    r"^(?:(?:i|we)(?:'m|’m| am|'re|’re| are|'ve|’ve| have been)\s+(?:\w+\s+)?(?:tired|sick|fed up"
    r"|annoyed|busy|bored|new|not|looking|trying|working|responsible|in charge|always|still"
    r"|building|running|planning|so|very|really|a|an|the)\b.*"
    r"|(?:i|we)\s+(?!(?:want|need|require|would|wish|must|should|have to|like|ask|could|can"
    r"|will)\b)[a-z]+\b.*"
    r"|(?:i|we)\s+(?:always|often|usually|currently|keep|hate|love|like to|forget|spend|waste"
    r"|waited"
    r"|run|work|own|manage|tend|never|just)\b.*"
    r"|(?:my|our)\s+(?:\w+\s+){1,3}(?:is|are|was|has|have|wants?|keeps?|says?|said|complains?"
    r"|needs?|"
    r"asked|asks|likes?|gets?|got)\b.*"
    r"|(?:it|this)(?:'s| is| was| takes| has been)\s+(?:always|so|very|really|too|a|an|just|pretty"
    r"|about|me|us|annoying|tedious|boring|important|urgent|hard|slow)\b.*"
    r"|(?:right now|currently|at the moment|until now|so far|nowadays|these days),?\s+(?:i|we|this"
    r"|it|my|our)\b.*"
    r"|here(?:'s| is)\s+(?:what|the thing|my)\b.*|as you (?:may )?know\b.*)$",
    re.I,
)
_PURPOSE = re.compile(
    r"^(?:(?:i|we)(?:'d| would)?\s+(?:need|want|like|am looking for|are looking for)\s+(?:to "
    r"have\s+)?"
    r"(?:an?|some|your)\s+(?:[\w-]+\s+){0,3}(?:automation|workflow|flow|script|bot|job|process"
    r"|help|tool"
    r"|system|thing)\b[^,:⟦]*)$",
    re.I,
)
_WISH = re.compile(
    r"\b(?:want|need|would like|'d like|’d like|wish|should|must|have to|ought|could you|can you|"
    r"please|wondering|looking for|require"
    r"|(?:important|necessary|essential|vital|crucial) that)\b",
    re.I,
)
_TITLE_NOUNS = frozenset(
    [
        "reminder",
        "report",
        "job",
        "task",
        "workflow",
        "automation",
        "summary",
        "digest",
        "update",
        "routine",
        "alert",
        "alerts",
        "notification",
        "check",
        "checks",
        "backup",
        "sync",
        "process",
        "flow",
        "pipeline",
        "cleanup",
        "import",
        "export",
        "onboarding",
        "newsletter",
        "monitor",
        "monitoring",
        "watcher",
        "bot",
        "script",
        "project",
        "idea",
        "request",
        "todo",
        "reminders",
        "reports",
    ]
)


def without_greeting(text: str) -> str:
    """Return a text without the greeting it begins with."""
    match = _GREETING.match(text)
    return text[match.end() :] if match else text


def without_thanks(text: str) -> str:
    """Return a text without the thanks it ends with."""
    return _END.sub("", text)


def is_small_talk(text: str) -> bool:
    """Return whether a sentence asks for nothing: thanks, a farewell, a reason."""
    text = text.strip()
    if not text or _CLOSING.match(text) or _PURPOSE.match(text.rstrip(" .!:")):
        return True
    return bool(_REASON.match(text)) and not _WISH.search(text)


def is_title(text: str) -> bool:
    """Return whether a sentence only names the workflow: "Quarterly reminder"."""
    words = words_of(text)
    if not words or len(words) > 5 or "⟦" in text or is_action(text):
        return False
    if set(words) & (PRONOUNS | (DETERMINERS - {"new", "the"})):
        return False
    return words[-1] in _TITLE_NOUNS
