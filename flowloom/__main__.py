"""``python -m flowloom``."""

from __future__ import annotations

from flowloom.cli import run_and_exit

__all__: list[str] = []

if __name__ == "__main__":
    run_and_exit()
