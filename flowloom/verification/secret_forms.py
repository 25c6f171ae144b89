"""The forms of keys and passwords that are known, and what looks random."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

__all__ = ["looks_random", "secret_form"]

_FORMS = {
    "a GitHub token": r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{40,}",
    "a GitLab token": r"\bglpat-[0-9A-Za-z_-]{20,}",
    "a Slack token": r"\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}",
    "a webhook address that lets anybody post": r"hooks\.slack\.com/(?:services|workflows|triggers)"
    r"/\w+/[\w/]{8,}|discord(?:app)?\.com/api/webhooks/\d{15,}/[\w-]{30,}"
    r"|webhook\.office\.com/webhookb2/[\w-]{20,}",
    "a Stripe key": r"\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}|\bwhsec_[A-Za-z0-9]{24,}",
    "a model provider's key": r"\bsk-(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,}",
    "an AWS key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a Google key": r"\bAIza[0-9A-Za-z_-]{35}|\bya29\.[0-9A-Za-z_-]{20,}|\bGOCSPX-[\w-]{20,}",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}",
    "a PyPI token": r"\bpypi-[A-Za-z0-9_-]{50,}",
    "a SendGrid key": r"\bSG\.[\w-]{16,}\.[\w-]{16,}",
    "a Twilio key": r"\bSK[0-9a-f]{32}\b",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{30,}",
    "a Telegram bot token": r"(?<![\w:])\d{8,10}:[A-Za-z0-9_-]{35}(?![\w-])",
    "a shop or cloud token": r"\bshp(?:at|ss|ca|pa)_[a-f0-9]{32}|\bdop_v1_[a-f0-9]{64}",
    "a signed token (JWT)": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "an address with a password": r"://[^/\s:@]*:[^/\s:@$]+@",
    "an address with a key": r"(?i:[?&](?:api_?key|access_token|auth_token|client_secret|token"
    r"|password|sig)=)(?!\$)[^&\s#]{8,}",
    "an Authorization header": r"(?i:\bauthorization[\"']?\s*[:=]\s*[\"']?(?:bearer|basic|token))"
    r"\s+[^\s\"'$<{]{6,}",
    "a connection string with a password": r"(?i:(?:^|[;&?\s])(?:password|passwd|pwd|accountkey"
    r"|sharedaccesskey)=)[^\s;&\"'$<{*:]{4,}",
}
_KNOWN = re.compile("|".join(f"(?P<f{i}>{form})" for i, form in enumerate(_FORMS.values())))
_MAYBE = re.compile(r"[A-Za-z0-9_-]{16}|//|\w=|uthorization|PRIVATE|AUTHORIZATION")
"""What every form has one of; it is quicker than the forms."""
_WORDS = tuple(_FORMS)
_SECRET_NAME = re.compile(
    r"(?i)(?:^|_|-)(?:password|passwd|pwd|secret|(?:secret[_-]?)?access[_-]?key|api[_-]?key"
    r"|access[_-]?token|auth[_-]?token|authorization|private[_-]?key|client[_-]?secret)\Z"
)
_TYPE_WORDS = frozenset(["string", "number", "integer", "boolean", "required", "optional"])
_NO_VALUE = re.compile(r"\$\{\{|\*{3}|^(?:steps|inputs|trigger|secrets?|env)\.|^<.*>$")
_SCHEME = re.compile(r"(?i)(?:bearer|basic|token|digest|apikey)\s+\S+\Z")
_MIN_LENGTH = 6

_PUBLIC_NAME = re.compile(
    r"(?i)(?:id|ids|sha\d*|hash|digest|checksum|commit|ref|etag|fingerprint|signature|cursor"
    r"|pagetoken|page_token|data|content|image|photo|picture|icon|thread_ts|raw)\Z"
)
_NOT_KEYS = re.compile(
    r"\$\{\{.*?\}\}|\w+://\S+|data:[\w/+.-]+;base64,\S+|\bsha\d{1,3}[-:]\S+", re.S
)
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]{32,}")
_LONGEST = 128
_AWS_SECRET = 40
MIN_ENTROPY = 4.3
"""Bits per character; English words and paths lie under 4, random base64 above 4.5."""
MIN_DIGITS = 3


def secret_form(name: str, text: str) -> str:
    """Return what sort of secret a text is, in words; empty if it is none.

    Args:
        name: the key that the text stands under.
    """
    found = _KNOWN.search(text) if _MAYBE.search(text) else None
    if found is not None and found.lastgroup is not None:
        return f"The text has the form of {_WORDS[int(found.lastgroup[1:])]}"
    if _is_secret_name(name) and _is_value(text):
        return f"{name!r} holds a literal text"
    return ""


def looks_random(name: str, text: str) -> bool:
    """Return whether a text holds what only a generator of keys writes."""
    if len(text) < _AWS_SECRET - 8 or _PUBLIC_NAME.search(name):
        return False
    return any(map(_is_random, _tokens(_NOT_KEYS.sub(" ", text))))


@lru_cache(maxsize=1024)
def _is_secret_name(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def _is_value(text: str) -> bool:
    if len(text) < _MIN_LENGTH or text.lower() in _TYPE_WORDS or _NO_VALUE.search(text):
        return False
    return " " not in text.strip() or _SCHEME.match(text.strip()) is not None


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if len(token) == _AWS_SECRET:
            found.append(token)
        else:  # a longer one with slashes is a path
            found += [part for part in token.split("/") if len(part) >= _AWS_SECRET - 8]
    return [token for token in found if len(token) <= _LONGEST]


def _is_random(token: str) -> bool:
    digits = sum(map(str.isdigit, token))
    if digits < MIN_DIGITS or not any(map(str.islower, token)) or not any(map(str.isupper, token)):
        return False
    if _reads_as_words(token):
        return False
    counts = Counter(token)
    entropy = -sum(n / len(token) * math.log2(n / len(token)) for n in counts.values())
    return entropy >= MIN_ENTROPY


def _reads_as_words(token: str) -> bool:
    """Return whether capitals and digits change as seldom as in ``aNameOf2026``."""
    kinds = [(char.isdigit(), char.isupper()) for char in token]
    changes = sum(one != other for one, other in pairwise(kinds))
    return changes < len(token) / 2 and len(re.findall(r"\d+", token)) < MIN_DIGITS
