"""Files that go in and out: what is read is bounded, what is written is whole or absent."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from testamur import limits
from testamur.errors import ConfigurationError, InputError, ParseError
from testamur.loading import load
from testamur.secured import Secured

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "LINES",
    "STANDARD_INPUT",
    "FileName",
    "exclusive",
    "is_stream",
    "load_file",
    "load_source",
    "read_standard_input",
    "require_free",
    "write_output",
    "write_private",
]

STANDARD_INPUT = "-"
LINES = (".jsonl", ".ndjson", ".jwts")
"""Suffixes of files with one credential on each line."""

_MAX_BYTES = max(limits.PRESENTATION_BYTES, limits.IMAGE_BYTES)


class FileName:
    """The name of a file, as a path that is opened as it is written: without pathlib."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __fspath__(self) -> str:
        """Return it."""
        return self._name


def is_stream(source: str) -> bool:
    """Whether a source may hold any number of credentials: a folder, or lines by its suffix."""
    folder = os.path.isdir(source or ".")  # noqa: PTH112 - pathlib takes long to import
    return source != STANDARD_INPUT and (source.lower().endswith(LINES) or folder)


def load_source(source: str) -> Secured:
    """Load a credential in any carrier from a file, or from standard input for `-`.

    Raises:
        InputError: it cannot be read. ParseError: there is no credential in it; the message begins
            with the name of the file.
    """
    if source == STANDARD_INPUT:
        return load(read_standard_input())
    from pathlib import Path

    return load_file(Path(source))


def load_file(path: Path) -> Secured:
    """Load a credential in any carrier from a file; errors are those of `load_source`."""
    try:
        return load(path)
    except ParseError as error:
        raise ParseError(f"{path}: {error.message}", code=error.code, path=error.path) from error


def read_standard_input() -> bytes:
    """Read what is piped in, up to one byte more than the largest carrier has.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return sys.stdin.buffer.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"standard input cannot be read: {error.strerror or error}") from error


def write_output(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file as a whole.

    Raises:
        ConfigurationError: it cannot be written, or is there already and `force` is not given.
    """
    require_free(path, force=force)
    from testamur.carry import write_atomically  # most commands write no file

    write_atomically(path, content)


def require_free(path: Path, *, force: bool) -> None:
    """Refuse to overwrite a file; before something is done that cannot be undone.

    Raises:
        ConfigurationError: it is there already, and `force` is not given.
    """
    if not force and os.path.lexists(path):
        raise ConfigurationError(
            f"{path} is there already; choose another name, or overwrite it with --force",
            path=str(path),
        )


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; one that is there is never overwritten.

    Raises:
        ConfigurationError: it cannot be written, and then is not left behind; or is there already.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError as error:
        raise ConfigurationError(
            f"{path} is there already, and keys are never overwritten; choose another name",
            path=str(path),
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable(path, error) from error


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Keep other runs away from a file while it is read, changed and written again.

    Otherwise two runs at once could each write what they read, and one change would be lost.

    Raises:
        ConfigurationError: another run is at it, or nothing can be written beside the file.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.open("xb").close()
    except FileExistsError as error:
        raise ConfigurationError(
            f"{path} is being changed by another run; if there is none, remove {lock}",
            path=str(lock),
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"cannot write {path}: {error.strerror or error}; check that the folder exists, that you "
        "may write to it and that the disk has room",
        path=str(path),
    )
