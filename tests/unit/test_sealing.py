"""sealing: what is sealed, what is refused, and what the certificate says of the issuer."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest

import shared_data
from european_documents import european_credential
from seals import DAY, NOW, NUMBER, ORGANIZATION, Authority, credential_of, sealed_bytes, verifier
from testamur.errors import (
    CanonicalizationError,
    Code,
    ConfigurationError,
    ModelError,
    SigningKeyError,
    TestamurError,
)
from testamur.keys import Certificate, Ed25519PrivateKey, Ed25519Signer
from testamur.loading import load
from testamur.sealing import issuer_from_certificate, seal
from testamur.secure import jades
from testamur.secured import Securing
from testamur.verification import Verdict
from unit.scenes import badge


def signer_and_credential(**options: Any) -> tuple[Any, dict[str, Any]]:
    signer = Authority().seal(**options)
    return signer, dict(credential_of(signer))


def refusal(document: dict[str, Any], signer: Any, now: datetime = NOW) -> TestamurError:
    with pytest.raises(TestamurError) as caught:
        seal(document, signer=signer, now=now)
    return caught.value


def test_sealed_credential_says_that_it_was_issued_now() -> None:
    signer, document = signer_and_credential()
    before = deepcopy(document)
    secured = seal(document, signer=signer, now=NOW + timedelta(microseconds=5))
    assert document == before
    assert secured.securing is Securing.JADES
    assert secured.document["issued"] == "2026-07-01T12:00:00Z"
    assert secured.document["issuanceDate"] == "2026-07-01T12:00:00Z"
    assert load(secured.content).document == secured.document
    assert jades.parse(secured.content).signatures[0].signing_time == NOW


def test_same_input_gives_the_same_bytes() -> None:
    signer, document = signer_and_credential()
    first, second = (seal(document, signer=signer, now=NOW).content for _ in range(2))
    assert first == second


def test_chain_comes_along() -> None:
    root = Authority()
    middle = root.intermediate()
    content = sealed_bytes(middle.seal(chain=[middle]))
    certificates = jades.parse(content).signatures[0].certificates
    assert [each.common_name for each in certificates] == ["Uni Seal", "Test Seals"]


def test_issuer_becomes_whom_the_certificate_names() -> None:
    signer = Authority().seal()
    document = european_credential("urn:epass:org:1")
    issuer: Any = issuer_from_certificate(document, signer.certificates[0])
    assert issuer["id"] == "urn:epass:org:1"
    assert issuer["eIDASIdentifier"]["notation"] == NUMBER
    poland = "http://publications.europa.eu/resource/authority/country/POL"
    assert issuer["eIDASIdentifier"]["spatial"]["id"] == poland
    assert issuer["legalName"] == {"en": ORGANIZATION}  # the primary language of the display
    assert issuer["altLabel"] == {"en": "Uni Seal"}
    assert [each["id"] for each in issuer["location"]] == [
        "urn:epass:location:uni",
        "urn:certificateLocation:1",
    ]
    assert issuer["location"][1]["address"]["countryCode"]["id"] == poland


def test_issuer_is_the_one_that_europass_made_of_the_sample() -> None:
    # The sample before and after Europass sealed it, with the certificate in the seal.
    signed = load(shared_data.read("elm/samples/Sample-MC-Annex1-signed.jsonld"))
    certificate = jades.parse(signed.content).signatures[0].certificates[0]
    unsigned = shared_data.read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld")
    made: Any = issuer_from_certificate(unsigned, certificate)
    theirs: Any = signed.document["issuer"]
    for member in ("legalName", "altLabel"):
        assert made[member] == theirs[member]
    for own, other in (
        (made["eIDASIdentifier"], theirs["eIDASIdentifier"]),
        (made["location"][1], theirs["location"][1]),
    ):
        assert own.keys() == other.keys()
        assert own["id"] == other["id"]
    identifier = theirs["eIDASIdentifier"]
    assert made["eIDASIdentifier"]["notation"] == identifier["notation"]
    assert made["eIDASIdentifier"]["spatial"]["id"] == identifier["spatial"]["id"]


def test_official_sample_is_sealed_with_a_certificate_of_ours() -> None:
    document: Any = shared_data.read_json("elm/samples/Sample-MC-Annex1-unsigned.jsonld")
    root = Authority()
    signer = root.seal()
    document["issuer"] = issuer_from_certificate(document, signer.certificates[0])
    secured = seal(document, signer=signer, now=NOW)
    lists = [root.revocation_list()]
    report = verifier(root.der, revocation_lists=lists).examine(secured)
    assert report.verdict is Verdict.GENUINE, str(report)


def test_second_certificate_takes_the_place_of_the_first() -> None:
    first, second = Authority().seal(), Authority().seal(number="VATPL-1111111111")
    document = credential_of(first)
    issuer: Any = issuer_from_certificate(document, second.certificates[0])
    assert issuer["eIDASIdentifier"]["notation"] == "VATPL-1111111111"
    assert len(issuer["location"]) == 2


def test_issuer_is_made_where_there_is_none() -> None:
    signer = Authority().seal()
    document = european_credential(issuer_to_remove := "urn:epass:org:1")
    assert issuer_to_remove
    del document["issuer"]
    issuer = issuer_from_certificate(document, signer.certificates[0])
    assert issuer["type"] == "Organisation"


@pytest.mark.parametrize("missing", ["organization", "number"])
def test_certificate_of_nobody_makes_no_issuer(missing: str) -> None:
    named: dict[str, Any] = {missing: None}
    certificate = Authority().seal(**named).certificates[0]
    with pytest.raises(ModelError) as caught:
        issuer_from_certificate(european_credential(), certificate)
    assert caught.value.code is Code.CERTIFICATE_INVALID


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("eIDASIdentifier", {"notation": "VATPL-1111111111", "type": "LegalIdentifier"}),
        ("eIDASIdentifier", None),
        ("legalName", {"en": "Somebody else"}),
    ],
)
def test_issuer_that_contradicts_the_certificate_is_not_sealed(member: str, value: object) -> None:
    signer, document = signer_and_credential()
    issuer = document["issuer"]
    if isinstance(value, dict) and member == "eIDASIdentifier":
        value = {**issuer[member], **value}
    document["issuer"] = {**issuer, member: value}
    if value is None:
        del document["issuer"][member]
    error = refusal(document, signer)
    if value is None:
        assert isinstance(error, ModelError)
        assert "eIDASIdentifier" in error.message
    else:
        assert error.code is Code.ISSUER_MISMATCH
        assert "issuer_from_certificate" in error.message


def test_open_badge_is_not_sealed() -> None:
    signer, _ = signer_and_credential()
    error = refusal(dict(badge()), signer)
    assert isinstance(error, ModelError)
    assert "EuropeanDigitalCredential" in error.message


def test_signed_credential_is_not_sealed() -> None:
    signer, document = signer_and_credential()
    assert isinstance(refusal({**document, "proof": {}}, signer), ConfigurationError)


def test_member_without_a_meaning_is_not_sealed() -> None:
    # It would be inside the seal, and vanish before every reader of linked data.
    signer, document = signer_and_credential()
    error = refusal({**document, "eIDASΙdentifier": "a Greek capital iota"}, signer)
    assert isinstance(error, (CanonicalizationError, ModelError))


def test_certificate_that_is_not_valid_now_does_not_seal() -> None:
    signer, document = signer_and_credential(end=NOW + DAY)
    assert refusal(document, signer, NOW + 2 * DAY).code is Code.CERTIFICATE_EXPIRED
    assert seal(document, signer=signer, now=NOW + DAY)


def test_other_signer_is_a_mistake_of_the_programmer() -> None:
    _, document = signer_and_credential()
    other: Any = Ed25519Signer.for_did_key(Ed25519PrivateKey.generate())
    with pytest.raises(TypeError, match="KeySealSigner"):
        seal(document, signer=other, now=NOW)


def test_clock_needs_a_time_zone() -> None:
    signer, document = signer_and_credential()
    with pytest.raises(ConfigurationError, match="time zone"):
        seal(document, signer=signer, now=datetime(2026, 7, 1))  # noqa: DTZ001


def test_unreadable_certificate_says_so() -> None:
    with pytest.raises(SigningKeyError) as caught:
        Certificate(b"\x30\x03\x02\x01\x01")
    assert caught.value.code is Code.CERTIFICATE_INVALID


def test_what_is_sealed_is_accepted() -> None:
    root = Authority()
    signer = root.seal()
    secured = seal(credential_of(signer), signer=signer, now=NOW)
    assert verifier(root.der).verify(secured.content).report.securing == "jades"
