"""Dates: xsd:dateTimeStamp (VC Data Model 2.0, Validity Period), xsd:dateTime, and plain dates.

Python reads more than the standard allows (spaces for the T, missing seconds, digits of other
scripts) and less (years above 9999, 24:00:00, finer fractions). Here the standard's grammar decides
and the text is kept, so that a date is written again exactly as it was read.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Annotated, Any, TypeAlias

from testamur import limits
from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import kind
from testamur.errors import Code
from testamur.model.faults import BrokenRuleError, fault, model_error, shorten
from testamur.model.markers import Plain

__all__ = [
    "Date",
    "DateTime",
    "DateTimeStamp",
    "LexicalDateTime",
    "check_date",
    "check_date_time",
    "check_date_time_stamp",
    "format_date_time_stamp",
    "parse_date_time_stamp",
]

_EXAMPLE = "2026-12-01T00:00:00Z"

# XML Schema 1.1 Part 2, 3.3.7 and 3.4.28, in ASCII; the time may be missing only in `DateTime`.
_DATE_TIME = lazy_pattern(
    r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?P<time>T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:\.(?P<fraction>[0-9]+))?"
    r"(?P<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?)?"
)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)

_DATE = lazy_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class LexicalDateTime(datetime):
    """A datetime that remembers how it was written.

    An instant outside Python's years 1 to 9999 counts as the nearest that Python has, and its text
    is still kept. Near those ends adding a timedelta overflows: subtract from the other side.
    """

    __slots__ = ("_lexical",)
    _lexical: str

    @property
    def lexical(self) -> str:
        """The text in the document, for example "2026-01-01T00:00:00.10-08:00"."""
        # Arithmetic gives an instance that was never written.
        return getattr(self, "_lexical", None) or _write(self)

    def __reduce_ex__(self, protocol: Any) -> str | tuple[Any, ...]:
        lexical = getattr(self, "_lexical", None)
        return super().__reduce_ex__(protocol) if lexical is None else (_read, (lexical,))


def parse_date_time_stamp(text: str, *, path: str = "date") -> LexicalDateTime:
    """Parse an xsd:dateTimeStamp: date, time to the second, and time zone; all of it mandatory.

    Args:
        text: for example "2026-12-01T00:00:00Z"; leap seconds do not exist in xsd:dateTime.
        path: where the text stands, for the message.

    Raises:
        ModelError: with code VALIDITY_MALFORMED.
    """
    try:
        return check_date_time_stamp(text)
    except BrokenRuleError as error:
        raise model_error(error, path, text) from error


def format_date_time_stamp(moment: datetime) -> str:
    """Write an aware datetime as an xsd:dateTimeStamp, in its own time zone, UTC as Z.

    Raises:
        ModelError: with code VALIDITY_MALFORMED: no time zone, or one that cannot be written.
    """
    try:
        return check_date_time_stamp(moment).lexical
    except BrokenRuleError as error:
        raise model_error(error, "date", moment) from error


def check_date_time_stamp(value: object) -> LexicalDateTime:
    """Return the instant that a `DateTimeStamp` holds, or raise a fault."""
    moment = check_date_time(value)
    if moment.tzinfo is None:
        raise _malformed(moment.lexical, "has no time zone")
    return moment


def check_date_time(value: object) -> LexicalDateTime:
    """Return what a `DateTime` holds, or raise a fault."""
    if isinstance(value, datetime):
        return _from_datetime(value)
    if not isinstance(value, str):
        raise fault(
            f"is {kind(value)}; write the date as a string, as {_EXAMPLE}",
            code=Code.VALIDITY_MALFORMED,
            expected="dateTimeStamp",
            found=kind(value),
        )
    try:
        return _read(value)
    except ValueError as error:
        raise _malformed(value, "is not a dateTimeStamp") from error


def check_date(value: object) -> date:
    """Return the day that a `Date` holds, or raise a fault."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError as error:
        raise _no_date(value) from error
    raise _no_date(value)


