"""How people say what to change in a workflow: "do not …", "… instead of …", "set … to …"."""

from __future__ import annotations

import re

__all__ = [
    "AT_TIMES",
    "A_STEP_THAT",
    "BETWEEN",
    "CALLED",
    "CANNOT_BE",
    "COMES",
    "COND_INSTEAD",
    "DO_THIS",
    "FROM_TO",
    "GIVE_ATTEMPTS",
    "GOES_TO",
    "IGNORE",
    "INSTEAD",
    "IN_ZONE",
    "MOVE",
    "NEW_CONDITION",
    "ONE_UP",
    "ONLY",
    "ONLY_IF",
    "ONLY_IF_LATE",
    "OTHER_WAY",
    "REMOVE",
    "REST",
    "RETRY",
    "SAID_INPUT",
    "SET",
    "SHOULD_BE",
    "SKIP_IF",
    "STARTS_WHEN",
    "STEP",
    "SWAP",
    "SWAP_TWO",
    "UNCLEAR",
    "USE_AS",
    "USE_VALUES",
    "VALUE_INSTEAD",
    "VALUE_TO_VALUE",
    "WHOLE",
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
REST = re.compile(r"(?:,\s*(?:but\s+)?|\s+but\s+|;\s*)(?:just|only|instead|simply)\s+(.+)$", re.I)
INSTEAD = re.compile(r"^(?:instead,?\s+(?P<a>.+)|(?P<b>.+?),?\s+instead)$", re.I)
_CHANGE = (
    r"(?:change|set|update|modify|make|adjust|raise|lower|increase|decrease|reduce|turn|switch|move"
    r"|rename|edit|correct|put|bump|let|limit)"
)
_MAKES = r"(?:\s+(?:up|down|back|over))?\s+(?:to|as|be|into|at|=)\s+"
SET = re.compile(
    rf"^{_CHANGE}\s+(?:the\s+)?(?P<field>[\w '-]+?)"
    r"(?:\s+(?:of|in|for|on)\s+(?:the\s+)?(?P<owner>[\w ]+?))?" + _MAKES + r"(?P<value>.+)$",
    re.I,
)
SHOULD_BE = re.compile(
    r"^(?:the\s+)?(?P<field>[\w '-]+?)(?:\s+(?:of|in|for|on)\s+(?:the\s+)?(?P<owner>[\w ]+?))?\s+"
    r"(?:should|must|has to|needs to|ought to|shall)\s+(?:now\s+|really\s+)?"
    r"(?:be|say|read|become)\s+(?P<value>.+)$",
    re.I,
)
USE_AS = re.compile(
    r"^(?:use|take|put|have|give(?: it)?)\s+(?P<value>⟦\d+⟧|[\w.:-]+)\s+(?:as|for)\s+(?:the\s+)?"
    r"(?P<field>[\w '-]+?)(?:\s+(?:of|in|for|on)\s+(?:the\s+)?(?P<owner>[\w ]+?))?$",
    re.I,
)
_VALUE = r"(?:⟦\d+⟧|[\w.:/@#-]+)"
FROM_TO = re.compile(rf"^{_CHANGE}\b.*?\bfrom\s+(?P<old>{_VALUE})\s+to\s+(?P<new>{_VALUE})$", re.I)
VALUE_INSTEAD = re.compile(
    rf"^.*?(?P<new>{_VALUE}),?\s+(?:instead of|rather than|not|and not|in place of)\s+"
    rf"(?:to\s+|at\s+|in\s+|for\s+|with\s+|by\s+)?(?P<old>{_VALUE})$",
    re.I,
)
VALUE_TO_VALUE = re.compile(
    rf"^(?:change|replace|swap|turn|switch|rename|correct|exchange)\s+(?:the\s+)?(?:[\w ]+\s+)?"
    rf"(?P<old>{_VALUE})\s+(?:to|with|by|into|for)\s+(?P<new>{_VALUE})$",
    re.I,
)
ONLY = re.compile(r"^(?:(?:please|now)\s+)?(?:only|just|solely|exclusively)\s+(?P<rest>.+)$", re.I)

_IF = r"(?P<word>if|when|unless|in case|provided(?: that)?|as long as)"
ONLY_IF = re.compile(rf"^only\s+(?P<action>.+?)\s+{_IF}\s+(?P<condition>.+)$", re.I)
ONLY_IF_LATE = re.compile(
    rf"^(?P<action>.+?),?\s+(?:but\s+)?only\s+{_IF}\s+(?P<condition>.+)$", re.I
)
OTHER_WAY = re.compile(
    r"^(?:(?:do|make|turn|switch|put|have)\s+(?:it|that|this|the condition)\s+"
    r"|(?:it|that|this)\s+(?:should|must)\s+be\s+)?(?:exactly\s+)?"
    r"(?:the\s+)?(?:other way (?:a)?round|opposite|(?:reverse|negate|invert|flip|turn (?:a)?round)"
    r"\s+(?:the\s+)?(?:condition|check|test|if|logic|comparison))(?:,?\s+please)?"
    r"(?:\s*[:;,.-]\s*(?P<rest>.+))?$",
    re.I,
)
NEW_CONDITION = re.compile(
    r"^(?:(?:change|set|make|update|modify)\s+the\s+(?:condition|check|test)\s+(?:to|be|so that)"
    r"|the\s+(?:condition|check|test)\s+(?:should|must)\s+be)\s+(?P<condition>.+)$",
    re.I,
)
_ALL_OF_IT = (
    r"(?:this|it|that|these|all|everything|the (?:whole|entire) (?:thing|workflow|flow)"
    r"|the (?:workflow|flow|steps)|all (?:of )?(?:this|these|that|it|the steps|steps))"
)
WHOLE = re.compile(rf"^(?:do|run|perform|execute|start)\s+{_ALL_OF_IT}(?:\s+steps)?$", re.I)
DO_THIS = re.compile(
    rf"^(?:do|run|repeat|perform|execute|apply)\s+{_ALL_OF_IT}(?:\s+steps)?(?:\s+(?:again|once))?$",
    re.I,
)
MOVE = re.compile(
    r"^(?:move|put|place|bring|shift|push|pull)\s+(?P<what>.+?)\s+"
    r"(?P<where>(?:to\s+)?(?:right\s+|directly\s+|just\s+)?"
    r"(?:before|after|behind|above|below|in front of)\s+.+"
    r"|(?:to|at)\s+the\s+(?:very\s+)?(?:start|beginning|top|front|end|bottom)|first|last"
    r"|into\s+the\s+(?:loop|condition|branch|then branch|else branch|otherwise branch))$",
    re.I,
)
COMES = re.compile(
    r"^(?P<what>.+?)\s+(?:should|must|has to|needs to|is to|shall)\s+"
    r"(?:come|go|run|happen|be done|be|take place|stand)\s+"
    r"(?P<where>(?:right\s+|directly\s+|just\s+)?(?:before|after|behind)\s+.+|first|last"
    r"|at\s+the\s+(?:very\s+)?(?:start|beginning|top|end))$",
    re.I,
)
SWAP = re.compile(
    r"^(?:swap|switch|exchange)\s+(?:the\s+order\s+of\s+|around\s+)?"
    r"(?P<a>.+?)\s+(?:and|with)\s+(?P<b>.+?)"
    r"(?:\s+(?:around|round))?$",
    re.I,
)
SWAP_TWO = re.compile(
    r"^(?:swap|switch|exchange)\s+(?:the\s+order\s+of\s+)?(?:the\s+)?"
    r"(?P<end>first two|last two|two|both)(?:\s+(?:steps|actions|tasks))?(?:\s+(?:around|round))?$",
    re.I,
)
_TIMES = r"(?P<count>\d+|once|twice|two|three|four|five|six|seven|eight|nine|ten)"
RETRY = re.compile(
    r"^(?:re-?try|try|attempt|repeat)\s+(?:to\s+)?(?P<what>.+?)\s+"
    r"(?:up to|at most|for up to|for)?\s*"
    rf"{_TIMES}(?:\s+(?:more\s+)?times)?"
    r"(?:,?\s+(?:if|when|in case|on|before|waiting|with)\b.*)?$",
    re.I,
)
GOES_TO = re.compile(
    r"^(?:the\s+)?(?P<what>[\w ]+?)\s+(?:should|must|has to|needs to|is to|shall)\s+"
    r"(?:go|be (?:sent|posted|written|mailed|delivered|saved|uploaded))\s+(?:in)?to\s+"
    rf"(?P<value>{_VALUE})(?:\s+instead)?$",
    re.I,
)
SAID_INPUT = re.compile(
    rf"^(?P<name>\w+)\s+(?P<value>{_VALUE})"
    r"(?:\s+(?:on|in|to|for|with)\s+(?:the\s+)?(?P<what>[\w ]+))?$",
    re.I,
)
IN_ZONE = re.compile(
    r"^(?:(?i:use|switch to|change to|take|run (?:it|this) in|in)\s+)(?:the\s+)?"
    r"(?:time\s?zone\s+)?(?P<zone>⟦\d+⟧|[A-Z]\w*(?:[ /]\w+)*?)"
    r"(?:\s+time(?:\s?zone)?)?(?:\s+instead)?$"
)
STARTS_WHEN = re.compile(
    r"^(?:start|run|trigger|launch|begin|execute)\s+"
    r"(?:it|this|that|the (?:workflow|flow)|everything)\s+"
    r"(?:when(?:ever)?|on|as soon as|once|each time|every time)\s+(?P<event>.+)$",
    re.I,
)
CALLED = re.compile(
    r"^(?:rename|call|name)\s+(?:it|this|the\s+(?:whole\s+)?(?:workflow|flow))\s+"
    r"(?:to\s+|as\s+)?(?P<name>.+)$"
    r"|^(?:change|set)\s+the\s+(?:workflow['’]s\s+)?name(?:\s+of\s+the\s+(?:workflow|flow))?\s+"
    r"to\s+(?P<name2>.+)$",
    re.I,
)
BETWEEN = re.compile(
    r"^(?:in\s+)?between\s+(?P<a>.+?)\s+and\s+(?P<b>.+?),\s*(?P<rest>.+)$"
    r"|^(?P<rest2>.+?)\s+(?:in\s+)?between\s+(?P<a2>.+?)\s+and\s+(?P<b2>.+)$",
    re.I,
)
UNCLEAR = re.compile(
    r"\binstead\b|^(?:only|just|change|set|rename|remove|delete|drop|use|swap|switch|move"
    r"|reverse|negate|invert|limit|skip|replace|update|modify|make)\b|\bshould\b",
    re.I,
)
"""Words of a change: where no step is meant by them, nobody is asked to do them."""
A_STEP_THAT = re.compile(
    r"^(?:(?:please\s+)?(?:add|insert|include|put in|append|create)\s+)"
    r"(?:(?:a|an|another|one more)\s+)(?:new\s+)?(?:further\s+)?(?:step|action|task)\s*"
    r"(?P<where>(?:before|after|between|at|right)\b.*?)?\s*,?\s*(?:that|which|to)\s+(?P<rest>.+)$",
    re.I,
)
COND_INSTEAD = re.compile(rf"^(?P<action>.+?)\s+{_IF}\s+(?P<condition>.+?),?\s+instead$", re.I)
SKIP_IF = re.compile(
    rf"^(?:please\s+)?(?:do not|don['’]?t|skip|omit|leave out|never)\s+(?P<action>.+?),?\s+{_IF}\s+"
    r"(?P<condition>.+)$",
    re.I,
)
_ERRORS = r"(?:errors?|failures?|problems?)"
_MUST_NOT = r"(?:should|must|may|can|shall|is|are)(?:n['’]t| not)?\s+(?:be\s+)?"
_ENDS = r"(?:ignored?|tolerated?|stop|end|break|abort)\b.*"
_FAILS = r"(?:fails|breaks|does not work|doesn['’]t work|goes wrong)"
IGNORE = re.compile(
    rf"^(?:please\s+)?(?:ignore|tolerate|skip)\s+(?:any\s+|all\s+)?{_ERRORS}\s+"
    r"(?:when|while|of|in|from|during|by|with)\s+(?P<what>.+)$"
    r"|^(?P<what2>.+?)\s+(?:may|can|might|is allowed to)\s+fail\b.*$"
    r"|^(?:just\s+)?(?:carry on|continue|go on|keep going|do not (?:fail|stop)"
    rf"|don['’]t (?:fail|stop))\s+(?:even\s+)?(?:if|when)\s+(?P<what3>.+?)\s+{_FAILS}\b.*$"
    rf"|^(?:an?\s+|any\s+)?{_ERRORS}\s+(?:when|while|of|in|from|during|by|with)\s+(?P<what4>.+?)\s+"
    rf"{_MUST_NOT}{_ENDS}$"
    r"|^(?:do not|don['’]t)\s+let\s+(?:an?\s+|the\s+)?(?:failing|failed)\s+(?P<what5>.+?)\s+"
    r"(?:stop|end|break|abort)\b.*$",
    re.I,
)
CANNOT_BE = re.compile(
    r"\b(?P<word>if|when)\s+(?P<what>(?:the|an?)\s+[\w ]+?)\s+can(?:not|n['’]t|['’]t)\s+be\s+"
    r"(?P<done>[a-z]+)\b",
    re.I,
)
GIVE_ATTEMPTS = re.compile(
    r"^(?:give|allow)\s+(?P<what>.+?)\s+(?:up to\s+|at most\s+)?"
    r"(?P<count>\d+|two|three|four|five|six|ten)"
    r"\s+(?:attempts|tries|chances)$",
    re.I,
)
ONE_UP = re.compile(
    r"^(?:move|put|bring|shift|push|pull)\s+(?P<what>.+?)\s+(?P<way>up|down)(?:\s+(?:by\s+)?one)?$",
    re.I,
)
USE_VALUES = re.compile(r"^(?:use|take|with|set|now with)\s+(?P<rest>.+?)(?:\s+instead)?$", re.I)
AT_TIMES = re.compile(
    r"\s(?:on|at|during|over)\s+(?:the\s+)?(?:weekends?|weekdays|working\s+days|holidays|night"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\s*$",
    re.I,
)
"""Leaving a step out at times is no removal."""
