"""CEL, the expression language; `flowloom.workflow.expressions` is its face."""

__all__: list[str] = []
