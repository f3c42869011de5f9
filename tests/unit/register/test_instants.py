"""Instants as the tables hold them: one spelling, which sorts as time goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.register.schema import instant_text, text_instant


def test_instant_is_written_in_utc_to_the_second() -> None:
    summer = timezone(timedelta(hours=2))
    moment = datetime(2026, 6, 1, 1, 30, 59, 999_999, tzinfo=summer)
    assert instant_text(moment) == "2026-05-31T23:30:59Z"
    assert instant_text(datetime(987, 6, 5, tzinfo=UTC)) == "0987-06-05T00:00:00Z"


@given(
    st.datetimes(
        min_value=datetime(1, 1, 2),  # noqa: DTZ001
        max_value=datetime(9999, 12, 30),  # noqa: DTZ001
        timezones=st.just(UTC),
    )
)
def test_instant_is_read_as_it_was_written(moment: datetime) -> None:
    read = text_instant(instant_text(moment))
    assert read == moment.replace(microsecond=0)
    assert read.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-06-01",
        "2026-06-01T12:00:00",
        "2026-06-01 12:00:00Z",
        "2026-06-01t12:00:00z",
        "2026-06-01T12:00:00+00:00",
        "2026-06-01T12:00:00.5Z",
        "20260601T120000.000Z",
        "2026-W23-1T12:00:00Z",
        "2026-6-1T12:00:00Z",
        "2026-06-01T24:00:00Z",
        "2026-06-01T12:60:00Z",
        "2026-06-01T12:00:60Z",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "٢٠٢٦-06-01T12:00:00Z",
        "2026-06-01T12:00:00Z\n",
        " 2026-06-01T12:00:00Z",
    ],
)
def test_other_spelling_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        text_instant(text)


def test_instant_without_a_time_zone_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="time zone"):
        instant_text(datetime(2026, 6, 1))  # noqa: DTZ001
