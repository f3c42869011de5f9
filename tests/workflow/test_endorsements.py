"""Endorsements: by other issuers, inside a badge; and context-3.0.3, which changed in place.

Since 2026-06-29 the document at context-3.0.3's URL defines `endorsementJwt`. Under the older
document the term is undefined, so that a signature does not cover it.
"""

from __future__ import annotations

from typing import Any

import pytest

import unchecked
from simulator import Simulator, key
from testamur.canon import rdfc10
from testamur.canon.contexts import Contexts
from testamur.canon.strict_json import JsonObject, dumps
from testamur.errors import CanonicalizationError, Code, ModelError
from testamur.issuing import Mechanism, issue
from testamur.keys.signer import Ed25519Signer
from testamur.model.ob3 import EndorsementCredential
from testamur.secured import Secured
from testamur.verification import Answer, CheckName, Report, Verdict

OLDER = Contexts.bundled_before_2026_06_29()


@pytest.fixture
def university() -> Simulator:
    return Simulator()


@pytest.fixture
def chamber(university: Simulator) -> Simulator:
    """A chamber of commerce; its documents are reachable for whom asks the university's."""
    other = Simulator("chamber.example")
    university.documents |= other.documents
    return other


def badge_with(university: Simulator, *endorsements: Any) -> Secured:
    """A badge whose credential is endorsed."""
    return university.issue(
        id="https://uni.example/credentials/endorsed", endorsements=list(endorsements)
    )


def embedded(endorsement: Secured) -> EndorsementCredential:
    return EndorsementCredential.from_json(endorsement.document)


ENDORSED = "https://uni.example/credentials/endorsed"


def endorsements(report: Report) -> Any:
    return report.check(CheckName.ENDORSEMENTS)


def test_good_endorsement_is_genuine(university: Simulator, chamber: Simulator) -> None:
    badge = badge_with(university, embedded(chamber.endorse(ENDORSED)))
    report = university.verifier(chamber.did).examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert endorsements(report).answer is Answer.PASSED
    assert [inner.verdict for inner in report.endorsements] == [Verdict.GENUINE]
    assert report.endorsements[0].known_as == chamber.did


def test_endorsement_by_an_unknown_endorser_is_reported_as_such(
    university: Simulator, chamber: Simulator
) -> None:
    badge = badge_with(university, embedded(chamber.endorse(ENDORSED)))
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert [inner.verdict for inner in report.endorsements] == [Verdict.UNKNOWN_ISSUER]
    assert "0 by issuers that are known here" in endorsements(report).sentence


def test_endorsement_as_a_jwt_is_genuine(university: Simulator, chamber: Simulator) -> None:
    endorsement = chamber.endorse(ENDORSED, mechanism=Mechanism.VC_JWT)
    badge = badge_with(university, endorsement.token)
    assert "endorsementJwt" in badge.document
    report = university.verifier(chamber.did).examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert [inner.securing for inner in report.endorsements] == ["vc-jwt"]


def test_endorsement_of_the_achievement_and_of_the_issuer_is_found(
    university: Simulator, chamber: Simulator
) -> None:
    of_issuer = embedded(chamber.endorse(university.did))
    of_achievement = embedded(chamber.endorse(university.achievement.id))
    badge = university.issue(
        issuer=university.profile.model_copy(update={"endorsement": (of_issuer,)}),
        achievement=university.achievement.model_copy(update={"endorsement": (of_achievement,)}),
    )
    report = university.verifier(chamber.did).examine(badge)
    assert report.verdict is Verdict.GENUINE
    assert len(report.endorsements) == 2


def test_forged_endorsement_does_not_count(university: Simulator, chamber: Simulator) -> None:
    forger = Ed25519Signer(key("forger"), chamber.signer.verification_method)
    document = chamber.endorse(ENDORSED).document
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    forged = unchecked.sign(unsigned, signer=forger, now=chamber.now)
    report = university.verifier(chamber.did).examine(badge_with(university, embedded(forged)))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert endorsements(report).code is Code.ENDORSEMENT_INVALID
    assert Code.PROOF_INVALID in report.endorsements[0].codes


def test_endorsement_that_was_withdrawn_does_not_count(
    university: Simulator, chamber: Simulator
) -> None:
    document = chamber.endorse(ENDORSED).document
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    unsigned["credentialStatus"] = chamber.status_entry(5).to_json()
    endorsement = unchecked.sign(unsigned, signer=chamber.signer, now=chamber.now)
    chamber.revoke(5)
    chamber.publish()
    university.documents |= chamber.documents
    badge = badge_with(university, embedded(endorsement))
    report = university.verifier(chamber.did).examine(badge)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert Code.REVOKED in report.endorsements[0].codes


def with_endorsement(university: Simulator, endorsement: JsonObject) -> Secured:
    """A badge that other software signed, with any endorsement in it."""
    badge = university.badge(id=ENDORSED).to_json()
    badge["endorsement"] = [endorsement]
    return unchecked.sign(badge, signer=university.signer, now=university.now)


