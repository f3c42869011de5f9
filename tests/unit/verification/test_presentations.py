"""Presentations: who hands over what, to whom; each credential goes down the line for itself."""

from __future__ import annotations

from copy import deepcopy

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from testamur.canon.strict_json import dumps
from testamur.errors import Code, VerificationError
from testamur.issuing import Mechanism
from testamur.keys import Signer
from testamur.secure import Cryptosuite, EddsaJcs2022, EddsaRdfc2022, ProofOptions
from testamur.trust import AllowList
from testamur.verification import Answer, CheckName, Policy, Report, Verdict, Verifier
from unit.scenes import (
    ISSUER,
    LEARNER,
    LEARNER_KEY,
    LEARNER_SIGNER,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    Document,
    badge,
    changed,
    examine,
    failed,
    found,
    issued,
    jws,
    signed,
    token,
    verifier,
)

GOOD = issued(badge()).document
DID_URL = "https://uni.example/.well-known/did.json"
ASKED = Policy(challenge="a challenge", domain="verifier.example")
SUITES: list[Cryptosuite] = [EddsaRdfc2022(), EddsaJcs2022()]


def presentation(*credentials: object, **members: object) -> Document:
    document: Document = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": LEARNER,
        "verifiableCredential": list(credentials) or [GOOD],
    }
    return changed(document, **members)


def presented(
    document: Document | None = None,
    *,
    suite: Cryptosuite | None = None,
    signer: Signer = LEARNER_SIGNER,
    **options: object,
) -> Document:
    asked = {
        "created": NOW,
        "purpose": "authentication",
        "challenge": "a challenge",
        "domain": "verifier.example",
    }
    return signed(
        document if document is not None else presentation(),
        suite=suite,
        signer=signer,
        options=ProofOptions(**{**asked, **options}),  # type: ignore[arg-type]
    )


def presented_jwt(document: Document | None = None, **claims: object) -> str:
    """A presentation in a JWT, as its holder signs it; `nonce` and `aud` answer the verifier."""
    asked = {"iss": LEARNER, "nonce": "a challenge", "aud": "verifier.example"}
    header = {"alg": "EdDSA", "kid": LEARNER_SIGNER.verification_method}
    document = document if document is not None else presentation()
    payload = changed({**document, **asked}, **claims)
    return jws(header, payload, LEARNER_KEY)


# Signed


@pytest.mark.parametrize("suite", SUITES)
def test_presentation_of_one_s_own_badge_for_this_verifier_is_genuine(suite: Cryptosuite) -> None:
    report = examine(presented(suite=suite), policy=ASKED)
    assert report.verdict is Verdict.GENUINE
    assert found(report, CheckName.HOLDER) == (Answer.PASSED, None)
    assert [each.verdict for each in report.credentials] == [Verdict.GENUINE]


def test_presentation_in_a_jwt_is_genuine() -> None:
    report = examine(presented_jwt(), policy=ASKED)
    assert report.verdict is Verdict.GENUINE
    assert (report.securing, report.carrier) == ("vc-jwt", "jwt")
    several = presented_jwt(aud=["other.example", "verifier.example"])
    assert examine(several, policy=ASKED).verdict is Verdict.GENUINE


def test_jwt_presentation_of_version_1_is_genuine() -> None:
    inner = presentation(**{"@context": [CREDENTIALS_V1]})
    claims = {"iss": LEARNER, "nonce": "a challenge", "aud": "verifier.example", "vp": inner}
    header = {"alg": "EdDSA", "kid": LEARNER_SIGNER.verification_method}
    assert examine(jws(header, claims, LEARNER_KEY), policy=ASKED).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    "options",
    [
        {"challenge": "another"},
        {"challenge": None},
        {"domain": "other.example"},
        {"domain": None},
        {"challenge": "a challenge "},
        {"domain": "VERIFIER.example"},
    ],
)
def test_copy_of_a_presentation_for_another_is_refused(options: Document) -> None:
    report = examine(presented(**options), policy=ASKED)
    assert failed(report) == {CheckName.PROOF: Code.VP_BINDING}
    assert report.credentials == ()


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ["a challenge"]},
        {"nonce": {}},
        {"aud": "other.example"},
        {"aud": None},
        {"aud": ["other.example"]},
        {"aud": [{}]},
        {"aud": {"verifier.example": 1}},
    ],
)
def test_copy_of_a_jwt_presentation_for_another_is_refused(claims: Document) -> None:
    report = examine(presented_jwt(**claims), policy=ASKED)
    assert failed(report) == {CheckName.PROOF: Code.VP_BINDING}


