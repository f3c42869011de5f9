"""Status: lists that are not genuine or do not fit, and entries that make no sense, are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import unchecked
from simulator import Simulator, key
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code
from testamur.keys.signer import Ed25519Signer
from testamur.status import BitString
from testamur.verification import Check, CheckName, Report, Verdict

INDEX = 94_567
ENTRIES = 131_072


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def status(report: Report) -> Check:
    return report.check(CheckName.STATUS)


# Lists.


def test_list_of_another_issuer_is_refused(university: Simulator) -> None:
    """An attacker who can answer for the host, and says that nothing is withdrawn."""
    badge = university.issue(INDEX)
    attacker = Simulator("attacker.example")
    university.documents |= attacker.documents
    university.serve_list(attacker.signer, issuer=attacker.did)
    report = university.verifier(attacker.did).examine(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_VERIFICATION


def test_list_of_another_issuer_is_accepted_where_the_policy_says_so(
    university: Simulator,
) -> None:
    badge = university.issue(INDEX)
    agency = Simulator("agency.example")
    university.documents |= agency.documents
    university.revoke(INDEX)
    university.serve_list(agency.signer, issuer=agency.did)
    trusted = {(agency.did, university.did)}
    verifier = university.verifier(
        accept_status_issuer=lambda of_list, of_badge: (of_list, of_badge) in trusted
    )
    assert verifier.examine(badge).verdict is Verdict.REVOKED


def test_list_in_the_issuers_name_under_another_key_is_refused(university: Simulator) -> None:
    badge = university.issue(INDEX)
    forger = Ed25519Signer(key("forger"), university.signer.verification_method)
    university.serve_list(forger)
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_VERIFICATION


def test_list_that_was_changed_is_refused(university: Simulator) -> None:
    """A withdrawn badge, with the bits of the list before."""
    badge = university.issue(INDEX)
    university.revoke(INDEX)
    university.publish()
    content = university.documents[university.list_url()]
    assert isinstance(content, bytes)
    revoked, clear = university.bits("revocation").encode(), BitString(ENTRIES).encode()
    university.serve(university.list_url(), content.replace(revoked.encode(), clear.encode()))
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_VERIFICATION


def test_list_without_a_proof_is_refused(university: Simulator) -> None:
    badge = university.issue(INDEX)
    university.serve_json(university.list_url(), university.list_document())
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_VERIFICATION


def test_list_for_another_purpose_is_refused(university: Simulator) -> None:
    badge = university.issue(INDEX)
    university.serve_list(purposes=("suspension",))
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_VERIFICATION


def test_list_for_several_purposes_answers_for_each(university: Simulator) -> None:
    badge = university.issue(INDEX)
    university.serve_list(purposes=("suspension", "revocation"))
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE


def test_index_beyond_the_list_is_refused(university: Simulator) -> None:
    report = university.verifier().examine(university.issue(ENTRIES))
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_RANGE


def shorter(university: Simulator, entries: int) -> None:
    """Serve a list of fewer entries, as DCC's status services do."""
    bits = BitString(entries).encode()
    document = university.list_document()
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    document = {**document, "credentialSubject": {**subject, "encodedList": bits}}
    secured = unchecked.sign(document, signer=university.signer, now=university.now)
    university.serve(university.list_url(), secured.content)


def test_list_that_is_too_short_for_privacy_is_named_and_answers(university: Simulator) -> None:
    shorter(university, 100_000)
    report = university.verifier().examine(university.issue(INDEX))
    assert report.verdict is Verdict.GENUINE
    assert status(report).code is Code.STATUS_LENGTH


def test_index_beyond_a_short_list_is_refused(university: Simulator) -> None:
    shorter(university, 8)
    report = university.verifier().examine(university.issue(INDEX))
    assert status(report).code is Code.STATUS_RANGE


# Entries.


def with_entry(university: Simulator, change: Callable[[JsonObject], JsonObject]) -> Report:
    """Examine a badge whose status entry is changed before an attacker's software signs it."""
    document = university.badge(INDEX).to_json()
    entry = document["credentialStatus"]
    assert isinstance(entry, dict)
    document["credentialStatus"] = change(entry)
    secured = unchecked.sign(document, signer=university.signer, now=university.now)
    return university.verifier().examine(secured)


def without(member: str) -> Callable[[JsonObject], JsonObject]:
    return lambda entry: {name: value for name, value in entry.items() if name != member}


@pytest.mark.parametrize("member", ["statusListIndex", "statusListCredential", "statusPurpose"])
def test_entry_that_lacks_a_member_is_refused(university: Simulator, member: str) -> None:
    report = with_entry(university, without(member))
    assert report.verdict is Verdict.NOT_VALID
    assert Code.STATUS_MALFORMED in report.codes


@pytest.mark.parametrize("index", ["-1", "4_2", " 42", "042", "4.2", "٤٢", "", "0x2a"])
def test_index_that_is_no_base_10_number_is_refused(university: Simulator, index: str) -> None:
    """`int()` would take most of them."""
    report = with_entry(university, lambda entry: {**entry, "statusListIndex": index})
    assert report.verdict is Verdict.NOT_VALID
    assert Code.STATUS_MALFORMED in report.codes


@pytest.mark.parametrize(
    "url",
    [
        "http://uni.example/status/revocation",
        "https://127.0.0.1/status",
        "https://localhost/status",
        "https://169.254.169.254/latest/meta-data",
        "https://uni.example@attacker.example/status",
        "file:///etc/passwd",
    ],
)
def test_list_at_a_forbidden_url_is_refused_and_not_asked_for(
    university: Simulator, url: str
) -> None:
    report = with_entry(university, lambda entry: {**entry, "statusListCredential": url})
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.URL_BLOCKED
    assert university.requested == ["https://uni.example/.well-known/did.json"]


def test_status_of_an_unknown_kind_leaves_it_open(university: Simulator) -> None:
    document = university.badge().to_json()
    document["credentialStatus"] = {
        "id": "https://uni.example/status/x",
        "type": "https://uni.example/vocabulary#Status",
    }
    secured = unchecked.sign(document, signer=university.signer, now=university.now)
    report = university.verifier().examine(secured)
    assert report.verdict is Verdict.UNFINISHED
    assert status(report).code is Code.STATUS_UNKNOWN_TYPE


def test_status_of_the_list_itself_is_not_followed(university: Simulator) -> None:
    """Once, at depth 1: a list that names itself as its status must not be a loop."""
    document = university.list_document()
    document["credentialStatus"] = university.status_entry(1).to_json()
    university.serve(university.list_url(), university.sign(document))
    assert university.verifier().examine(university.issue(INDEX)).verdict is Verdict.GENUINE
    assert university.requested.count(university.list_url()) == 1


def test_badge_in_place_of_a_list_is_refused(university: Simulator) -> None:
    university.serve(university.list_url(), university.issue().content)
    report = university.verifier().examine(university.issue(INDEX))
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_MALFORMED
