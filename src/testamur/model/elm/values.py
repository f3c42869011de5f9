"""The simple values of the European Learning Model: durations, days, decimals, counts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import ConfigDict, Field

from testamur._lazy import lazy_pattern
from testamur.canon.strict_json import kind
from testamur.errors import ModelError
from testamur.model.base import Model
from testamur.model.dates import LexicalDateTime, check_date_time
from testamur.model.faults import BrokenRuleError, fault, shorten
from testamur.model.markers import Plain

__all__ = [
    "BirthDate",
    "Count",
    "DateModified",
    "DecimalText",
    "Duration",
    "Html",
    "Percentage",
    "TypedLiteral",
    "WholeNumber",
    "civil_date",
    "counts_months",
    "duration_of_hours",
    "hours_of_duration",
    "is_shifted",
]

# XML Schema 1.1 Part 2, 3.3.6, without negative durations: nothing here lasts less than no time.
_DURATION = lazy_pattern(
    r"P(?=[0-9T])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_DURATION_CHARACTERS = 64
_DECIMAL = lazy_pattern(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DECIMAL_CHARACTERS = 64


def _duration(value: object) -> str:
    if isinstance(value, timedelta):
        return duration_of_hours(Decimal(str(value.total_seconds())) / 3600)
    if not isinstance(value, str) or not _match_duration(value):
        what = shorten(value) if isinstance(value, str) else kind(value)
        raise fault(
            f"is {what}, which is not a duration; write 60 hours as PT60H, three months as P3M",
            expected="xsd:duration",
            found=value,
        )
    return value


def _match_duration(text: str) -> re.Match[str] | None:
    return _DURATION.fullmatch(text) if len(text) <= _DURATION_CHARACTERS else None


Duration: TypeAlias = Annotated[str, Plain(_duration)]
"""An xsd:duration, as "PT60H"; from Python also a timedelta."""


def duration_of_hours(hours: Decimal | int | str) -> str:
    """Write a number of hours as a duration: 60 → "PT60H", 1.5 → "PT1H30M".

    Raises:
        ModelError: the number is not finite, or negative.
    """
    amount = Decimal(hours)
    if not amount.is_finite() or amount < 0:
        raise ModelError(f"{hours} is not a number of hours; write one of at least 0")
    minutes, seconds = divmod((amount * 3600).quantize(Decimal("0.001")), 60)
    whole, rest = divmod(int(minutes), 60)
    text = f"{whole}H" if whole else ""
    text += f"{rest}M" if rest else ""
    text += f"{_plain(seconds)}S" if seconds else ""
    return f"PT{text or '0H'}"


def hours_of_duration(duration: str) -> Decimal | None:
    """Return how many hours a duration is; None where it counts years or months, which vary."""
    match = _match_duration(duration)
    if match is None or int(match["years"] or 0) or int(match["months"] or 0):
        return None
    hours = Decimal(match["days"] or 0) * 24 + Decimal(match["hours"] or 0)
    hours += Decimal(match["minutes"] or 0) / 60 + Decimal(match["seconds"] or 0) / 3600
    return hours


def counts_months(duration: str) -> bool:
    """Whether a duration counts months and no time of day, as "P60M", which is often meant to be
    60 hours, "PT60H"."""
    match = _match_duration(duration)
    return match is not None and bool(int(match["months"] or 0)) and "T" not in duration


def _birth_date(value: object) -> LexicalDateTime:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), UTC)
    return check_date_time(value)


BirthDate: TypeAlias = Annotated[date, Plain(_birth_date)]
"""A day of birth, which the data model writes as a dateTime: a date is written as midnight UTC of
that day. What is read from the model is a LexicalDateTime."""

_EVENING = 22  # midnight in Central Europe is 22:00Z in summer and 23:00Z in winter


def civil_date(moment: datetime) -> date:
    """Return the day that a dateTime stands for.

    Europass's own tools write the midnight of Central Europe in UTC, so 22:00Z and 23:00Z are the
    next day's midnight.
    """
    day = moment.date()
    return day + timedelta(days=1) if is_shifted(moment) else day


def is_shifted(moment: datetime) -> bool:
    """Whether a dateTime is the midnight of Central Europe written in UTC."""
    return (
        moment.utcoffset() == timedelta()
        and moment.hour >= _EVENING
        and not (moment.minute or moment.second or moment.microsecond)
        and moment.date() != date.max
    )


def _decimal(value: object) -> str | int:
    if isinstance(value, Decimal) and value.is_finite():
        return _plain(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        raise fault(
            "is a number with a fraction, which JSON-LD would sign as 1.5E0; write it as a string,"
            ' as "1.50"',
            expected="xsd:decimal",
        )
    if (
        not isinstance(value, str)
        or len(value) > _DECIMAL_CHARACTERS
        or not _DECIMAL.fullmatch(value)
    ):
        what = shorten(value) if isinstance(value, str) else kind(value)
        raise fault(f'is {what}, not a decimal number; write it as "1.50"', expected="xsd:decimal")
    return value


DecimalText: TypeAlias = Annotated[str | int, Plain(_decimal)]
"""A decimal number, as a string or a whole number; from Python also a Decimal."""


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise fault(f"is {kind(value)}; write a whole number", expected="a whole number")
    return value


def _positive(value: object) -> int:
    number = _whole(value)
    if number < 1:
        raise fault(f"is {number}; write a whole number from 1 on", expected="a positive number")
    return number


def _percentage(value: object) -> int:
    number = _positive(value)
    if number > 100:
        raise fault(f"is {number}; write a whole number from 1 to 100", expected="1 to 100")
    return number


WholeNumber: TypeAlias = Annotated[int, Plain(_whole)]
"""An xsd:integer."""

Count: TypeAlias = Annotated[int, Plain(_positive)]
"""An xsd:positiveInteger."""

Percentage: TypeAlias = Annotated[int, Plain(_percentage)]
"""An xsd:positiveInteger up to 100."""


class TypedLiteral(Model):
    """A literal with its datatype: a JSON-LD value object, with these two members and no other.

    For the two members to which the published context gives the wrong datatype.
    """

    model_config = ConfigDict(extra="forbid")

    value: str = Field(alias="@value")
    datatype: str = Field(alias="@type")


def _literal(value: object, datatype: str) -> TypedLiteral:
    found = value if isinstance(value, TypedLiteral) else TypedLiteral.model_validate(value)
    if found.datatype != datatype:
        raise fault(f"is not {datatype}; write that", at="@type", expected=datatype)
    return found


def _date_modified(value: object) -> Any:
    if isinstance(value, datetime) and not isinstance(value, LexicalDateTime):
        return _literal(
            {"@value": check_date_time(value).lexical, "@type": "xsd:dateTime"}, "xsd:dateTime"
        )
    if isinstance(value, (dict, TypedLiteral)):
        found = _literal(value, "xsd:dateTime")
        try:
            check_date_time(found.value)
        except BrokenRuleError as error:
            raise fault(error.context["reason"], at="@value") from error
        return found
    return check_date_time(value)


def _html(value: object) -> Any:
    if isinstance(value, (dict, TypedLiteral)):
        return _literal(value, "rdf:HTML")
    if not isinstance(value, str):
        raise fault(f"is {kind(value)}; write a string", expected="rdf:HTML")
    return value


DateModified: TypeAlias = Annotated[TypedLiteral | datetime, Plain(_date_modified)]
"""When something was changed. The published context takes the value for an IRI, so a plain date is
lost on expansion; a datetime from Python is written as a TypedLiteral, which is not."""

Html: TypeAlias = Annotated[TypedLiteral | str, Plain(_html)]
"""HTML text. The published context takes the value for an IRI; write a TypedLiteral of rdf:HTML."""


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
