"""Rosters as CSV: what spreadsheets save, in its several spellings."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from testamur import limits
from testamur.errors import Code, ParseError
from testamur.roster.rows import Row, Table
from testamur.roster.text_lines import TextLines

__all__ = ["is_comment", "read_delimited", "row_of"]

_DELIMITERS = ",;\t"
_SHOWN = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SEPARATOR = re.compile(r"sep=([,;\t])\s*", re.IGNORECASE)
_COMMENTS = limits.ROSTER_COLUMNS + 100  # lines before the heading


def read_delimited(lines: TextLines) -> Table:
    """Read CSV: the first line names the columns, which commas, semicolons or tabs divide.

    Before it may stand empty lines, comments (a single cell that begins with "# "), and the line
    "sep=;" that some spreadsheets write.

    Raises:
        ParseError: it has no heading, or is no CSV.
    """
    source = iter(lines)
    chosen, delimiter, first = None, ",", ""
    for _ in range(_COMMENTS):
        first = next(source, "")
        separator = _SEPARATOR.fullmatch(first)
        if separator is not None:
            chosen = separator[1]
            continue
        delimiter = chosen or _delimiter(first, lines)
        if not first or not (_is_empty(first) or _is_comment(first, lines)):
            break
    if not first.strip():
        raise ParseError(f"{lines.path} is empty; its first line names the columns")
    if "\0" in first:
        raise lines.fault("holds a NUL character; save the roster as “CSV UTF-8”")
    reader = csv.reader(chain([first], source), delimiter=delimiter, strict=True)
    try:
        headings = tuple(" ".join(name.split()) for name in next(reader, []))
    except csv.Error as error:
        raise lines.fault(f"is not CSV: {error}") from error
    if len(headings) > limits.ROSTER_COLUMNS:
        raise lines.fault(f"names more than {limits.ROSTER_COLUMNS} columns", Code.RESOURCE_LIMIT)
    read_as = f"CSV in {lines.encoding_shown}, divided by {_SHOWN[delimiter]}"
    return Table(headings, _rows(reader, headings, delimiter, lines), read_as)


def is_comment(cells: Iterable[str]) -> bool:
    """Whether a row before the heading explains the table: one cell that begins with "# "."""
    filled = [each for each in cells if each.strip()]
    return len(filled) == 1 and filled[0].startswith("# ")


def row_of(number: int, headings: tuple[str, ...], cells: list[str], line: int, read: float) -> Row:
    """Put cells under their headings. A cell under an empty one is a fault of the row."""
    named = {name: cell for name, cell in zip(headings, cells, strict=True) if cell}
    astray = named.pop("", "").strip()
    faults = ((None, "has a cell in a column without a heading; name the column"),)
    return Row(number, named, faults if astray else (), line, read)


def _is_empty(line: str) -> bool:
    return not line.strip(" \t\r\n;,")


def _is_comment(line: str, lines: TextLines) -> bool:
    # A spreadsheet may have saved it with another delimiter than those that are in the comment.
    return any(is_comment(_cells(line, each, lines)) for each in _DELIMITERS)


def _delimiter(line: str, lines: TextLines) -> str:
    return max(_DELIMITERS, key=lambda each: len(_cells(line, each, lines)))


def _cells(line: str, delimiter: str, lines: TextLines) -> list[str]:
    """Guess the cells of a line: one in quotation marks may go on in the next."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise lines.fault(f"is not CSV: {error}") from error


def _rows(
    reader: Iterator[list[str]], headings: tuple[str, ...], delimiter: str, lines: TextLines
) -> Iterator[Row]:
    number = 0
    while True:
        line = lines.number + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise lines.fault(
                f"is not CSV: {error}; a cell is at most 131072 characters"
            ) from error
        if cells is None:
            return
        if not any(cells):  # a line that a spreadsheet left behind
            continue
        number += 1
        if len(cells) == len(headings):
            yield row_of(number, headings, cells, line, lines.read)
        else:
            fault = (
                f"has {len(cells)} cells, and there are {len(headings)} columns; put a cell that "
                f"holds {delimiter!r} in quotation marks"
            )
            yield Row(number, {}, ((None, fault),), line, lines.read)
