"""How a workbook shows its numbers: as days, as percentages, or as they are (ECMA-376, 18.8.30)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum

__all__ = ["Kind", "kinds_of_formats", "shown"]


class Kind(Enum):
    """What a number stands for."""

    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"


# 18.8.30: the formats that every workbook has; 27 to 36 and 50 to 58 are days in East Asia.
_DAYS = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}
_PERCENTS = {9, 10}
# What stands for itself: "text", \c, _c (the width of c), *c (fill), [Red]. [h] counts hours.
_LITERAL = re.compile(r'"[^"]*"|[\\_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
_DAY = re.compile("[dmyhs]", re.IGNORECASE)
_CODE_CHARACTERS = 1_000
_LAST = 2_958_466  # the day after 9999-12-31


def kinds_of_formats(codes: Mapping[str, str], used: Iterable[str]) -> list[Kind]:
    """Return the kind of each style.

    Args:
        codes: of the workbook's own formats, by number.
        used: the number of each style's format.
    """
    known = {number: _kind(code) for number, code in codes.items()}
    return [known.get(number) or _built_in(number) for number in used]


def shown(number: str, kind: Kind, *, first_of_1904: bool) -> str | None:
    """Return a number as people see it; None where it is none.

    Days become 2026-06-30, or 2026-06-30T12:00:00, fractions of percentages 85%. Spreadsheets
    calculate with 15 digits, and write more.

    Args:
        number: as the sheet has it.
        kind: what it stands for.
        first_of_1904: whether days are counted from 1904.
    """
    try:
        value = Decimal(number)
        if not value.is_finite() or abs(value.adjusted()) > 300:
            return None
        if kind is Kind.DAY:
            return _day(float(value), first_of_1904=first_of_1904)
        rounded = Decimal(f"{float(value):.15g}")
    except (InvalidOperation, ValueError, OverflowError):
        return None
    if kind is Kind.PERCENT:
        return f"{_plain(Decimal(f'{float(rounded * 100):.15g}'))}%"
    return _plain(rounded)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(serial: float, *, first_of_1904: bool) -> str | None:
    if not 0 <= serial < _LAST:
        return None
    if first_of_1904:
        first = datetime(1904, 1, 1)  # noqa: DTZ001 - a day of a sheet has no time zone
    else:
        # The 29th of February 1900, which was none, is counted as a day.
        first = datetime(1899, 12, 30 if serial >= 60 else 31)  # noqa: DTZ001
    try:
        moment = first + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return None
    whole = serial == int(serial)
    return moment.date().isoformat() if whole else moment.isoformat(timespec="seconds")


def _kind(code: str) -> Kind:
    if len(code) > _CODE_CHARACTERS:
        return Kind.NUMBER
    positive = _LITERAL.sub("", code).partition(";")[0]
    if "%" in positive:
        return Kind.PERCENT
    is_number = positive.strip().lower() in ("", "general", "@")
    return Kind.DAY if not is_number and _DAY.search(positive) else Kind.NUMBER


def _built_in(number: str) -> Kind:
    if not number.isdecimal() or len(number) > 9:
        return Kind.NUMBER
    if int(number) in _DAYS:
        return Kind.DAY
    return Kind.PERCENT if int(number) in _PERCENTS else Kind.NUMBER
