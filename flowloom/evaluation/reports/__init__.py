"""What a run has shown: figures with intervals, as a page, as Markdown and as CSV."""

__all__: list[str] = []
