"""An issued credential is secured in a further way: the same credential, noted as a carrier."""

from __future__ import annotations

from hashlib import sha256

import pytest

from registers import EMAIL, Office
from testamur.errors import Code, RegisterError
from testamur.issuer import Documents, Policy
from testamur.issuing import Mechanism
from testamur.loading import load
from testamur.register import CarrierRecord, CredentialRecord


def record(office: Office, identifier: str) -> CredentialRecord:
    found = office.register.credentials.find(identifier)
    assert found is not None
    return found


def test_jwt_beside_the_json_says_the_same_and_is_noted(office: Office) -> None:
    issued = office.issuer.issue(office.credential(), key="1", recipient=EMAIL)
    office.advance(days=2)
    token = office.issuer.secure_further(issued.id, Mechanism.VC_JWT, who="wallet desk")
    document = dict(issued.secured.document)
    del document["proof"]
    assert token.document == document
    assert load(token.content).token is not None
    book = office.register.credentials
    assert book.carriers(record(office, issued.id)) == (
        CarrierRecord("jwt", sha256(token.content).digest(), None, office.now),
    )
    entry = office.register.trail.read(subject=issued.id)[-1]
    assert (entry.action, entry.actor) == ("credential.secured", "wallet desk")
    office.register.trail.check()


def test_other_cryptosuite_beside_the_first(office: Office) -> None:
    issued = office.issuer.issue(office.credential(), key="1")
    other = office.issuer.secure_further(issued.id, Mechanism.ED25519_SIGNATURE_2020)
    proof = other.document["proof"]
    assert isinstance(proof, dict)
    assert proof["type"] == "Ed25519Signature2020"
    assert [each.kind for each in office.register.credentials.carriers(record(office, issued.id))]


def test_what_was_withdrawn_or_never_issued_is_not_signed_again(light: Office) -> None:
    issued = light.issuer.issue(light.credential(), key="1")
    light.issuer.revoke(issued.id, reason="by mistake")
    with pytest.raises(RegisterError, match="revoked") as caught:
        light.issuer.secure_further(issued.id, Mechanism.VC_JWT)
    assert caught.value.code is Code.REGISTER_CONFLICT
    with pytest.raises(RegisterError) as caught:
        light.issuer.secure_further("urn:uuid:none", Mechanism.VC_JWT)
    assert caught.value.code is Code.REGISTER_UNKNOWN
    assert light.register.credentials.carriers(record(light, issued.id)) == ()


def test_document_that_is_not_kept_cannot_be_signed_again(url: str) -> None:
    office = Office(url, policy=Policy(documents=Documents.DIGESTS))
    issued = office.issuer.issue(office.credential(), key="1")
    with pytest.raises(RegisterError, match="not kept") as caught:
        office.issuer.secure_further(issued.id, Mechanism.VC_JWT)
    assert caught.value.code is Code.REGISTER_UNKNOWN
    actions = [each.action for each in office.register.trail.read(subject=issued.id)]
    assert actions == ["credential.planned", "credential.issued"]
    office.close()


def test_carrier_without_a_hash_is_refused(light: Office) -> None:
    issued = light.issuer.issue(light.credential(), key="1")
    found = record(light, issued.id)
    for kind, digest in (
        ("png", b"short"),
        ("", bytes(32)),
        ("a kind that is too long", bytes(32)),
    ):
        with pytest.raises(RegisterError, match="SHA-256"):
            light.register.credentials.add_carrier(found, kind, digest)
    light.register.credentials.add_carrier(found, "png", bytes(32), location="archive")
    light.register.credentials.add_carrier(found, "png", bytes(32))
    assert light.register.credentials.carriers(found) == (
        CarrierRecord("png", bytes(32), "archive", light.now),
    )
