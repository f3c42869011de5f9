"""An empty roster for an achievement, with the columns that it needs and what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from testamur import limits
from testamur.carry import harmless_cell
from testamur.errors import ConfigurationError
from testamur.model.ob3 import Achievement, ResultDescription, ResultStatus, ResultType
from testamur.roster.columns import RESULT, result_columns
from testamur.roster.headings import HEADINGS, LANGUAGES

__all__ = ["TemplateColumn", "csv_template", "template_columns", "xlsx_template"]

_WIDTHS = (12, 40)  # characters of a column of a sheet, at least and at most
_CELL = 32_000  # characters; a spreadsheet has at most 32,767
_LAST_ROW = 1_048_576

_BEFORE = {
    "key": "What you call the row, as a student number. It stays out of the badge.",
    "email": "The learner's e-mail address. It goes into the badge as a salted hash.",
    "name": "The learner's name in full, as it is to stand in the badge.",
}
_AFTER = {
    "evidence_url": "The address of a page that shows what the learner did, as https://…",
    "evidence_name": "What that is called.",
    "narrative": "What the learner did, in words; several lines are possible.",
    "valid_until": "The last day on which the badge is valid, as 2030-12-31.",
    "language": "In which you write to the learner, as en, pl or pt-BR.",
}
_RULES = (
    "One row for each learner, with an email or a name at least. Empty cells say nothing.",
    "Days are written as 2026-06-30 or 30.06.2026, numbers as 2.5.",
    "Columns may be moved, and removed where they are not needed.",
)


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column of a template.

    Attributes:
        column: its exact name.
        heading: what stands above it.
        meaning: in a sentence or two.
        allowed: what may be in its cells; empty where that is not said.
    """

    column: str
    heading: str
    meaning: str
    allowed: tuple[str, ...] = ()


def template_columns(
    achievement: Achievement, *, language: str | None = None
) -> tuple[TemplateColumn, ...]:
    """Return the columns that a roster for an achievement needs.

    Args:
        achievement: what will be awarded.
        language: of the headings, one of `testamur.roster.headings.LANGUAGES`; None: exact names,
            which need no confirmation.

    Raises:
        ConfigurationError: no such language; more results than a roster has columns.
    """
    if language is not None and language not in LANGUAGES:
        raise ConfigurationError(
            f"there are no headings in {language[:80]!r}; give one of {', '.join(LANGUAGES)}"
        )
    found = tuple(_columns(achievement, language))
    if len(found) > limits.ROSTER_COLUMNS:
        raise ConfigurationError(f"a roster has at most {limits.ROSTER_COLUMNS} columns")
    return found


