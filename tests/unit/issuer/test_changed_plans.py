"""What is signed after a crash is what was recorded before it, or nothing is signed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from registers import Office
from testamur.batch import Learner
from testamur.canon.strict_json import parse_object
from testamur.errors import Code, RegisterError, SigningKeyError
from testamur.issuer import Issuer, many
from testamur.issuer.learners import pack_learners
from testamur.register import State
from testamur.register.packing import pack, unpack


class OutOfReach:
    """A signer whose key cannot be reached."""

    def __init__(self, verification_method: str) -> None:
        self.verification_method = verification_method

    def sign(self, data: bytes) -> bytes:
        raise SigningKeyError(f"the key cannot be reached to sign {len(data)} bytes")


@contextmanager
def planned_alone(office: Office) -> Iterator[str]:
    signer = OutOfReach(office.signer.verification_method)
    with pytest.raises(SigningKeyError):
        Issuer(office.register, signer).issue(office.credential(), key="1")
    [record] = office.issuer.unfinished()
    yield record.id


def test_plan_that_was_changed_is_not_signed(office: Office) -> None:
    with planned_alone(office) as identifier, office.register.writing() as writing:
        run = writing.connection.exec_driver_sql
        packed = bytes(run("SELECT document FROM plans").scalar_one())
        forged = pack(unpack(packed).replace(b"Rust", b"Law!"))
        assert parse_object(unpack(forged))["id"] == identifier
        mark = "?" if office.register.dialect == "sqlite" else "%s"
        run(f"UPDATE plans SET document = {mark}", (forged,))
    with pytest.raises(RegisterError, match="not signed") as caught:
        office.issuer.resume()
    assert caught.value.code is Code.REGISTER_DAMAGED
    [record] = office.issuer.unfinished()
    assert record.state is State.PLANNED


def test_plan_without_its_commitment_is_not_signed(light: Office) -> None:
    with planned_alone(light), light.register.writing() as writing:
        writing.connection.exec_driver_sql("DELETE FROM personal_data")
    with pytest.raises(RegisterError) as caught:
        light.issuer.resume()
    assert caught.value.code is Code.REGISTER_DAMAGED


def test_rows_of_a_chunk_that_were_changed_are_not_signed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    badge, rows = office.credential(), [Learner(name="Ada"), Learner(name="Ben")]
    monkeypatch.setattr(many, "finish_chunk", killed)
    with pytest.raises(Killed):
        list(office.issuer.issue_many(badge, rows))
    monkeypatch.undo()
    forged = pack_learners([Learner(name="Mallory"), Learner(name="Ben")])
    with office.register.writing() as writing:
        mark = "?" if office.register.dialect == "sqlite" else "%s"
        writing.connection.exec_driver_sql(f"UPDATE chunks SET rows = {mark}", (forged,))
    with pytest.raises(RegisterError, match="not signed") as caught:
        office.issuer.resume()
    assert caught.value.code is Code.REGISTER_DAMAGED
    assert len(office.issuer.unfinished()) == 2
