"""Threads: people build a workflow by talking, message by message."""
