"""Measurements; each prints its figures, and as JSON with ``--json``."""
