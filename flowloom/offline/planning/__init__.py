"""The plan: what the sentences do, in order and nested."""
