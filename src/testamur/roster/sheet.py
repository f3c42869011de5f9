"""The cells of a sheet, and the texts that a workbook's sheets share (ECMA-376, 18.3 and 18.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from testamur import limits
from testamur.errors import Code, ParseError
from testamur.roster.number_formats import Kind, shown

__all__ = ["SharedStrings", "SheetRow", "SheetRows"]

# 22.9.2.19, ST_Xstring: characters that XML cannot hold.
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile("([A-Z]{1,3})[0-9]{1,7}")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet.

    Attributes:
        line: its number in the sheet, from 1.
        cells: column, from 0 → text; empty ones are left out.
        faults: column and what cannot be read there.
        read: how much of the sheet was read when it came, from 0 to 1.
    """

    line: int
    cells: dict[int, str]
    faults: tuple[tuple[int, str], ...]
    read: float


class SharedStrings:
    """Takes the texts that a workbook's sheets share.

    Attributes:
        texts: in their order.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._characters = 0
        self._own = 0
        self._wanted = False
        self._in_reading_aid = False

    def start(self, name: str, _: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if name == "si":
            self._pieces, self._own = [], 0
        elif name == "rPh":  # how to pronounce it
            self._in_reading_aid = True
        self._wanted = name == "t" and not self._in_reading_aid

    def end(self, name: str) -> None:
        """Take its end."""
        self._wanted = False
        if name == "rPh":
            self._in_reading_aid = False
        elif name == "si":
            self.texts.append(_unescaped("".join(self._pieces)))
            self._pieces = []
            if len(self.texts) > limits.WORKBOOK_STRINGS:
                raise _too_large("different texts")

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._wanted:
            self._characters += len(text)
            self._own += len(text)
            if self._characters > limits.WORKBOOK_STRING_CHARACTERS:
                raise _too_large("characters")
            if self._own > limits.WORKBOOK_CELL_CHARACTERS:
                raise _too_large("characters in one cell")
            self._pieces.append(text)


class SheetRows:
    """Takes the cells of a sheet.

    Args:
        strings: the texts that the sheets share.
        kinds: what numbers stand for, by style.
        first_of_1904: whether days are counted from 1904.
    """

    def __init__(
        self, strings: Sequence[str], kinds: Sequence[Kind], *, first_of_1904: bool
    ) -> None:
        self._strings = strings
        self._kinds = kinds
        self._first_of_1904 = first_of_1904
        self._done: list[tuple[int, dict[int, str], list[tuple[int, str]]]] = []
        self._line = 0
        self._cells: dict[int, str] = {}
        self._faults: list[tuple[int, str]] = []
        self._count = 0
        self._all_characters = 0
        self._row_characters = 0
        self._next = 0
        self._in_row = False
        self._cell: dict[str, str] | None = None
        self._at = 0
        self._formula = False
        self._wanted = False
        self._in_reading_aid = False
        self._pieces: list[str] = []
        self._characters = 0

    def take(self, read: float) -> Iterator[SheetRow]:
        """Yield the rows that were read since. read: how much of the sheet was, from 0 to 1."""
        done, self._done = self._done, []
        for line, cells, faults in done:
            yield SheetRow(line, cells, tuple(faults), read)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if self._cell is not None:
            if name == "f":
                self._formula = True
            elif name == "rPh":
                self._in_reading_aid = True
            self._wanted = name == "v" or (name == "t" and not self._in_reading_aid)
        elif name == "c" and self._in_row:
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)

    def end(self, name: str) -> None:
        """Take its end."""
        self._wanted = False
        if self._cell is not None:
            if name == "c":
                self._end_cell(self._cell)
            elif name == "rPh":
                self._in_reading_aid = False
        elif name == "row":
            self._in_row = False
            self._done.append((self._line, self._cells, self._faults))

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._wanted:
            self._characters += len(text)
            if self._characters > limits.WORKBOOK_CELL_CHARACTERS:
                raise _too_large("characters in one cell")
            self._pieces.append(text)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        line = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
        if self._in_row or (given and line <= self._line):
            raise ParseError("the rows of the workbook's sheet are in no order; save it again")
        self._line = line or self._line + 1
        self._cells, self._faults, self._next, self._in_row = {}, [], 0, True
        self._row_characters = 0
        self._count_one_more()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._at = self._next
        reference = _REFERENCE.fullmatch(attributes.get("r", ""))
        if reference is not None:
            self._at = _column(reference[1])
        if self._at < self._next:
            raise ParseError("the cells of the workbook's sheet are in no order; save it again")
        self._next = self._at + 1
        self._count_one_more()
        self._cell, self._formula, self._pieces, self._characters = attributes, False, [], 0

    def _count_one_more(self) -> None:
        self._count += 1
        if self._count > limits.WORKBOOK_CELLS:
            raise _too_large("cells")

    def _count_characters(self, more: int) -> None:
        self._row_characters += more
        self._all_characters += more
        if self._row_characters > limits.ROSTER_LINE_CHARACTERS:
            raise _too_large("characters in one row")
        if self._all_characters > limits.WORKBOOK_BYTES:
            raise _too_large("characters")

    def _end_cell(self, cell: dict[str, str]) -> None:
        self._cell, self._in_reading_aid = None, False
        if not self._formula and not self._pieces:
            return
        if self._at >= limits.ROSTER_COLUMNS:
            raise _too_large("columns")
        try:
            text = self._read(cell, "".join(self._pieces))
        except _UnreadableCell as error:
            self._faults.append((self._at, str(error)))
        else:
            if text:
                self._cells[self._at] = text
                self._count_characters(len(text))

    def _read(self, cell: dict[str, str], text: str) -> str:
        kind = cell.get("t", "n")
        if self._formula:
            raise _UnreadableCell(
                "holds a formula; copy the column and paste it as values, so that it is plain "
                "what the learners get"
            )
        if kind in ("inlineStr", "str"):
            return _unescaped(text)
        if kind == "s":
            if not (text.isascii() and text.isdigit() and len(text) < 9):
                raise ParseError("the workbook names a text by no number; save it again")
            if int(text) >= len(self._strings):
                raise ParseError("the workbook lacks a text that a cell names; save it again")
            return self._strings[int(text)]
        if kind == "d":
            return text
        if kind == "b":
            return "TRUE" if text in ("1", "true") else "FALSE"
        if kind == "e":
            raise _UnreadableCell(f"holds the error {text[:20]}; write the value")
        style = cell.get("s", "0")
        position = int(style) if style.isascii() and style.isdigit() and len(style) < 9 else -1
        known = 0 <= position < len(self._kinds)
        number = shown(
            text,
            self._kinds[position] if known else Kind.NUMBER,
            first_of_1904=self._first_of_1904,
        )
        if number is None:
            raise _UnreadableCell("holds no number or day that can be read; write it as text")
        return number


class _UnreadableCell(Exception):  # noqa: N818
    """What is wrong with a cell."""


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _too_large(what: str) -> ParseError:
    return ParseError(
        f"the workbook has too many {what}; save the roster as CSV", code=Code.RESOURCE_LIMIT
    )
