"""The plan as a workflow."""
