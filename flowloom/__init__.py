"""flowloom: from a request in plain words to a verified, runnable workflow."""

__all__ = ["__version__"]

__version__ = "0.1.0"
