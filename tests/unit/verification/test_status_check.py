"""Status: every entry, after the proof, fail-closed; a list is a credential too.

The lists are made here by gzip and base64 of the standard library, and signed by the library.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2, OB_EXTENSIONS
from testamur.errors import Code, FetchError
from testamur.keys import Ed25519Signer
from testamur.protocols import Fetched
from testamur.secure import EddsaJcs2022, ProofOptions
from testamur.verification import Answer, CheckName, Policy, Report, Verdict
from testamur.verification.status_check import StatusChecker
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
    changed,
    credential,
    examine,
    found,
    signed,
    status_entry,
    token,
    unreachable,
)

REVOKED = (Answer.FAILED, Code.REVOKED)
CLEAR = (Answer.PASSED, None)
LIST_2021 = "https://w3id.org/vc/status-list/2021/v1"


def encoded(*indexes: int, entries: int = limits.STATUS_LIST_MINIMUM_ENTRIES) -> str:
    """Bitstring Status List 1.0: bit 0 is the left-most of the first byte."""
    bits = bytearray(entries // 8)
    for index in indexes:
        bits[index // 8] |= 128 >> index % 8
    return "u" + base64url(gzip.compress(bytes(bits)))


def status_list(*indexes: int, subject: Document | None = None, **members: object) -> Document:
    """An unsigned list credential with these bits set."""
    document: Document = {
        "@context": [CREDENTIALS_V2],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(*indexes),
            **(subject or {}),
        },
    }
    return changed(document, **members)


def published(document: object) -> Web:
    return Web({LIST_URL: document})


def status(answer: object, entry: object = None, policy: Policy | None = None) -> Report:
    document = badge(credentialStatus=entry if entry is not None else status_entry())
    return examine(signed(document), fetcher=published(answer), policy=policy)


# What the list says


def test_badge_whose_bit_is_clear_is_genuine() -> None:
    report = status(signed(status_list()))
    assert found(report, CheckName.STATUS) == CLEAR
    assert report.verdict is Verdict.GENUINE


@pytest.mark.parametrize("index", [0, 5, 7, 8, 131_071])
def test_badge_whose_bit_is_set_is_revoked_and_its_neighbours_are_not(index: int) -> None:
    report = status(signed(status_list(index)), status_entry(index))
    assert found(report, CheckName.STATUS) == REVOKED
    assert report.verdict is Verdict.REVOKED
    for neighbour in {max(index - 1, 0), min(index + 1, 131_071)} - {index}:
        report = status(signed(status_list(index)), status_entry(neighbour))
        assert found(report, CheckName.STATUS) == CLEAR


@pytest.mark.parametrize(
    ("purpose", "expected", "verdict"),
    [
        ("revocation", (Answer.FAILED, Code.REVOKED), Verdict.REVOKED),
        ("suspension", (Answer.FAILED, Code.SUSPENDED), Verdict.SUSPENDED),
        ("refresh", (Answer.PASSED, Code.REFRESH_AVAILABLE), Verdict.GENUINE),
        ("message", (Answer.PASSED, Code.STATUS_MESSAGE), Verdict.GENUINE),
        ("https://uni.example/probation", (Answer.COULD_NOT_CHECK, Code.STATUS_UNKNOWN_TYPE), None),
    ],
)
def test_set_bit_means_what_its_purpose_says(
    purpose: str, expected: tuple[Answer, Code], verdict: Verdict | None
) -> None:
    entry = status_entry(statusPurpose=purpose)
    report = status(signed(status_list(5, subject={"statusPurpose": purpose})), entry)
    assert found(report, CheckName.STATUS) == expected
    assert report.verdict is (verdict or Verdict.UNFINISHED)
    clear = status(signed(status_list(subject={"statusPurpose": purpose})), entry)
    assert found(clear, CheckName.STATUS) == CLEAR


def test_message_of_a_value_is_shown() -> None:
    messages = [{"status": "0x0", "message": "fine"}, {"status": "0x1", "message": "under review"}]
    entry = status_entry(statusPurpose="message", statusSize=1, statusMessage=messages)
    report = status(signed(status_list(5, subject={"statusPurpose": "message"})), entry)
    check = report.check(CheckName.STATUS)
    assert check.sentence == "The issuer says: under review."
    assert check.evidence["message"] == "under review"


def test_value_of_several_bits_is_read_as_one_number() -> None:
    # Bitstring Status List 1.0: the value of statusSize bits begins at index · statusSize.
    messages = [{"status": f"0x{n}", "message": f"m{n}"} for n in range(4)]
    entry = status_entry(3, statusPurpose="message", statusSize=2, statusMessage=messages)
    document = signed(status_list(6, subject={"statusPurpose": "message"}))
    assert "m2" in status(document, entry).check(CheckName.STATUS).sentence


def test_every_entry_is_checked() -> None:
    other = "https://uni.example/status/2"
    entries = [
        status_entry(),
        status_entry(id=f"{other}#5", statusListCredential=other, statusPurpose="suspension"),
    ]
    lists = {
        LIST_URL: signed(status_list()),
        other: signed(status_list(5, id=other, subject={"statusPurpose": "suspension"})),
    }
    for order in (entries, entries[::-1]):
        report = examine(signed(badge(credentialStatus=order)), fetcher=Web(lists))
        assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.SUSPENDED)
        assert report.verdict is Verdict.SUSPENDED
        assert sum(check.name is CheckName.STATUS for check in report.checks) == 2


def test_list_is_fetched_and_verified_once_in_a_run() -> None:
    web = published(signed(status_list(6)))
    entries = [status_entry(5), status_entry(6)]
    report = examine(signed(badge(credentialStatus=entries)), fetcher=web)
    assert report.verdict is Verdict.REVOKED
    assert web.requested == [LIST_URL]


def test_more_entries_than_allowed_are_refused_unseen() -> None:
    web = Web()
    entries = [status_entry(n) for n in range(limits.STATUS_ENTRIES + 1)]
    report = examine(signed(badge(credentialStatus=entries)), fetcher=web)
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.RESOURCE_LIMIT)
    assert web.requested == []


def test_badge_without_a_status_has_none() -> None:
    report = examine(signed(badge()))
    assert found(report, CheckName.STATUS) == (Answer.NOT_APPLICABLE, None)


def test_status_runs_for_every_carrier_and_proof_format() -> None:
    document = badge(credentialStatus=status_entry())
    web = published(signed(status_list(5)))
    for source in (
        signed(document),
        signed(document, suite=EddsaJcs2022()),
        token(document),
    ):
        assert examine(source, fetcher=web).verdict is Verdict.REVOKED


def test_nothing_is_fetched_for_a_badge_that_is_not_genuine() -> None:
    # Open Badges 3.0, 8.3, step 3: nothing that an unverified document names is fetched.
    web = published(signed(status_list(5)))
    document = {**signed(badge(credentialStatus=status_entry())), "name": "Changed"}
    report = examine(document, fetcher=web)
    assert report.verdict is Verdict.NOT_GENUINE
    assert web.requested == []
    assert all(check.name is not CheckName.STATUS for check in report.checks)


# The entry


@pytest.mark.parametrize(
    "index", [5, "-1", "+5", "05", "4_2", " 5", "5 ", "٤٢", "5.0", "0x5", "", None, True, [5]]
)
def test_index_is_ascii_digits_in_a_string(index: object) -> None:
    report = status(signed(status_list(42)), status_entry(statusListIndex=index))
    assert report.verdict is Verdict.NOT_VALID
    assert report.codes & {Code.STATUS_MALFORMED, Code.NOT_CONFORMANT}


def test_index_beyond_the_list_fails() -> None:
    report = status(signed(status_list()), status_entry(131_072))
    assert found(report, CheckName.STATUS) == (Answer.FAILED, Code.STATUS_RANGE)


@pytest.mark.parametrize("index", [10**9, 10**30])
def test_index_beyond_any_list_fails(index: int) -> None:
    assert status(signed(status_list()), status_entry(index)).verdict is Verdict.NOT_VALID


def test_status_of_an_unknown_kind_could_not_be_checked() -> None:
    entry = {"id": "urn:x:1", "type": "https://uni.example/types#Status"}
    report = status(None, entry)
    assert found(report, CheckName.STATUS) == (Answer.COULD_NOT_CHECK, Code.STATUS_UNKNOWN_TYPE)
    assert report.verdict is Verdict.UNFINISHED


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
    entry = {"id": LIST_URL, "type": ["1EdTechRevocationList"]}
    document = badge(credentialStatus=[entry, {**entry, "type": "1EdTechRevocationList"}])
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
