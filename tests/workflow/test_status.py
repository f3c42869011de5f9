"""Status: what becomes of a badge when its issuer withdraws it, and when its list cannot be had.

Then it is "could not check", never "not withdrawn".
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from simulator import NOW, Simulator
from testamur.errors import Code
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
    university.serve_list(purpose="message", bits=bits)

    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert status(report).code is Code.STATUS_MESSAGE
    assert status(report).evidence["message"] == "pending review"


def test_newer_version_is_pointed_out(university: Simulator) -> None:
    badge = university.issue(1, purpose="refresh")
    university.set_status("refresh", 1, 1)
    university.serve_list(purpose="refresh")
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
    assert status(report).code is Code.STATUS_VERIFICATION

    university.publish()
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE


def test_list_for_later_leaves_it_open(university: Simulator) -> None:
    badge = university.issue(INDEX)
    later = NOW + timedelta(days=1)
    university.serve_list(valid_from=later, valid_until=None)
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert status(report).code is Code.STATUS_VERIFICATION