def test_endorsement_of_something_else_does_not_count(
    university: Simulator, chamber: Simulator
) -> None:
    other = chamber.endorse("https://other.example/achievements/1")
    report = university.verifier(chamber.did).examine(with_endorsement(university, other.document))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert endorsements(report).code is Code.ENDORSEMENT_INVALID
    assert "about something else" in endorsements(report).sentence


def test_endorsement_of_something_else_is_not_issued(
    university: Simulator, chamber: Simulator
) -> None:
    other = chamber.endorse("https://other.example/achievements/1")
    with pytest.raises(ModelError) as caught:
        badge_with(university, embedded(other))
    assert caught.value.code is Code.ENDORSEMENT_INVALID


def test_endorsement_without_a_proof_does_not_count(
    university: Simulator, chamber: Simulator
) -> None:
    document = chamber.endorse(ENDORSED).document
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    report = university.verifier(chamber.did).examine(with_endorsement(university, unsigned))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert Code.PROOF_MISSING in report.endorsements[0].codes


def test_endorsement_with_a_jcs_proof_is_genuine(university: Simulator, chamber: Simulator) -> None:
    endorsement = chamber.endorse(ENDORSED, mechanism=Mechanism.EDDSA_JCS_2022)
    badge = badge_with(university, embedded(endorsement))
    assert university.verifier(chamber.did).examine(badge).verdict is Verdict.GENUINE


# context-3.0.3, before and after.


def test_badge_without_the_new_terms_has_the_same_canonical_form_under_both(
    university: Simulator,
) -> None:
    document = university.badge(1).to_json()
    newer, older = (rdfc10.canonicalize(document, contexts=c) for c in (Contexts.bundled(), OLDER))
    assert newer == older


def test_badge_that_was_issued_under_the_older_context_is_genuine(university: Simulator) -> None:
    document = university.badge(1).to_json()
    badge = unchecked.sign(document, signer=university.signer, now=university.now, contexts=OLDER)
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE


def test_endorsement_jwt_is_undefined_in_the_older_context(
    university: Simulator, chamber: Simulator
) -> None:
    token = chamber.endorse(ENDORSED, mechanism=Mechanism.VC_JWT).token
    document: JsonObject = {**university.badge(id=ENDORSED).to_json(), "endorsementJwt": [token]}
    with pytest.raises(CanonicalizationError) as caught:
        issue(document, signer=university.signer, now=university.now, contexts=OLDER)
    assert caught.value.code is Code.DATA_LOSS


def signed_before_the_change(university: Simulator, token: str | None) -> JsonObject:
    """A badge with an endorsementJwt that other software dropped before it signed.

    So did every processor without safe mode, under the older context; and so looks a badge into
    which somebody pasted the member after it was signed.
    """
    document = university.badge(id=ENDORSED).to_json()
    signed = unchecked.sign(
        document, signer=university.signer, now=university.now, contexts=OLDER
    ).document
    return {**signed, "endorsementJwt": [token]}


def test_endorsement_jwt_that_no_signature_covers_is_refused_and_named(
    university: Simulator, chamber: Simulator
) -> None:
    token = chamber.endorse(ENDORSED, mechanism=Mechanism.VC_JWT).token
    document = signed_before_the_change(university, token)
    report = university.verifier(chamber.did).examine(dumps(document))
    assert report.verdict is Verdict.NOT_GENUINE
    proof = report.check(CheckName.PROOF)
    assert (proof.answer, proof.code) == (Answer.FAILED, Code.ENDORSEMENT_INVALID)
    assert "endorsementJwt is not covered by the signature" in proof.sentence
    assert report.endorsements == ()


def test_endorsement_jwt_that_is_pasted_into_an_achievement_is_refused_and_named(
    university: Simulator, chamber: Simulator
) -> None:
    token = chamber.endorse(university.achievement.id, mechanism=Mechanism.VC_JWT).token
    document = university.issue().document
    subject = document["credentialSubject"]
    assert isinstance(subject, dict)
    achievement = subject["achievement"]
    assert isinstance(achievement, dict)
    pasted: JsonObject = {**achievement, "endorsementJwt": [token]}
    document = {**document, "credentialSubject": {**subject, "achievement": pasted}}
    report = university.verifier(chamber.did).examine(dumps(document))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.ENDORSEMENT_INVALID
    assert report.endorsements == ()


def test_another_change_beside_the_uncovered_member_is_not_forgiven(
    university: Simulator, chamber: Simulator
) -> None:
    token = chamber.endorse(ENDORSED, mechanism=Mechanism.VC_JWT).token
    document = {**signed_before_the_change(university, token), "name": "Leadership"}
    report = university.verifier(chamber.did).examine(dumps(document))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_INVALID


def test_uncovered_member_is_not_forgiven_where_everything_is_covered(
    university: Simulator, chamber: Simulator
) -> None:
    """eddsa-jcs-2022 covers every member, whatever the contexts define."""
    token = chamber.endorse(ENDORSED, mechanism=Mechanism.VC_JWT).token
    signed = university.issue(id=ENDORSED, mechanism=Mechanism.EDDSA_JCS_2022).document
    report = university.verifier(chamber.did).examine(dumps({**signed, "endorsementJwt": [token]}))
    assert report.verdict is Verdict.NOT_GENUINE
