"""Rosters: rows of a file become learners, by the names of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from testamur import limits
from testamur.batch.learner import Learner, LearnerEvidence, LearnerResult
from testamur.errors import ModelError, ParseError
from testamur.model.ob3 import Achievement
from testamur.roster.cells import (
    CellFault,
    read_language,
    read_moment,
    read_number,
    read_result,
    read_text,
)
from testamur.roster.columns import ColumnMatch, How, match_columns, result_columns
from testamur.roster.rows import Row, Table, read_rows

__all__ = ["Confirm", "Entry", "Fault", "Roster", "RowError", "open_roster"]

_TEXTS = ("key", "id", "email", "name", "license_number", "role", "term", "narrative", "language")
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
_PARTS = ("given_name", "family_name")
_WHO = {"id", "email", "name", *_PARTS}
_SHOWN = 80

Confirm = Callable[[tuple[ColumnMatch, ...]], bool]
"""Answers whether columns that were only recognized are what they were taken for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, or with one of its cells.

    Attributes:
        row: its number, from 1; a heading and empty rows do not count.
        line: where it begins, as a person counts in the file, from 1; None where nobody does.
        column: the heading in the file, or None for the row as a whole.
        reason: what is wrong, and the remedy.
    """

    row: int
    line: int | None
    column: str | None
    reason: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.line is None else f"row {self.row} (line {self.line})"
        column = "" if self.column is None else f", column {self.column[:_SHOWN]}"
        return f"{where}{column}: {self.reason}"


class RowError(ParseError):
    """A row of a roster cannot be used.

    Attributes:
        row: its number, from 1; a heading and empty rows do not count.
        fault: what is wrong.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault), path=fault.column)
        self.row = fault.row
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a row.

    Attributes:
        row: its number, from 1.
        line: where it begins in the file.
        learner: as far as the cells can be used; None where nothing can.
        faults: all that is wrong with it. Where there are any, the learner is not to be used:
            perhaps somebody stands in for who is missing, so that the rest can be checked.
        headings: of the learner's fields, which a fault of the credential can be traced to.
    """

    row: int
    line: int | None
    learner: Learner | None
    faults: tuple[Fault, ...]
    headings: Mapping[str, str]

    def fault(self, column: str | None, reason: str) -> Fault:
        """Make a fault of this row. column: its heading in the file."""
        return Fault(self.row, self.line, column, reason)


class Roster:
    """The rows of a file, read once from the first to the last.

    Attributes:
        read: about how much of the file was read, from 0 to 1.
        read_as: what the file was taken for, in words.
        columns: what its columns were taken for; empty for JSON Lines, where each row names them.
    """

    def __init__(
        self,
        table: Table,
        achievement: Achievement,
        *,
        columns: tuple[ColumnMatch, ...],
        told: Mapping[str, str | None],
        zone: tzinfo,
    ) -> None:
        """Hold them; see `open_roster`."""
        self.read = 0.0
        self.read_as = table.read_as
        self.columns = columns
        self._table = table
        self._achievement = achievement
        self._told = told
        self._zone = zone
        self._results = result_columns(achievement)
        self._matches = {each.heading: each.column for each in columns}
        self._names: dict[tuple[str, ...], Mapping[str, str | None]] = {}

    def entries(self) -> Iterator[Entry]:
        """Yield what becomes of each row, with all that is wrong with it.

        Raises:
            ParseError: the file cannot be read any further.
        """
        for row in self._table.rows:
            self.read = row.read
            yield self._entry(row)

    def learners(self) -> Iterator[Learner]:
        """Yield a learner for each row.

        Raises:
            RowError: at the first row that cannot be used.
            ParseError: the file cannot be read any further.
        """
        for entry in self.entries():
            yield usable(entry)

    def _entry(self, row: Row) -> Entry:
        faults = [Fault(row.number, row.line, *each) for each in row.faults]
        try:
            matches = self._columns_of(row)
        except ParseError as error:
            faults.append(Fault(row.number, row.line, None, error.message))
            return Entry(row.number, row.line, None, tuple(faults), {})
        cells: dict[str, Any] = {}
        headings: dict[str, str] = {}
        results: list[LearnerResult] = []
        for heading, cell in row.cells.items():
            column = matches[heading]
            if column is None:
                continue
            headings[column] = heading
            try:
                text = read_text(column, cell)
                if text and column in self._results:
                    results.append(read_result(text, self._results[column]))
                    headings[f"result[{len(results) - 1}]"] = heading
                elif text:
                    cells[column] = self._read(column, text)
            except CellFault as error:
                faults.append(Fault(row.number, row.line, heading, error.reason))
        learner, more = _learner(cells, tuple(results), row.number)
        # Who it is may be missing only because that cell is wrong, which is said already.
        who = {None, *(heading for column, heading in headings.items() if column in _WHO)}
        excused = any(fault.column in who for fault in faults)
        for column, reason in more:
            if column in headings or not excused:
                heading = headings.get(column, column)
                faults.append(Fault(row.number, row.line, heading, reason))
                excused |= column in _WHO
        return Entry(row.number, row.line, learner, tuple(faults), headings)

    def _read(self, column: str, text: str) -> object:
        if column in _DATES:
            return read_moment(column, text, self._zone)
        if column == _CREDITS:
            return read_number(text)
        return read_language(text) if column == "language" else text

    def _columns_of(self, row: Row) -> Mapping[str, str | None]:
        """Return heading → column; of JSON Lines, where every row has its own, by exact names."""
        if self._table.headings is not None:
            return self._matches
        names = tuple(row.cells)
        if len(names) > limits.ROSTER_COLUMNS:
            raise ParseError(f"has more than {limits.ROSTER_COLUMNS} columns")
        if names not in self._names:
            told = {name: column for name, column in self._told.items() if name in names}
            matches = match_columns(names, self._achievement, told)
            guessed = [each.heading for each in matches if each.how is How.RECOGNIZED]
            if guessed:
                raise ParseError(
                    f"the column {guessed[0][:_SHOWN]!r} is not known; write it exactly, or say "
                    "which it is"
                )
            if len(self._names) >= limits.ROSTER_COLUMNS:
                self._names.clear()
            self._names[names] = {each.heading: each.column for each in matches}
        return self._names[names]


def usable(entry: Entry) -> Learner:
    """Return the learner of an entry.

    Raises:
        RowError: the row cannot be used.
    """
    if entry.faults:
        raise RowError(entry.faults[0])
    if entry.learner is None:
        raise RowError(entry.fault(None, "names no learner"))
    return entry.learner


def open_roster(
    path: Path,
    achievement: Achievement,
    *,
    columns: Mapping[str, str | None] | None = None,
    confirm: Confirm | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    zone: tzinfo = UTC,
) -> Roster:
    """Open a roster: CSV, a workbook, JSON Lines or Parquet; see `testamur.roster.rows.read_rows`.

    Args:
        path: the file.
        achievement: whose result descriptions the columns of results are for.
        columns: heading → one of `testamur.roster.columns.COLUMNS` or `result:…`; None leaves the
            column out. Headings that are not told must be exact, or recognized and confirmed.
        confirm: is asked whether the columns that were recognized by what people call them are
            what they were taken for; None: they are not.
        encoding: of a text; None: UTF-8 or UTF-16.
        sheet: of a workbook; None: the first that is not hidden.
        zone: of days, and of moments that name no time zone.

    Raises:
        InputError: the file cannot be read. ParseError: it is no such file, or has columns that
            are not known or not confirmed, or two for one thing.
        ConfigurationError: Parquet without pyarrow; what was told does not fit the file.
    """
    table = read_rows(path, encoding=encoding, sheet=sheet)
    told = columns or {}
    matches: tuple[ColumnMatch, ...] = ()
    if table.headings is not None:
        matches = match_columns(table.headings, achievement, told)
        guessed = tuple(each for each in matches if each.how is How.RECOGNIZED)
        if guessed and not (confirm is not None and confirm(guessed)):
            shown = ", ".join(f"{each.heading[:_SHOWN]!r} as {each.column}" for each in guessed)
            raise ParseError(
                f"columns were recognized and not confirmed: {shown}; confirm it, or name the "
                "columns exactly",
                path=guessed[0].heading[:_SHOWN],
            )
    return Roster(table, achievement, columns=matches, told=told, zone=zone)


def _learner(
    cells: dict[str, Any], results: tuple[LearnerResult, ...], number: int
) -> tuple[Learner, list[tuple[str, str]]]:
    """Return a learner and what is wrong with who it is: column and reason.

    Where it is nobody, somebody stands in, so that all the rest can be checked.
    """
    faults: list[tuple[str, str]] = []
    while True:
        try:
            return Learner(**_fields(cells), results=results), faults
        except ModelError as error:
            column, reason = error.path or "", error.message.partition(": ")[2]
            faults.append((column, reason))
            if cells.pop(column, None) is None:
                cells["name"] = f"row {number}"


def _fields(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `Learner` takes."""
    values = {name: cells[name] for name in (*_TEXTS, *_DATES, _CREDITS) if name in cells}
    evidence = {field: cells[name] for name, field in _EVIDENCE.items() if name in cells}
    if evidence:
        values["evidence"] = (LearnerEvidence(**evidence),)
    parts = [cells[name] for name in _PARTS if name in cells]
    if parts:
        values["name"] = " ".join(parts)
    return values
