"""The one interpreter of the language: what a workflow means when it runs.

Whoever runs a workflow (the verifier's dry run in memory, a durable engine) gives the effects:
every component call, wait and question is an awaitable, and nothing else leaves the interpreter.
"""

__all__: list[str] = []
