"""What `testamur verify` is to look at: files, folders of files, files with one on each line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from testamur import limits
from testamur._frozen import dataclass
from testamur.cli.files import LINES, STANDARD_INPUT, read_standard_input
from testamur.errors import InputError

__all__ = ["Item", "Sources"]

_IN_FOLDERS = (*LINES, ".json", ".jsonld", ".jwt", ".png", ".svg")
_MAX_LINE_BYTES = limits.PRESENTATION_BYTES
_PIECE_ITEMS = 100
_PIECE_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at.

    Attributes:
        place: the name of its file, or its URL; of a line with a colon and the line's number.
        content: its bytes; None where what `place` names has still to be read.
        fault: why there is none.
    """

    place: str
    content: bytes | None = None
    fault: str | None = None


class Sources:
    """Everything that the sources name, one after the other; nothing is held that was given out.

    Folders are walked down to their last folder, in the order of names, and only files with the
    suffixes of credentials are looked at.

    Args:
        sources: names of files or folders, URLs, `-`.
        lines: whether a file holds one credential on each line, whatever it is called.

    Attributes:
        size: bytes in all files; None where that cannot be known.
        read: bytes in those that were given out.
        passed_over: files in folders whose suffix is that of no credential.
    """

    def __init__(self, sources: Sequence[str], *, lines: bool) -> None:
        self._sources = sources
        self._lines = lines
        self.size = self._total()
        self.read = 0
        self.passed_over = 0

    @property
    def fraction(self) -> float | None:
        """How much was given out, from 0 to 1; None where that cannot be known."""
        return None if self.size is None else min(self.read / max(self.size, 1), 1.0)

    def pieces(self) -> Iterator[tuple[Item, ...]]:
        """Yield the items, several at once, together not much larger than the largest."""
        piece: list[Item] = []
        size = 0
        for item in self:
            piece.append(item)
            size += len(item.content or b"")
            if len(piece) == _PIECE_ITEMS or size >= _PIECE_BYTES:
                yield tuple(piece)
                piece, size = [], 0
        if piece:
            yield tuple(piece)

    def __iter__(self) -> Iterator[Item]:
        for source in self._sources:
            if source == STANDARD_INPUT:
                yield from self._standard_input()
            elif "://" in source:
                yield Item(source)
            else:
                yield from self._path(Path(source))

    def _standard_input(self) -> Iterator[Item]:
        if self._lines:
            yield from self._each_line(STANDARD_INPUT, sys.stdin.buffer)
            return
        try:
            yield Item(STANDARD_INPUT, read_standard_input())
        except InputError as error:
            yield Item(STANDARD_INPUT, fault=error.message)

    def _path(self, path: Path) -> Iterator[Item]:
        for each in _files(path):
            if path != each and each.suffix.lower() not in _IN_FOLDERS:
                self.passed_over += 1
            elif self._lines or each.suffix.lower() in LINES:
                yield from self._file_of_lines(each)
            else:
                self.read += _size(each)
                yield Item(str(each))

    def _file_of_lines(self, path: Path) -> Iterator[Item]:
        try:
            with path.open("rb") as file:
                yield from self._each_line(str(path), file)
        except OSError as error:
            yield Item(str(path), fault=f"{path} cannot be read: {error.strerror or error}")

    def _each_line(self, name: str, file: IO[bytes]) -> Iterator[Item]:
        number = 0
        while line := file.readline(_MAX_LINE_BYTES + 1):
            number += 1
            self.read += len(line)
            if len(line) > _MAX_LINE_BYTES and not line.endswith(b"\n"):
                self._pass_over_line(file)
                fault = f"{name}:{number} has more than {_MAX_LINE_BYTES} bytes; no credential does"
                yield Item(f"{name}:{number}", fault=fault)
            elif line.strip():
                yield Item(f"{name}:{number}", line)

    def _pass_over_line(self, file: IO[bytes]) -> None:
        while (rest := file.readline(_MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
            self.read += len(rest)

    def _total(self) -> int | None:
        if any(each == STANDARD_INPUT or "://" in each for each in self._sources):
            return None
        return sum(_size(each) for source in self._sources for each in _files(Path(source)))


def _files(path: Path) -> Iterator[Path]:
    """Yield a file, or the files in a folder and below it, hidden ones excepted."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # what is wrong with it is said when it is opened
        return 0
