"""What each sign counts that a component does what an action asks for."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BY_TYPE",
    "CONDITION",
    "EARLIER",
    "ENOUGH",
    "EXTRA_WORD",
    "FAR",
    "FILE_FORM",
    "FITTING_VALUE",
    "HEAD",
    "IMPLIED",
    "KEYWORD",
    "LIST",
    "LONGER_NAME",
    "MEANING",
    "MEANT",
    "NAMED",
    "NEAR",
    "NOT_NAMED",
    "NO_LIST",
    "NO_OBJECT",
    "NO_PLACE",
    "NO_VERB",
    "OPERATION",
    "RANK",
    "RECENT",
    "RELATED_VERB",
    "SAID_NAME",
    "SAME_VERB",
    "STRANGE_VERB",
    "SURE",
    "TELLING_VALUE",
    "UNSAID",
    "VERB",
    "WORD",
    "WRONG_VERB",
    "Fit",
]

VERB = 2.0
RELATED_VERB = 1.5
NO_VERB = 1.0
WRONG_VERB = -20.0
STRANGE_VERB = -2.0
SAME_VERB = 0.5
OPERATION = 2.5
"""The component's title begins with the very verb; its id ends with it ("wait", "split")."""
HEAD = 3.0
IMPLIED = 1.5
WORD = 0.7
EXTRA_WORD = -0.5
NO_OBJECT = -3.0
NAMED = 4.0
NOT_NAMED = -3.0
RECENT = 2.8
EARLIER = 1.2
MEANING = 6.0
RANK = 0.5
"""What a cosine of 1 counts, and what it counts to be the nearest by meaning."""
MEANT = 0.28
NEAR = 0.6
FAR = 0.4
"""A cosine from which meaning stands for a noun that is not said, and one below which it fails."""
LIST = 0.5
NO_LIST = -1.5
"""Where several things are retrieved: whether the component gives a list of them."""
FITTING_VALUE = 1.2
NO_PLACE = -1.0
FILE_FORM = 2.0
TELLING_VALUE = 1.3
"""What a channel or a repository counts besides: few services have such a thing."""
CONDITION = 1.5
KEYWORD = 1.0
UNSAID = -1.2
ENOUGH = 4.9
"""A component that scores less is no answer: the step is one for a person."""
SURE = 7.0
"""One that scores less is told as an assumption."""
SAID_NAME = 0.8
"""The name of its operation stands in the words ("the SQL query", "HTML to text")."""
LONGER_NAME = 0.6
"""Each further word of an operation's name that is said: "wait until" is more than "wait"."""
BY_TYPE = 1.5
"""A transform that takes a list, or a text, takes any: its noun need not be said."""


@dataclass(frozen=True)
class Fit:
    """What a component scores for an action, and of what the score is made."""

    id: str
    verb: float
    noun: float
    service: float
    meaning: float
    rest: float = 0.0
    tried: float = 0.0

    @property
    def score(self) -> float:
        """The sum."""
        return self.verb + self.noun + self.service + self.meaning + self.rest + self.tried

    @property
    def why(self) -> str:
        """The score in words."""
        return (
            f"verb {self.verb:+.1f}, object {self.noun:+.1f}, service {self.service:+.1f},"
            f" meaning {self.meaning:+.1f}, form {self.rest:+.1f}, tried {self.tried:+.1f}"
        )
