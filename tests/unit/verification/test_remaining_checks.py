"""The checks of step 9: schema, recipient, evidence and related resources."""

from __future__ import annotations

import base64

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3
from testamur.errors import Code
from testamur.verification import Answer, Policy
from testamur.verification.document_checks import (
    check_evidence,
    check_recipient,
    check_related_resources,
    check_schema,
)
from testamur.verification.report import Weight
from unit.scenes import Document, credential
from unit.verification.test_document_checks import NOTHING, PASSED, answer

SHA256_OF_V2 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
DIGEST = "sha256-" + base64.b64encode(bytes.fromhex(SHA256_OF_V2)).decode()


# 9. Schema


SCHEMA = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)
VALIDATOR = "1EdTechJsonSchemaValidator2019"


@pytest.mark.parametrize(
    ("schemas", "expected"),
    [
        (None, NOTHING),
        ([], NOTHING),
        ({"id": SCHEMA, "type": VALIDATOR}, PASSED),
        ([{"id": SCHEMA, "type": VALIDATOR}] * 2, PASSED),
        (
            {"id": "https://x.example/s", "type": "JsonSchema"},
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.INFORMATION),
        ),
        (
            [{"id": SCHEMA, "type": VALIDATOR}, {"type": "JsonSchema"}],
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.REMARK),
        ),
        (
            {"id": "https://x.example/s", "type": [VALIDATOR]},
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.REMARK),
        ),
        (
            {"id": f"https://evil.example/?{SCHEMA}", "type": VALIDATOR},
            (Answer.COULD_NOT_CHECK, Code.SCHEMA, Weight.REMARK),
        ),
    ],
)
def test_schema_counts_as_applied_only_where_it_is_built_in(
    schemas: object, expected: tuple[Answer, Code | None, Weight]
) -> None:
    document = credential()
    document["type"] = ["VerifiableCredential", "OpenBadgeCredential"]
    document["credentialSchema"] = schemas
    assert answer(check_schema(document)) == expected


# 9. Recipient (Open Badges 3.0, 8.6)


# sha256("a@example.comKosher"), the vector of Open Badges 3.0, IdentityHash.
HASHED = {
    "type": "IdentityObject",
    "hashed": True,
    "identityHash": "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399",
    "identityType": "emailAddress",
    "salt": "Kosher",
}
PLAIN = {
    "type": "IdentityObject",
    "hashed": False,
    "identityHash": "s123",
    "identityType": "ext:studentId",
}


def recipient(subject: object, **asked: str) -> tuple[Answer, Code | None]:
    document: Document = {"credentialSubject": subject}
    check = check_recipient(document, Policy(**{f"recipient_{k}": v for k, v in asked.items()}))  # type: ignore[arg-type]
    return check.answer, check.code


def test_nobody_asked_for_is_nothing_to_check() -> None:
    assert recipient({"id": "did:x:ada"}) == (Answer.NOT_APPLICABLE, None)


@pytest.mark.parametrize(
    "subject",
    [
        {"id": "did:x:ada"},
        [{"id": "did:x:eve"}, {"id": "did:x:ada"}],
        {"identifier": [{**PLAIN, "identityHash": "did:x:ada"}]},
    ],
)
def test_person_is_found_by_id(subject: object) -> None:
    assert recipient(subject, id="did:x:ada") == (Answer.PASSED, None)


@pytest.mark.parametrize("identifier", [HASHED, [PLAIN, HASHED]])
def test_person_is_found_by_the_hash_of_an_address(identifier: object) -> None:
    subject = {"identifier": identifier}
    assert recipient(subject, email="a@example.com") == (Answer.PASSED, None)


def test_person_is_found_by_an_identifier_of_another_kind() -> None:
    assert recipient({"identifier": PLAIN}, id="s123") == (Answer.PASSED, None)


@pytest.mark.parametrize(
    "email", ["A@example.com", "a@example.com ", "b@example.com", "", "Kosher"]
)
def test_another_address_is_another_person(email: str) -> None:
    expected = (Answer.FAILED, Code.RECIPIENT_MISMATCH)
    assert recipient({"identifier": HASHED}, email=email) == expected