DateTimeStamp: TypeAlias = Annotated[datetime, Plain(check_date_time_stamp)]
"""An instant: from JSON an xsd:dateTimeStamp, from Python an aware datetime.

What is read from the model is a LexicalDateTime.
"""

DateTime: TypeAlias = Annotated[datetime, Plain(check_date_time)]
"""An instant or a local time, or a day: xsd:dateTime with the time of day optional.

For activityStartDate and activityEndDate, which are DateTime in the Open Badges 3.0 data model and
xsd:date in its contexts; both forms are met.
"""

Date: TypeAlias = Annotated[date, Plain(check_date)]
"""A day of the calendar, without a time zone."""


def _from_datetime(value: datetime) -> LexicalDateTime:
    if isinstance(value, LexicalDateTime):
        return value
    if value.utcoffset() is None:
        raise fault(
            f"the datetime {value.isoformat()} has no time zone; "
            "give one, as datetime(2026, 12, 1, tzinfo=UTC)",
            code=Code.VALIDITY_MALFORMED,
            expected="aware datetime",
        )
    try:
        return _read(_write(value))
    except ValueError as error:
        raise fault(
            f"the time zone of {value.isoformat()} cannot be written; use value.astimezone(UTC)",
            code=Code.VALIDITY_MALFORMED,
            expected="a zone of whole minutes, at most 14 hours off",
        ) from error


def _write(value: datetime) -> str:
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _read(text: str) -> LexicalDateTime:
    """Read an xsd:dateTime whose zone and time of day are optional, or raise ValueError."""
    if len(text) > limits.DATE_TIME_CHARACTERS:
        raise ValueError(text)
    return _read_short(text)


@lru_cache(maxsize=1024)
def _read_short(text: str) -> LexicalDateTime:
    # Many credentials have the same dates, and each is read several times.
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year = int(match["year"])
    # Leap years repeat every 400 years, so any year is checked as one that Python has.
    stand_in = 2000 + year % 400
    moment = datetime(stand_in, int(match["month"]), int(match["day"]))  # noqa: DTZ001
    if match["time"]:
        moment += _time_of_day(match)
    zone = _zone(match["zone"])
    result = _in_year(moment, year + moment.year - stand_in, zone)
    result._lexical = text
    return result


def _time_of_day(match: re.Match[str]) -> timedelta:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"])
    fraction = match["fraction"] or ""
    midnight = (hour, minute, second) == (24, 0, 0) and not fraction.strip("0")
    if not midnight and (hour > 23 or minute > 59 or second > 59):
        raise ValueError(match["time"])
    return timedelta(
        hours=hour, minutes=minute, seconds=second, microseconds=int(fraction[:6].ljust(6, "0"))
    )


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[4:6]))
    return timezone(-offset if text[0] == "-" else offset)


def _in_year(moment: datetime, year: int, zone: tzinfo | None) -> LexicalDateTime:
    """Put a moment into its year, or at the end of Python's time where it lies beyond."""
    if 1 <= year <= 9999:
        moment = moment.replace(year=year, tzinfo=zone)
    if not 1 <= year <= 9999 or _overflows_in_utc(moment):
        end = _LAST if year >= 9999 else _FIRST
        moment = end if zone is not None else end.replace(tzinfo=None)
    return LexicalDateTime.combine(moment.date(), moment.timetz())


def _overflows_in_utc(moment: datetime) -> bool:
    if moment.tzinfo is None or 1 < moment.year < 9999:
        return False
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return True
    return False


def _malformed(text: object, what: str) -> BrokenRuleError:
    return fault(
        f"{shorten(text)} {what}; write it as {_EXAMPLE}",
        code=Code.VALIDITY_MALFORMED,
        expected="dateTimeStamp",
        found=text,
    )


def _no_date(value: object) -> BrokenRuleError:
    what = shorten(value)
    return fault(f"{what} is not a date; write it as 2026-12-01", expected="date", found=value)
