"""Who issued it, and whether it is this person's: the two questions beside the signature."""

from __future__ import annotations

import pytest

from simulator import LEARNER, Simulator
from testamur import build
from testamur.errors import Code, VerificationError
from testamur.issuing import Mechanism
from testamur.trust import AllowList, UnsafeAcceptAnyIssuer, parse_allow_list
from testamur.verification import Answer, CheckName, Verdict, Verifier

EMAIL = "ada@uni.example"


@pytest.fixture
def university() -> Simulator:
    return Simulator()


# Trust.


@pytest.mark.parametrize("mechanism", Mechanism)
def test_genuine_badge_of_an_unknown_issuer_is_never_called_genuine(
    university: Simulator, mechanism: Mechanism
) -> None:
    badge = university.issue(1, mechanism=mechanism)
    verifier = Verifier(now=university.now, fetcher=university)
    report = verifier.examine(badge)
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert report.check(CheckName.TRUST).code is Code.UNTRUSTED_ISSUER
    assert report.check(CheckName.PROOF).answer is Answer.PASSED
    assert report.known_as is None
    with pytest.raises(VerificationError) as caught:
        verifier.verify(badge)
    assert caught.value.code is Code.UNTRUSTED_ISSUER


def test_issuer_is_known_by_its_id_and_not_by_the_name_it_gives_itself(
    university: Simulator,
) -> None:
    trust = AllowList({university.did: "Ministry's entry 17"})
    report = Verifier(now=university.now, fetcher=university, trust=trust).examine(
        university.issue()
    )
    assert report.known_as == "Ministry's entry 17"
    assert report.contents is not None
    assert report.contents.issuer_name == "Example University"


def test_badge_of_an_unknown_issuer_that_was_withdrawn_is_withdrawn(university: Simulator) -> None:
    badge = university.issue(1)
    university.revoke(1)
    university.publish()
    report = Verifier(now=university.now, fetcher=university).examine(badge)
    assert report.verdict is Verdict.REVOKED


def test_list_of_issuers_is_read_from_yaml(university: Simulator) -> None:
    trust = parse_allow_list(b"did:web:uni.example: Example University\n")
    report = Verifier(now=university.now, fetcher=university, trust=trust).examine(
        university.issue()
    )
    assert report.verdict is Verdict.GENUINE


def test_any_issuer_is_accepted_only_by_a_choice_that_says_so() -> None:
    stranger = Simulator("stranger.example")
    verifier = Verifier(now=stranger.now, fetcher=stranger, trust=UnsafeAcceptAnyIssuer())
    assert verifier.examine(stranger.issue()).verdict is Verdict.GENUINE


# Recipient.


@pytest.mark.parametrize("mechanism", Mechanism)
def test_badge_is_found_to_be_of_an_e_mail_address(
    university: Simulator, mechanism: Mechanism
) -> None:
    badge = university.issue(recipient=build.recipient_by_email(EMAIL), mechanism=mechanism)
    report = university.verifier(recipient_email=EMAIL).examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert report.check(CheckName.RECIPIENT).answer is Answer.PASSED
    # The address is hashed, so it is not among the contents.
    assert EMAIL not in badge.content.decode("utf-8")
    assert report.contents is not None
    assert report.contents.recipient is None


@pytest.mark.parametrize("address", ["Ada@uni.example", "eve@uni.example", "", " " + EMAIL])
def test_badge_of_another_address_is_somebody_elses(university: Simulator, address: str) -> None:
    """Open Badges 3.0 defines no case-folding, so none is done."""
    badge = university.issue(recipient=build.recipient_by_email(EMAIL))
    report = university.verifier(recipient_email=address).examine(badge)
    assert report.verdict is Verdict.WRONG_RECIPIENT
    assert report.check(CheckName.RECIPIENT).code is Code.RECIPIENT_MISMATCH


def test_badge_is_found_to_be_of_a_did(university: Simulator) -> None:
    badge = university.issue()
    assert university.verifier(recipient_id=LEARNER).examine(badge).verdict is Verdict.GENUINE
    other = university.verifier(recipient_id="did:key:z6MkOther").examine(badge)
    assert other.verdict is Verdict.WRONG_RECIPIENT


def test_recipient_with_several_identifiers_is_found_by_each(university: Simulator) -> None:
    badge = university.issue(
        recipient=[
            build.recipient_by_id(LEARNER),
            build.recipient_by_email("first@uni.example"),
            build.recipient_by_email(EMAIL),
            build.recipient_by_name("Ada Lovelace"),
        ]
    )
    for asked in ({"recipient_email": EMAIL}, {"recipient_id": LEARNER}):
        assert university.verifier(**asked).examine(badge).verdict is Verdict.GENUINE


def test_withdrawn_badge_of_somebody_else_is_withdrawn(university: Simulator) -> None:
    """The worst counts."""
    badge = university.issue(1)
    university.revoke(1)
    university.publish()
    report = university.verifier(recipient_email=EMAIL).examine(badge)
    assert report.verdict is Verdict.REVOKED
