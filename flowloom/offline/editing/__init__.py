"""Changes of a workflow at hand."""