def test_domain_of_a_presentation_may_be_several() -> None:
    document = presentation()
    several = ProofOptions(created=NOW, purpose="authentication", challenge="a challenge")
    proof = {"domain": ["other.example", "verifier.example"]}
    unsigned = signed(document, signer=LEARNER_SIGNER, options=several, suite=EddsaJcs2022())
    assert failed(examine(unsigned, policy=ASKED)) == {CheckName.PROOF: Code.VP_BINDING}
    # The signature no longer fits, but the domain does: the two are told apart.
    unsigned["proof"] |= proof
    assert failed(examine(unsigned, policy=ASKED)) == {CheckName.PROOF: Code.PROOF_INVALID}


def test_answers_count_only_where_the_policy_asks_for_them() -> None:
    for options in ({"challenge": None, "domain": None}, {"challenge": "x", "domain": "y"}):
        assert examine(presented(**options)).verdict is Verdict.GENUINE


def test_answers_are_not_asked_of_credentials() -> None:
    assert examine(GOOD, policy=ASKED).verdict is Verdict.GENUINE
    assert examine(token(badge()), policy=ASKED).verdict is Verdict.GENUINE


@pytest.mark.parametrize("purpose", ["assertionMethod", "keyAgreement"])
def test_proof_for_another_purpose_is_refused(purpose: str) -> None:
    report = examine(presented(purpose=purpose), policy=ASKED)
    assert failed(report) == {CheckName.PROOF: Code.PROOF_PURPOSE}


def test_presentation_signed_by_another_than_its_holder_is_refused() -> None:
    report = examine(presented(signer=OTHER_SIGNER), policy=ASKED)
    assert failed(report) == {CheckName.ISSUER: Code.VP_BINDING}


def test_changed_presentation_is_refused() -> None:
    document = presented()
    document["id"] = "urn:x:1"
    assert failed(examine(document, policy=ASKED)) == {CheckName.PROOF: Code.PROOF_INVALID}
    document = presented()
    document["verifiableCredential"].append(issued(badge(id="urn:x:2")).document)
    assert failed(examine(document, policy=ASKED)) == {CheckName.PROOF: Code.PROOF_INVALID}


def test_unsigned_presentation_is_refused_where_an_answer_is_asked_for() -> None:
    for policy in (Policy(challenge="c"), Policy(domain="d")):
        report = examine(presentation(), policy=policy)
        assert failed(report) == {CheckName.PROOF: Code.PROOF_MISSING}


def test_presentation_with_an_undefined_member_is_refused() -> None:
    report = examine(presented_jwt(presentation(undefined="x")), policy=ASKED)
    assert failed(report) == {CheckName.COMPACTED: Code.DATA_LOSS}


# Unsigned, and what is in it


def test_unsigned_presentation_is_as_good_as_its_credentials() -> None:
    report = examine(presentation())
    assert report.verdict is Verdict.GENUINE
    assert found(report, CheckName.PROOF) == (Answer.NOT_APPLICABLE, None)
    assert report.headline == "Its one credential is genuine and current."


@pytest.mark.parametrize(
    ("bad", "verdict", "code"),
    [
        (badge(), Verdict.NOT_GENUINE, Code.PROOF_MISSING),
        (
            issued(badge(validUntil="2026-01-02T00:00:00Z")).document,
            Verdict.EXPIRED,
            Code.EXPIRED,
        ),
        ({**GOOD, "name": "Changed"}, Verdict.NOT_GENUINE, Code.PROOF_INVALID),
    ],
)
def test_worst_credential_decides(bad: Document, verdict: Verdict, code: Code) -> None:
    for document in (presentation(GOOD, bad), presented(presentation(GOOD, bad))):
        report = examine(document)
        assert report.verdict is verdict
        assert report.codes == {code}
        assert [each.verdict for each in report.credentials] == [Verdict.GENUINE, verdict]
    assert report.headline == "Of the 2 credentials in it, 1 cannot simply be relied on."


@pytest.mark.parametrize(
    "value", ["not a jwt", 5, None, [GOOD], {"type": "VerifiableCredential"}, {}, "a.b.c"]
)
def test_what_is_no_credential_is_refused(value: object) -> None:
    document = presentation()
    document["verifiableCredential"] = [GOOD, value]
    report = examine(document)
    assert report.verdict in (Verdict.NOT_VALID, Verdict.NOT_GENUINE)


