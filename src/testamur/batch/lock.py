"""One run at a time in a folder: a lock that the operating system takes back from the dead."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testamur.errors import ConfigurationError

__all__ = ["locked"]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock on a file, which is made where it is not there, and stays.

    The lock belongs to the process and ends with it, however it ends, so a run that was killed is
    in nobody's way.

    Raises:
        ConfigurationError: another run holds it, or the file cannot be opened.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigurationError(
            f"cannot write {path}: {error.strerror or error}", path=str(path)
        ) from error
    try:
        try:
            _take(descriptor)
        except OSError as error:
            raise ConfigurationError(
                f"another run is at work in {path.parent}; wait until it has ended",
                path=str(path),
            ) from error
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
