"""Status: every entry, after the proof, fail-closed; a list is a credential too.

The lists are made here by gzip and base64 of the standard library, and signed by the library.
"""

from __future__ import annotations

import gzip
import sys
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V2
from testamur.canon.strict_json import dumps
from testamur.errors import Code
from testamur.protocols import Fetched
from testamur.secure import EddsaJcs2022
from testamur.verification import Answer, CheckName, Policy, Report, Verdict
from unit.scenes import (
    ISSUER,
    LIST_URL,
    Document,
    Web,
    badge,
    base64url,
    changed,
    examine,
    found,
    signed,
    status_entry,
    token,
    verifier,
)

REVOKED = (Answer.FAILED, Code.REVOKED)
CLEAR = (Answer.PASSED, None)


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


class SlowWeb(Web):
    """A web whose answers take long enough for every thread to ask."""

    def fetch(self, url: str, *, max_bytes: int) -> Fetched:
        sleep(0.1)
        return super().fetch(url, max_bytes=max_bytes)


def test_threads_that_ask_for_one_list_wait_for_it() -> None:
    web = SlowWeb({LIST_URL: signed(status_list(6))})
    run = verifier(fetcher=web)
    badges = [dumps(signed(badge(credentialStatus=status_entry(n)))) for n in range(8)]
    with ThreadPoolExecutor(len(badges)) as pool:
        verdicts = [report.verdict for report in pool.map(run.examine, badges)]
    assert verdicts == [Verdict.REVOKED if n == 6 else Verdict.GENUINE for n in range(8)]
    assert web.requested == [LIST_URL]


def test_threads_survive_what_a_run_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list is forgotten as soon as another is asked for, in any thread."""
    monkeypatch.setattr(limits, "STATUS_LISTS", 1)
    urls = [f"https://uni.example/status/{n}" for n in range(3)]
    web = Web({url: signed(status_list(id=url)) for url in urls})
    run = verifier(fetcher=web)
    badges = [
        dumps(signed(badge(credentialStatus=status_entry(n, statusListCredential=urls[n % 3]))))
        for n in range(6)
    ] * 20
    switching_often = 1e-6
    before = sys.getswitchinterval()
    sys.setswitchinterval(switching_often)
    try:
        with ThreadPoolExecutor(8) as pool:
            verdicts = {report.verdict for report in pool.map(run.examine, badges)}
    finally:
        sys.setswitchinterval(before)
    assert verdicts == {Verdict.GENUINE}


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
