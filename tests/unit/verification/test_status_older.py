"""Status before Bitstring Status List: StatusList2021 and the 1EdTech revocation list."""

from __future__ import annotations

import pytest

from testamur.canon.contexts import CREDENTIALS_V1, DATA_INTEGRITY_V2, OB_EXTENSIONS
from testamur.errors import Code, FetchError
from testamur.verification import Answer, CheckName
from testamur.verification.status_check import StatusChecker
from unit.scenes import (
    ISSUER,
    LIST_URL,
    NOW,
    OTHER_ISSUER,
    Document,
    Web,
    badge,
    changed,
    credential,
    examine,
    found,
    signed,
    status_entry,
)
from unit.verification.test_status_check import CLEAR, REVOKED, encoded, published

LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"


# StatusList2021


def entry_2021(**members: object) -> Document:
    return changed(status_entry(type="StatusList2021Entry"), **members)


def list_2021(*indexes: int) -> Document:
    subject = {
        "id": f"{LIST_URL}#list",
        "type": "StatusList2021",
        "statusPurpose": "revocation",
        "encodedList": encoded(*indexes)[1:],
    }
    return {
        "@context": [CREDENTIALS_V1, LIST_2021, DATA_INTEGRITY_V2],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "StatusList2021Credential"],
        "issuer": ISSUER,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": subject,
    }


@pytest.mark.parametrize(("indexes", "expected"), [((), CLEAR), ((5,), REVOKED)])
def test_list_of_2021_is_read(indexes: tuple[int, ...], expected: object) -> None:
    document = badge(credentialStatus=entry_2021())
    document["@context"].append(LIST_2021)
    report = examine(signed(document), fetcher=published(signed(list_2021(*indexes))))
    assert found(report, CheckName.STATUS) == expected


def test_entry_of_2021_for_another_purpose_is_refused() -> None:
    document = badge(credentialStatus=entry_2021(statusPurpose="message"))
    document["@context"].append(LIST_2021)
    report = examine(signed(document), fetcher=published(signed(list_2021())))
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.STATUS_MALFORMED)


# 1EdTechRevocationList


def listed(revocation_list: object, **members: object) -> tuple[Answer, Code | None]:
    entry = {"id": LIST_URL, "type": "1EdTechRevocationList"}
    document = badge(credentialStatus=entry, **members)
    document["@context"].append(OB_EXTENSIONS)
    return found(examine(signed(document), fetcher=published(revocation_list)), CheckName.STATUS)


def revocations(*entries: object, issuer: str = ISSUER) -> Document:
    return {"id": LIST_URL, "issuer": issuer, "revokedCredential": list(entries)}


ID = badge()["id"]


def test_badge_that_is_listed_is_revoked_and_the_reason_is_shown() -> None:
    entry = {"id": ID, "revoked": True, "revocationReason": "Issued in error"}
    assert listed(revocations(entry)) == REVOKED
    assert listed(revocations({"id": ID})) == REVOKED
    document = badge(credentialStatus={"id": LIST_URL, "type": "1EdTechRevocationList"})
    document["@context"].append(OB_EXTENSIONS)
    report = examine(signed(document), fetcher=published(revocations(entry)))
    assert report.reason == "The issuer has withdrawn it: Issued in error."


def test_badge_that_is_not_listed_or_no_longer_is_not_revoked() -> None:
    assert listed(revocations()) == CLEAR
    assert listed(revocations({"id": "urn:x:other"})) == CLEAR
    assert listed(revocations({"id": ID, "revoked": False})) == CLEAR


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (None, (Answer.COULD_NOT_CHECK, Code.STATUS_RETRIEVAL)),
        (b"<html>", (Answer.COULD_NOT_CHECK, Code.STATUS_RETRIEVAL)),
        (b"[]", (Answer.COULD_NOT_CHECK, Code.STATUS_RETRIEVAL)),
        (revocations(issuer=OTHER_ISSUER), (Answer.FAILED, Code.STATUS_VERIFICATION)),
        ({"id": LIST_URL}, (Answer.FAILED, Code.STATUS_MALFORMED)),
        ({**revocations(), "revokedCredential": "x"}, (Answer.FAILED, Code.STATUS_MALFORMED)),
        (
            FetchError("no", code=Code.URL_BLOCKED, url=LIST_URL),
            (Answer.FAILED, Code.URL_BLOCKED),
        ),
    ],
)
def test_revocation_list_that_does_not_answer_is_not_a_clear_answer(
    answer: object, expected: tuple[Answer, Code]
) -> None:
    assert listed(answer) == expected


def test_revocation_list_is_fetched_once_in_a_run() -> None:
    web = published(revocations())
    entry = {"id": LIST_URL, "type": "1EdTechRevocationList"}
    document = badge(credentialStatus=[entry, dict(entry)])
    document["@context"].append(OB_EXTENSIONS)
    examine(signed(document), fetcher=web)
    assert web.requested == [LIST_URL]


def test_badge_without_an_id_cannot_be_looked_up() -> None:
    entry = {"id": LIST_URL, "type": "1EdTechRevocationList"}
    document = credential(id=None, credentialStatus=entry)
    document["@context"].append(OB_EXTENSIONS)
    report = examine(signed(document), fetcher=published(revocations()))
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.STATUS_MALFORMED)


@pytest.mark.parametrize("value", ["x", 5, ["x"], [[]]])
def test_status_entry_that_is_no_object_is_refused(value: object) -> None:
    # The structure check refuses it first; the status check does not rely on that.
    checker = StatusChecker(fetcher=Web(), examine_list=examine, accept_issuer=str.__eq__, now=NOW)
    document: Document = {"credentialStatus": value}
    for check in checker.check(document, ISSUER):
        assert (check.answer, check.code) == (Answer.FAILED, Code.STATUS_MALFORMED)
