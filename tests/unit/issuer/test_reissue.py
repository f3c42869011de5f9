"""After a compromise: all that the key signed, issued again with another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from registers import Office
from simulator import key
from testamur import build
from testamur.batch import Learner
from testamur.errors import Code, ConfigurationError, RegisterError, SigningKeyError
from testamur.issuer import Issuer
from testamur.keys import Ed25519Signer
from testamur.register import Relation

DID = "did:web:uni.example"
LOST, NEW = f"{DID}#lost", f"{DID}#new"


def issuers(office: Office) -> tuple[Issuer, Issuer]:
    """An issuer with a key that is going to be lost, and the same one with a new key."""
    office.register.issuers.add(build.profile(id=DID, name="Example University"))
    office.register.lists.open_series(DID, folder_url="https://uni.example/s/")
    found = []
    for url in (LOST, NEW):
        office.register.keys.add(
            key(url).public_key, url, valid_from=office.now - timedelta(days=30)
        )
        found.append(Issuer(office.register, Ed25519Signer(key(url), url)))
    return found[0], found[1]


def badge(office: Office, email: str, **details: Any) -> Any:
    profile = build.profile(id=DID, name="Example University")
    recipient = build.recipient_by_email(email)
    return build.credential(
        profile, office.achievement, recipient=recipient, valid_from=office.now, **details
    )


def test_what_still_holds_is_issued_again_once(office: Office) -> None:
    lost, new = issuers(office)
    begun = office.now
    end = office.now + timedelta(days=400)
    kept, revoked, suspended, replaced, ended = (
        lost.issue(badge(office, f"{name}@uni.example", valid_until=until), key=name).id
        for name, until in (
            ("kept", end),
            ("revoked", None),
            ("suspended", None),
            ("replaced", None),
            ("ended", office.now + timedelta(days=1)),
        )
    )
    rows = [Learner(name=f"Learner {number}") for number in range(3)]
    many = [each.id for each in lost.issue_many(badge(office, "m@uni.example"), rows)]
    sound = new.issue(badge(office, "sound@uni.example"), key="sound").id
    lost.revoke(revoked, reason="by mistake")
    lost.suspend(suspended, reason="a review")
    corrected = lost.replace(replaced, badge(office, "r@uni.example"), reason="address").id
    office.advance(days=2)
    office.register.keys.mark_compromised(LOST, since=office.now, reason="the laptop is gone")

    again = list(new.reissue(LOST, now=office.now, who="head of IT"))
    records = {each.id: office.register.credentials.find(each.id) for each in again}
    old = {record.supersedes for record in records.values() if record is not None}
    assert old == {kept, corrected, *many}
    assert ended not in old
    assert sound not in old
    for record in records.values():
        assert record is not None
        assert record.relation is Relation.RENEWS
        assert record.verification_method == NEW
        assert record.valid_from == begun
    [of_kept] = [each for each in records.values() if each is not None and each.supersedes == kept]
    assert of_kept.valid_until == end

    office.advance(days=1)
    second = list(new.reissue(LOST, now=office.now))
    assert [(each.id, each.content) for each in second] == [
        (each.id, each.content) for each in again
    ]
    assert not any(each.is_new for each in second)
    new.reinstate(suspended, reason="cleared")
    third = list(new.reissue(LOST, now=office.now))
    assert sum(each.is_new for each in third) == 1
    office.register.trail.check()


def test_run_that_was_interrupted_is_finished_by_the_next_one(
    light: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost, new = issuers(light)
    names = ("ada", "ben", "cy")
    old = {lost.issue(badge(light, f"{name}@uni.example"), key=name).id for name in names}
    light.register.keys.mark_compromised(LOST, since=light.now, reason="the laptop is gone")

    def broken(*_: object) -> bytes:
        raise SigningKeyError("the module does not answer", code=Code.UNREACHABLE)

    with monkeypatch.context() as patch:
        patch.setattr(Ed25519Signer, "sign", broken)
        with pytest.raises(SigningKeyError):
            list(new.reissue(LOST, now=light.now))
    light.advance(days=1)
    again = [light.register.credentials.find(each.id) for each in new.reissue(LOST, now=light.now)]
    assert {each.supersedes for each in again if each is not None} == old
    assert new.unfinished() == []


def test_key_that_is_not_the_issuers_or_signs_itself_is_refused(light: Office) -> None:
    _lost, new = issuers(light)
    with pytest.raises(RegisterError) as caught:
        list(new.reissue(f"{DID}#nobodys", now=light.now))
    assert caught.value.code is Code.REGISTER_UNKNOWN
    with pytest.raises(RegisterError):
        list(new.reissue(light.signer.verification_method, now=light.now))
    with pytest.raises(ConfigurationError, match="another key"):
        list(new.reissue(NEW, now=light.now))


def test_one_that_was_renewed_for_a_later_time_gives_one_for_both_times(light: Office) -> None:
    lost, new = issuers(light)
    begun, later = light.now, light.now + timedelta(days=100)
    end = later + timedelta(days=365)
    old = lost.issue(badge(light, "ada@uni.example", valid_until=later), key="1").id
    renewed = lost.renew(old, valid_from=later, valid_until=end).id
    light.advance(days=50)
    [again] = new.reissue(LOST, now=light.now)
    record = light.register.credentials.find(again.id)
    assert record is not None
    assert (record.supersedes, record.valid_from, record.valid_until) == (renewed, begun, end)


def test_renewal_alone_begins_when_it_would_have(light: Office) -> None:
    lost, new = issuers(light)
    later = light.now + timedelta(days=100)
    old = lost.issue(badge(light, "ada@uni.example", valid_until=later), key="1").id
    lost.renew(old, valid_from=later + timedelta(days=30), valid_until=None)
    light.advance(days=110)
    [again] = new.reissue(LOST, now=light.now)
    record = light.register.credentials.find(again.id)
    assert record is not None
    assert record.valid_from == later + timedelta(days=30)
