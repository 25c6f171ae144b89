"""How people say what to change in a workflow: "do not …", "… instead of …", "set … to …"."""

from __future__ import annotations

import re

__all__ = [
    "ALL",
    "CONDITION",
    "ELSE_BRANCH",
    "INSTEAD",
    "INSTEAD_FIRST",
    "INSTEAD_OF",
    "LAST",
    "NOTHING",
    "NOT_NEEDED",
    "ONLY_IF",
    "REMOVE",
    "REPLACE",
    "REST",
    "SET",
    "STEP",
    "SWITCH",
]

NEED = (
    r"(?:(?:we|i|you)\s+)?(?:do not|don['’]?t|does not|doesn['’]?t)\s+(?:need|want|have)(?:\s+to)?"
)
REMOVE = re.compile(
    rf"^(?:please\s+)?(?:{NEED}|(?:do not|don['’]?t|never|let['’]?s not|no longer)"
    r"|(?:there is\s+)?no need (?:to|for)|it is not necessary to|without|remove|skip|omit"
    r"|get rid of|leave out|take out|exclude|eliminate|drop|(?:delete|cancel|stop)(?=\s+(?:the\s+)?"
    r"(?:\w+\s+){0,3}(?:steps?|actions?|calls?|loop|branch|condition|check)\b)|stop(?=\s+\w+ing\b)"
    r"|avoid)\s+(?P<rest>.+)$",
    re.I,
)
STEP = re.compile(
    r"^(?:the\s+|a\s+|any\s+)?(?:last\s+|final\s+)?(?:steps?|actions?|calls?|part|task)\s+"
    r"(?:to|that|which|where (?:you|we)|for|of|in which (?:you|we))\s+",
    re.I,
)
LAST = re.compile(r"^(?:the\s+)?(last|final|first)\s+(?:step|action|call|task)s?$", re.I)
ALL = re.compile(
    r"^(?:do\s+|run\s+)?(?:anything|everything|nothing|(?:all|every|any)(?:\s+of)?(?:\s+the)?"
    r"(?:\s+other)?"
    r"\s+(?:steps?|actions?|calls?))\b\s*"
    r"(?:(?:in|of|inside|within)\s+(?:the\s+)?(?P<where>[\w ]*?))?"
    r"\s*(?:(?:except|apart|other than|but|besides)\s*(?:for|from)?\s+(?P<kept>.+?))?"
    r"\s*(?:(?:if|when)\s+(?P<condition>.+))?$",
    re.I,
)
REST = re.compile(r"(?:,\s*(?:but\s+)?|\s+but\s+|;\s*)(?:just|only|instead|simply)\s+(.+)$", re.I)
INSTEAD_OF = re.compile(
    r"^(?P<new>.+?),?\s+(?:instead of|rather than|in place of|in lieu of)\s+(?P<old>.+)$", re.I
)
INSTEAD_FIRST = re.compile(
    r"^(?:instead of|rather than|in place of)\s+(?P<old>.+?)"
    r"(?:,\s*|\s+(?=(?:use|create|send|make|add|post|go|update|delete)\b))(?P<new>.+)$",
    re.I,
)
REPLACE = re.compile(
    r"^(?:replace|swap|substitute|exchange)\s+(?P<old>.+?)\s+(?:with|by|for)\s+(?P<new>.+)$", re.I
)
SWITCH = re.compile(
    r"^(?:switch|change|move|convert)\s+(?:from\s+)?(?P<old>.+?)\s+(?:to|into)\s+(?P<new>.+)$", re.I
)
INSTEAD = re.compile(r"^(?:instead,?\s+(?P<a>.+)|(?P<b>.+?),?\s+instead)$", re.I)
SET = re.compile(
    r"^(?:change|set|update|modify|make)\s+(?:the\s+)?(?P<field>[\w ]+?)"
    r"(?:\s+(?:of|in|for|on)\s+(?:the\s+)?(?P<owner>[\w ]+?))?\s+(?:to|as|be)\s+(?P<value>.+)$",
    re.I,
)

NOT_NEEDED = re.compile(
    r"^(?:no\s+(?P<none>.+?)\s+(?:is|are)\s+(?:needed|required|necessary)"
    r"|(?P<some>.+?)\s+(?:is|are)(?:\s+not|n['’]t)\s+(?:needed|required|necessary))"
    r"(?:\s+any\s?more)?$",
    re.I,
)
NOTHING = re.compile(r"^do nothing\b", re.I)
ELSE_BRANCH = re.compile(r"^(?:the\s+)?(?:else|otherwise)(?:\s+(?:branch|part|case|block))?$", re.I)
CONDITION = re.compile(r"^(?:the\s+)?(?:condition|check|if)(?:\s+(?:step|block))?$", re.I)
ONLY_IF = re.compile(r"^only\s+(?P<action>.+?)\s+(?:if|when)\s+(?P<condition>.+)$", re.I)
