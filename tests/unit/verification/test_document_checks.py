"""The checks that need only the document: each answer, with its code and what it weighs."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, OB_3_0_3, Contexts
from testamur.errors import Code, ParseError
from testamur.secured import Secured, Securing
from testamur.verification import Answer, Check, CheckName, Policy
from testamur.verification.document_checks import (
    check_compacted,
    check_evidence,
    check_parse,
    check_recipient,
    check_related_resources,
    check_schema,
    check_structure,
    check_validity,
    holder_id,
    issuer_id,
    parse_failure,
    subjects,
)
from testamur.verification.report import Weight
from unit.scenes import NOW, Document, badge, credential, unsigned

SHA256_OF_V2 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
DIGEST = "sha256-" + base64.b64encode(bytes.fromhex(SHA256_OF_V2)).decode()


def answer(check: Check) -> tuple[Answer, Code | None, Weight]:
    return check.answer, check.code, check.weight


PASSED = (Answer.PASSED, None, Weight.REQUIRED)
NOTHING = (Answer.NOT_APPLICABLE, None, Weight.REQUIRED)


# 1. Parse


def test_file_that_was_read_passes() -> None:
    assert answer(check_parse(unsigned(badge()))) == PASSED


def test_odd_carrier_is_a_remark() -> None:
    remarks = ((Code.IMAGE_AMBIGUOUS.value, "Two credentials."),)
    secured = Secured(badge(), b"", Securing.NONE, remarks=remarks)
    check = check_parse(secured)
    assert answer(check) == (Answer.COULD_NOT_CHECK, Code.IMAGE_AMBIGUOUS, Weight.REMARK)
    assert check.sentence == "Two credentials."


def test_file_that_could_not_be_read_fails_with_the_reason() -> None:
    error = ParseError("not JSON: x at line 1", code=Code.MALFORMED_INPUT, path="x")
    check = parse_failure(error)
    assert answer(check) == (Answer.FAILED, Code.MALFORMED_INPUT, Weight.REQUIRED)
    assert (check.name, check.path) == (CheckName.PARSE, "x")
    assert check.sentence == "Not JSON: x at line 1."


# 2. Structure


PRESENTATION: Document = {
    "@context": [CREDENTIALS_V2],
    "type": ["VerifiablePresentation"],
    "verifiableCredential": [badge()],
}


@pytest.mark.parametrize("document", [badge(), credential(), PRESENTATION])
def test_document_of_its_standard_passes(document: Document) -> None:
    assert answer(check_structure(unsigned(document))) == PASSED


@pytest.mark.parametrize(
    ("document", "code", "path"),
    [
        (badge(credentialSubject={"id": "urn:x:1"}), Code.NOT_CONFORMANT, "credentialSubject"),
        (credential(issuer="no url"), Code.ISSUER_INVALID, "issuer"),
        (credential(validUntil="soon"), Code.VALIDITY_MALFORMED, "validUntil"),
        (credential(**{"@context": CREDENTIALS_V2}), Code.CONTEXT_REJECTED, "@context"),
        ({**PRESENTATION, "holder": "no url"}, Code.NOT_CONFORMANT, "holder"),
        ({}, Code.NOT_CONFORMANT, ""),
    ],
)
def test_document_that_breaks_its_standard_fails_where_it_does(
    document: Document, code: Code, path: str
) -> None:
    check = check_structure(unsigned(document))
    assert answer(check) == (Answer.FAILED, code, Weight.REQUIRED)
    assert path in (check.path or "")


# 3. Compacted


def test_proof_is_left_to_the_proof_check() -> None:
    document = badge()
    document["proof"] = {"@graph": None}
    assert answer(check_compacted(unsigned(document), Contexts.bundled())) == PASSED


def test_credentials_of_a_presentation_are_left_to_themselves() -> None:
    document = {**PRESENTATION, "verifiableCredential": [{"undefined": "x"}, 5]}
    assert answer(check_compacted(unsigned(document), Contexts.bundled())) == PASSED
    document = {**PRESENTATION, "undefined": "x"}
    check = check_compacted(unsigned(document), Contexts.bundled())
    assert answer(check) == (Answer.FAILED, Code.DATA_LOSS, Weight.REQUIRED)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"undefined": "x"}, Code.DATA_LOSS),
        ({"https://schema.org/name": "x"}, Code.NOT_CONFORMANT),
        ({"@context": [CREDENTIALS_V2, "https://evil.example/"]}, Code.CONTEXT_REJECTED),
        ({"evidence": [{"type": "Evidence"}] * 1001}, Code.RESOURCE_LIMIT),
        ({"verifiableCredential": ["x"]}, Code.DATA_LOSS),
    ],
)
def test_document_that_a_signature_would_not_cover_fails(members: Document, code: Code) -> None:
    check = check_compacted(unsigned(credential(**members)), Contexts.bundled())
    assert answer(check) == (Answer.FAILED, code, Weight.REQUIRED)


# 7. Validity period


def validity(members: Document, *, now: datetime = NOW, skew: timedelta = timedelta(0)) -> Check:
    return check_validity(members, Policy(clock_skew=skew), now)


def test_credential_without_dates_is_in_force() -> None:
    check = validity({})
    assert answer(check) == PASSED
    assert check.evidence == {}


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-1, Code.NOT_YET_VALID), (-0.5, Code.NOT_YET_VALID), (0, None), (1, None)],
)
def test_start_is_inclusive(seconds: float, code: Code | None) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert validity({"validFrom": "2026-01-01T00:00:00Z"}, now=now).code is code


@pytest.mark.parametrize(
    ("seconds", "code"), [(-1, None), (0, None), (0.5, Code.EXPIRED), (1, Code.EXPIRED)]
)
def test_end_is_inclusive(seconds: float, code: Code | None) -> None:
    now = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert validity({"validUntil": "2026-02-01T00:00:00Z"}, now=now).code is code


@pytest.mark.parametrize(("seconds", "good"), [(299, True), (300, True), (301, False)])
def test_clock_may_be_off_by_as_much_as_the_policy_says(seconds: int, good: bool) -> None:
    skew, off = timedelta(minutes=5), timedelta(seconds=seconds)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    period = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-02-01T00:00:00Z"}
    for now in (start - off, end + off):
        assert (validity(period, now=now, skew=skew).code is None) is good


def test_dates_are_compared_as_instants_and_not_as_texts() -> None:
    assert validity({"validUntil": "2026-05-31T23:00:00-08:00"}).code is None
    assert validity({"validUntil": "2026-06-01T05:00:00+14:00"}).code is Code.EXPIRED


@pytest.mark.parametrize("end", ["9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z"])
def test_end_in_the_far_future_is_an_end(end: str) -> None:
    check = validity({"validUntil": end}, skew=timedelta(minutes=5))
    assert answer(check) == PASSED
    assert check.evidence == {"until": end}


def test_refusal_names_the_date_as_it_is_written() -> None:
    period = {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-02-01T00:00:00.10Z"}
    check = validity(period)
    assert (check.answer, check.code) == (Answer.FAILED, Code.EXPIRED)
    assert "2026-02-01T00:00:00.10Z" in check.sentence
    assert check.evidence == {"from": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00.10Z"}


@pytest.mark.parametrize("member", ["validFrom", "validUntil", "issuanceDate", "expirationDate"])
@pytest.mark.parametrize("value", ["", "2026", "2026-01-01T00:00:00", 5, {"@value": "x"}, False])
def test_date_that_cannot_be_read_is_not_the_same_as_no_date(member: str, value: object) -> None:
    check = validity({member: value})
    assert (check.answer, check.code) == (Answer.FAILED, Code.VALIDITY_MALFORMED)


def test_dates_of_version_1_have_other_names() -> None:
    assert validity({"issuanceDate": "2026-07-01T00:00:00Z"}).code is Code.NOT_YET_VALID
    assert validity({"expirationDate": "2026-05-01T00:00:00Z"}).code is Code.EXPIRED


def test_narrower_of_two_ends_counts() -> None:
    # VC Data Model 1.1, 4.6: expirationDate; validUntil is reserved for later versions.
    for early, late in (("expirationDate", "validUntil"), ("validUntil", "expirationDate")):
        period = {early: "2026-05-01T00:00:00Z", late: "2030-01-01T00:00:00Z"}
        assert validity(period).code is Code.EXPIRED
    for early, late in (("issuanceDate", "validFrom"), ("validFrom", "issuanceDate")):
        period = {early: "2026-05-01T00:00:00Z", late: "2026-07-01T00:00:00Z"}
        assert validity(period).code is Code.NOT_YET_VALID


# 9. Schema


SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential.json"
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


# Reading ids


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("did:x:y", "did:x:y"),
        ({"id": "did:x:y"}, "did:x:y"),
        ({}, None),
        ({"id": 5}, None),
        (None, None),
        (["did:x:y"], None),
        (5, None),
    ],
)
def test_issuer_and_holder_are_read_in_both_forms(value: object, expected: str | None) -> None:
    document: Document = {"issuer": value, "holder": value}
    assert issuer_id(document) == holder_id(document) == expected


def test_subjects_are_the_objects_among_them() -> None:
    assert subjects({}) == subjects({"credentialSubject": "x"}) == []
    assert subjects({"credentialSubject": [{"id": "a"}, "x", {}]}) == [{"id": "a"}, {}]
