"""Checks a workflow as a compiler does, and mends slips by rule."""

from flowloom.verification.diagnostic import Diagnostic, Verdict

__all__ = ["Diagnostic", "Verdict"]
