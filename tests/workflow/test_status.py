"""Status: what becomes of a badge when its issuer withdraws it, and when its list is not right.

A list that cannot be had is "could not check"; a list that is not genuine, or does not fit, is a
refusal. Neither is ever "not withdrawn".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import unchecked
from simulator import NOW, Simulator, key
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code
from testamur.keys.signer import Ed25519Signer
from testamur.model.ob3 import CredentialStatus
from testamur.status import BitString, bitstring_status_list
from testamur.verification import Answer, Check, CheckName, Report, Verdict

INDEX = 94_567
ENTRIES = 131_072


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def status(report: Report) -> Check:
    return report.check(CheckName.STATUS)


def serve_list(university: Simulator, signer: Ed25519Signer | None = None, **changes: Any) -> None:
    """Serve another list in place of the one for revocation."""
    document = university.list_document(**changes)
    secured = unchecked.sign(document, signer=signer or university.signer, now=university.now)
    university.serve(university.list_url(), secured.content)


# The list says something.


def test_withdrawal_is_seen_only_when_it_is_published(university: Simulator) -> None:
    badge = university.issue(INDEX)
    university.revoke(INDEX)
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE
    university.publish()
    assert university.verifier().examine(badge).verdict is Verdict.REVOKED


def test_neighbours_of_a_withdrawn_badge_stand(university: Simulator) -> None:
    badges = {index: university.issue(index) for index in (0, 6, 7, 8, 9, 15, 16, ENTRIES - 1)}
    university.revoke(8)
    university.publish()
    verifier = university.verifier()
    verdicts = {index: verifier.examine(badge).verdict for index, badge in badges.items()}
    assert verdicts.pop(8) is Verdict.REVOKED
    assert set(verdicts.values()) == {Verdict.GENUINE}


def test_list_is_fetched_once_in_a_run(university: Simulator) -> None:
    badges = [university.issue(index) for index in range(5)]
    verifier = university.verifier()
    for badge in badges:
        verifier.examine(badge)
    assert university.requested.count(university.list_url()) == 1


def test_badge_without_a_status_cannot_be_withdrawn(university: Simulator) -> None:
    report = university.verifier().examine(university.issue())
    assert report.verdict is Verdict.GENUINE
    assert status(report).answer is Answer.NOT_APPLICABLE
    assert university.list_url() not in university.requested


def test_worst_of_several_entries_counts(university: Simulator) -> None:
    entries = [university.status_entry(3), university.status_entry(4, "suspension")]
    badge = university.issue(status=entries)
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE

    university.suspend(4)
    university.publish()
    assert university.verifier().examine(badge).verdict is Verdict.SUSPENDED

    university.revoke(3)
    university.publish()
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.REVOKED
    assert {Code.REVOKED, Code.SUSPENDED} <= report.codes


def test_every_entry_must_be_answered(university: Simulator) -> None:
    badge = university.issue(
        status=[university.status_entry(3), university.status_entry(4, "suspension")]
    )
    university.take_down(university.list_url("suspension"))
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert status(report).code is Code.STATUS_RETRIEVAL


def test_message_of_the_issuer_is_passed_on_and_harms_nothing(university: Simulator) -> None:
    entry = bitstring_status_list.build_entry(
        list_url=university.list_url("message"),
        index=2,
        purpose="message",
        messages=("none", "pending review", "rejected", "on hold"),
    )
    badge = university.issue(status=[CredentialStatus.from_json(entry)])
    bits = BitString(ENTRIES, status_size=2)
    bits.set(2, 1)
    document = university.list_document("message", bits=bits)
    university.serve(university.list_url("message"), university.sign(document))

    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert status(report).code is Code.STATUS_MESSAGE
    assert status(report).evidence["message"] == "pending review"


def test_newer_version_is_pointed_out(university: Simulator) -> None:
    badge = university.issue(1, purpose="refresh")
    university.set_status("refresh", 1, 1)
    university.serve(
        university.list_url("refresh"), university.sign(university.list_document("refresh"))
    )
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert status(report).code is Code.REFRESH_AVAILABLE


# The list cannot be had.


def test_list_that_does_not_answer_leaves_it_open(university: Simulator) -> None:
    badge = university.issue(INDEX)
    university.take_down(university.list_url())
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert status(report).answer is Answer.COULD_NOT_CHECK
    assert status(report).code is Code.STATUS_RETRIEVAL
    assert report.contents is not None


def test_list_that_is_not_there_leaves_it_open(university: Simulator) -> None:
    badge = university.issue(INDEX)
    del university.documents[university.list_url()]
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert status(report).code is Code.STATUS_RETRIEVAL


@pytest.mark.parametrize("content", [b"<html>Log in</html>", b"", b'{"@context": [', b"\xff\xfe"])
def test_answer_that_is_no_list_leaves_it_open_or_is_refused(
    university: Simulator, content: bytes
) -> None:
    badge = university.issue(INDEX)
    university.serve(university.list_url(), content)
    report = university.verifier().examine(badge)
    assert report.verdict in (Verdict.UNFINISHED, Verdict.NOT_VALID)
    assert status(report).code in (Code.STATUS_RETRIEVAL, Code.STATUS_VERIFICATION)


def test_list_that_is_out_of_date_leaves_it_open(university: Simulator) -> None:
    """Published for a week; the copy that verifiers still get is from before."""
    badge = university.issue(INDEX)
    university.advance(days=7)
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE
    university.advance(seconds=1)
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert status(report).code is Code.STATUS_RETRIEVAL

    university.publish()
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE


def test_list_for_later_leaves_it_open(university: Simulator) -> None:
    badge = university.issue(INDEX)
    later = NOW + timedelta(days=1)
    serve_list(university, valid_from=later, valid_until=None)
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert status(report).code is Code.STATUS_RETRIEVAL


# The list is not right.


def test_list_of_another_issuer_is_refused(university: Simulator) -> None:
    """An attacker who can answer for the host, and says that nothing is withdrawn."""
    badge = university.issue(INDEX)
    attacker = Simulator("attacker.example")
    university.documents |= attacker.documents
    serve_list(university, attacker.signer, issuer=attacker.did)
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
    serve_list(university, agency.signer, issuer=agency.did)
    trusted = {(agency.did, university.did)}
    verifier = university.verifier(
        accept_status_issuer=lambda of_list, of_badge: (of_list, of_badge) in trusted
    )
    assert verifier.examine(badge).verdict is Verdict.REVOKED


def test_list_in_the_issuers_name_under_another_key_is_refused(university: Simulator) -> None:
    badge = university.issue(INDEX)
    forger = Ed25519Signer(key("forger"), university.signer.verification_method)
    serve_list(university, forger)
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
    serve_list(university, purposes=("suspension",))
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert status(report).code is Code.STATUS_VERIFICATION


def test_list_for_several_purposes_answers_for_each(university: Simulator) -> None:
    badge = university.issue(INDEX)
    serve_list(university, purposes=("suspension", "revocation"))
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
