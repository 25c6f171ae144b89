"""Who may call: named tokens, compared in constant time."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from flowloom.errors import ConfigError

__all__ = ["LOCAL", "Tokens", "parse_tokens"]

LOCAL = "local"
"""Who calls where no tokens are set; what the terminal makes belongs to the same owner."""

MIN_LENGTH = 16


@dataclass(frozen=True)
class Tokens:
    """Tokens by the name of their owner; without any, everyone on loopback is ``local``."""

    by_name: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    def owner_of(self, authorization: str) -> str | None:
        """Return whose token an ``Authorization`` header holds; None if it is nobody's."""
        if not self.by_name:
            return LOCAL
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        # Every token is compared, so that the time taken says nothing.
        found = [
            name
            for name, token in self.by_name.items()
            if hmac.compare_digest(token.encode(), given.strip().encode())
        ]
        return found[0] if found else None


def parse_tokens(text: str) -> Tokens:
    """Read ``name=token`` pairs, one a line or separated by commas.

    Raises:
        ConfigError: a pair is none, a name stands twice, or a token is short.
    """
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.replace(",", "\n").splitlines())):
        name, sign, token = (part.strip() for part in pair.partition("="))
        if not sign or not name or name in found:
            raise ConfigError(
                "The tokens are not NAME=TOKEN pairs with different names.",
                hint="Give them as ann=…,bob=… in FLOWLOOM_SERVE_TOKENS, or one a line in a file.",
            )
        if len(token) < MIN_LENGTH:
            raise ConfigError(
                f"The token of {name!r} has fewer than {MIN_LENGTH} characters.",
                hint="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )
        found[name] = token
    return Tokens(found)
