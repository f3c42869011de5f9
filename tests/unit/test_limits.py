"""Every bound has a name that says its unit, and stands where the specifications put it."""

from __future__ import annotations

from testamur import limits


def test_every_bound_is_a_positive_number_and_public() -> None:
    names = [name for name in vars(limits) if name.isupper()]
    assert sorted(limits.__all__) == sorted(names)
    for name in set(names) - {"CLOCK_SKEW_SECONDS"}:
        assert getattr(limits, name) > 0, name


def test_bounds_that_a_specification_gives_are_the_specification_s() -> None:
    # Bitstring Status List 1.0, 6.1: 16 KB; VC Data Model 2.0: expiry without leeway by default.
    assert limits.STATUS_LIST_MINIMUM_ENTRIES == 16 * 1024 * 8
    assert limits.CLOCK_SKEW_SECONDS == 0


def test_bounds_fit_into_each_other() -> None:
    assert limits.CREDENTIAL_BYTES <= limits.FETCH_BYTES <= limits.STATUS_LIST_BYTES
    assert limits.CREDENTIAL_BYTES <= limits.IMAGE_BYTES <= limits.PRESENTATION_BYTES
    assert limits.STATUS_LIST_MINIMUM_ENTRIES < limits.STATUS_LIST_BITS
    # A list that no compression shortens still fits into what is fetched, in base64.
    assert limits.STATUS_LIST_BITS // 8 * 4 // 3 < limits.STATUS_LIST_BYTES
