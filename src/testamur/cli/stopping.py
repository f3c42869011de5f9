"""Commands that go on until they are told to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

__all__ = ["until_stopped"]


@contextmanager
def until_stopped() -> Iterator[Event]:
    """Give an event that SIGTERM and Ctrl-C set, so that work ends between two rounds."""
    stopped = Event()

    def stop(_number: int, _frame: Any) -> None:
        stopped.set()

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
