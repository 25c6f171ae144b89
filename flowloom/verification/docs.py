"""Writes the page of all codes from the registry: ``python -m flowloom.verification.docs``."""

from __future__ import annotations

from pathlib import Path

from flowloom.verification.registry import Rule, rules

__all__ = ["page"]

_GROUPS = {
    "1": "Shape",
    "2": "Components",
    "3": "Inputs",
    "4": "Expressions",
    "5": "References",
    "6": "Control flow",
    "7": "Safety",
    "8": "Faithfulness to the plan",
    "9": "Dry run",
}
_LONGEST = 600


def page() -> str:
    """Return the page as Markdown."""
    lines = [
        "# Diagnostics",
        "",
        "Made by `python -m flowloom.verification.docs`. Errors make a workflow invalid; warnings",
        "and notes do not. Each example gives its code with the small catalog in",
        "`flowloom/verification/examples.py`.",
        "",
        "`flowloom verify --explain FL404` prints one. `--select` and `--ignore` take codes or",
        "their beginnings. A comment silences a warning or a note (never an error) where it",
        "stands at the end of the line that the finding names, or alone on the line above:",
        "",
        "```yaml",
        "    # flowloom: ignore FL702, FL704",
        "```",
    ]
    group = ""
    for code, rule in rules().items():
        if code[2] != group:
            group = code[2]
            lines += ["", f"## {_GROUPS[group]}"]
        lines += _section(code, rule)
    return "\n".join(lines) + "\n"


def _section(code: str, rule: Rule) -> list[str]:
    text = rule.example.rstrip("\n")
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "\n  # and so on"
    head = ["", f"### {code}: {rule.summary}", "", f"{rule.severity}, mended by: {rule.mender}"]
    return [*head, "", "```yaml", *shown.splitlines(), "```"]


if __name__ == "__main__":
    Path("docs/diagnostics.md").write_text(page(), encoding="utf-8")
