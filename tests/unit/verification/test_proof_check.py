"""Embedded proofs: the signature, the purpose, whose key it is and whether it may be relied on.

Each test leaves everything but one thing in order, and names the check and the code that must
tell. The same credential, untouched, is accepted in the first test.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from testamur.canon.contexts import CREDENTIALS_V2, ED25519_2020_V1, Contexts
from testamur.errors import Code
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer
from testamur.secure import (
    SUITES,
    Cryptosuite,
    Ed25519Signature2020,
    EddsaJcs2022,
    EddsaRdfc2022,
    ProofOptions,
)
from testamur.verification import Answer, CheckName, Policy, Verdict
from testamur.verification.report import Weight
from unit.scenes import (
    NOW,
    OTHER_KEY,
    OTHER_SIGNER,
    SIGNER,
    WEB_ISSUER,
    WEB_SIGNER,
    Document,
    Web,
    badge,
    credential,
    did_document,
    examine,
    failed,
    found,
    issued,
    signed,
    unreachable,
)

DID_URL = "https://uni.example/.well-known/did.json"
FORGED = {"name": "Forged"}


def by_web(**members: object) -> Document:
    """A badge by did:web:uni.example, signed with its key."""
    issuer = {"id": WEB_ISSUER, "type": ["Profile"], "name": "Example University"}
    return signed(badge(issuer=issuer, **members), signer=WEB_SIGNER)


def web(document: object) -> Web:
    return Web({DID_URL: document})


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_badge_with_its_issuer_s_proof_is_genuine(mechanism: Mechanism) -> None:
    report = examine(issued(badge(), mechanism=mechanism))
    assert report.verdict is Verdict.GENUINE
    assert (
        found(report, CheckName.PROOF) == found(report, CheckName.ISSUER) == (Answer.PASSED, None)
    )


def test_key_of_a_did_web_is_looked_up_and_bound() -> None:
    fetcher = web(did_document())
    report = examine(by_web(), fetcher=fetcher)
    assert report.verdict is Verdict.GENUINE
    assert fetcher.requested == [DID_URL]
    assert report.check(CheckName.ISSUER).evidence == {"controller": WEB_ISSUER}


# No proof, or none that can be read


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (None, Code.PROOF_MISSING),
        ([], Code.PROOF_MALFORMED),
        ("x", Code.PROOF_MALFORMED),
        ({}, Code.PROOF_MALFORMED),
        ([{}], Code.PROOF_MALFORMED),
        ([{"type": "X"}] * 17, Code.RESOURCE_LIMIT),
    ],
)
def test_badge_without_a_proof_that_can_be_read_is_not_genuine(proof: object, code: Code) -> None:
    document = badge()
    if proof is not None:
        document["proof"] = proof
    report = examine(document)
    assert report.verdict is Verdict.NOT_GENUINE
    assert failed(report)[CheckName.PROOF] is code
    assert report.contents is None


def test_null_as_a_proof_is_no_proof() -> None:
    report = examine({**badge(), "proof": None})
    assert failed(report)[CheckName.PROOF] is Code.PROOF_MISSING


# The signature


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: type(suite).__name__)
def test_changed_badge_is_not_genuine(suite: Cryptosuite) -> None:
    document = badge(**{"@context": [*badge()["@context"], ED25519_2020_V1]})
    document = {**signed(document, suite=suite), **FORGED}
    report = examine(document)
    assert failed(report) == {CheckName.PROOF: Code.PROOF_INVALID}
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.contents is None


def test_signature_of_another_key_under_the_issuer_s_name_is_not_genuine() -> None:
    liar = Ed25519Signer(OTHER_KEY, SIGNER.verification_method)
    report = examine(signed(badge(), signer=liar))
    assert failed(report) == {CheckName.PROOF: Code.PROOF_INVALID}


def test_suite_that_the_policy_does_not_accept_is_not_genuine() -> None:
    policy = Policy(suites=(EddsaJcs2022(),))
    report = examine(signed(badge()), policy=policy)
    assert failed(report) == {CheckName.PROOF: Code.PROOF_UNSUPPORTED}
    assert report.verdict is Verdict.NOT_GENUINE
    assert examine(signed(badge(), suite=EddsaJcs2022()), policy=policy).verdict is Verdict.GENUINE


@pytest.mark.parametrize("name", ["ecdsa-rdfc-2019", "bbs-2023", "EDDSA-RDFC-2022", "none"])
def test_proof_of_an_unknown_kind_alone_is_not_genuine(name: str) -> None:
    document = signed(badge())
    document["proof"]["cryptosuite"] = name
    report = examine(document)
    assert failed(report) == {CheckName.PROOF: Code.PROOF_UNSUPPORTED}


# Context and shape: what is read must be what was signed


@pytest.mark.parametrize("suite", [EddsaRdfc2022(), EddsaJcs2022()])
def test_unknown_context_that_was_appended_is_refused(suite: Cryptosuite) -> None:
    # eddsa-jcs-2022 does not protect against it (VC-DI-EDDSA 3.3.2, step 4).
    document = signed(badge(), suite=suite)
    document["@context"].append("https://evil.example/context")
    report = examine(document)
    assert failed(report) == {CheckName.COMPACTED: Code.CONTEXT_REJECTED}
    assert report.verdict is Verdict.NOT_VALID
    assert found(report, CheckName.PROOF) == (Answer.COULD_NOT_CHECK, None)


@pytest.mark.parametrize(
    ("respelled", "member"),
    [
        ("https://www.w3.org/2018/credentials#validUntil", "validUntil"),
        ("https://www.w3.org/2018/credentials#credentialStatus", "credentialStatus"),
        ("@id", "id"),
    ],
)
def test_member_respelled_so_that_readers_miss_it_is_refused(respelled: str, member: str) -> None:
    # The graph and the signature stay as they were: other verifiers accept an expired badge so.
    document = signed(badge(validUntil="2026-01-02T00:00:00Z"))
    document[respelled] = document.pop(member, "x")
    report = examine(document)
    assert failed(report)[CheckName.COMPACTED] is Code.NOT_CONFORMANT
    assert report.verdict is Verdict.NOT_VALID


def test_end_as_a_value_object_is_refused() -> None:
    document = signed(badge(validUntil="2026-01-02T00:00:00Z"))
    document["validUntil"] = {"@value": "2026-01-02T00:00:00Z"}
    assert CheckName.COMPACTED in failed(examine(document))


def test_undefined_member_that_was_added_is_refused() -> None:
    document = signed(badge())
    document["credentialSubject"]["achievement"]["ectsCredits"] = 30
    assert failed(examine(document)) == {CheckName.COMPACTED: Code.DATA_LOSS}


def test_contexts_are_those_of_the_policy() -> None:
    fewer = Contexts({CREDENTIALS_V2: Contexts.bundled().document(CREDENTIALS_V2)})
    report = examine(signed(badge()), policy=Policy(contexts=fewer))
    assert failed(report) == {CheckName.COMPACTED: Code.CONTEXT_REJECTED}
    plain = examine(signed(credential()), policy=Policy(contexts=fewer))
    assert plain.verdict is Verdict.GENUINE


# The purpose and the dates of the proof


@pytest.mark.parametrize("purpose", ["authentication", "keyAgreement", "capabilityInvocation"])
def test_proof_for_another_purpose_is_refused(purpose: str) -> None:
    document = signed(credential(), options=ProofOptions(created=NOW, purpose=purpose))
    assert failed(examine(document)) == {CheckName.PROOF: Code.PROOF_PURPOSE}


@pytest.mark.parametrize(
    ("seconds", "skew", "good"),
    [(1, 0, True), (0, 0, False), (-1, 0, False), (-299, 300, True), (-300, 300, False)],
)
def test_proof_that_has_expired_is_refused(seconds: int, skew: int, good: bool) -> None:
    expires = NOW + timedelta(seconds=seconds)
    document = signed(badge(), options=ProofOptions(created=NOW, expires=expires))
    report = examine(document, policy=Policy(clock_skew=timedelta(seconds=skew)))
    assert failed(report) == ({} if good else {CheckName.PROOF: Code.PROOF_EXPIRED})


# Several proofs: all must hold, and one must be the issuer's


def test_good_proof_of_somebody_else_beside_the_issuer_s_is_fine() -> None:
    for document in (
        signed(signed(badge()), signer=OTHER_SIGNER),
        signed(signed(badge(), signer=OTHER_SIGNER)),
    ):
        assert examine(document).verdict is Verdict.GENUINE


@pytest.mark.parametrize("position", [0, 1])
def test_one_proof_that_does_not_hold_spoils_the_set(position: int) -> None:
    document = signed(signed(badge()), signer=OTHER_SIGNER)
    document["proof"][position]["created"] = "2020-01-01T00:00:00Z"
    report = examine(document)
    assert failed(report) == {CheckName.PROOF: Code.PROOF_INVALID}
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.contents is None


def test_good_proof_of_somebody_else_alone_proves_nothing() -> None:
    document = signed(signed(badge(), signer=OTHER_SIGNER), signer=OTHER_SIGNER)
    assert failed(examine(document)) == {CheckName.ISSUER: Code.ISSUER_MISMATCH}


@pytest.mark.parametrize("order", [1, -1])
def test_proof_of_an_unknown_kind_beside_a_good_one_is_a_remark(order: int) -> None:
    document = signed(badge())
    unknown = {**document["proof"], "cryptosuite": "bbs-2023", "proofValue": "u2V0C"}
    document["proof"] = [document["proof"], unknown][::order]
    report = examine(document)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    weights = {check.code: check.weight for check in report.checks if check.name is CheckName.PROOF}
    assert weights == {None: Weight.REQUIRED, Code.PROOF_UNSUPPORTED: Weight.REMARK}


def test_unknown_proof_beside_one_that_does_not_hold_saves_nothing() -> None:
    document = signed(badge())
    unknown = {**document["proof"], "cryptosuite": "bbs-2023"}
    broken = {**document["proof"], "created": "2020-01-01T00:00:00Z"}
    document["proof"] = [unknown, broken]
    report = examine(document)
    assert report.verdict is Verdict.NOT_GENUINE
    assert failed(report) == {CheckName.PROOF: Code.PROOF_INVALID}


def test_unreachable_key_of_a_co_signer_is_a_remark() -> None:
    document = signed(signed(badge()), signer=WEB_SIGNER)
    report = examine(document, fetcher=web(unreachable()))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert Code.UNREACHABLE in report.codes


def test_unreachable_key_of_the_issuer_is_not_made_up_for_by_a_co_signer() -> None:
    document = signed(by_web(), signer=OTHER_SIGNER)
    report = examine(document, fetcher=web(unreachable()))
    assert report.verdict is Verdict.UNFINISHED
    assert report.contents is None


@pytest.mark.parametrize(
    ("drop", "codes"), [(False, {}), (True, {CheckName.PROOF: Code.PROOF_CHAIN})]
)
def test_chain_needs_every_proof_it_builds_on(drop: bool, codes: object) -> None:
    name = "urn:uuid:22222222-2222-4222-8222-222222222222"
    first = signed(badge(), signer=OTHER_SIGNER, options=ProofOptions(created=NOW, id=name))
    document = signed(first, options=ProofOptions(created=NOW, previous_proof=(name,)))
    if drop:
        del document["proof"][0]
    assert failed(examine(document)) == codes


# The version of context-3.0.3 is looked for only where a key is at hand


def test_pasted_member_and_an_unreachable_key_leave_it_unfinished() -> None:
    document = by_web()
    document["endorsementJwt"] = ["a.b.c"]
    report = examine(document, fetcher=web(unreachable()))
    assert report.verdict is Verdict.UNFINISHED
    report = examine(document, fetcher=web(did_document(assertionMethod=[])))
    assert failed(report) == {CheckName.PROOF: Code.KEY_NOT_AUTHORIZED}


def test_older_suite_is_read() -> None:
    contexts = [*badge()["@context"], ED25519_2020_V1]
    document = signed(badge(**{"@context": contexts}), suite=Ed25519Signature2020())
    assert examine(document).verdict is Verdict.GENUINE
