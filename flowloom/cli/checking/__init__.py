"""What ``flowloom verify`` does: finds files, checks and mends them, and writes the report."""

__all__: list[str] = []
