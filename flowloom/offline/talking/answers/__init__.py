"""Answers to questions about a workflow, by rules: one module for each kind of question."""
