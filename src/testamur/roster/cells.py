"""Cells of a roster: text becomes what a learner has, or it is said why not."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from functools import lru_cache

from testamur.batch.learner import LearnerResult
from testamur.canon.strict_json import parse
from testamur.errors import ModelError
from testamur.model.dates import format_date_time_stamp, parse_date_time_stamp
from testamur.model.faults import BrokenRuleError
from testamur.model.ob3 import ResultDescription, ResultStatus, ResultType
from testamur.model.values import check_language_tag

__all__ = [
    "PARAGRAPHS",
    "CellFault",
    "read_language",
    "read_moment",
    "read_number",
    "read_result",
    "read_text",
]

PARAGRAPHS = frozenset({"narrative", "evidence_description", "evidence_narrative"})
"""The columns whose text may have several lines."""

_NUMBER = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?")
_SCORE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_IN_PARAGRAPHS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# The day first, as all who divide it by points write it; slashes stand for two orders.
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_LAST_OF_DAY = time(23, 59, 59)
_ENDS = "valid_until"


class CellFault(Exception):  # noqa: N818
    """What is wrong with a cell, for whoever knows the row.

    Attributes:
        reason: what is wrong, and the remedy.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_text(column: str, cell: str) -> str:
    """Return a text without space around it.

    Raises:
        CellFault: it has characters that no such text has.
    """
    text = cell.strip()
    # Most cells are printable, which is asked in no time.
    if text.isprintable():
        return text
    if column not in PARAGRAPHS and ("\n" in text or "\r" in text):
        raise CellFault("has a line break; write it on one line")
    pattern = _CONTROL_IN_PARAGRAPHS if column in PARAGRAPHS else _CONTROL
    control = pattern.search(text)
    if control is not None:
        raise CellFault(f"has the control character U+{ord(control[0]):04X}; remove it")
    return text


@lru_cache(maxsize=1024)
def read_moment(column: str, cell: str, zone: tzinfo) -> datetime:
    """Read a moment, or a day: valid_until is its last second, everything else its first.

    A roster has few that differ, and equal ones are sent to a worker once.

    Args:
        column: which it is for.
        cell: as 2026-06-30T00:00:00Z, 2026-06-30T00:00:00, 2026-06-30 or 30.06.2026.
        zone: of days, and of moments that name none.

    Raises:
        CellFault: it is none of these.
    """
    try:
        local = _day(cell, end=column == _ENDS) or (
            datetime.fromisoformat(cell) if _LOCAL.fullmatch(cell) else None
        )
        if local is not None:
            cell = format_date_time_stamp(local.replace(tzinfo=zone))
        return parse_date_time_stamp(cell, path=column)
    except ModelError as error:
        reason = error.message.partition(": ")[2] or error.message
        raise CellFault(f"{reason}, or as the day 2026-12-01") from error
    except (ValueError, OverflowError) as error:
        raise CellFault("is no day of the calendar; write it as 2026-12-01") from error


def read_number(cell: str) -> float:
    """Read a number as it is written: 2.50 stays 2.50.

    Raises:
        CellFault: it is none.
    """
    number = parse(cell) if _NUMBER.fullmatch(cell) else None
    if isinstance(number, (int, float)):
        return number
    raise CellFault("is not a number; write it as 3 or 2.5")


def read_language(cell: str) -> str:
    """Read a language tag (BCP 47).

    Raises:
        CellFault: it is none.
    """
    try:
        return check_language_tag(cell)
    except BrokenRuleError as error:
        raise CellFault(str(error)) from error


def read_result(cell: str, description: ResultDescription) -> LearnerResult:
    """Read a result: a status or a level of a rubric by its name, and everything else as it is.

    Raises:
        CellFault: it is no status where one is wanted.
    """
    kind = description.result_type
    if kind == ResultType.STATUS:
        if cell not in set(ResultStatus):
            raise CellFault(f"is no status; write one of {', '.join(ResultStatus)}")
        return LearnerResult(description=description.id, status=ResultStatus(cell))
    for level in description.rubric_criterion_level:
        if cell in (level.id, level.name):
            return LearnerResult(description=description.id, achieved_level=level.id)
    if kind == ResultType.RUBRIC_CRITERION_LEVEL and description.rubric_criterion_level:
        names = ", ".join(level.name for level in description.rubric_criterion_level)
        raise CellFault(f"is no level of the rubric; write one of {names}")
    if kind == ResultType.PERCENT:
        cell = cell.removesuffix("%").rstrip()
    if _is_number(description) and not _SCORE.fullmatch(cell):
        # It could not be compared with the bounds, and would be let through.
        raise CellFault("is not a number; write it as 85 or 85.5")
    return LearnerResult(description=description.id, value=cell)


def _is_number(description: ResultDescription) -> bool:
    bounds = (description.value_min, description.value_max)
    counts = description.result_type == ResultType.PERCENT or any(
        each is not None for each in bounds
    )
    return counts and not description.allowed_value


def _day(cell: str, *, end: bool) -> datetime | None:
    """Read a day; None where it is written as none. Raises ValueError where there is no such."""
    match = _DAY.fullmatch(cell)
    if match is None:
        return None
    year, month, day = (
        (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    )
    return datetime.combine(date(int(year), int(month), int(day)), _LAST_OF_DAY if end else time())