def csv_template(achievement: Achievement, *, language: str | None = None) -> bytes:
    """Write a template as CSV in UTF-8, with a mark that spreadsheets recognize.

    What the columns mean stands above the headings, in lines that begin with "# ", which are
    passed over when the roster is read. The arguments and errors are those of `template_columns`.
    """
    columns = template_columns(achievement, language=language)
    text = io.StringIO()
    writer = csv.writer(text)
    for line in (f"Roster for {achievement.name}", *_RULES):
        writer.writerow([f"# {_one_line(line)}"])
    for column in columns:
        writer.writerow([f"# {_one_line(f'{column.heading}: {_explained(column)}')}"])
    writer.writerow([harmless_cell(column.heading) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def xlsx_template(achievement: Achievement, *, language: str | None = None) -> bytes:
    """Write a template as a workbook: the roster, what its columns mean, and lists to choose from.

    All cells are formatted as text, so that a spreadsheet changes nothing that is typed: it keeps
    the zeros of 007, and takes nothing for a formula. The arguments are those of
    `template_columns`.

    Raises:
        ConfigurationError: as `template_columns`, or openpyxl is not installed.
    """
    columns = template_columns(achievement, language=language)
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise ConfigurationError(
            "openpyxl, which writes workbooks, is not installed; install testamur[xlsx], or ask "
            "for a CSV file",
            expected="testamur[xlsx]",
        ) from error
    book = Workbook()
    roster: Any = book.active
    roster.title = "Roster"
    roster.freeze_panes = "A2"
    explained: Any = book.create_sheet("Read me")
    values: Any = book.create_sheet("Values")
    for number, column in enumerate(columns, 1):
        _write(roster, 1, number, column.heading, bold=True)
        of_column = roster.column_dimensions[_letter(number)]
        of_column.width = min(max(len(column.heading) + 2, _WIDTHS[0]), _WIDTHS[1])
        of_column.number_format = "@"
        if column.allowed:
            _write(values, 1, number, column.heading, bold=True)
            for row, value in enumerate(column.allowed, 2):
                _write(values, row, number, value)
            _offer(roster, number, len(column.allowed))
    _explain(explained, achievement, columns)
    if not any(column.allowed for column in columns):
        book.remove(values)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _columns(achievement: Achievement, language: str | None) -> Iterator[TemplateColumn]:
    for name, meaning in _BEFORE.items():
        yield TemplateColumn(name, _heading(name, language), meaning)
    named = result_columns(achievement)
    for each in achievement.result_description:
        column = f"{RESULT}:{each.name}"
        # What a spreadsheet would not give back as it is cannot name a column.
        if column not in named or not column.isprintable() or column != _one_line(column):
            column = f"{RESULT}:{each.id}"
            yield TemplateColumn(column, column, _meaning(each), _allowed(each))
        else:
            heading = column
            if language is not None:
                heading = f"{_heading(RESULT, language)}: {each.name}"
            yield TemplateColumn(column, heading, _meaning(each), _allowed(each))
    if achievement.credits_available is not None:
        meaning = f"Of the {achievement.credits_available} credits, as 2.5."
        yield TemplateColumn("credits_earned", _heading("credits_earned", language), meaning)
    if achievement.achievement_type in ("License", "Certification"):
        meaning = "Of the licence that comes with it."
        yield TemplateColumn("license_number", _heading("license_number", language), meaning)
    for name, meaning in _AFTER.items():
        yield TemplateColumn(name, _heading(name, language), meaning)


def _heading(column: str, language: str | None) -> str:
    headings = HEADINGS.get(language or "", {})
    # In every language that has no word of its own, the exact name will do.
    return headings.get(column, (column,))[0]


def _meaning(description: ResultDescription) -> str:
    least, most = description.value_min, description.value_max
    limits_ = f", from {least} to {most}" if least is not None and most is not None else ""
    return f"The result “{description.name}” ({description.result_type}{limits_})."


def _allowed(description: ResultDescription) -> tuple[str, ...]:
    if description.result_type == ResultType.STATUS:
        return tuple(ResultStatus)
    if description.rubric_criterion_level:
        return tuple(level.name for level in description.rubric_criterion_level)
    return tuple(description.allowed_value)


def _explained(column: TemplateColumn) -> str:
    if not column.allowed:
        return column.meaning
    return f"{column.meaning} One of: {', '.join(column.allowed)}."


def _explain(sheet: Any, achievement: Achievement, columns: tuple[TemplateColumn, ...]) -> None:
    _write(sheet, 1, 1, f"Roster for {achievement.name}", bold=True)
    for row, rule in enumerate(_RULES, 2):
        _write(sheet, row, 1, rule)
    first = len(_RULES) + 3
    _write(sheet, first, 1, "Column", bold=True)
    _write(sheet, first, 2, "What it is", bold=True)
    for row, column in enumerate(columns, first + 1):
        _write(sheet, row, 1, column.heading)
        _write(sheet, row, 2, _explained(column))
    sheet.column_dimensions["A"].width = _WIDTHS[1]
    sheet.column_dimensions["B"].width = 2 * _WIDTHS[1]


def _offer(sheet: Any, column: int, count: int) -> None:
    """Let the cells of a column be chosen from its list in the sheet of values."""
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = _letter(column)
    choice = DataValidation(
        type="list", formula1=f"Values!${letter}$2:${letter}${count + 1}", allow_blank=True
    )
    choice.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(choice)


def _write(sheet: Any, row: int, column: int, text: str, *, bold: bool = False) -> None:
    from openpyxl.styles import Alignment, Font

    cell = sheet.cell(row=row, column=column)
    cell.value = _one_line(text)[:_CELL]
    cell.data_type = "s"  # also where it begins with =
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.font = Font(bold=bold)


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)


def _one_line(text: str) -> str:
    return "".join(each for each in " ".join(text.split()) if each.isprintable())
