"""Credentials of the VC Data Model 1.1, and the status lists of their time.

They are still in wide use: verified always, issued on request where they are no Open Badges (which
MUST NOT be issued so any more).
"""

from __future__ import annotations

import gzip

import pytest

import unchecked
from simulator import LEARNER, Simulator
from testamur.canon import multibase
from testamur.canon.contexts import (
    CREDENTIALS_V1,
    DATA_INTEGRITY_V2,
    ED25519_2020_V1,
    OB_3_0_3,
    OB_EXTENSIONS,
)
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ModelError
from testamur.issuing import Mechanism, issue
from testamur.secured import Secured
from testamur.verification import CheckName, Report, Verdict

STATUS_LIST_2021_V1 = "https://w3id.org/vc/status-list/2021/v1"
LIST_URL = "https://uni.example/status/2021"
REVOCATIONS = "https://uni.example/revocations"
INDEX = 94_567
EVERY_MECHANISM = pytest.mark.parametrize("mechanism", Mechanism)


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def credential(university: Simulator, **members: JsonValue) -> JsonObject:
    """A credential that is no Open Badge."""
    document: JsonObject = {
        "@context": [CREDENTIALS_V1],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential"],
        "issuer": university.did,
        "issuanceDate": "2026-07-01T12:00:00Z",
        "credentialSubject": {"id": LEARNER},
    }
    return document | members


def badge(university: Simulator, *contexts: str, **members: JsonValue) -> JsonObject:
    """A badge of the VC Data Model 1.1."""
    document = university.badge().to_json()
    del document["validFrom"]
    document["issuanceDate"] = "2026-07-01T12:00:00Z"
    document["@context"] = [CREDENTIALS_V1, OB_3_0_3, *contexts]
    return document | members


# Issued and verified.


@EVERY_MECHANISM
def test_credential_is_issued_and_verified(university: Simulator, mechanism: Mechanism) -> None:
    secured = issue(
        credential(university), signer=university.signer, now=university.now, mechanism=mechanism
    )
    assert university.verifier().examine(secured.content).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("mechanism", "context"),
    [
        (Mechanism.EDDSA_RDFC_2022, DATA_INTEGRITY_V2),
        (Mechanism.EDDSA_JCS_2022, DATA_INTEGRITY_V2),
        (Mechanism.ED25519_SIGNATURE_2020, ED25519_2020_V1),
    ],
)
def test_context_that_defines_the_proof_is_appended(
    university: Simulator, mechanism: Mechanism, context: str
) -> None:
    document = credential(university)
    secured = issue(document, signer=university.signer, now=university.now, mechanism=mechanism)
    assert secured.document["@context"] == [CREDENTIALS_V1, context]
    assert document["@context"] == [CREDENTIALS_V1]


def test_token_holds_the_credential_in_vc(university: Simulator) -> None:
    """VC Data Model 1.1, 6.3.1, JSON Web Token."""
    secured = issue(
        credential(university),
        signer=university.signer,
        now=university.now,
        mechanism=Mechanism.VC_JWT,
    )
    assert secured.token is not None
    payload = multibase.decode_base64url(secured.token.split(".")[1]).decode("utf-8")
    assert '"vc":{' in payload
    assert university.verifier().examine(secured.token).verdict is Verdict.GENUINE


@EVERY_MECHANISM
def test_expiration_date_is_the_end(university: Simulator, mechanism: Mechanism) -> None:
    document = credential(university, expirationDate="2026-07-02T12:00:00Z")
    secured = issue(document, signer=university.signer, now=university.now, mechanism=mechanism)
    assert university.verifier().examine(secured).verdict is Verdict.GENUINE
    university.advance(days=1, seconds=1)
    report = university.verifier().examine(secured)
    assert report.verdict is Verdict.EXPIRED
    assert report.check(CheckName.VALIDITY).code is Code.EXPIRED


@EVERY_MECHANISM
def test_issuance_date_is_the_beginning(university: Simulator, mechanism: Mechanism) -> None:
    document = credential(university, issuanceDate="2026-07-02T12:00:00Z")
    secured = issue(document, signer=university.signer, now=university.now, mechanism=mechanism)
    assert university.verifier().examine(secured).verdict is Verdict.NOT_YET_VALID


def test_badge_is_not_issued(university: Simulator) -> None:
    """Open Badges 3.0: the classes of VC 1.1 are for verification only."""
    with pytest.raises(ModelError, match="MUST NOT be issued"):
        issue(badge(university), signer=university.signer, now=university.now)


@EVERY_MECHANISM
def test_badge_of_other_software_is_verified(university: Simulator, mechanism: Mechanism) -> None:
    contexts = [] if mechanism is Mechanism.ED25519_SIGNATURE_2020 else [DATA_INTEGRITY_V2]
    secured = unchecked.sign(
        badge(university, *contexts),
        signer=university.signer,
        now=university.now,
        mechanism=mechanism,
    )
    report = university.verifier().examine(secured.content)
    assert report.verdict is Verdict.GENUINE
    assert report.contents is not None
    assert report.contents.achievement_name == "Teamwork"
    assert report.contents.valid_from == "2026-07-01T12:00:00Z"


