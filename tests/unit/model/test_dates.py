"""xsd:dateTimeStamp as XML Schema 1.1 Part 2 defines it (3.3.7, 3.4.28), and Python's datetimes."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from testamur.errors import Code, ModelError
from testamur.model.dates import LexicalDateTime, format_date_time_stamp, parse_date_time_stamp
from testamur.model.parse import parse_credential
from unit.model.documents import badge_with_subject

EIGHT_HOURS_WEST = timezone(timedelta(hours=-8))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-01T00:00:00Z", datetime(2026, 12, 1, tzinfo=UTC)),
        ("2023-02-25T19:10:39-06:00", datetime(2023, 2, 26, 1, 10, 39, tzinfo=UTC)),
        ("2023-02-26T01:02:58.447Z", datetime(2023, 2, 26, 1, 2, 58, 447_000, tzinfo=UTC)),
        ("2026-01-01T00:00:00.1234567Z", datetime(2026, 1, 1, 0, 0, 0, 123_456, tzinfo=UTC)),
        ("2024-02-29T12:00:00+14:00", datetime(2024, 2, 28, 22, tzinfo=UTC)),
        # XSD 1.1 3.3.7: "24:00:00" is the first instant of the next day.
        ("2026-12-31T24:00:00Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-12-31T24:00:00.000Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00-00:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_date_time_stamp_is_read_as_its_instant(text: str, instant: datetime) -> None:
    parsed = parse_date_time_stamp(text)
    assert parsed == instant
    assert isinstance(parsed, LexicalDateTime)
    assert parsed.lexical == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-12-01",
        "2026-12-01T00:00:00",
        "2026-12-01T00:00Z",
        "2026-12-01 00:00:00Z",
        "2026-12-01t00:00:00z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "12026-02-29T00:00:00Z",
        "2026-12-01T24:00:01Z",
        "2026-12-01T24:00:00.1Z",
        "2026-12-01T25:00:00Z",
        "2026-12-31T23:59:60Z",
        "2026-12-01T00:60:00Z",
        "2026-12-01T00:00:00.Z",
        "2026-12-01T00:00:00,5Z",
        "2026-12-01T00:00:00+14:01",
        "2026-12-01T00:00:00+15:00",
        "2026-12-01T00:00:00+0100",
        "2026-12-01T00:00:00+01",
        "2026-12-01T00:00:00 Z",
        " 2026-12-01T00:00:00Z",
        "2026-12-01T00:00:00Z\n",
        "026-12-01T00:00:00Z",
        "02026-12-01T00:00:00Z",
        "+2026-12-01T00:00:00Z",
        "２026-12-01T00:00:00Z",
        "2026-12-01T00:00:0٤Z",
        "2026-W49-2T00:00:00Z",
        "20261201T000000Z",
        "Sat 25 Feb 2023 07:16:31 PM CST",
        "Sun, 26 Feb 2023 01:22:14 +0000",
        "2026-12-01T00:00:00." + "1" * 5_000 + "Z",
        "9" * 5_000 + "-12-01T00:00:00Z",
    ],
)
def test_anything_else_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ModelError, match="write it as 2026-12-01T00:00:00Z") as caught:
        parse_date_time_stamp(text, path="credential.validFrom")
    assert caught.value.code is Code.VALIDITY_MALFORMED
    assert caught.value.path == "credential.validFrom"
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    "text",
    [
        "10000-01-01T00:00:00Z",
        "123456-12-31T24:00:00-14:00",
        "9999-12-31T24:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "0000-01-01T00:00:00Z",
        "-0044-03-15T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_instants_beyond_pythons_years_are_kept_and_can_be_compared(text: str) -> None:
    parsed = parse_date_time_stamp(text)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert (parsed > now) == (text[:4] in ("1000", "1234", "9999"))
    assert parsed.astimezone(UTC) == parsed
    assert hash(parsed) == hash(copy.copy(parsed))
    assert format_date_time_stamp(parsed) == text


def test_written_form_survives_pickling_and_copying() -> None:
    parsed = parse_date_time_stamp("2010-01-01T00:00:00.100-08:00")
    for other in (pickle.loads(pickle.dumps(parsed)), copy.copy(parsed), copy.deepcopy(parsed)):  # noqa: S301
        assert other == parsed
        assert other.lexical == "2010-01-01T00:00:00.100-08:00"


def test_arithmetic_gives_a_new_date_that_can_be_written() -> None:
    later = parse_date_time_stamp("2010-01-01T00:00:00.100-08:00") + timedelta(days=1)
    assert format_date_time_stamp(later) == "2010-01-02T00:00:00.100000-08:00"
    assert pickle.loads(pickle.dumps(later)) == later  # noqa: S301


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00Z"),
        (datetime(2026, 1, 1, 5, 6, 7, 89, tzinfo=UTC), "2026-01-01T05:06:07.000089Z"),
        (datetime(2026, 1, 1, tzinfo=EIGHT_HOURS_WEST), "2026-01-01T00:00:00-08:00"),
        (datetime(2026, 7, 1, tzinfo=ZoneInfo("Europe/Warsaw")), "2026-07-01T00:00:00+02:00"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_aware_datetime_is_written_in_its_own_zone(moment: datetime, text: str) -> None:
    assert format_date_time_stamp(moment) == text


def test_naive_datetime_is_refused_with_the_remedy() -> None:
    with pytest.raises(ModelError, match="has no time zone; give one, as datetime") as caught:
        format_date_time_stamp(datetime(2026, 1, 1))  # noqa: DTZ001
    assert caught.value.code is Code.VALIDITY_MALFORMED


def test_zone_that_is_not_whole_minutes_is_refused_with_the_remedy() -> None:
    moment = datetime(1900, 1, 1, tzinfo=timezone(timedelta(minutes=84, seconds=1)))
    with pytest.raises(ModelError, match=r"use value\.astimezone\(UTC\)"):
        format_date_time_stamp(moment)


def test_local_time_is_not_an_instant() -> None:
    subject = parse_credential(
        badge_with_subject(activityStartDate="2026-01-01T00:00:00")
    ).subjects[0]
    local = getattr(subject, "activity_start_date")  # noqa: B009
    with pytest.raises(ModelError, match="'2026-01-01T00:00:00' has no time zone"):
        format_date_time_stamp(local)
