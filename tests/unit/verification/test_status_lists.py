"""A status list is a credential too: one that is not good is no answer."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from testamur.errors import Code, FetchError
from testamur.keys import Ed25519Signer
from testamur.protocols import Fetched
from testamur.secure import ProofOptions
from testamur.verification import Answer, CheckName, Policy, Verdict
from unit.scenes import (
    ISSUER,
    KEY,
    LIST_URL,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    Document,
    Web,
    badge,
    base64url,
    credential,
    examine,
    found,
    signed,
    status_entry,
    token,
    unreachable,
)
from unit.verification.test_status_check import (
    CLEAR,
    REVOKED,
    encoded,
    published,
    status,
    status_list,
)

# The list


def test_list_is_not_asked_for_its_own_status() -> None:
    document = signed(status_list(credentialStatus=status_entry(7)))
    web = published(document)
    report = examine(signed(badge(credentialStatus=status_entry())), fetcher=web)
    assert found(report, CheckName.STATUS) == CLEAR
    assert web.requested == [LIST_URL]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, Code.STATUS_RETRIEVAL),
        (unreachable(LIST_URL), Code.STATUS_RETRIEVAL),
        (FetchError("offline", code=Code.OFFLINE, url=LIST_URL), Code.OFFLINE),
        (FetchError("large", code=Code.RESOURCE_LIMIT, url=LIST_URL), Code.RESOURCE_LIMIT),
        (b"<!DOCTYPE html><title>Log in</title>", Code.STATUS_RETRIEVAL),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Code.STATUS_RETRIEVAL),
        (b"", Code.STATUS_RETRIEVAL),
        (b'{"id"', Code.STATUS_RETRIEVAL),
        (signed(status_list(validUntil="2026-05-31T00:00:00Z")), Code.STATUS_VERIFICATION),
        (signed(status_list(validFrom="2026-06-02T00:00:00Z")), Code.STATUS_VERIFICATION),
    ],
)
def test_list_that_cannot_be_had_is_could_not_check_and_never_not_revoked(
    answer: object, code: Code
) -> None:
    report = status(answer)
    assert found(report, CheckName.STATUS) == (Answer.COULD_NOT_CHECK, code)
    assert report.verdict is Verdict.UNFINISHED


def test_url_that_must_not_be_fetched_fails() -> None:
    report = status(FetchError("private address", code=Code.URL_BLOCKED, url=LIST_URL))
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.URL_BLOCKED)


def forged() -> Document:
    document = signed(status_list(5))
    document["credentialSubject"]["encodedList"] = encoded()
    return document


@pytest.mark.parametrize(
    "answer",
    [
        status_list(),
        forged(),
        signed(status_list(), signer=OTHER_SIGNER),
        signed(status_list(), options=ProofOptions(created=NOW, purpose="authentication")),
        {**signed(status_list()), "undefined": "x"},
        b"a.b.c",
        token(status_list())[:-4].encode() + b"AAAA",
        {"type": "EnvelopedVerifiableCredential", "id": "urn:x:1"},
    ],
    ids=[
        "no proof",
        "changed",
        "another's key",
        "purpose",
        "undefined",
        "jwt",
        "jwt 2",
        "envelope",
    ],
)
def test_list_that_is_not_genuine_fails(answer: object) -> None:
    report = status(answer)
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.STATUS_VERIFICATION)
    assert report.verdict is Verdict.NOT_VALID


def test_list_whose_issuer_s_keys_cannot_be_had_is_could_not_check() -> None:
    signer = Ed25519Signer(KEY, "did:web:lists.example#key-1")
    document = signed(status_list(issuer="did:web:lists.example"), signer=signer)
    web = Web({LIST_URL: document})
    web.documents["https://lists.example/.well-known/did.json"] = unreachable()
    report = examine(signed(badge(credentialStatus=status_entry())), fetcher=web)
    assert found(report, CheckName.STATUS) == (Answer.COULD_NOT_CHECK, Code.STATUS_VERIFICATION)


def test_list_of_another_issuer_fails_unless_the_policy_accepts_it() -> None:
    document = signed(status_list(5, issuer=OTHER_ISSUER), signer=OTHER_SIGNER)
    assert found(status(document), CheckName.STATUS) == (Answer.FAILED, Code.STATUS_VERIFICATION)
    asked: list[tuple[str, str]] = []

    def accept(list_issuer: str, issuer: str) -> bool:
        asked.append((list_issuer, issuer))
        return True

    policy = Policy(accept_status_issuer=accept)
    assert found(status(document, policy=policy), CheckName.STATUS) == REVOKED
    assert asked == [(OTHER_ISSUER, ISSUER)]


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ({"statusPurpose": "suspension"}, Code.STATUS_VERIFICATION),
        ({"statusPurpose": ["suspension", "message"]}, Code.STATUS_VERIFICATION),
        ({"encodedList": encoded()[1:]}, Code.STATUS_MALFORMED),
        ({"encodedList": "uAAAA"}, Code.STATUS_MALFORMED),
    ],
)
def test_list_that_does_not_answer_the_entry_fails(subject: Document, code: Code) -> None:
    report = status(signed(status_list(subject=subject)))
    assert found(report, CheckName.STATUS) == (Answer.FAILED, code)


def test_credential_that_is_no_list_fails() -> None:
    report = status(signed(credential(id=LIST_URL)))
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.STATUS_MALFORMED)


def test_list_shorter_than_the_privacy_of_the_herd_is_answered_and_noted() -> None:
    short = signed(status_list(subject={"encodedList": encoded(entries=100_000)}))
    assert found(status(short), CheckName.STATUS) == (Answer.PASSED, Code.STATUS_LENGTH)
    short = signed(status_list(subject={"encodedList": encoded(5, entries=100_000)}))
    assert found(status(short), CheckName.STATUS) == REVOKED


def test_list_that_expands_beyond_the_bound_is_refused() -> None:
    bomb = "u" + base64url(gzip.compress(bytes(20 * 1024 * 1024)))
    report = status(signed(status_list(subject={"encodedList": bomb})))
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.RESOURCE_LIMIT)


def test_list_under_another_name_is_noted() -> None:
    other = signed(status_list(id="https://uni.example/status/other"))
    assert found(status(other), CheckName.STATUS) == (Answer.PASSED, Code.STATUS_VERIFICATION)
    nameless = signed(status_list(id=None))
    assert found(status(nameless), CheckName.STATUS) == CLEAR


@pytest.mark.parametrize(
    ("age", "code"), [(0, None), (300, None), (301, Code.STATUS_RETRIEVAL), (-5, None)]
)
def test_copy_older_than_its_time_to_live_is_noted(age: int, code: Code | None) -> None:
    # ttl is in milliseconds.
    content = json.dumps(signed(status_list(subject={"ttl": 300_000}))).encode()
    copy = Fetched(LIST_URL, content, fetched_at=NOW - timedelta(seconds=age))
    check = status(copy).check(CheckName.STATUS)
    assert (check.answer, check.code) == (Answer.PASSED, code)
    if code is not None:
        assert "as of 2026-05-31 23:54" in check.sentence


def test_copy_without_a_time_to_live_or_an_age_is_taken_as_it_is() -> None:
    content = json.dumps(signed(status_list())).encode()
    copy = Fetched(LIST_URL, content, fetched_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert found(status(copy), CheckName.STATUS) == CLEAR
    document = signed(status_list(subject={"ttl": 1}))
    assert found(status(document), CheckName.STATUS) == CLEAR
