"""The life of a credential: withdrawn, given back, replaced, renewed, endorsed, erased."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from registers import EMAIL, Office
from testamur.canon.strict_json import parse_object
from testamur.errors import Code, RegisterError
from testamur.issuer import IssuedCredential, change_many
from testamur.issuer.changes import RowOutcome
from testamur.keys import Ed25519Signer
from testamur.register import Action, CredentialRecord, Relation, Standing, State


def issue(office: Office, key: str = "1") -> IssuedCredential:
    return office.issuer.issue(office.credential(), key=key, recipient=EMAIL)


def record(office: Office, issued: IssuedCredential) -> CredentialRecord:
    found = office.register.credentials.find(issued.id)
    assert found is not None
    return found


def bits(office: Office, issued: IssuedCredential) -> dict[str, int]:
    return {
        place.purpose: office.register.lists.bits(found).get(place.index)
        for place in record(office, issued).places
        for found in office.register.lists.of(office.id)
        if found.url == place.list_url
    }


def test_suspended_reinstated_and_revoked(office: Office) -> None:
    issued = issue(office)
    assert bits(office, issued) == {"revocation": 0, "suspension": 0}
    office.issuer.suspend(issued.id, reason="under review", who="dean")
    assert bits(office, issued) == {"revocation": 0, "suspension": 1}
    assert record(office, issued).standing is Standing.SUSPENDED
    office.issuer.reinstate(issued.id, reason="cleared")
    assert bits(office, issued) == {"revocation": 0, "suspension": 0}
    office.advance(days=1)
    office.issuer.revoke(issued.id, reason="plagiarism")
    assert bits(office, issued) == {"revocation": 1, "suspension": 0}
    history = office.register.credentials.history(record(office, issued))
    assert [(each.action, each.actor, each.reason) for each in history] == [
        (Action.SUSPEND, "dean", "under review"),
        (Action.REINSTATE, "registrar", "cleared"),
        (Action.REVOKE, "registrar", "plagiarism"),
    ]
    assert history[-1].at == office.now
    actions = [each.action for each in office.register.trail.read(subject=issued.id)]
    assert actions == [
        "credential.planned",
        "credential.issued",
        "credential.suspended",
        "credential.reinstated",
        "credential.revoked",
    ]


def test_revocation_is_for_good(light: Office) -> None:
    issued = issue(light)
    light.issuer.revoke(issued.id, reason="plagiarism")
    assert light.issuer.revoke(issued.id, reason="again") is None
    for change in (light.issuer.reinstate, light.issuer.suspend):
        with pytest.raises(RegisterError, match="for good") as caught:
            change(issued.id, reason="please")
        assert caught.value.code is Code.REGISTER_CONFLICT


def test_change_needs_a_reason_and_a_credential(light: Office) -> None:
    issued = issue(light)
    with pytest.raises(RegisterError, match="say why"):
        light.issuer.revoke(issued.id, reason=" ")
    with pytest.raises(RegisterError) as caught:
        light.issuer.revoke("urn:uuid:0", reason="plagiarism")
    assert caught.value.code is Code.REGISTER_UNKNOWN


def test_replaced_credential_is_revoked_and_points_to_the_new_one(office: Office) -> None:
    old = issue(office)
    new = office.issuer.replace(
        old.id, office.credential(narrative="with distinction"), reason="forgotten"
    )
    assert record(office, old).standing is Standing.REVOKED
    assert record(office, old).superseded_by == new.id
    assert record(office, new).supersedes == old.id
    assert record(office, new).relation is Relation.REPLACES
    assert office.issuer.newest(old.id).id == new.id
    # Asked again it is the same; another replacement of the old one is refused.
    same = office.credential(narrative="with distinction")
    assert office.issuer.replace(old.id, same, reason="forgotten").id == new.id
    with pytest.raises(RegisterError, match="another content"):
        office.issuer.replace(old.id, office.credential(), reason="forgotten")


def test_renewed_credential_says_the_same_for_a_further_time(light: Office) -> None:
    old = issue(light)
    begins, ends = light.now + timedelta(days=365), light.now + timedelta(days=730)
    new = light.issuer.renew(old.id, valid_from=begins, valid_until=ends)
    assert old.content is not None
    assert new.content is not None
    before, after = parse_object(old.content), parse_object(new.content)
    assert after["credentialSubject"] == before["credentialSubject"]
    assert (after["validFrom"], after["validUntil"]) == (
        "2027-07-01T12:00:00Z",
        "2028-06-30T12:00:00Z",
    )
    assert after["credentialStatus"] != before["credentialStatus"]
    assert record(light, old).standing is Standing.CURRENT
    assert record(light, new).recipient == record(light, old).recipient
    assert not record(light, new).is_expired(ends)
    assert record(light, new).is_expired(ends + timedelta(seconds=1))
    with pytest.raises(RegisterError, match="another content"):
        light.issuer.renew(old.id, valid_from=begins, valid_until=ends + timedelta(days=1))
    with pytest.raises(RegisterError, match="is superseded"):
        light.issuer.replace(old.id, light.credential(), reason="a mistake")


@pytest.mark.parametrize("how", [Action.REVOKE, Action.SUSPEND])
def test_credential_that_is_withdrawn_while_it_is_renewed_is_not_renewed(
    light: Office, monkeypatch: pytest.MonkeyPatch, how: Action
) -> None:
    old, ends = issue(light), light.now + timedelta(days=90)
    sign = Ed25519Signer.sign

    def slow(signer: Ed25519Signer, data: bytes) -> bytes:
        light.register.credentials.change(old.id, how, reason="plagiarism")
        return sign(signer, data)

    monkeypatch.setattr(Ed25519Signer, "sign", slow)
    with pytest.raises(RegisterError, match="so is not renewed; it was withdrawn meanwhile"):
        light.issuer.renew(old.id, valid_from=light.now, valid_until=ends)
    monkeypatch.undo()
    assert light.issuer.resume() == []
    states = [each.state for each in light.register.credentials.all()]
    assert states == [State.ISSUED, State.ABANDONED]
    if how is Action.SUSPEND:
        light.issuer.reinstate(old.id, reason="cleared")
        assert light.issuer.renew(old.id, valid_from=light.now, valid_until=ends).is_new


def test_revoked_credential_is_not_renewed(light: Office) -> None:
    old = issue(light)
    light.issuer.revoke(old.id, reason="plagiarism")
    with pytest.raises(RegisterError, match="is not renewed"):
        light.issuer.renew(old.id, valid_from=light.now, valid_until=None)


def test_credential_that_is_not_there_is_not_renewed(light: Office) -> None:
    with pytest.raises(RegisterError, match="no credential 'urn:uuid:0' is in the register"):
        light.issuer.renew("urn:uuid:0", valid_from=light.now, valid_until=None)


def test_credentials_that_run_out_are_found(light: Office) -> None:
    ends = light.now + timedelta(days=30)
    light.issuer.issue(light.credential(valid_until=ends), key="1")
    issue(light, "2")
    book = light.register.credentials
    assert [each.valid_until for each in book.expiring(light.now, ends)] == [ends]
    assert book.expiring(light.now, ends - timedelta(days=1)) == []


def test_endorsement_is_a_credential_of_its_own(light: Office) -> None:
    issued = issue(light)
    endorsement = light.issuer.endorse(issued.id, "We were there.", valid_from=light.now)
    again = light.issuer.endorse(issued.id, "We were there.", valid_from=light.now)
    assert again.id == endorsement.id
    assert record(light, endorsement).kind.value == "endorsement"
    light.issuer.revoke(endorsement.id, reason="we were not")
    assert record(light, endorsement).standing is Standing.REVOKED


def test_erased_credential_keeps_its_places_and_its_trail_and_nothing_of_the_person(
    office: Office,
) -> None:
    issued = issue(office)
    office.issuer.suspend(issued.id, reason="Ada is under review")
    before = record(office, issued)
    office.register.credentials.erase(issued.id, reason="the learner asked for it")
    after = record(office, issued)
    assert (after.recipient, after.state, after.standing) == (
        None,
        State.ISSUED,
        Standing.SUSPENDED,
    )
    assert after.places == before.places
    assert after.content_hash == before.content_hash
    assert office.register.credentials.content(after) is None
    assert office.register.credentials.of_recipient(EMAIL) == []
    assert [each.reason for each in office.register.credentials.history(after)] == [None]
    office.register.trail.check()
    office.issuer.revoke(issued.id, reason="after all")
    assert bits(office, issued)["revocation"] == 1
    office.register.credentials.erase(issued.id, reason="once more")


def test_nothing_of_an_erased_person_is_left_in_the_file(light: Office) -> None:
    issued = issue(light)
    light.issuer.suspend(issued.id, reason="Ada Lovelace is under review")
    path = Path(light.url.removeprefix("sqlite:///"))
    light.close()
    assert b"Lovelace" in path.read_bytes()
    office = Office(light.url)
    office.register.credentials.erase(issued.id, reason="asked for")
    office.close()
    assert b"Lovelace" not in path.read_bytes()


def test_published_list_is_counted_and_never_goes_back(light: Office) -> None:
    (first, *_) = light.register.lists.of(light.id)
    second = light.register.lists.note_publication(first)
    assert (second.sequence, second.published_at) == (1, light.now)
    with pytest.raises(RegisterError) as caught:
        light.register.lists.note_publication(first)
    assert caught.value.code is Code.REGISTER_CONFLICT


def test_bulk_change_says_all_first_and_does_all_or_nothing(office: Office) -> None:
    issued = [issue(office, str(each)) for each in range(3)]
    office.issuer.revoke(issued[0].id, reason="before")
    ids = [each.id for each in issued]

    def change(ids: list[str], *, is_dry_run: bool) -> list[RowOutcome]:
        report = change_many(
            office.register, ids, Action.REVOKE, reason="recalled", is_dry_run=is_dry_run
        )
        return [row.outcome for row in report.rows]

    outcomes = [RowOutcome.UNCHANGED, RowOutcome.CHANGED, RowOutcome.CHANGED]
    head = office.register.trail.head()
    assert change(ids, is_dry_run=True) == outcomes
    assert change([*ids, "urn:uuid:0"], is_dry_run=False) == [*outcomes, RowOutcome.REFUSED]
    assert office.register.trail.head() == head
    assert change(ids, is_dry_run=False) == outcomes
    assert {record(office, each).standing for each in issued} == {Standing.REVOKED}
    office.register.trail.check()
