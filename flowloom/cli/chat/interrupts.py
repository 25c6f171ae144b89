"""Ctrl-C and termination while a turn runs, and at a prompt that blocks."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

__all__ = ["interruptible_read", "on_signals"]


@contextmanager
def on_signals(interrupted: Callable[[], None], terminated: Callable[[], None]) -> Generator[None]:
    """Call these instead of raising, as long as the context is open.

    Where a loop takes no signals (Windows, another thread) they end the program as elsewhere.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    handlers = {signal.SIGINT: interrupted, signal.SIGTERM: terminated}
    before = {number: signal.getsignal(number) for number in handlers}
    for number, handler in handlers.items():
        loop.add_signal_handler(number, handler)
    try:
        yield
    finally:
        for number, earlier in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, earlier)


@contextmanager
def interruptible_read() -> Generator[None]:
    """Let Ctrl-C raise KeyboardInterrupt out of a read that blocks the loop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
