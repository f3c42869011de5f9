"""Rosters: rows of a file become learners, by the names of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from testamur.batch.learner import Learner, LearnerEvidence, LearnerResult
from testamur.batch.rows import Row, read_rows
from testamur.canon.strict_json import parse
from testamur.errors import ModelError, ParseError
from testamur.model.dates import parse_date_time_stamp
from testamur.model.ob3 import Achievement, ResultDescription, ResultStatus, ResultType

__all__ = ["COLUMNS", "Roster", "RowError", "open_roster"]

_TEXTS = ("key", "id", "email", "name", "license_number", "role", "term", "narrative")
_DATES = (
    "valid_from",
    "valid_until",
    "awarded_date",
    "activity_start_date",
    "activity_end_date",
)
_EVIDENCE = {
    "evidence_url": "id",
    "evidence_name": "name",
    "evidence_description": "description",
    "evidence_narrative": "narrative",
}
_CREDITS = "credits_earned"
_RESULT = "result"
COLUMNS = (*_TEXTS, *_DATES, _CREDITS, *_EVIDENCE, _RESULT)
"""The columns of a roster; beside them `result:<name or id>` for each result description."""

_PARAGRAPHS = {"narrative", "evidence_description", "evidence_narrative"}
_NUMBER = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_PARAGRAPHS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class RowError(ParseError):
    """A row of a roster cannot be used.

    Attributes:
        row: its number, from 1; a heading does not count.
    """

    def __init__(self, reason: str, *, row: int = 0, column: str | None = None) -> None:
        where = f"row {row}" if column is None else f"row {row}, column {column[:80]}"
        super().__init__(f"{where}: {reason}", path=column)
        self.row = row


class Roster:
    """The rows of a file, read once from the first to the last.

    Attributes:
        read: about how much of the file was read, from 0 to 1.
    """

    def __init__(
        self, rows: Iterable[Row], columns: tuple[str, ...] | None, achievement: Achievement
    ) -> None:
        self.read = 0.0
        self._rows = rows
        self._results = _result_columns(achievement)
        self._known: set[str] = set()
        if columns is not None:
            self._require_known(columns)

    def entries(self) -> Iterator[Learner | RowError]:
        """Yield a learner for each row, or what is wrong with the row.

        Raises:
            ParseError: the file cannot be read any further.
        """
        for row in self._rows:
            self.read = row.read
            try:
                yield self._learner(row)
            except _CellFault as fault:
                yield RowError(fault.reason, row=row.number, column=fault.column)

    def learners(self) -> Iterator[Learner]:
        """Yield a learner for each row.

        Raises:
            RowError: at the first row that cannot be used.
            ParseError: the file cannot be read any further.
        """
        for entry in self.entries():
            if isinstance(entry, RowError):
                raise entry
            yield entry

    def _learner(self, row: Row) -> Learner:
        if row.fault is not None:
            raise _CellFault(None, row.fault)
        cells = row.cells
        if not cells.keys() <= self._known:
            try:
                self._require_known(tuple(cells))
            except ParseError as error:
                raise _CellFault(None, error.message) from error
        for column, cell in cells.items():
            _check_text(column, cell)
        values: dict[str, Any] = {name: cells[name] for name in _TEXTS if name in cells}
        values |= {name: _date(name, cells[name]) for name in _DATES if name in cells}
        if _CREDITS in cells:
            values[_CREDITS] = _number(_CREDITS, cells[_CREDITS])
        evidence = {field: cells[name] for name, field in _EVIDENCE.items() if name in cells}
        if evidence:
            values["evidence"] = (LearnerEvidence(**evidence),)
        results = (
            _result(column, cell, self._results[column])
            for column, cell in cells.items()
            if column in self._results
        )
        try:
            return Learner(**values, results=tuple(results))
        except ModelError as error:
            raise _CellFault(error.path, error.message.partition(": ")[2]) from error

    def _require_known(self, columns: tuple[str, ...]) -> None:
        known = {*COLUMNS, *self._results} - ({_RESULT} - self._results.keys())
        for column in columns:
            if column not in known:
                raise ParseError(
                    f"the column {column[:80]!r} is not known; known are "
                    f"{', '.join(_shown(known))}",
                    path=column[:80],
                )
            if columns.count(column) > 1:
                raise ParseError(
                    f"the column {column[:80]!r} is there twice; remove one", path=column[:80]
                )
        described = [self._results[each].id for each in columns if each in self._results]
        if len(set(described)) != len(described):
            raise ParseError("two columns are for the same result; remove one", path=_RESULT)
        self._known |= set(columns)


def open_roster(path: Path, achievement: Achievement) -> Roster:
    """Open a roster: CSV, JSON Lines or Parquet, see `testamur.batch.rows.read_rows`.

    Args:
        path: the file.
        achievement: whose result descriptions the columns of results are for.

    Raises:
        InputError: the file cannot be read. ParseError: it is no such file, or has a column that
            is not known, or twice.
        ConfigurationError: Parquet without pyarrow.
    """
    columns, rows = read_rows(path)
    return Roster(rows, columns, achievement)


def _result_columns(achievement: Achievement) -> Mapping[str, ResultDescription]:
    """Return the columns of results; a name that two descriptions share names neither."""
    described = achievement.result_description
    names = [each.name for each in described]
    columns = {f"{_RESULT}:{each.id}": each for each in described}
    columns |= {f"{_RESULT}:{each.name}": each for each in described if names.count(each.name) == 1}
    if len(described) == 1:
        columns[_RESULT] = described[0]
    return columns


def _result(column: str, cell: str, description: ResultDescription) -> LearnerResult:
    if description.result_type == ResultType.STATUS:
        if cell not in set(ResultStatus):
            raise _CellFault(column, f"is no status; write one of {', '.join(ResultStatus)}")
        return LearnerResult(description=description.id, status=ResultStatus(cell))
    for level in description.rubric_criterion_level:
        if cell in (level.id, level.name):
            return LearnerResult(description=description.id, achieved_level=level.id)
    return LearnerResult(description=description.id, value=cell)


@lru_cache(maxsize=1024)
def _date(column: str, cell: str) -> datetime:
    """Read a date; a roster has few that differ, and equal ones are sent to a worker once."""
    try:
        return parse_date_time_stamp(cell, path=column)
    except ModelError as error:
        raise _CellFault(column, error.message.partition(": ")[2] or error.message) from error


def _number(column: str, cell: str) -> float:
    if not _NUMBER.fullmatch(cell):
        raise _CellFault(column, "is not a number; write it as 3 or 2.5")
    number = parse(cell)  # keeps how it is written: 2.50 stays 2.50
    if isinstance(number, (int, float)):
        return number
    raise _CellFault(column, "is not a number")


def _check_text(column: str, cell: str) -> None:
    # Most cells are printable, which is asked in no time.
    if cell.isprintable():
        return
    if column not in _PARAGRAPHS and ("\n" in cell or "\r" in cell):
        raise _CellFault(column, "has a line break; write it on one line")
    pattern = _CONTROL_IN_PARAGRAPHS if column in _PARAGRAPHS else _CONTROL
    control = pattern.search(cell)
    if control is not None:
        raise _CellFault(column, f"has the control character U+{ord(control[0]):04X}; remove it")


def _shown(columns: Iterable[str]) -> list[str]:
    """Name the columns in the order of `COLUMNS`, those of results by name last."""
    order = {name: position for position, name in enumerate(COLUMNS)}
    return sorted(
        (each for each in columns if not each.startswith(f"{_RESULT}:urn:")),
        key=lambda each: (order.get(each, len(order)), each),
    )


class _CellFault(Exception):  # noqa: N818
    """What is wrong with a cell, for a RowError, which knows the row."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
