"""One publication, by a process that is killed before or behind its n-th change of the disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from testamur.publish.pictures import Pictures
from unit.publish.scenes import College

__all__ = ["ENDED", "KILLED", "publish", "publish_and_die"]

KILLED, ENDED = 9, 0


def publish(folder: Path, now: datetime) -> None:
    """Publish, and end without the farewells of a process that was forked."""
    Pictures.png = lambda *_: None  # type: ignore[method-assign]
    College(folder, now=now).publish()
    os._exit(ENDED)


def publish_and_die(folder: Path, now: datetime, key: str, step: int, *, behind: bool) -> None:
    """Publish, and end as if killed at a step; each renaming and each removal is one.

    Args:
        folder: of the college.
        now: the clock.
        key: name of the key that signs.
        step: from 1.
        behind: whether the change is still made.
    """
    count = 0

    def dying(change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(path: Path, *args: Any, **options: Any) -> Any:
            nonlocal count
            if change is unlink and not path.exists():
                return change(path, *args, **options)
            count += 1
            if count == step and not behind:
                os._exit(KILLED)
            result = change(path, *args, **options)
            if count == step:
                os._exit(KILLED)
            return result

        return changed

    unlink = Path.unlink
    Path.replace = dying(Path.replace)  # type: ignore[method-assign]
    Path.unlink = dying(unlink)  # type: ignore[method-assign]
    Pictures.png = lambda *_: None  # type: ignore[method-assign]
    college = College(folder, now=now)
    college.signer = college.signer_of(key)
    college.publish()
    os._exit(ENDED)
