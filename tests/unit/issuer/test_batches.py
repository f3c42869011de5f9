"""Batches through the register."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import Any

import pytest

from registers import Office
from testamur.batch import Learner, LearnerResult
from testamur.errors import ModelError, RegisterError
from testamur.issuer import many
from testamur.issuer.learners import pack_learners, unpack_learners
from testamur.model.dates import check_date_time
from testamur.model.ob3 import ResultStatus
from testamur.register import State


class Killed(BaseException):
    """Stands for the process that ends here."""


def roster(count: int, first: int = 0) -> list[Learner]:
    return [
        Learner(key=f"m{row}", email=f"p{row}@uni.example", name=f"P {row}")
        for row in range(first, first + count)
    ]


def issue(office: Office, learners: list[Learner], rows: int = 4) -> list[Any]:
    return list(office.issuer.issue_many(office.credential(), learners, chunk_rows=rows))


def test_every_row_gets_its_credential_in_order_and_once(office: Office) -> None:
    first = issue(office, roster(10))
    assert [each.key for each in first] == [f"m{row}" for row in range(10)]
    assert all(each.is_new for each in first)
    office.advance(days=1)
    again = issue(office, roster(13), rows=5)
    assert [each.content for each in again[:10]] == [each.content for each in first]
    assert [each.is_new for each in again] == [False] * 10 + [True] * 3
    records = list(office.register.credentials.all())
    assert len(records) == 13
    places = [place for record in records for place in record.places]
    assert len(set(places)) == len(places) == 26
    office.register.trail.check()


def test_row_without_a_key_is_known_by_all_that_it_says(light: Office) -> None:
    rows = [Learner(email="ada@uni.example"), Learner(email="ada@uni.example", term="2027")]
    first = issue(light, rows)
    assert first[0].id != first[1].id
    assert [each.id for each in issue(light, rows)] == [each.id for each in first]


def test_row_that_stands_twice_in_a_roster_is_issued_once(light: Office) -> None:
    ada = roster(1)[0]
    bob = Learner(key="bob", email="bob@uni.example")
    found = issue(light, [ada, ada, bob, bob, ada], rows=2)
    assert len({each.id for each in found}) == 2
    assert len(list(light.register.credentials.all())) == 2


def test_changed_row_under_a_key_that_was_used_is_refused_by_its_number(light: Office) -> None:
    issue(light, roster(6))
    changed = roster(6)
    changed[4] = Learner(key="m4", email="other@uni.example")
    with pytest.raises(RegisterError, match=r"^row 5: .*another content"):
        issue(light, changed)


def test_row_that_cannot_be_signed_is_named_and_its_chunk_given_up(light: Office) -> None:
    rows = roster(8)
    rows[6] = Learner(key="bad", email="p@uni.example", results=(LearnerResult(description="x"),))
    with pytest.raises(ModelError, match=r"^row 7"):
        issue(light, rows)
    states = [record.state for record in light.register.credentials.all()]
    assert states == [State.ISSUED] * 4 + [State.ABANDONED] * 4
    rows[6] = Learner(key="bad", email="p@uni.example")
    assert len(issue(light, rows)) == 8
    assert light.issuer.unfinished() == []


@pytest.mark.parametrize("step", ["plan_chunk", "issue_and_pack", "finish_chunk"])
@pytest.mark.parametrize("resumes", [True, False])
def test_crash_in_a_batch_is_finished_to_the_same_bytes(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str, resumes: bool
) -> None:
    handed: list[Any] = []
    calls = 0
    real = getattr(many, step)

    def die(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Killed
        return real(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(many, step, die)
        with suppress(Killed):
            for each in office.issuer.issue_many(office.credential(), roster(20), chunk_rows=4):
                handed.append(each)  # noqa: PERF402
    assert len(handed) == 8
    unfinished = office.issuer.unfinished()
    assert len(unfinished) == (0 if step == "plan_chunk" else 4)
    office.advance(hours=30)
    if resumes:
        assert len(office.issuer.resume()) == len(unfinished)
        assert office.issuer.unfinished() == []
    again = issue(office, roster(20), rows=7)
    assert [each.content for each in again[:8]] == [each.content for each in handed]
    assert {each.id for each in unfinished} <= {each.id for each in again}
    assert len(list(office.register.credentials.all())) == 20
    office.register.trail.check()


def test_trail_binds_a_chunk_by_its_digest(light: Office) -> None:
    issued = issue(light, roster(5))
    entries = [each for each in light.register.trail.read() if each.action == "chunk.issued"]
    for entry in entries:
        digest, first = sha256(), int(str(entry.facts["first"]))
        for each in issued[first - 1 : first - 1 + int(str(entry.facts["count"]))]:
            digest.update(each.id.encode() + b"\0" + sha256(each.content or b"").digest())
        assert entry.facts["sha256"] == digest.hexdigest()
    assert sum(int(str(entry.facts["count"])) for entry in entries) == 5
    assert len(entries) == 2


def test_batch_goes_on_in_the_new_series_after_a_restore(light: Office) -> None:
    before = issue(light, roster(3))
    light.register.lists.begin_anew(light.id, reason="restored")
    after = issue(light, roster(6))
    assert [each.id for each in after[:3]] == [each.id for each in before]
    lists = {place.list_url for each in light.register.credentials.all() for place in each.places}
    assert len(lists) == 4


def test_learners_are_read_back_as_they_were() -> None:
    learners = (
        Learner(
            key="1",
            id="did:example:1",
            email="a@b.example",
            name="Ą",
            valid_from=check_date_time("2026-01-01T00:00:00.10+02:00"),
            credits_earned=2.5,
            results=(LearnerResult(description="urn:r", status=ResultStatus.COMPLETED),),
            term="winter",
        ),
        Learner(name="B"),
    )
    again = unpack_learners(pack_learners(learners))
    assert again == learners
    assert getattr(again[0].valid_from, "lexical", None) == "2026-01-01T00:00:00.10+02:00"
