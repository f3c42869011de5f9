"""Refresh: whether the issuer has a newer version (Open Badges 3.0, 8.3 Verification, step 3)."""

from __future__ import annotations

import pytest

import unchecked
from simulator import Simulator, key
from testamur.carry import badge_png, bake_png
from testamur.errors import Code
from testamur.issuing import Mechanism
from testamur.keys.signer import Ed25519Signer
from testamur.model.ob3 import RefreshService
from testamur.secured import Secured
from testamur.verification import Answer, Check, CheckName, Verdict

ID = "https://uni.example/credentials/refreshed"
URL = "https://uni.example/refresh/1"


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def badge(university: Simulator, name: str = "Teamwork") -> Secured:
    service = RefreshService(id=URL, type=("1EdTechCredentialRefresh",))
    return university.issue(id=ID, name=name, refresh_service=service)


def refresh(university: Simulator, secured: Secured) -> Check:
    """Whatever comes back, the badge at hand stands."""
    report = university.verifier().examine(secured)
    assert report.verdict is Verdict.GENUINE
    assert report.contents is not None
    assert report.contents.name == "Teamwork"
    return report.check(CheckName.REFRESH)


def test_newest_version_is_recognized_as_such(university: Simulator) -> None:
    secured = badge(university)
    university.serve(URL, secured.content)
    check = refresh(university, secured)
    assert (check.answer, check.code) == (Answer.PASSED, None)


@pytest.mark.parametrize("carrier", ["json", "png", "jwt"])
def test_newer_version_is_pointed_out_in_any_carrier(university: Simulator, carrier: str) -> None:
    secured, newer = badge(university), badge(university, "Teamwork II")
    if carrier == "png":
        university.serve(URL, bake_png(badge_png("Teamwork", issuer="University"), newer))
    elif carrier == "jwt":
        document = {name: value for name, value in newer.document.items() if name != "proof"}
        token = unchecked.sign(
            document, signer=university.signer, now=university.now, mechanism=Mechanism.VC_JWT
        )
        university.serve(URL, token.content)
    else:
        university.serve(URL, newer.content)
    check = refresh(university, secured)
    assert check.code is Code.REFRESH_AVAILABLE
    assert URL in check.sentence


def test_service_that_does_not_answer_harms_nothing(university: Simulator) -> None:
    """ "on failure continue with the original" """
    university.take_down(URL)
    check = refresh(university, badge(university))
    assert (check.answer, check.code) == (Answer.COULD_NOT_CHECK, Code.UNREACHABLE)


def test_other_badge_of_the_issuer_is_told_of_as_one_in_its_place(university: Simulator) -> None:
    university.serve(URL, university.issue().content)
    check = refresh(university, badge(university))
    assert check.code is Code.REFRESH_AVAILABLE
    assert "in its place" in check.sentence


def test_version_of_another_issuer_is_ignored(university: Simulator) -> None:
    other = Simulator("other.example")
    university.documents |= other.documents
    university.serve(URL, other.issue(id=ID).content)
    assert refresh(university, badge(university)).code is Code.ISSUER_MISMATCH


def test_forged_version_is_ignored(university: Simulator) -> None:
    forger = Ed25519Signer(key("forger"), university.signer.verification_method)
    document = university.badge(id=ID, name="Leadership").to_json()
    forged = unchecked.sign(document, signer=forger, now=university.now)
    university.serve(URL, forged.content)
    assert refresh(university, badge(university)).code is Code.PROOF_INVALID


def test_newer_version_is_asked_for_once(university: Simulator) -> None:
    """The newer version names a service as well; it is not followed."""
    university.serve(URL, badge(university, "Teamwork II").content)
    refresh(university, badge(university))
    assert university.requested.count(URL) == 1


def test_service_of_a_forged_badge_is_never_asked(university: Simulator) -> None:
    forger = Ed25519Signer(key("forger"), university.signer.verification_method)
    service = RefreshService(id=URL, type=("1EdTechCredentialRefresh",))
    document = university.badge(refresh_service=service).to_json()
    forged = unchecked.sign(document, signer=forger, now=university.now)
    assert university.verifier().examine(forged).verdict is Verdict.NOT_GENUINE
    assert URL not in university.requested
