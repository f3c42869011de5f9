"""Presentations: a learner hands several credentials to an employer, or keeps them in a file."""

from __future__ import annotations

from typing import Any

import pytest

import unchecked
from simulator import LEARNER, Simulator, key, learner
from testamur import build
from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry.presentation import (
    build_presentation,
    credentials_in,
    sign_presentation,
    wallet_file,
)
from testamur.errors import Code, ConfigurationError, VerificationError
from testamur.issuing import Mechanism
from testamur.keys.signer import Ed25519Signer
from testamur.loading import load, load_embedded
from testamur.secured import Secured
from testamur.verification import Answer, CheckName, Report, Verdict

CHALLENGE, DOMAIN = "3d7b1f4c", "employer.example"
thief = Ed25519Signer.for_did_key(key("thief"))


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def present(
    university: Simulator, *credentials: Secured, signer: Ed25519Signer = learner, **options: Any
) -> Secured:
    """Sign a presentation of these credentials."""
    arguments: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN, **options}
    return sign_presentation(
        build_presentation(credentials), signer=signer, now=university.now, **arguments
    )


def examine(university: Simulator, presentation: Secured | str | bytes, **policy: Any) -> Report:
    expected: dict[str, Any] = {"challenge": CHALLENGE, "domain": DOMAIN, **policy}
    return university.verifier(**expected).examine(presentation)


@pytest.mark.parametrize("mechanism", Mechanism)
def test_presentation_of_ones_own_badge_is_genuine(
    university: Simulator, mechanism: Mechanism
) -> None:
    presentation = present(university, university.issue(1, mechanism=mechanism))
    report = examine(university, presentation.content)
    assert report.verdict is Verdict.GENUINE
    assert report.check(CheckName.HOLDER).answer is Answer.PASSED
    assert [inner.verdict for inner in report.credentials] == [Verdict.GENUINE]


@pytest.mark.parametrize(
    ("challenge", "domain"), [("another", DOMAIN), (CHALLENGE, "other.example")]
)
def test_presentation_for_another_occasion_is_a_copy(
    university: Simulator, challenge: str, domain: str
) -> None:
    presentation = present(university, university.issue(), challenge=challenge, domain=domain)
    report = examine(university, presentation)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.VP_BINDING


def test_presentation_without_a_proof_does_not_answer_a_challenge(university: Simulator) -> None:
    presentation = build_presentation([university.issue()], holder=LEARNER)
    report = examine(university, dumps(presentation))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_MISSING


def test_presentation_of_a_badge_of_somebody_else_is_refused(university: Simulator) -> None:
    presentation = present(university, university.issue(), signer=thief)
    report = examine(university, presentation)
    assert report.verdict is Verdict.NOT_VALID
    assert report.check(CheckName.HOLDER).code is Code.VP_BINDING


def test_presentation_in_the_name_of_the_holder_under_another_key_is_forged(
    university: Simulator,
) -> None:
    document = build_presentation([university.issue()], holder=LEARNER)
    with pytest.raises(ConfigurationError, match="not one of the holder"):
        sign_presentation(
            document, signer=thief, now=university.now, challenge=CHALLENGE, domain=DOMAIN
        )
    forged = unchecked.sign(
        document,
        signer=thief,
        now=university.now,
        purpose="authentication",
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    report = examine(university, forged)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.ISSUER).code is Code.VP_BINDING


def test_presentation_that_was_signed_to_assert_is_refused(university: Simulator) -> None:
    document = build_presentation([university.issue()], holder=LEARNER)
    asserted = unchecked.sign(
        document, signer=learner, now=university.now, challenge=CHALLENGE, domain=DOMAIN
    )
    report = examine(university, asserted)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_PURPOSE


def test_credential_that_was_added_after_signing_is_seen(university: Simulator) -> None:
    document = present(university, university.issue()).document
    members = document["verifiableCredential"]
    assert isinstance(members, list)
    added: JsonObject = {
        **document,
        "verifiableCredential": [*members, university.issue().document],
    }
    report = examine(university, dumps(added))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_INVALID


def test_worst_credential_decides(university: Simulator) -> None:
    good, withdrawn = university.issue(1), university.issue(2)
    university.revoke(2)
    university.publish()
    report = examine(university, present(university, good, withdrawn))
    assert report.verdict is Verdict.REVOKED
    assert [inner.verdict for inner in report.credentials] == [Verdict.GENUINE, Verdict.REVOKED]


def test_badge_for_an_e_mail_address_is_nobodys_openly(university: Simulator) -> None:
    badge = university.issue(recipient=build.recipient_by_email("ada@uni.example"))
    report = examine(university, present(university, badge))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert report.check(CheckName.HOLDER).answer is Answer.COULD_NOT_CHECK


def test_presentation_is_no_credential_to_rely_on(university: Simulator) -> None:
    verifier = university.verifier(challenge=CHALLENGE, domain=DOMAIN)
    with pytest.raises(VerificationError):
        verifier.verify(present(university, university.issue()))


# The wallet file: an unsigned presentation.


def test_wallet_file_gives_back_every_credential_as_it_was(university: Simulator) -> None:
    given = [
        university.issue(1),
        university.issue(2, mechanism=Mechanism.ED25519_SIGNATURE_2020),
        university.issue(3, mechanism=Mechanism.VC_JWT),
    ]
    wallet = load(wallet_file(given))
    members = credentials_in(wallet)
    assert members[:2] == [each.document for each in given[:2]]
    found = [load_embedded(member) for member in members]
    assert found[2].token == given[2].token
    assert {university.verifier().examine(each).verdict for each in found} == {Verdict.GENUINE}


def test_wallet_file_is_examined_credential_by_credential(university: Simulator) -> None:
    wallet = wallet_file([university.issue(1), university.issue(2, mechanism=Mechanism.VC_JWT)])
    report = university.verifier().examine(wallet)
    assert report.verdict is Verdict.GENUINE
    assert report.check(CheckName.PROOF).answer is Answer.NOT_APPLICABLE
    assert len(report.credentials) == 2


def test_wallet_file_may_hold_a_credential_with_a_jcs_proof(university: Simulator) -> None:
    wallet = wallet_file([university.issue(mechanism=Mechanism.EDDSA_JCS_2022)])
    assert university.verifier().examine(wallet).verdict is Verdict.GENUINE


def test_wallet_file_with_a_changed_credential_is_not_genuine(university: Simulator) -> None:
    text = wallet_file([university.issue(1), university.issue(2)]).decode("utf-8")
    changed = text.replace("Works well in a team.", "Leads a team.", 1)
    report = university.verifier().examine(changed)
    assert report.verdict is Verdict.NOT_GENUINE
    assert sorted(inner.verdict for inner in report.credentials) == [
        Verdict.GENUINE,
        Verdict.NOT_GENUINE,
    ]
