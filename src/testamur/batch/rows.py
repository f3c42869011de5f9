"""Rows of a roster file: CSV, JSON Lines, Parquet. Read one after the other, within bounds."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from testamur import limits
from testamur.canon.strict_json import JsonFloat, parse_object
from testamur.errors import Code, ConfigurationError, InputError, ParseError

__all__ = ["Cells", "Row", "read_rows"]

Cells: TypeAlias = Mapping[str, str]
"""Column → text; empty cells are left out."""

_DELIMITERS = ",;\t"
_JSON_LINES = (".jsonl", ".ndjson")
_BATCH_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a roster file.

    Attributes:
        number: from 1; a heading does not count.
        cells: column → text; empty cells are left out.
        fault: what is wrong with the row as a whole; then it has no cells.
        read: how much of the file was read when it came, from 0 to 1.
    """

    number: int
    cells: Cells
    fault: str | None = None
    read: float = 0.0


def read_rows(path: Path) -> tuple[tuple[str, ...] | None, Iterator[Row]]:
    """Open a roster by the suffix of its name: .jsonl, .ndjson, .parquet; anything else is CSV.

    CSV is UTF-8, with or without a byte order mark; its first line names the columns, divided by
    commas, semicolons or tabs. A line of JSON Lines is an object, whose values are text, numbers
    or null. Parquet needs `testamur[parquet]`.

    Returns:
        the columns, None for JSON Lines, where each row names its own; and the rows, which are
        read from the file only as they are asked for. The file is closed after the last.

    Raises:
        InputError: the file cannot be read. ParseError: it is no such file, or breaks its rules;
            also while rows are asked for, where the file cannot be read beyond a row.
        ConfigurationError: Parquet without pyarrow.
    """
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet(path)
    lines = _Lines(path)
    return (None, _json_lines(lines)) if suffix in _JSON_LINES else _csv(lines)


class _Lines:
    """The lines of a text file, none of them longer than a bound."""

    def __init__(self, path: Path) -> None:
        try:
            self._size = max(path.stat().st_size, 1)
            path.open("rb").close()
        except OSError as error:
            raise _unreadable(path, error) from error
        self._characters = 0
        self.path = path
        self.number = 0

    @property
    def read(self) -> float:
        """About how much of the file was read, from 0 to 1."""
        return min(self._characters / self._size, 1.0)

    def __iter__(self) -> Iterator[str]:
        # Opened here, so that whoever stops asking for lines has closed it.
        with self.path.open("r", encoding="utf-8-sig", newline="") as file:
            while line := self._next(file):
                self.number += 1
                self._characters += len(line)
                if "\0" in line:
                    raise self.fault("holds a NUL character; save the roster as text in UTF-8")
                yield line

    def _next(self, file: TextIO) -> str:
        try:
            line = file.readline(limits.ROSTER_LINE_CHARACTERS + 1)
        except UnicodeDecodeError as error:
            raise ParseError(
                f"{self.path}: behind line {self.number} there is text that is not UTF-8; save the "
                "roster as “CSV UTF-8”"
            ) from error
        except OSError as error:
            raise _unreadable(self.path, error) from error
        if len(line) > limits.ROSTER_LINE_CHARACTERS:
            self.number += 1
            raise self.fault(
                f"has more than {limits.ROSTER_LINE_CHARACTERS} characters", Code.RESOURCE_LIMIT
            )
        return line

    def fault(self, what: str, code: Code = Code.MALFORMED_INPUT) -> ParseError:
        return ParseError(f"{self.path}, line {self.number}: {what}", code=code)


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be read: {error.strerror or error}")


def _csv(lines: _Lines) -> tuple[tuple[str, ...], Iterator[Row]]:
    source = iter(lines)
    first = next(source, "")
    if not first.strip():
        raise ParseError(f"{lines.path} is empty; its first line names the columns")
    try:
        delimiter = max(
            _DELIMITERS, key=lambda each: len(next(csv.reader([first], delimiter=each)))
        )
    except csv.Error as error:
        raise lines.fault(f"is not CSV: {error}") from error
    columns = _heading(first, delimiter, lines)
    if len(columns) > limits.ROSTER_COLUMNS:
        raise lines.fault(f"names more than {limits.ROSTER_COLUMNS} columns", Code.RESOURCE_LIMIT)
    return columns, _csv_rows(source, columns, delimiter, lines)


def _heading(line: str, delimiter: str, lines: _Lines) -> tuple[str, ...]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise lines.fault(f"is not CSV: {error}") from error
    return tuple(name.strip() for name in cells)


def _csv_rows(
    source: Iterable[str], columns: tuple[str, ...], delimiter: str, lines: _Lines
) -> Iterator[Row]:
    number = 0
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
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
        if len(cells) != len(columns):
            fault = (
                f"has {len(cells)} cells, and there are {len(columns)} columns; put a cell that "
                f"holds {delimiter!r} in quotation marks"
            )
            yield Row(number, {}, fault, lines.read)
        else:
            named = {name: cell for name, cell in zip(columns, cells, strict=True) if cell}
            yield Row(number, named, None, lines.read)


def _json_lines(lines: _Lines) -> Iterator[Row]:
    number = 0
    for line in lines:
        if not line.strip():
            continue
        number += 1
        try:
            document = parse_object(line, max_bytes=limits.ROSTER_LINE_CHARACTERS)
            cells = {name: _text(value, name) for name, value in document.items()}
        except ParseError as error:
            yield Row(number, {}, f"is no JSON object on one line: {error.message}", lines.read)
        else:
            named = {name: cell for name, cell in cells.items() if cell}
            yield Row(number, named, None, lines.read)


def _parquet(path: Path) -> tuple[tuple[str, ...], Iterator[Row]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise ConfigurationError(
            f"{path} is Parquet, and pyarrow is not installed; install testamur[parquet], or save "
            "the roster as CSV",
            expected="testamur[parquet]",
        ) from error
    try:
        file = parquet.ParquetFile(path)
    except (OSError, ArrowException) as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from error
    names = tuple(str(name) for name in file.schema_arrow.names)
    return names, _parquet_rows(file, path, (OSError, ArrowException))


def _parquet_rows(file: Any, path: Path, errors: tuple[type[Exception], ...]) -> Iterator[Row]:
    number, total = 0, max(file.metadata.num_rows, 1)
    try:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            for record in batch.to_pylist():
                number += 1
                try:
                    cells = {str(name): _text(value, str(name)) for name, value in record.items()}
                except ParseError as error:
                    yield Row(number, {}, error.message, number / total)
                else:
                    named = {name: cell for name, cell in cells.items() if cell}
                    yield Row(number, named, None, number / total)
    except errors as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from error
    finally:
        file.close()


def _text(value: object, column: str) -> str:
    """Return what a typed cell would be in CSV."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, JsonFloat):
        return value.lexical
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, (int, float, Decimal, date)) and not isinstance(value, bool):
        return str(value)
    raise ParseError(f"column {column[:80]!r} holds a {type(value).__name__}; write it as text")
