"""The checks that need only the document: each answer, with its code and what it weighs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, Contexts
from testamur.errors import Code, ParseError
from testamur.secured import Secured, Securing
from testamur.verification import Answer, Check, CheckName, Policy
from testamur.verification.document_checks import (
    check_compacted,
    check_parse,
    check_structure,
    check_validity,
    holder_id,
    issuer_id,
    parse_failure,
    subjects,
)
from testamur.verification.report import Weight
from unit.scenes import NOW, Document, badge, credential, unsigned


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
    assert answer(check_compacted(unsigned(document), Contexts.bundled())[0]) == PASSED


def test_credentials_of_a_presentation_are_left_to_themselves() -> None:
    document = {**PRESENTATION, "verifiableCredential": [{"undefined": "x"}, 5]}
    assert answer(check_compacted(unsigned(document), Contexts.bundled())[0]) == PASSED
    document = {**PRESENTATION, "undefined": "x"}
    check = check_compacted(unsigned(document), Contexts.bundled())[0]
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
    check = check_compacted(unsigned(credential(**members)), Contexts.bundled())[0]
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
