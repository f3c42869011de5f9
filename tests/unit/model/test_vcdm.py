"""Credentials of the VC Data Model: each refusal that the specification asks for, with its code."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from testamur.errors import Code, ModelError
from testamur.model.credential_parts import BitstringStatusListEntry, CredentialStatus
from testamur.model.parse import parse_credential
from testamur.model.vcdm import (
    BitstringStatusListCredential,
    VerifiableCredential,
    VerifiableCredentialV1,
)
from unit.model.documents import OB, V1, V2, proof, vc, vc_v1

ENTRY: dict[str, Any] = {
    "id": "https://uni.example/status/3#94567",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": "https://uni.example/status/3",
}


def refused(document: dict[str, Any], code: Code, path: str, reason: str = "") -> None:
    """Assert that the document is refused with this code, first of all at this path."""
    with pytest.raises(ModelError) as caught:
        parse_credential(document)
    assert caught.value.path == f"credential{path}"
    assert caught.value.code is code
    assert reason in caught.value.message


@pytest.mark.parametrize(
    ("context", "path", "reason"),
    [
        (..., ".@context", "is missing; add it"),
        (None, ".@context", "is null; write an array"),
        (V2, ".@context", "is a string; write an array"),
        ({"@vocab": "x"}, ".@context", "is an object; write an array"),
        ([], ".@context", "does not begin with the base context"),
        ([OB], ".@context[0]", "not with the base context"),
        ([OB, V2], ".@context[0]", "not with the base context"),
        ([V2 + "/"], ".@context[0]", f"put {V2} first"),
        ([{"x": "urn:x:y"}, V2], ".@context[0]", "does not begin with the base context"),
        ([V2, 123192875], ".@context[1]", "is a number; write the URL of a context"),
        ([V2, None], ".@context[1]", "is null; write the URL"),
        ([V2, [OB]], ".@context[1]", "is an array; write the URL"),
        ([V2, "https ://not-a-url"], ".@context[1]", "is not a URL"),
        ([V2, "v2"], ".@context[1]", "is not a URL"),
    ],
)
def test_contexts_that_do_not_begin_with_the_base_or_are_no_urls(
    context: object, path: str, reason: str
) -> None:
    refused(vc(**{"@context": context}), Code.CONTEXT_REJECTED, path, reason)


@pytest.mark.parametrize(
    ("types", "reason"),
    [
        (..., "is missing"),
        (None, "is null"),
        ([], "is an empty array"),
        ("", "does not name VerifiableCredential"),
        (["RelationshipCredential"], "does not name VerifiableCredential"),
        ({"VerifiableCredential": 1}, "is an object; write one string"),
        (["VerifiableCredential", ""], "holds an empty string"),
    ],
)
def test_type_must_name_verifiable_credential(types: object, reason: str) -> None:
    refused(vc(type=types), Code.NOT_CONFORMANT, ".type", reason)


def test_type_must_be_strings() -> None:
    refused(vc(type=["VerifiableCredential", 2]), Code.NOT_CONFORMANT, ".type[1]")


@pytest.mark.parametrize("id_", [None, ["urn:x:1", "urn:x:2"], 5, {"@id": "urn:x:1"}])
def test_id_must_be_one_string(id_: object) -> None:
    refused(vc(id=id_), Code.NOT_CONFORMANT, ".id")
    refused(vc(credentialSubject={"id": id_}), Code.NOT_CONFORMANT, ".credentialSubject.id")
    refused(
        vc(credentialStatus={"id": id_, "type": "X"}), Code.STATUS_MALFORMED, ".credentialStatus.id"
    )
    refused(
        vc(credentialSchema={"id": id_, "type": "X"}), Code.NOT_CONFORMANT, ".credentialSchema.id"
    )


def test_id_must_be_a_url() -> None:
    refused(vc(id="https ://not-a-url"), Code.NOT_CONFORMANT, ".id", "is not a URL")


@pytest.mark.parametrize(
    ("issuer", "path"),
    [
        (..., ""),
        (None, ""),
        ("fake-issuer", ""),
        (5, ""),
        ([], ""),
        (["did:example:a", "did:example:b"], ""),
        ([{"id": "did:example:a"}, {"id": "did:example:b"}], ""),
        ({}, ".id"),
        ({"id": None}, ".id"),
        ({"id": "fake-issuer"}, ".id"),
        ({"name": "X"}, ".id"),
        ({"id": "did:example:a", "name": {"en": "X"}}, ".name"),
    ],
)
def test_issuer_must_be_a_url_or_an_object_with_a_url(issuer: object, path: str) -> None:
    refused(vc(issuer=issuer), Code.ISSUER_INVALID, f".issuer{path}")


@pytest.mark.parametrize("issuer", ["did:example:a", {"id": "did:example:a", "name": "A", "x": 1}])
def test_issuer_id_is_read_in_either_form(issuer: object) -> None:
    credential = parse_credential(vc(issuer=issuer))
    assert credential.issuer_id == "did:example:a"
    assert credential.to_json() == vc(issuer=issuer)


@pytest.mark.parametrize(
    ("subject", "path", "reason"),
    [
        (..., "", "is missing"),
        (None, "", "is null"),
        ("did:example:subject", "", "is a string; write an object"),
        ({}, "", "is an empty object; state at least one claim"),
        ([], "", "is an empty array"),
        ([{"id": "did:example:subject"}, {}], "[1]", "is an empty object"),
    ],
)
def test_subject_must_be_objects_with_claims(subject: object, path: str, reason: str) -> None:
    refused(vc(credentialSubject=subject), Code.NOT_CONFORMANT, f".credentialSubject{path}", reason)


def test_subject_ids_are_those_of_the_subjects_that_have_one() -> None:
    subjects = [{"id": "did:example:a"}, {"name": "x"}, {"id": "did:example:b"}]
    credential = parse_credential(vc(credentialSubject=subjects))
    assert credential.subject_ids == ("did:example:a", "did:example:b")
    assert len(credential.subjects) == 3


@pytest.mark.parametrize("member", ["validFrom", "validUntil"])
@pytest.mark.parametrize(
    "value",
    [
        "2030-01-01",
        "Tue, 01 Jan 2030 00:00:00 GMT",
        "2030-01-01T00:00:00",
        5,
        None,
        ["2030-01-01T00:00:00Z"],
        {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": "2030-01-01T00:00:00Z"},
    ],
)
def test_dates_must_be_date_time_stamps(member: str, value: object) -> None:
    refused(vc(**{member: value}), Code.VALIDITY_MALFORMED, f".{member}")


def test_valid_until_before_valid_from_is_refused() -> None:
    document = vc(validFrom="2030-01-01T00:00:00Z", validUntil="2030-01-01T00:30:00+01:00")
    refused(document, Code.VALIDITY_MALFORMED, ".validUntil", "is before validFrom")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("2030-01-01T00:00:00Z", "2029-12-31T23:30:00-01:00"),
        ("4023-02-26T01:02:58.447Z", "99999-12-31T24:00:00Z"),
    ],
)
def test_period_may_be_an_instant_or_reach_far(start: str, end: str) -> None:
    document = vc(validFrom=start, validUntil=end)
    assert parse_credential(document).to_json() == document


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("credentialStatus", Code.STATUS_MALFORMED),
        ("termsOfUse", Code.NOT_CONFORMANT),
        ("evidence", Code.NOT_CONFORMANT),
        ("refreshService", Code.NOT_CONFORMANT),
        ("credentialSchema", Code.NOT_CONFORMANT),
    ],
)
def test_objects_of_a_method_must_have_a_type(member: str, code: Code) -> None:
    value = {"id": "urn:x:y", "type": "https://example.org/#X"}
    for written in (value, [value, value]):
        assert parse_credential(vc(**{member: written})).to_json() == vc(**{member: written})
    refused(vc(**{member: {"id": "urn:x:y"}}), code, f".{member}.type", "is missing")
    refused(vc(**{member: [value, {"id": "urn:x:y"}]}), code, f".{member}[1].type")
    refused(vc(**{member: {"id": "urn:x:y", "type": []}}), code, f".{member}.type")
    refused(vc(**{member: {"id": "urn:x:y", "type": 2}}), code, f".{member}.type")
    refused(vc(**{member: "urn:x:y"}), code, f".{member}", "write an object")


def test_schema_must_have_an_id() -> None:
    refused(
        vc(credentialSchema={"type": "X"}), Code.NOT_CONFORMANT, ".credentialSchema.id", "missing"
    )


@pytest.mark.parametrize(
    ("resource", "path", "reason"),
    [
        ("urn:x:y", "", "is a string; write an object"),
        ({"digestSRI": "sha384-QUJD"}, ".id", "is missing"),
        ({"id": "urn:x:y"}, "", "has no digest; add digestSRI or digestMultibase"),
        ({"id": "urn:x:y", "digestSRI": "md5-QUJD"}, ".digestSRI", "is not a digest"),
        ({"id": "urn:x:y", "digestSRI": ""}, ".digestSRI", "is not a digest"),
        ({"id": "x y", "digestMultibase": "zQm"}, ".id", "is not a URL"),
    ],
)
def test_related_resource_must_have_an_id_and_a_digest(
    resource: object, path: str, reason: str
) -> None:
    refused(vc(relatedResource=resource), Code.RELATED_RESOURCE, f".relatedResource{path}", reason)


def test_related_resource_must_not_be_described_twice() -> None:
    resource = {"id": "urn:x:y", "digestSRI": "sha256-QUJD sha512-QUJD"}
    document = vc(relatedResource=[resource])
    assert parse_credential(document).to_json() == document
    refused(
        vc(relatedResource=[resource, {**resource, "id": "urn:x:z"}, resource]),
        Code.RELATED_RESOURCE,
        ".relatedResource[2].id",
        "is described twice",
    )


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (None, ""),
        (
            "z58DAdFfa9SkqZMVPxAQpic7ndSayn1PzZs6ZjWp1CktyGesjuTSwRdoWhAfGFCF5bppETSTojQCrfFPP2oumHKtz",
            "",
        ),
        ([], ""),
        (["x"], "[0]"),
        (proof(type=...), ".type"),
        ([proof(), proof(type=...)], "[1].type"),
        (proof(verificationMethod={"id": "did:example:a#k"}), ".verificationMethod"),
        (proof(proofPurpose=["assertionMethod"]), ".proofPurpose"),
        (proof(proofValue=5), ".proofValue"),
    ],
)
def test_proof_must_be_objects_with_a_type(value: object, path: str) -> None:
    refused(vc(proof=value), Code.PROOF_MALFORMED, f".proof{path}")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"statusListCredential": ...}, ".statusListCredential"),
        ({"statusListCredential": "list"}, ".statusListCredential"),
        ({"statusPurpose": ...}, ".statusPurpose"),
        ({"statusPurpose": ["revocation"]}, ".statusPurpose"),
        ({"statusListIndex": ...}, ".statusListIndex"),
        ({"statusListIndex": 94567}, ".statusListIndex"),
        ({"statusListIndex": "-1"}, ".statusListIndex"),
        ({"statusListIndex": "4_2"}, ".statusListIndex"),
        ({"statusListIndex": " 42"}, ".statusListIndex"),
        ({"statusListIndex": "042"}, ".statusListIndex"),
        ({"statusListIndex": "٤٢"}, ".statusListIndex"),
        ({"statusListIndex": "1e3"}, ".statusListIndex"),
        ({"statusListIndex": "9" * 10_000}, ".statusListIndex"),
        ({"statusListIndex": ""}, ".statusListIndex"),
        ({"statusSize": 0}, ".statusSize"),
        ({"statusSize": "1"}, ".statusSize"),
        ({"statusSize": True}, ".statusSize"),
        ({"statusMessage": [{"status": "0x0"}]}, ".statusMessage[0].message"),
        ({"statusMessage": [{"status": "0", "message": "x"}]}, ".statusMessage[0].status"),
        ({"statusReference": "x"}, ".statusReference"),
    ],
)
def test_bitstring_status_entry_must_be_exact(change: dict[str, object], path: str) -> None:
    entry = {name: value for name, value in {**ENTRY, **change}.items() if value is not ...}
    refused(vc(credentialStatus=entry), Code.STATUS_MALFORMED, f".credentialStatus{path}")
    in_array = vc(credentialStatus=[ENTRY, {**entry, "type": ["BitstringStatusListEntry"]}])
    refused(in_array, Code.STATUS_MALFORMED, f".credentialStatus[1]{path}")


def test_status_with_messages_is_read_and_written_as_it_was() -> None:
    # Bitstring Status List 1.0, statusMessage: two bits, four messages.
    messages = [{"status": f"0x{value}", "message": f"state {value}"} for value in range(4)]
    entry = {
        **ENTRY,
        "statusPurpose": "message",
        "statusSize": 2,
        "statusMessage": messages,
        "statusReference": "https://uni.example/states",
    }
    assert parse_credential(vc(credentialStatus=entry)).to_json() == vc(credentialStatus=entry)


def test_status_entry_is_read_by_its_type() -> None:
    other = {"type": "https://example.org/#Status", "statusListIndex": -1}
    document = vc(credentialStatus=[ENTRY, other])
    credential = VerifiableCredential.from_json(document)
    entry, unknown = credential.credential_status
    assert isinstance(entry, BitstringStatusListEntry)
    assert entry.status_list_index == "94567"
    assert type(unknown) is CredentialStatus
    assert credential.to_json() == document


def status_list(**changes: object) -> dict[str, Any]:
    """A status list credential as in Bitstring Status List 1.0, example 2."""
    subject: dict[str, object] = {
        "id": "https://example.com/status/3#list",
        "type": "BitstringStatusList",
        "statusPurpose": "revocation",
        "encodedList": "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA",
        **changes,
    }
    return vc(
        type=["VerifiableCredential", "BitstringStatusListCredential"],
        credentialSubject={name: each for name, each in subject.items() if each is not ...},
    )


def test_status_list_credential_is_read_by_its_type() -> None:
    document = status_list(ttl=300_000)
    credential = parse_credential(document)
    assert isinstance(credential, BitstringStatusListCredential)
    assert credential.credential_subject.status_purpose == ("revocation",)
    assert credential.to_json() == document


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"encodedList": ...}, ".encodedList"),
        ({"encodedList": 5}, ".encodedList"),
        ({"statusPurpose": ...}, ".statusPurpose"),
        ({"statusPurpose": []}, ".statusPurpose"),
        ({"type": "StatusList"}, ".type"),
        ({"ttl": "300000"}, ".ttl"),
    ],
)
def test_status_list_credential_must_hold_a_list(change: dict[str, object], path: str) -> None:
    refused(status_list(**change), Code.NOT_CONFORMANT, f".credentialSubject{path}")


def test_credential_of_version_1_is_read_by_its_base_context() -> None:
    document = vc_v1(expirationDate="2030-01-01T00:00:00Z", validFrom="not a date")
    credential = parse_credential(document)
    assert isinstance(credential, VerifiableCredentialV1)
    assert credential.valid_from == datetime(2010, 1, 1, tzinfo=UTC)
    assert credential.valid_until == datetime(2030, 1, 1, tzinfo=UTC)
    assert credential.to_json() == document


def test_version_1_demands_an_issuance_date() -> None:
    refused(vc_v1(issuanceDate=...), Code.NOT_CONFORMANT, ".issuanceDate", "is missing")
    refused(vc_v1(issuanceDate="2010"), Code.VALIDITY_MALFORMED, ".issuanceDate")
    refused(
        vc_v1(expirationDate="2009-01-01T00:00:00Z"),
        Code.VALIDITY_MALFORMED,
        ".expirationDate",
        "is before issuanceDate",
    )


def test_type_that_no_model_knows_gives_a_verifiable_credential() -> None:
    document = vc(type=["VerifiableCredential", "RelationshipCredential"], **{"@context": [V2, OB]})
    assert type(parse_credential(document)) is VerifiableCredential


def test_base_contexts_of_both_versions_do_not_mix() -> None:
    document = vc_v1(**{"@context": [V1, V2]})
    assert isinstance(parse_credential(document), VerifiableCredentialV1)
    refused(
        vc(**{"@context": ["https://www.w3.org/2018/credentials/v1#"]}),
        Code.CONTEXT_REJECTED,
        ".@context[0]",
    )


def test_inline_contexts_are_kept_for_the_room_that_refuses_them() -> None:
    document = vc(**{"@context": [V2, {"@base": "https://attacker.example/"}]})
    assert parse_credential(document).to_json() == document
