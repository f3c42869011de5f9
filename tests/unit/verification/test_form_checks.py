"""What is said of the form of a document: each answer, with its code and what it weighs."""

from __future__ import annotations

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, Contexts
from testamur.errors import Code, ParseError
from testamur.secured import Secured, Securing
from testamur.verification import Answer, Check, CheckName
from testamur.verification.form_checks import (
    check_compacted,
    check_parse,
    check_structure,
    parse_failure,
)
from testamur.verification.report import Weight
from unit.scenes import Document, badge, credential, unsigned


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
