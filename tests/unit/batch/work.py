"""What worker processes compute in these tests; apart, so that they load little."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from testamur.errors import ModelError


def square(number: int) -> int:
    return number * number


def fail_at(bad: int, number: int) -> int:
    if number == bad:
        raise ModelError(f"row {number}", path="id")
    return number


def die_once(folder: Path, number: int) -> int:
    """Kill the process that computes 3, the first time."""
    mark = folder / "died"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_always(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def tell_and_wait(path: str, _: int) -> None:
    Path(path).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)
