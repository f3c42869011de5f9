"""The holder: whose the presented badges are, and what the holder says of themselves."""

from __future__ import annotations

import pytest

from testamur.canon.contexts import CREDENTIALS_V2
from testamur.errors import Code
from testamur.secure import Cryptosuite, EddsaJcs2022
from testamur.verification import Answer, CheckName, Verdict
from unit.scenes import (
    ISSUER,
    LEARNER,
    LEARNER_KEY,
    OTHER_ISSUER,
    OTHER_SIGNER,
    WEB_ISSUER,
    WEB_SIGNER,
    Document,
    Web,
    badge,
    changed,
    credential,
    did_document,
    examine,
    failed,
    found,
    issued,
    token,
)
from unit.verification.test_presentations import (
    ASKED,
    DID_URL,
    GOOD,
    SUITES,
    presentation,
    presented,
    presented_jwt,
)

# The holder


def test_badge_of_somebody_else_is_not_the_presenter_s_own() -> None:
    document = presented(presentation(holder=OTHER_ISSUER), signer=OTHER_SIGNER)
    report = examine(document, policy=ASKED)
    assert failed(report) == {CheckName.HOLDER: Code.VP_BINDING}
    assert report.verdict is Verdict.NOT_VALID


def test_one_foreign_badge_among_one_s_own_is_found() -> None:
    subject = {**badge()["credentialSubject"], "id": OTHER_ISSUER}
    foreign = issued(badge(credentialSubject=subject, id="urn:x:2")).document
    report = examine(presented(presentation(GOOD, foreign)), policy=ASKED)
    assert failed(report) == {CheckName.HOLDER: Code.VP_BINDING}


def test_badge_that_names_nobody_by_an_id_is_a_remark() -> None:
    identity = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": LEARNER,
        "identityType": "ext:did",
    }
    subject = changed(badge()["credentialSubject"], id=None, identifier=[identity])
    nameless = issued(badge(credentialSubject=subject)).document
    report = examine(presented(presentation(nameless)), policy=ASKED)
    assert found(report, CheckName.HOLDER) == (Answer.COULD_NOT_CHECK, Code.VP_BINDING)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS


def test_name_beside_the_id_does_not_make_it_somebody_else_s() -> None:
    name = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Ada",
        "identityType": "name",
    }
    subject = changed(badge()["credentialSubject"], identifier=[name])
    document = presentation(issued(badge(credentialSubject=subject)).document)
    assert examine(presented(document), policy=ASKED).verdict is Verdict.GENUINE


@pytest.mark.parametrize("holder", [{"id": LEARNER}, None])
def test_holder_may_be_an_object_or_left_to_the_signature(holder: object) -> None:
    report = examine(presented(presentation(holder=holder)), policy=ASKED)
    assert report.verdict is Verdict.GENUINE


def test_holder_of_a_set_of_proofs_must_be_named() -> None:
    document = presented(presented(presentation(holder=None)), signer=OTHER_SIGNER)
    assert failed(examine(document, policy=ASKED)) == {CheckName.ISSUER: Code.VP_BINDING}


# What the holder says of themselves (VC Data Model 2.0, Presentations Including Holder Claims)


def claim(**members: object) -> Document:
    return credential(**{"issuer": LEARNER, "id": "urn:x:claim", **members})


@pytest.mark.parametrize("suite", SUITES)
def test_statement_of_the_holder_is_secured_by_the_presentation(suite: Cryptosuite) -> None:
    document = presentation(GOOD, claim(credentialSubject={"id": "did:example:friend"}))
    report = examine(presented(document, suite=suite), policy=ASKED)
    assert report.verdict is Verdict.UNKNOWN_ISSUER
    assert [each.verdict for each in report.credentials] == [
        Verdict.GENUINE,
        Verdict.UNKNOWN_ISSUER,
    ]
    contents = report.credentials[1].contents
    assert contents is not None
    assert contents.issuer_id == LEARNER


def test_statement_of_the_holder_is_checked_like_any_other() -> None:
    document = presented(presentation(claim(validUntil="2026-01-02T00:00:00Z")))
    assert examine(document, policy=ASKED).verdict is Verdict.EXPIRED
    bad = presented_jwt(presentation(claim(undefined="x")))
    assert examine(bad, policy=ASKED).codes == {Code.DATA_LOSS, Code.UNTRUSTED_ISSUER}


@pytest.mark.parametrize("issuer", [ISSUER, {"id": ISSUER}, OTHER_ISSUER, None])
def test_statement_of_anybody_else_needs_a_proof_of_its_own(issuer: object) -> None:
    document = presented(presentation(changed(claim(), issuer=issuer)))
    report = examine(document, policy=ASKED)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.codes >= {Code.PROOF_MISSING}


def test_statement_in_an_unsigned_presentation_is_secured_by_nothing() -> None:
    report = examine(presentation(claim()))
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.codes == {Code.PROOF_MISSING}


def test_statement_is_worth_nothing_where_the_presentation_s_signature_does_not_hold() -> None:
    document = presented(presentation(claim()))
    document["proof"]["created"] = "2020-01-01T00:00:00Z"
    report = examine(document, policy=ASKED)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.credentials == ()


@pytest.mark.parametrize("in_jwt", [False, True])
def test_envelope_is_never_a_statement_of_the_holder(in_jwt: bool) -> None:
    # The token claims to be the university's and is signed by the learner.
    forged = token(badge(), key=LEARNER_KEY)
    envelope = {
        "@context": [CREDENTIALS_V2],
        "type": ["EnvelopedVerifiableCredential"],
        "id": f"data:application/vc+jwt,{forged}",
        "issuer": LEARNER,
    }
    document = presentation(envelope)
    source = presented_jwt(document) if in_jwt else presented(document, suite=EddsaJcs2022())
    report = examine(source, policy=ASKED)
    assert report.verdict is Verdict.NOT_GENUINE


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("data:application/vc+jwt;x", Code.NOT_CONFORMANT),
        ("data:application/vc+jwt,x", Code.JWT_MALFORMED),
        ("data:application/vc+jwt,e30.e30.AA", Code.JWT_ALG),
    ],
)
def test_envelope_without_a_token_is_no_statement_of_the_holder_either(
    url: str, code: Code
) -> None:
    envelope = {
        "@context": [CREDENTIALS_V2],
        "type": ["EnvelopedVerifiableCredential"],
        "id": url,
        "issuer": LEARNER,
    }
    report = examine(presented_jwt(presentation(envelope)), policy=ASKED)
    assert report.verdict is Verdict.NOT_VALID
    assert code in report.codes


def test_statement_of_a_trusted_holder_is_not_an_issued_credential() -> None:
    # Controlled Identifiers 1.0, Verification Relationships: a key is good for what it is listed
    # for, and no signature for `authentication` is a statement of the university.
    web = Web({DID_URL: did_document(assertionMethod=[])})
    document = presented(
        presentation(claim(issuer=WEB_ISSUER), holder=WEB_ISSUER), signer=WEB_SIGNER
    )
    assert examine(document, policy=ASKED, fetcher=web).verdict is not Verdict.GENUINE