def test_token_whose_two_versions_differ_is_refused(university: Simulator) -> None:
    """A credential of 2.0 and another of 1.1 in `vc`: which one is meant?"""
    document = university.badge().to_json()
    header: JsonObject = {"alg": "EdDSA", "kid": university.signer.verification_method}
    payload: JsonObject = {**document, "vc": credential(university), "iss": university.did}
    token = unchecked.token(header, payload, university.signer.sign)
    report = university.verifier().examine(token)
    assert report.verdict is Verdict.NOT_VALID
    assert Code.JWT_MALFORMED in report.codes


# StatusList2021.


def status_2021(index: int = INDEX) -> JsonObject:
    return {
        "id": f"{LIST_URL}#{index}",
        "type": "StatusList2021Entry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": LIST_URL,
    }


def serve_list_2021(university: Simulator, *revoked: int, **members: JsonValue) -> None:
    """StatusList2021: base64url of gzip, without a multibase prefix; MSB first."""
    bits = bytearray(16_384)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    encoded = multibase.encode_base64url(gzip.compress(bytes(bits), mtime=0))[1:]
    document = credential(university) | members
    document |= {
        "@context": [CREDENTIALS_V1, STATUS_LIST_2021_V1, DATA_INTEGRITY_V2],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "StatusList2021",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }
    secured = unchecked.sign(document, signer=university.signer, now=university.now)
    university.serve(LIST_URL, secured.content)


def with_status_2021(university: Simulator) -> Secured:
    """As Open edX issues: Ed25519Signature2020 and StatusList2021."""
    document = badge(university, STATUS_LIST_2021_V1, credentialStatus=status_2021())
    return unchecked.sign(
        document,
        signer=university.signer,
        now=university.now,
        mechanism=Mechanism.ED25519_SIGNATURE_2020,
    )


def test_status_list_2021_is_read(university: Simulator) -> None:
    secured = with_status_2021(university)
    serve_list_2021(university, INDEX - 1, INDEX + 1)
    assert university.verifier().examine(secured).verdict is Verdict.GENUINE
    serve_list_2021(university, INDEX)
    assert university.verifier().examine(secured).verdict is Verdict.REVOKED


def test_status_list_2021_that_expired_leaves_it_open(university: Simulator) -> None:
    secured = with_status_2021(university)
    serve_list_2021(university, expirationDate="2026-07-01T12:00:01Z")
    assert university.verifier().examine(secured).verdict is Verdict.GENUINE
    university.advance(seconds=2)
    assert university.verifier().examine(secured).verdict is Verdict.UNFINISHED


def test_status_list_2021_of_another_issuer_is_refused(university: Simulator) -> None:
    secured = with_status_2021(university)
    attacker = Simulator("attacker.example")
    serve_list_2021(attacker)
    university.documents |= {**attacker.documents, LIST_URL: attacker.documents[LIST_URL]}
    report = university.verifier(attacker.did).examine(secured)
    assert report.verdict is Verdict.NOT_VALID
    assert report.check(CheckName.STATUS).code is Code.STATUS_VERIFICATION


# 1EdTech Revocation List.


def with_revocation_list(university: Simulator) -> Report:
    document = university.badge(id="https://uni.example/credentials/1edtech").to_json()
    context = document["@context"]
    assert isinstance(context, list)
    document["@context"] = [*context, OB_EXTENSIONS]
    document["credentialStatus"] = {"id": REVOCATIONS, "type": "1EdTechRevocationList"}
    secured = unchecked.sign(document, signer=university.signer, now=university.now)
    return university.verifier().examine(secured)


def serve_revocations(university: Simulator, issuer: str, *entries: JsonObject) -> None:
    university.serve_json(
        REVOCATIONS,
        {"id": REVOCATIONS, "issuer": issuer, "revokedCredential": list(entries)},
    )


def test_1edtech_revocation_list_is_read(university: Simulator) -> None:
    serve_revocations(university, university.did, {"id": "urn:uuid:other", "revoked": True})
    assert with_revocation_list(university).verdict is Verdict.GENUINE

    listed: JsonObject = {
        "id": "https://uni.example/credentials/1edtech",
        "revocationReason": "Issued in error",
    }
    serve_revocations(university, university.did, listed)
    report = with_revocation_list(university)
    assert report.verdict is Verdict.REVOKED
    assert "Issued in error" in report.reason


def test_1edtech_revocation_list_of_another_issuer_is_refused(university: Simulator) -> None:
    serve_revocations(university, "https://attacker.example")
    report = with_revocation_list(university)
    assert report.verdict is Verdict.NOT_VALID
    assert report.check(CheckName.STATUS).code is Code.STATUS_VERIFICATION


def test_1edtech_revocation_list_that_does_not_answer_leaves_it_open(
    university: Simulator,
) -> None:
    """The reference validator only warns."""
    university.take_down(REVOCATIONS)
    assert with_revocation_list(university).verdict is Verdict.UNFINISHED
