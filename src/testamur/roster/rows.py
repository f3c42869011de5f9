"""Rows of a roster file, one after the other, within bounds: what all formats have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from testamur import limits
from testamur.canon.strict_json import JsonFloat, parse_object
from testamur.errors import ConfigurationError, InputError, ParseError
from testamur.roster.text_lines import TextLines

__all__ = ["Row", "Table", "read_rows"]

_JSON_LINES = (".jsonl", ".ndjson")
_WORKBOOKS = (".xlsx",)
_OTHER_WORKBOOKS = {
    ".xlsm": "holds macros",
    ".xltm": "holds macros",
    ".xlam": "holds macros",
    ".xltx": "is a template",
    ".xlsb": "is a binary workbook",
    ".xls": "is a workbook of before 2007",
    ".ods": "is an OpenDocument workbook",
    ".numbers": "is a workbook of Numbers",
}
_BATCH_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a roster file.

    Attributes:
        number: from 1; a heading and empty rows do not count.
        cells: heading → text; empty cells are left out.
        faults: what cannot be read of it: heading, or None for the row as a whole, and why.
        line: where it begins, as a person counts in the file, from 1; None where nobody does.
        read: how much of the file was read when it came, from 0 to 1.
    """

    number: int
    cells: Mapping[str, str]
    faults: tuple[tuple[str | None, str], ...] = ()
    line: int | None = None
    read: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """A roster file, open.

    Attributes:
        headings: of the columns; None for JSON Lines, where each row names its own. An empty one
            has no cells.
        rows: read from the file only as they are asked for; it is closed after the last.
        read_as: what the file was taken for, as "CSV in UTF-8, divided by ;".
    """

    headings: tuple[str, ...] | None
    rows: Iterator[Row] = field(repr=False)
    read_as: str


def read_rows(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Table:
    """Open a roster by the suffix of its name.

    .jsonl and .ndjson are JSON Lines: an object on each line, whose values are text, numbers or
    null. .parquet needs `testamur[parquet]`. .xlsx is a workbook. Anything else is CSV: its first
    line names the columns, divided by commas, semicolons or tabs.

    Args:
        path: the file.
        encoding: of CSV and JSON Lines, one of `testamur.roster.text_lines.ENCODINGS`; None: UTF-8
            or UTF-16, as the file itself shows.
        sheet: of a workbook, by its name; None: the first that is not hidden.

    Raises:
        InputError: the file cannot be read. ParseError: it is no such file, or breaks its rules;
            also while rows are asked for, where the file cannot be read beyond a row.
        ConfigurationError: Parquet without pyarrow; an encoding or sheet where there is none.
    """
    suffix = path.suffix.lower()
    if suffix in _OTHER_WORKBOOKS:
        raise ParseError(f"{path} {_OTHER_WORKBOOKS[suffix]}; save the roster as .xlsx or as CSV")
    if sheet is not None and suffix not in _WORKBOOKS:
        raise ConfigurationError(f"{path} is no workbook, so it has no sheet {sheet[:80]!r}")
    if encoding is not None and suffix in (*_WORKBOOKS, ".parquet"):
        raise ConfigurationError(f"{path} is no text file: leave the encoding out")
    if suffix == ".parquet":
        return _parquet(path)
    if suffix in _WORKBOOKS:
        from testamur.roster.workbook import read_workbook

        return read_workbook(path, sheet=sheet)
    lines = TextLines(path, encoding)
    if suffix in _JSON_LINES:
        return Table(None, _json_lines(lines), f"JSON Lines in {lines.encoding_shown}")
    from testamur.roster.delimited import read_delimited

    return read_delimited(lines)


def _json_lines(lines: TextLines) -> Iterator[Row]:
    number = 0
    for line in lines:
        if not line.strip():
            continue
        number += 1
        try:
            document = parse_object(line, max_bytes=limits.ROSTER_LINE_CHARACTERS)
        except ParseError as error:
            fault = (None, f"is no JSON object on one line: {error.message}")
            yield Row(number, {}, (fault,), lines.number, lines.read)
        else:
            yield _typed_row(number, document, lines.number, lines.read)


def _parquet(path: Path) -> Table:
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
    return Table(names, _parquet_rows(file, path, (OSError, ArrowException)), "Parquet")


def _parquet_rows(file: Any, path: Path, errors: tuple[type[Exception], ...]) -> Iterator[Row]:
    number, total = 0, max(file.metadata.num_rows, 1)
    try:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            for record in batch.to_pylist():
                number += 1
                yield _typed_row(number, record, None, number / total)
    except errors as error:
        raise InputError(f"{path} cannot be read as Parquet: {error}") from error
    finally:
        file.close()


def _typed_row(number: int, values: Mapping[Any, object], line: int | None, read: float) -> Row:
    cells: dict[str, str] = {}
    faults: list[tuple[str | None, str]] = []
    for name, value in values.items():
        text = _text(value)
        if text is None:
            faults.append((str(name), f"holds a {type(value).__name__}; write it as text"))
        elif text:
            cells[str(name)] = text
    return Row(number, cells, tuple(faults), line, read)


def _text(value: object) -> str | None:
    """Return what a typed cell would be in CSV; None where it would be nothing."""
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
    return None
