"""A badge from the issuer to an employer: in every carrier, secured in every way."""

from __future__ import annotations

from pathlib import Path

import pytest

import unchecked
from sample_documents import full_badge
from simulator import LEARNER, Simulator, key
from testamur.canon.strict_json import dumps
from testamur.errors import Code, VerificationError
from testamur.issuing import Mechanism, issue
from testamur.keys.signer import Ed25519Signer
from testamur.loading import load
from testamur.model.ob3 import AchievementCredential
from testamur.secured import Carrier
from testamur.verification import Answer, CheckName, Verdict
from workflow.carriers import EVERY_WAY, carry

INDEX = 94_567


@pytest.fixture
def university() -> Simulator:
    return Simulator()


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_is_genuine_and_says_what_was_issued(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    file = carry(university.issue(INDEX, mechanism=mechanism), carrier)
    report = university.verifier().examine(file)

    assert report.verdict is Verdict.GENUINE
    assert report.carrier == carrier
    assert report.known_as == "Example University"
    assert report.contents is not None
    assert report.contents.achievement_name == "Teamwork"
    assert report.contents.recipient == LEARNER
    assert {check.answer for check in report.checks} <= {Answer.PASSED, Answer.NOT_APPLICABLE}


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_that_was_withdrawn_is_revoked(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    file = carry(university.issue(INDEX, mechanism=mechanism), carrier)
    university.revoke(INDEX)
    university.publish()

    report = university.verifier().examine(file)
    assert report.verdict is Verdict.REVOKED
    assert report.check(CheckName.STATUS).code is Code.REVOKED
    assert report.headline == "Withdrawn by the issuer."


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_that_was_suspended_is_suspended_until_it_is_reinstated(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    file = carry(university.issue(INDEX, mechanism=mechanism, purpose="suspension"), carrier)
    university.suspend(INDEX)
    university.publish()
    report = university.verifier().examine(file)
    assert report.verdict is Verdict.SUSPENDED
    assert report.check(CheckName.STATUS).code is Code.SUSPENDED

    university.reinstate(INDEX)
    university.publish()
    assert university.verifier().examine(file).verdict is Verdict.GENUINE


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_that_expired_is_expired(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    end = university.now.replace(year=2027)
    file = carry(university.issue(mechanism=mechanism, valid_until=end), carrier)
    university.now = end
    assert university.verifier().examine(file).verdict is Verdict.GENUINE
    university.advance(seconds=1)
    report = university.verifier().examine(file)
    assert report.verdict is Verdict.EXPIRED
    assert report.check(CheckName.VALIDITY).code is Code.EXPIRED


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_for_later_is_not_yet_valid(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    begin = university.now.replace(year=2027)
    file = carry(university.issue(mechanism=mechanism, valid_from=begin), carrier)
    assert university.verifier().examine(file).verdict is Verdict.NOT_YET_VALID
    university.now = begin
    university.publish()
    assert university.verifier().examine(file).verdict is Verdict.GENUINE


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_of_somebody_who_takes_the_issuers_name_is_by_an_unknown_issuer(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    stranger = Simulator("stranger.example")
    file = carry(stranger.issue(mechanism=mechanism), carrier)
    university.documents |= stranger.documents

    report = university.verifier().examine(file)
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert report.contents is not None
    assert report.contents.issuer_name == "Example University"
    assert report.known_as is None


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_in_the_issuers_name_under_another_key_is_forged(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    forger = Simulator("forger.example")
    university.documents |= forger.documents
    document = university.badge().to_json()
    secured = unchecked.sign(
        document, signer=forger.signer, now=university.now, mechanism=mechanism
    )
    report = university.verifier().examine(carry(secured, carrier))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.ISSUER).code is Code.ISSUER_MISMATCH
    assert report.contents is None


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_badge_that_only_names_the_issuers_key_is_forged(
    university: Simulator, mechanism: Mechanism, carrier: Carrier
) -> None:
    signer = Ed25519Signer(key("forger"), university.signer.verification_method)
    secured = unchecked.sign(
        university.badge().to_json(), signer=signer, now=university.now, mechanism=mechanism
    )
    report = university.verifier().examine(carry(secured, carrier))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_INVALID
    assert report.contents is None


@pytest.mark.parametrize("mechanism", Mechanism)
def test_badge_with_everything_is_genuine(university: Simulator, mechanism: Mechanism) -> None:
    secured = issue(
        full_badge(university), signer=university.signer, now=university.now, mechanism=mechanism
    )
    report = university.verifier().examine(secured)
    assert report.verdict is Verdict.GENUINE
    assert report.contents is not None
    assert [each.framework for each in report.contents.alignments] == [
        "European Qualifications Framework (EQF)",
        "International Standard Classification of Education: Fields (ISCED-F 2013)",
        "European Skills, Competences, Qualifications and Occupations (ESCO)",
    ]
    assert report.contents.results[0].value == "4.5"


def test_verify_returns_a_credential_that_can_be_relied_on(university: Simulator) -> None:
    verified = university.verifier().verify(university.issue(INDEX).content)
    assert isinstance(verified.credential, AchievementCredential)
    assert verified.credential.credential_subject.achievement.name == "Teamwork"
    assert verified.issuer.name == "Example University"


def test_verify_raises_what_examine_reports(university: Simulator) -> None:
    badge = university.issue(INDEX)
    university.revoke(INDEX)
    university.publish()
    with pytest.raises(VerificationError, match="Withdrawn by the issuer") as caught:
        university.verifier().verify(badge)
    assert caught.value.code is Code.REVOKED


@pytest.mark.parametrize(("mechanism", "carrier"), EVERY_WAY)
def test_file_on_disk_is_read_like_its_bytes(
    university: Simulator, mechanism: Mechanism, carrier: Carrier, tmp_path: Path
) -> None:
    secured = university.issue(mechanism=mechanism)
    path = tmp_path / f"badge.{carrier}"
    path.write_bytes(carry(secured, carrier))
    assert load(path).document == secured.document
    assert university.verifier().examine(path).verdict is Verdict.GENUINE


def test_every_carrier_of_one_badge_holds_the_same_badge(university: Simulator) -> None:
    secured = university.issue(INDEX)
    for carrier in (Carrier.JSON, Carrier.PNG, Carrier.SVG):
        assert load(carry(secured, carrier)).document == secured.document


def test_nothing_that_a_forged_badge_names_is_fetched(university: Simulator) -> None:
    """But the issuer's key, without which it cannot be known to be forged."""
    document = {**university.issue(INDEX).document, "name": "Leadership"}
    report = university.verifier().examine(dumps(document))
    assert report.verdict is Verdict.NOT_GENUINE
    assert university.requested == ["https://uni.example/.well-known/did.json"]
