"""Closed classes of words that tell kinds of changes apart, whatever a sentence is about."""

from __future__ import annotations

import re

__all__ = ["CUES", "cues_of"]

_NOT = r"(?:not|n['’]t|never|no|none|nothing|nobody|without|neither|nor|dont|doesnt|wont)"
_CLASSES = (
    rf"\b{_NOT}\b|n['’]t\b",
    r"\b(?:any\s?more|any longer|no longer|no more|needn['’]?t|not needed|unnecessary"
    r"|superfluous)\b",
    r"\bneed(?:s|ed)?\b",
    r"\binstead\b",
    r"\b(?:instead of|rather than|in place of|in lieu of|in favou?r of)\b",
    r"(?:,| and| but) (?:not|no longer)\b",
    r"\bnot\b.*,? but\b(?! only)",
    r"\b(?:before|prior|ahead|beforehand|preceding|until|in front)\b",
    r"\b(?:after|afterwards|following|once|behind|subsequent|upon|then|followed)\b",
    r"\b(?:between|in between)\b",
    r"\b(?:first|start|starts|begin|beginning|initially|front|open)\b",
    r"\b(?:last|end|ends|finally|final|lastly|finish|done)\b",
    r"^(?:and |but )?(?:if|when|in case|should|unless|given|provided)\b",
    r"\b(?:if|when|unless|in case|as long as|provided|while|where)\b",
    r"^(?:and |or )?(?:otherwise|else|if not|in (?:all|any|the) other)\b|\belse\b",
    r"\b(?:only|just|nothing but)\b",
    r"\b(?:keep|leave|stay|remain|retain)\b",
    r"\b(?:except|apart from|but the|other than|besides|the rest|the others|everything else)\b",
    r"\b(?:each|every|all|everything|anything|whatever|both|any)\b",
    r"\b(?:also|too|as well|additionally|moreover|besides|another|plus|new|further)\b",
    r"\b(?:o'?clock|a\.?m\.?|p\.?m\.?|\d{1,2}:\d\d|hours?|hourly|minutes?|daily|weekly|monthly|days?"
    r"|week(?:day|end)s?|noon|midnight|morning|evening|time|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b",
    r"\b(?:times|attempts?|tries|try|again|retry|retries)\b",
    r"\b(?:fail(?:s|ed|ure|ing)?|errors?|goes wrong|breaks|down)\b",
    r"\b(?:some(?:one|body)|person|human|people|colleague|team|manager|manual(?:ly)?|approv\w+)\b",
    r"\b(?:in (?:any|every) case|no matter|regardless|whatever|always|unconditional\w*)\b",
    r"\b(?:steps?|part)\b",
    r"\b(?:loop|iterat\w+|repeat)\b",
    r"\b(?:condition|check|test|if|branch|criterion|threshold)\b",
    r"\b(?:opposite|reverse|invert|negate|flip|other way|turn round|around)\b",
    r"\b(?:should|must|has to|have to|needs to|ought to)\b",
    r"\bX1\b",
    r"\bX1\b.*\bX1\b",
    r"\bAcmeapp\b",
    r"\bOthersoft\b",
    r"^(?:please |now |just )?(?:remove|delete|drop|skip|omit|cut|scrap|take out|leave out"
    r"|get rid)\b",
    r"\b(?:run|runs|start|starts|trigger|schedule)\b",
    r"\b(?:to|with|for|by)\b",
    r"\?",
)
CUES = tuple(re.compile(pattern, re.I) for pattern in _CLASSES)


def cues_of(text: str) -> list[float]:
    """Return, for each class, 1 if a sentence has a word of it, else 0."""
    return [1.0 if cue.search(text) else 0.0 for cue in CUES]
