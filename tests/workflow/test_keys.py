"""Keys over the years: rotation, compromise, and what a verifier does without the issuer's host."""

from __future__ import annotations

from datetime import timedelta

import pytest

import unchecked
from simulator import Simulator
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code
from testamur.fetch import OfflineFetcher
from testamur.issuing import Mechanism
from testamur.keys.signer import Ed25519Signer
from testamur.secured import Secured
from testamur.trust import AllowList
from testamur.verification import Answer, CheckName, Report, Verdict, Verifier

EVERY_MECHANISM = pytest.mark.parametrize("mechanism", Mechanism)
DID_URL = "https://uni.example/.well-known/did.json"


@pytest.fixture
def university() -> Simulator:
    return Simulator()


def proof_code(report: Report) -> Code | None:
    return report.check(CheckName.PROOF).code


# Rotation.


@EVERY_MECHANISM
def test_badge_verifies_after_its_key_was_retired(
    university: Simulator, mechanism: Mechanism
) -> None:
    badge = university.issue(mechanism=mechanism)
    university.advance(days=400)
    university.rotate_key()
    university.publish()
    university.advance(days=400)
    university.publish()
    assert university.verifier().examine(badge).verdict is Verdict.GENUINE
    assert university.verifier().examine(university.issue(mechanism=mechanism)).verdict is (
        Verdict.GENUINE
    )


@EVERY_MECHANISM
def test_badge_that_a_retired_key_signed_afterwards_is_refused(
    university: Simulator, mechanism: Mechanism
) -> None:
    old = university.signer
    university.rotate_key()
    university.publish()
    university.advance(days=1)
    badge = unchecked.sign(
        university.badge().to_json(), signer=old, now=university.now, mechanism=mechanism
    )
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_GENUINE
    assert proof_code(report) is Code.KEY_REVOKED
    assert "retired" in report.reason


@EVERY_MECHANISM
def test_badge_of_a_compromised_key_is_refused_whenever_it_was_signed(
    university: Simulator, mechanism: Mechanism
) -> None:
    badge = university.issue(mechanism=mechanism)
    compromised = university.fragment
    university.advance(days=1)
    university.rotate_key()
    university.compromise(compromised)
    university.publish()
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_GENUINE
    assert proof_code(report) is Code.KEY_REVOKED
    again = university.issue(mechanism=mechanism)
    assert university.verifier().examine(again).verdict is Verdict.GENUINE


def test_badge_of_a_key_that_was_never_listed_is_refused(university: Simulator) -> None:
    badge = university.issue()
    del university.documents[DID_URL]
    other = Simulator("uni.example", now=university.now)
    other.rotate_key()
    document = other.did_document
    methods = document["verificationMethod"]
    assert isinstance(methods, list)
    university.serve_json(DID_URL, {**document, "verificationMethod": methods[1:]})
    assert proof_code(university.verifier().examine(badge)) is Code.KEY_NOT_FOUND


@EVERY_MECHANISM
def test_key_that_is_listed_for_another_purpose_is_refused(
    university: Simulator, mechanism: Mechanism
) -> None:
    university.serve_json(DID_URL, {**university.did_document, "assertionMethod": []})
    report = university.verifier().examine(university.issue(mechanism=mechanism))
    assert report.verdict is Verdict.NOT_GENUINE
    assert proof_code(report) is Code.KEY_NOT_AUTHORIZED


def test_key_of_another_controller_in_the_issuers_document_is_refused(
    university: Simulator,
) -> None:
    document = university.did_document
    methods = document["verificationMethod"]
    assert isinstance(methods, list)
    method = methods[0]
    assert isinstance(method, dict)
    foreign: JsonObject = {**method, "controller": "did:web:attacker.example"}
    university.serve_json(DID_URL, {**document, "verificationMethod": [foreign]})
    assert proof_code(university.verifier().examine(university.issue())) is Code.KEY_NOT_AUTHORIZED


def test_document_that_calls_itself_otherwise_is_refused(university: Simulator) -> None:
    document = {**university.did_document, "id": "did:web:other.example"}
    university.serve_json(DID_URL, document)
    report = university.verifier().examine(university.issue())
    assert proof_code(report) is Code.DID_RESOLUTION
    assert report.verdict is Verdict.NOT_VALID


# Without the issuer's host.


@EVERY_MECHANISM
def test_badge_of_a_did_web_is_left_open_offline(
    university: Simulator, mechanism: Mechanism
) -> None:
    badge = university.issue(mechanism=mechanism)
    offline = Verifier(
        now=university.now,
        trust=AllowList({university.did: university.name}),
        fetcher=OfflineFetcher(),
    )
    report = offline.examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert proof_code(report) is Code.OFFLINE
    assert report.check(CheckName.PROOF).answer is Answer.COULD_NOT_CHECK
    # Nothing in it is confirmed yet, so nothing in it is shown.
    assert report.contents is None
    assert "Nothing in it is confirmed yet" in report.next_step


@EVERY_MECHANISM
def test_badge_is_left_open_while_the_issuers_host_does_not_answer(
    university: Simulator, mechanism: Mechanism
) -> None:
    badge = university.issue(mechanism=mechanism)
    university.take_down(DID_URL)
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.UNFINISHED
    assert proof_code(report) is Code.UNREACHABLE


def test_badge_of_an_issuer_whose_document_is_gone_is_not_valid(university: Simulator) -> None:
    badge = university.issue()
    del university.documents[DID_URL]
    report = university.verifier().examine(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert proof_code(report) is Code.DID_RESOLUTION


@EVERY_MECHANISM
@pytest.mark.parametrize("method", ["did:key", "did:jwk"])
def test_badge_of_a_did_that_is_its_key_verifies_offline(
    university: Simulator, mechanism: Mechanism, method: str
) -> None:
    key = university.signer.key
    make = Ed25519Signer.for_did_key if method == "did:key" else Ed25519Signer.for_did_jwk
    signer = make(key)
    did = signer.verification_method.partition("#")[0]
    badge = signed_as(university, did, signer, mechanism)
    trust = AllowList({did: "Example University"})
    report = Verifier(now=university.now, trust=trust).examine(badge)
    assert report.verdict is Verdict.GENUINE


def signed_as(
    university: Simulator, issuer: str, signer: Ed25519Signer, mechanism: Mechanism
) -> Secured:
    profile = university.profile.to_json() | {"id": issuer}
    document = {**university.badge().to_json(), "issuer": profile}
    return unchecked.sign(document, signer=signer, now=university.now, mechanism=mechanism)


# The date of a proof is its signer's word: it decides about retired keys, never about revoked ones.


def test_proof_that_is_dated_back_does_not_help_a_compromised_key(university: Simulator) -> None:
    thief, compromised = university.signer, university.fragment
    university.advance(days=1)
    university.rotate_key()
    university.compromise(compromised)
    university.publish()
    back = university.now - timedelta(days=300)
    badge = unchecked.sign(university.badge().to_json(), signer=thief, now=back)
    assert proof_code(university.verifier().examine(badge)) is Code.KEY_REVOKED
