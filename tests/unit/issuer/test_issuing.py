"""Issuing through the register: recorded first, once, and finished after a crash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from registers import EMAIL, Office, new_file
from simulator import NOW, key
from testamur.canon.strict_json import parse_object
from testamur.errors import (
    BatchError,
    Code,
    ConfigurationError,
    ModelError,
    RegisterError,
    SigningKeyError,
)
from testamur.fetch import MemoryFetcher
from testamur.issuer import Documents, Issuer, Policy, Recipients, desk
from testamur.issuer.inspection import inspect_output
from testamur.issuing import Mechanism, issue
from testamur.keys import Ed25519Signer
from testamur.register import State
from testamur.status import bitstring_status_list
from testamur.trust import AllowList
from testamur.verification import Verdict, Verifier


class Killed(BaseException):
    """Stands for the process that ends here."""


def verdict(office: Office, content: bytes) -> Verdict:
    """What a stranger says, who gets the lists as they follow from the register."""
    documents = {}
    for record in office.register.lists.of(office.id):
        document = bitstring_status_list.build_list_credential(
            list_url=record.url,
            issuer=office.id,
            purposes=(record.purpose,),
            bits=office.register.lists.bits(record),
            valid_from=office.now,
        )
        documents[record.url] = issue(document, signer=office.signer, now=office.now).content
    verifier = Verifier(
        now=office.now,
        trust=AllowList({office.id: "Example University"}),
        fetcher=MemoryFetcher(documents),
    )
    return verifier.examine(content).verdict


def content_of(issued: Any) -> bytes:
    assert issued.content is not None
    return bytes(issued.content)


def test_what_is_issued_is_genuine_and_recorded(office: Office) -> None:
    issued = office.issuer.issue(office.credential(), recipient=EMAIL)
    assert issued.is_new
    assert verdict(office, content_of(issued)) is Verdict.GENUINE
    record = office.register.credentials.find(issued.id)
    assert record is not None
    assert record.state is State.ISSUED
    assert record.content_hash == sha256(content_of(issued)).digest()
    assert record.achievement == office.achievement.id
    assert record.verification_method == office.signer.verification_method
    document = parse_object(content_of(issued))
    entries = document["credentialStatus"]
    assert isinstance(entries, list)
    said = {
        (entry["statusListCredential"], entry["statusListIndex"], entry["statusPurpose"])
        for entry in entries
        if isinstance(entry, dict)
    }
    assert said == {(each.list_url, str(each.index), each.purpose) for each in record.places}
    assert office.register.credentials.content(record) == issued.content


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_every_mechanism_goes_through_the_register(light: Office, mechanism: Mechanism) -> None:
    issued = light.issuer.issue(light.credential(), key="1", mechanism=mechanism)
    assert verdict(light, content_of(issued)) is Verdict.GENUINE


def test_same_key_gives_the_same_bytes(office: Office) -> None:
    first = office.issuer.issue(office.credential(), key="1")
    office.advance(days=3)
    again = office.issuer.issue(office.credential(), key="1")
    assert (again.id, again.content, again.is_new) == (first.id, first.content, False)
    assert office.issuer.issue(office.credential(), key="2").id != first.id


def test_without_a_key_an_award_is_known_by_achievement_recipient_and_day(light: Office) -> None:
    first = light.issuer.issue(light.credential(), recipient=EMAIL)
    light.advance(hours=2)
    assert light.issuer.issue(light.credential(), recipient=" ADA@uni.example").id == first.id
    light.advance(days=1)
    assert light.issuer.issue(light.credential(), recipient=EMAIL).id != first.id
    assert light.issuer.issue(light.credential(), recipient="bob@uni.example").id != first.id


def test_hashed_recipient_alone_cannot_be_told_from_another(light: Office) -> None:
    with pytest.raises(ConfigurationError, match="--recipient"):
        light.issuer.issue(light.credential())


def test_other_content_under_a_key_that_was_used_is_refused(light: Office) -> None:
    light.issuer.issue(light.credential(), key="1")
    with pytest.raises(RegisterError, match="another content") as caught:
        light.issuer.issue(light.credential(narrative="with distinction"), key="1")
    assert caught.value.code is Code.REGISTER_CONFLICT


def test_two_issuers_may_use_the_same_key_for_a_request(light: Office) -> None:
    first = light.issuer.issue(light.credential(), key="1")
    other = Ed25519Signer.for_did_key(key("other"))
    profile = light.profile.model_copy(update={"id": other.controller})
    light.register.issuers.add(profile)
    light.register.keys.add(other.key.public_key, other.verification_method)
    light.register.lists.open_series(other.controller, folder_url="https://other.example/")
    credential = light.credential().model_copy(update={"issuer": profile})
    assert Issuer(light.register, other).issue(credential, key="1").id != first.id


def test_what_cannot_be_signed_is_not_recorded(light: Office) -> None:
    before = light.register.trail.head()
    document = light.credential().to_json()
    with pytest.raises(ModelError):
        light.issuer.issue({**document, "validFrom": "yesterday"}, key="1")
    with pytest.raises(ConfigurationError, match="a status already"):
        light.issuer.issue({**document, "credentialStatus": {}}, key="1")
    assert light.register.trail.head() == before


def test_key_that_the_register_does_not_know_issues_nothing(light: Office) -> None:
    with pytest.raises(RegisterError) as caught:
        Issuer(light.register, Ed25519Signer.for_did_key(key("stranger")))
    assert caught.value.code is Code.REGISTER_UNKNOWN


def test_two_credentials_of_one_id_are_refused(light: Office) -> None:
    light.issuer.issue(light.credential(id="https://uni.example/c/1"), key="1")
    with pytest.raises(RegisterError, match="an id of its own"):
        light.issuer.issue(light.credential(id="https://uni.example/c/1"), key="2")


def _die(*_: object, **__: object) -> Any:
    raise Killed


@pytest.mark.parametrize("step", ["plan_credential", "issue", "inspect_output", "conclude"])
def test_crash_between_any_two_steps_is_finished_to_the_same_bytes(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(desk, step, _die)
        with suppress(Killed):
            office.issuer.issue(office.credential(), key="1")
    unfinished = office.issuer.unfinished()
    # Before the plan nothing is there; afterwards it is visible.
    assert len(unfinished) == (0 if step == "plan_credential" else 1)
    office.advance(days=2)
    finished = office.issuer.resume()
    assert len(finished) == len(unfinished)
    assert office.issuer.unfinished() == []
    again = office.issuer.issue(office.credential(), key="1")
    if finished:
        assert (again.id, again.content) == (finished[0].id, finished[0].content)
        proof = parse_object(content_of(again))["proof"]
        assert isinstance(proof, dict)
        assert proof["created"] == "2026-07-01T12:00:00Z"
    assert verdict(office, content_of(again)) is Verdict.GENUINE
    office.register.trail.check()


def test_asking_again_finishes_what_was_interrupted(
    light: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(desk, "conclude", _die)
        with suppress(Killed):
            light.issuer.issue(light.credential(), key="1")
    (planned,) = light.issuer.unfinished()
    assert light.issuer.issue(light.credential(), key="1").id == planned.id


def test_key_that_cannot_sign_leaves_it_unfinished(
    light: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise SigningKeyError("the HSM does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(Ed25519Signer, "sign", fail)
        with pytest.raises(SigningKeyError):
            light.issuer.issue(light.credential(), key="1")
    assert [each.state for each in light.issuer.unfinished()] == [State.PLANNED]
    assert len(light.issuer.resume()) == 1


def test_signature_of_another_key_is_not_handed_on(
    light: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = key("wrong")
    with monkeypatch.context() as patch:
        patch.setattr(Ed25519Signer, "sign", lambda _self, data: wrong.sign(data))
        with pytest.raises(BatchError, match="does not verify"):
            light.issuer.issue(light.credential(), key="1")
    assert len(light.issuer.unfinished()) == 1


def test_abandoned_credential_frees_its_key_and_keeps_its_places(
    light: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(desk, "issue", _die)
        with suppress(Killed):
            light.issuer.issue(light.credential(), key="1")
    (planned,) = light.issuer.unfinished()
    light.issuer.abandon(planned.id, reason="typed twice")
    assert light.issuer.unfinished() == []
    issued = light.issuer.issue(light.credential(), key="1")
    record = light.register.credentials.find(issued.id)
    abandoned = light.register.credentials.find(planned.id)
    assert record is not None
    assert abandoned is not None
    assert abandoned.state is State.ABANDONED
    assert not set(abandoned.places) & set(record.places)
    with pytest.raises(RegisterError, match="is issued"):
        light.issuer.abandon(issued.id, reason="too late")


def test_key_that_was_compromised_meanwhile_marks_nothing_as_issued(
    light: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., Any] = inspect_output

    def compromise(*args: Any, **options: Any) -> None:
        real(*args, **options)
        light.register.keys.mark_compromised(
            light.signer.verification_method, since=NOW, reason="found on a USB stick"
        )

    with monkeypatch.context() as patch:
        patch.setattr(desk, "inspect_output", compromise)
        with pytest.raises(RegisterError, match="compromised"):
            light.issuer.issue(light.credential(), key="1")
    (planned,) = light.issuer.unfinished()
    new = Ed25519Signer(key("new"), f"{light.id}#new")
    light.register.keys.add(new.key.public_key, new.verification_method)
    # did:key publishes one key only: what is signed with another does not verify, and stays.
    with pytest.raises(BatchError):
        Issuer(light.register, new).resume()
    assert light.issuer.unfinished() == [planned]


def test_recipients_are_kept_as_the_policy_says(tmp_path: Path) -> None:
    for recipients in Recipients:
        office = Office(f"sqlite:///{new_file(tmp_path)}", policy=Policy(recipients=recipients))
        issued = office.issuer.issue(office.credential(), recipient=EMAIL)
        record = office.register.credentials.find(issued.id)
        assert record is not None
        assert (record.recipient == EMAIL) == (recipients is Recipients.PLAIN)
        (found,) = office.register.credentials.of_recipient(EMAIL)
        assert found.id == issued.id
        assert office.register.credentials.of_recipient("bob@uni.example") == []
        office.close()
        raw = Path(office.url.removeprefix("sqlite:///")).read_bytes()
        assert (EMAIL.encode() in raw) == (recipients is Recipients.PLAIN)


def test_documents_are_kept_as_the_policy_says(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{new_file(tmp_path)}", policy=Policy(documents=Documents.DIGESTS))
    issued = office.issuer.issue(office.credential(), key="1")
    assert issued.content is not None
    again = office.issuer.issue(office.credential(), key="1")
    assert (again.id, again.content) == (issued.id, None)
    with pytest.raises(RegisterError, match="keeps no documents"):
        _ = again.secured
    office.close()


def test_refresh_service_is_said_in_each_credential(tmp_path: Path) -> None:
    url = "https://uni.example/refresh/"
    office = Office(f"sqlite:///{new_file(tmp_path)}", policy=Policy(refresh_url=url))
    issued = office.issuer.issue(office.credential(), key="1")
    service = parse_object(content_of(issued))["refreshService"]
    assert service == {
        "id": url + issued.id.removeprefix("urn:uuid:"),
        "type": "1EdTechCredentialRefresh",
    }
    assert verdict(office, content_of(issued)) is Verdict.GENUINE
    office.close()
    with pytest.raises(ConfigurationError):
        Policy(refresh_url="http://uni.example/")
