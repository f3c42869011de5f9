"""Whose credential it is (Open Badges 3.0, 8.6)."""

from __future__ import annotations

import pytest

from testamur.errors import Code
from testamur.verification import Answer, Policy
from testamur.verification.recipient_check import check_recipient
from unit.scenes import Document

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
