"""Which rows the register knows: the same answer as issuing gives, and nothing is written."""

from __future__ import annotations

import pytest

from registers import Office
from testamur.batch import Award, Learner
from testamur.errors import RegisterError
from testamur.issuer.comparison import KnownRow, known_rows


def award(office: Office) -> Award:
    model = office.credential().to_json()
    return Award.like(model, secret=bytes(32), valid_from=office.now)


def learner(number: int, name: str | None = None) -> Learner:
    return Learner(key=f"m{number}", email=f"p{number}@uni.example", name=name or f"P {number}")


def test_rows_are_known_as_issuing_knows_them(light: Office) -> None:
    before = list(light.issuer.issue_many(light.credential(), [learner(1), learner(2)]))
    light.advance(days=1)
    head = light.register.trail.head()
    rows = [learner(0), learner(1), learner(2, name="Eve"), Learner(email="p1@uni.example")]
    found = list(known_rows(light.register, light.id, award(light), rows))
    assert found == [
        KnownRow(1, before[0].id, is_same=True),
        KnownRow(2, before[1].id, is_same=False),
    ]
    assert light.register.trail.head() == head
    model = light.credential()
    assert not next(light.issuer.issue_many(model, [rows[1]])).is_new
    with pytest.raises(RegisterError, match="another content was recorded before"):
        list(light.issuer.issue_many(model, [rows[2]]))
    assert all(each.is_new for each in light.issuer.issue_many(model, [rows[0], rows[3]]))


def test_long_roster_is_compared_to_its_end(light: Office) -> None:
    (issued,) = light.issuer.issue_many(light.credential(), [learner(2500)])
    rows = (learner(number) for number in range(2501))
    found = list(known_rows(light.register, light.id, award(light), rows))
    assert found == [KnownRow(2500, issued.id, is_same=True)]