@pytest.mark.parametrize(
    "subject",
    [
        {"id": "did:x:ada#1"},
        {"id": ["did:x:ada"]},
        {"id": "did:x:eve", "identifier": [{**PLAIN, "identityHash": "did:x:eve"}]},
        {"identifier": [PLAIN]},
        {"identifier": [HASHED]},
    ],
)
def test_subject_that_is_somebody_else_is_a_mismatch(subject: object) -> None:
    assert recipient(subject, id="did:x:ada") == (Answer.FAILED, Code.RECIPIENT_MISMATCH)


@pytest.mark.parametrize(
    "subject",
    [
        {},
        None,
        "did:x:ada",
        {"identifier": "did:x:ada"},
        {"identifier": [{"identityHash": "did:x:ada"}]},
        {"identifier": [{**HASHED, "identityHash": "did:x:ada"}]},
        {"identifier": [{**PLAIN, "identityHash": "did:x:ada"}, {"type": "Other"}]},
    ],
)
def test_subject_that_names_nobody_cannot_be_compared(subject: object) -> None:
    unknown = (Answer.COULD_NOT_CHECK, Code.RECIPIENT_MISMATCH)
    assert recipient(subject, id="did:x:ada") == unknown


def test_address_is_compared_only_with_an_address() -> None:
    unknown = (Answer.COULD_NOT_CHECK, Code.RECIPIENT_MISMATCH)
    for subject in ({"id": "did:x:ada"}, {"identifier": PLAIN}):
        assert recipient(subject, email="a@example.com") == unknown


def test_both_are_required_where_both_are_asked_for() -> None:
    subject = {"id": "did:x:ada", "identifier": HASHED}
    right, wrong = "a@example.com", "b@example.com"
    assert recipient(subject, id="did:x:ada", email=right) == (Answer.PASSED, None)
    mismatch = (Answer.FAILED, Code.RECIPIENT_MISMATCH)
    assert recipient(subject, id="did:x:ada", email=wrong) == mismatch
    assert recipient(subject, id="did:x:eve", email=right) == mismatch


# 9. Evidence and related resources


@pytest.mark.parametrize(
    ("evidence", "words"),
    [({"id": "urn:x:1"}, "one piece"), ([{}, {}], "2 pieces"), ([{}, "x"], "one piece")],
)
def test_evidence_is_counted_and_left_to_a_person(evidence: object, words: str) -> None:
    check = check_evidence(credential(evidence=evidence))
    assert answer(check) == (
        Answer.COULD_NOT_CHECK,
        Code.EVIDENCE_UNCHECKED,
        Weight.INFORMATION,
    )
    assert words in check.sentence


@pytest.mark.parametrize("evidence", [None, [], "https://uni.example/e"])
def test_no_evidence_is_nothing_to_check(evidence: object) -> None:
    document = {**credential(), "evidence": evidence}
    assert answer(check_evidence(document)) == NOTHING


V2 = {"id": CREDENTIALS_V2, "digestSRI": DIGEST}
OTHERS = DIGEST.replace("WZVc", "AAAA")
UNKNOWN = (Answer.COULD_NOT_CHECK, Code.RELATED_RESOURCE, Weight.INFORMATION)
DIFFERENT = (Answer.FAILED, Code.RELATED_RESOURCE, Weight.REQUIRED)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (None, NOTHING),
        (V2, PASSED),
        ([V2, {**V2, "digestMultibase": "z6Mk"}], PASSED),
        ({**V2, "digestSRI": OTHERS}, DIFFERENT),
        ([V2, {**V2, "digestSRI": OTHERS}], DIFFERENT),
        ({"id": "https://x.example/", "digestSRI": DIGEST}, UNKNOWN),
        ([V2, {"id": "https://x.example/", "digestSRI": DIGEST}], UNKNOWN),
        ({"id": OB_3_0_3, "digestSRI": DIGEST}, UNKNOWN),
        ({"id": CREDENTIALS_V2}, UNKNOWN),
        ({"id": CREDENTIALS_V2, "digestSRI": "sha384-AAAA"}, UNKNOWN),
        ({"id": CREDENTIALS_V2, "digestSRI": [DIGEST]}, UNKNOWN),
        ({"id": [CREDENTIALS_V2], "digestSRI": DIGEST}, UNKNOWN),
        ([{"id": "urn:x:1"}, {**V2, "digestSRI": OTHERS}], DIFFERENT),
    ],
)
def test_digest_is_compared_only_where_the_published_one_is_known(
    resources: object, expected: tuple[Answer, Code | None, Weight]
) -> None:
    document = {**credential(), "relatedResource": resources}
    assert answer(check_related_resources(document)) == expected
