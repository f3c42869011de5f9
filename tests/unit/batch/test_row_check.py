"""Rows are accepted and refused exactly as their credentials are, whatever was checked before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.batch import Learner, LearnerEvidence, LearnerResult
from testamur.batch.row_check import RowCheck
from testamur.errors import ModelError
from unit.batch.batches import GRADE, award, learner

MOMENTS = st.none() | st.sampled_from(
    [datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)]
)
URLS = st.sampled_from(["https://uni.example/1", "did:key:z6Mk", "no url", "urn:x"])
LEARNERS = st.builds(
    Learner,
    name=st.sampled_from(["Ada", "Ben"]),
    id=st.none() | URLS,
    email=st.none() | st.just("ada@uni.example"),
    valid_until=MOMENTS,
    activity_start_date=MOMENTS,
    activity_end_date=MOMENTS,
    credits_earned=st.none() | st.sampled_from([0.5, 3]),
    narrative=st.none() | st.text(max_size=3),
    evidence=st.just(()) | st.builds(lambda url: (LearnerEvidence(id=url),), URLS),
    results=st.just(())
    | st.builds(
        lambda value, which: (LearnerResult(description=which, value=value),),
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from([GRADE, GRADE, "urn:other"]),
    ),
)


def answer(learner: Learner, check: RowCheck, position: int) -> str | None:
    try:
        check.check(learner, position)
    except ModelError as error:
        return error.message
    return None


@given(st.lists(LEARNERS, max_size=12))
def test_answer_is_that_of_the_credential(learners: list[Learner]) -> None:
    model, check = award(), RowCheck(award())
    for position, each in enumerate(learners):
        try:
            model.credential(each, position)
            expected = None
        except ModelError as error:
            expected = error.message
        assert answer(each, check, position) == expected


def test_row_like_another_is_still_checked() -> None:
    check = RowCheck(award())
    for position in range(3):
        check.check(learner(position), position)
    bad = replace(learner(3), results=(LearnerResult(description=GRADE, value="C"),))
    with pytest.raises(ModelError, match="'C' is not an allowed value; write one of A, B"):
        check.check(bad, 3)


def test_any_number_of_shapes_is_checked() -> None:
    check = RowCheck(award())
    for number in range(200):
        credits_ = replace(learner(number), credits_earned=number / 2)
        assert answer(credits_, check, number) is None
