"""What a code means, from the registry of checks."""

from __future__ import annotations

from flowloom.errors import UserError, nearest
from flowloom.verification.mends.registry import mend_rules
from flowloom.verification.registry import Rule, rules

__all__ = ["explanation"]

_LONGEST = 1_200


def explanation(code: str) -> str:
    """Return what a code means; for the beginning of codes, a line for each.

    Raises:
        UserError: no code begins so.
    """
    wanted = code.strip().upper()
    known = rules()
    found = [rule for name, rule in known.items() if wanted and name.startswith(wanted)]
    if not found:
        hint = nearest(wanted, known) or "The codes are in docs/diagnostics.md."
        raise UserError(f"There is no code {wanted!r}.", hint=hint)
    if len(found) > 1:
        return "".join(f"{rule.code} ({rule.severity}): {rule.summary}\n" for rule in found)
    return _of(found[0])


def _of(rule: Rule) -> str:
    lines = [f"{rule.code}: {rule.summary}", f"severity: {rule.severity}"]
    lines.append(f"mended by: {rule.mender}")
    lines += [f"mended by rule: {mend.summary}" for mend in mend_rules().get(rule.code, ())]
    example = rule.example[:_LONGEST]
    lines += ["example:", *(f"    {line}" for line in example.splitlines())]
    return "\n".join(lines) + "\n"
