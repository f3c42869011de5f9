"""The validity period, held against the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from testamur.errors import Code
from testamur.verification import Answer, Check, Policy
from testamur.verification.validity_check import check_validity
from unit.scenes import NOW, Document
from unit.verification.test_form_checks import PASSED, answer


def validity(members: Document, *, now: datetime = NOW, skew: timedelta = timedelta(0)) -> Check:
    return check_validity(members, Policy(clock_skew=skew), now)


def test_credential_without_dates_is_in_force() -> None:
    check = validity({})
    assert answer(check) == PASSED
    assert check.evidence == {}


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-1, Code.NOT_YET_VALID), (-0.5, Code.NOT_YET_VALID), (0, None), (1, None)],
)
def test_start_is_inclusive(seconds: float, code: Code | None) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert validity({"validFrom": "2026-01-01T00:00:00Z"}, now=now).code is code


@pytest.mark.parametrize(
    ("seconds", "code"), [(-1, None), (0, None), (0.5, Code.EXPIRED), (1, Code.EXPIRED)]
)
def test_end_is_inclusive(seconds: float, code: Code | None) -> None:
    now = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert validity({"validUntil": "2026-02-01T00:00:00Z"}, now=now).code is code


@pytest.mark.parametrize(("seconds", "good"), [(299, True), (300, True), (301, False)])
def test_clock_may_be_off_by_as_much_as_the_policy_says(seconds: int, good: bool) -> None:
    skew, off = timedelta(minutes=5), timedelta(seconds=seconds)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    period = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-02-01T00:00:00Z"}
    for now in (start - off, end + off):
        assert (validity(period, now=now, skew=skew).code is None) is good


def test_dates_are_compared_as_instants_and_not_as_texts() -> None:
    assert validity({"validUntil": "2026-05-31T23:00:00-08:00"}).code is None
    assert validity({"validUntil": "2026-06-01T05:00:00+14:00"}).code is Code.EXPIRED


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z"])
def test_end_in_the_far_future_is_an_end(end: str) -> None:
    check = validity({"validUntil": end}, skew=timedelta(minutes=5))
    assert answer(check) == PASSED
    assert check.evidence == {"until": end}


def test_refusal_names_the_date_as_it_is_written() -> None:
    period = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-02-01T00:00:00.10Z"}
    check = validity(period)
    assert (check.answer, check.code) == (Answer.FAILED, Code.EXPIRED)
    assert "2026-02-01T00:00:00.10Z" in check.sentence
    assert check.evidence == {"from": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00.10Z"}


@pytest.mark.parametrize("member", ["validFrom", "validUntil", "issuanceDate", "expirationDate"])
@pytest.mark.parametrize("value", ["", "2026", "2026-01-01T00:00:00", 5, {"@value": "x"}, False])
def test_date_that_cannot_be_read_is_not_the_same_as_no_date(member: str, value: object) -> None:
    check = validity({member: value})
    assert (check.answer, check.code) == (Answer.FAILED, Code.VALIDITY_MALFORMED)


def test_dates_of_version_1_have_other_names() -> None:
    assert validity({"issuanceDate": "2026-07-01T00:00:00Z"}).code is Code.NOT_YET_VALID
    assert validity({"expirationDate": "2026-05-01T00:00:00Z"}).code is Code.EXPIRED


def test_narrower_of_two_ends_counts() -> None:
    # VC Data Model 1.1, 4.6: expirationDate; validUntil is reserved for later versions.
    for early, late in (("expirationDate", "validUntil"), ("validUntil", "expirationDate")):
        period = {early: "2026-05-01T00:00:00Z", late: "2030-01-01T00:00:00Z"}
        assert validity(period).code is Code.EXPIRED
    for early, late in (("issuanceDate", "validFrom"), ("validFrom", "issuanceDate")):
        period = {early: "2026-05-01T00:00:00Z", late: "2026-07-01T00:00:00Z"}
        assert validity(period).code is Code.NOT_YET_VALID