def test_presentation_inside_a_presentation_is_no_credential() -> None:
    document = presentation(presented())
    assert examine(document).verdict in (Verdict.NOT_VALID, Verdict.NOT_GENUINE)


def test_signed_presentation_of_nothing_shows_that_its_holder_answered() -> None:
    document = presentation()
    del document["verifiableCredential"]
    report = examine(presented(document), policy=ASKED)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert found(report, CheckName.EMBEDDED) == (Answer.COULD_NOT_CHECK, Code.NOT_CONFORMANT)


def test_token_that_cannot_be_read_names_nobody_as_its_subject() -> None:
    inner = presentation("e30.e30.AA", **{"@context": [CREDENTIALS_V1]})
    claims = {"iss": LEARNER, "nonce": "a challenge", "aud": "verifier.example", "vp": inner}
    header = {"alg": "EdDSA", "kid": LEARNER_SIGNER.verification_method}
    report = examine(jws(header, claims, LEARNER_KEY), policy=ASKED)
    assert report.verdict is Verdict.NOT_VALID
    assert found(report, CheckName.HOLDER) == (Answer.COULD_NOT_CHECK, Code.VP_BINDING)


@pytest.mark.parametrize("value", [None, []])
def test_unsigned_presentation_of_nothing_is_refused(value: object) -> None:
    document = presentation()
    document["verifiableCredential"] = value
    if value is None:
        del document["verifiableCredential"]
    report = examine(document)
    assert Code.NOT_CONFORMANT in report.codes
    assert found(report, CheckName.EMBEDDED)[0] is Answer.FAILED


def test_more_credentials_than_allowed_are_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EMBEDDED_CREDENTIALS", 2)
    assert examine(presentation(GOOD, GOOD)).verdict is Verdict.GENUINE
    report = examine(presentation(GOOD, GOOD, GOOD))
    assert failed(report) == {CheckName.EMBEDDED: Code.RESOURCE_LIMIT}
    assert report.credentials == ()


def test_single_credential_need_not_stand_in_an_array() -> None:
    document = presentation()
    document["verifiableCredential"] = deepcopy(GOOD)
    assert examine(document).verdict is Verdict.GENUINE


def test_envelope_around_a_good_token_is_genuine() -> None:
    inner = issued(badge(), mechanism=Mechanism.VC_JWT).token
    envelope = {
        "@context": [CREDENTIALS_V2],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{inner}",
    }
    for document in (presentation(envelope), presented(presentation(envelope))):
        assert examine(document).verdict is Verdict.GENUINE


def test_envelope_around_a_changed_token_is_not_genuine() -> None:
    header, _, signature = token(badge()).split(".")
    other = token(badge(name="Changed")).split(".")[1]
    envelope = {
        "@context": [CREDENTIALS_V2],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{header}.{other}.{signature}",
    }
    report = examine(presentation(envelope))
    assert report.codes == {Code.PROOF_INVALID}


# For programs


def test_presentation_is_no_verified_credential() -> None:
    for document in (presentation(), presented()):
        with pytest.raises(VerificationError) as caught:
            verifier().verify(dumps(document))
        report = caught.value.report
        assert isinstance(report, Report)
        assert report.verdict is Verdict.GENUINE
        assert caught.value.code is Code.NOT_CONFORMANT


def test_presentation_that_calls_itself_a_credential_is_none_either() -> None:
    # Nobody signed it; only what is in it is genuine.
    document = presentation(GOOD)
    document |= {"type": ["VerifiableCredential", "VerifiablePresentation"], "issuer": ISSUER}
    with pytest.raises(VerificationError):
        verifier().verify(dumps(document))


def test_trust_is_asked_for_each_credential() -> None:
    other = issued(
        badge(id="urn:x:2", issuer={"id": OTHER_ISSUER, "type": ["Profile"], "name": "x"}),
        signer=OTHER_SIGNER,
    ).document
    trust = AllowList({ISSUER: "Example University"})
    report = Verifier(now=NOW, trust=trust).examine(dumps(presentation(GOOD, other)))
    assert [each.known_as for each in report.credentials] == ["Example University", None]
    assert report.verdict is Verdict.UNKNOWN_ISSUER
