"""The rules that mend: each proposes changes for one code; ``verification.mending`` tries them."""

__all__: list[str] = []
