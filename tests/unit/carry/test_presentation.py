"""Presentations and the wallet file (VC Data Model 2.0, 4.13, and what wallets open)."""

from __future__ import annotations

import json

import pytest

from testamur import limits
from testamur.canon.contexts import CREDENTIALS_V2
from testamur.carry.presentation import (
    build_presentation,
    credentials_in,
    sign_presentation,
    wallet_file,
)
from testamur.errors import CanonicalizationError, Code, ConfigurationError, ParseError
from testamur.issuing import Mechanism
from testamur.keys import Ed25519Signer
from testamur.loading import load, load_embedded
from testamur.secured import Secured, Securing
from testamur.verification import Policy, Verdict
from unit.scenes import (
    LEARNER,
    LEARNER_KEY,
    LEARNER_SIGNER,
    NOW,
    SIGNER,
    Document,
    badge,
    examine,
    issued,
)

EMBEDDED = issued(badge())
TOKEN = issued(
    badge(id="urn:uuid:6f0a1c1e-0d52-4b5c-a1e3-0f8d8a1b0009"), mechanism=Mechanism.VC_JWT
)
ENVELOPED = {
    "@context": CREDENTIALS_V2,
    "id": f"data:application/vc+jwt,{TOKEN.token}",
    "type": "EnvelopedVerifiableCredential",
}
ASKED = Policy(challenge="a challenge", domain="verifier.example")


def presented(*credentials: Secured, signer: Ed25519Signer = LEARNER_SIGNER) -> Secured:
    return sign_presentation(
        build_presentation(credentials),
        signer=signer,
        now=NOW,
        challenge="a challenge",
        domain="verifier.example",
    )


def test_presentation_holds_the_credentials_as_they_stand() -> None:
    # VC Data Model 2.0, 4.13: the base context first, the type, and the credentials.
    assert build_presentation([EMBEDDED]) == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [EMBEDDED.document],
    }


def test_token_is_enveloped_and_stands_behind_the_others() -> None:
    presentation = build_presentation([TOKEN, EMBEDDED])
    assert presentation["verifiableCredential"] == [EMBEDDED.document, ENVELOPED]


def test_second_copy_is_left_out() -> None:
    presentation: Document = build_presentation([EMBEDDED, TOKEN, EMBEDDED, TOKEN])
    assert len(presentation["verifiableCredential"]) == 2


def test_holder_and_id_are_written_where_they_are_given() -> None:
    presentation = build_presentation([EMBEDDED], holder=LEARNER, id="urn:x:1")
    assert (presentation["holder"], presentation["id"]) == (LEARNER, "urn:x:1")


def test_presentation_of_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        build_presentation([])
    assert caught.value.code is Code.CONFIGURATION


def test_presentation_in_a_presentation_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        build_presentation([EMBEDDED, presented(EMBEDDED)])
    assert caught.value.code is Code.CONFIGURATION


def test_more_credentials_than_a_verifier_reads_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "EMBEDDED_CREDENTIALS", 1)
    build_presentation([EMBEDDED, EMBEDDED])
    with pytest.raises(ConfigurationError):
        build_presentation([EMBEDDED, TOKEN])


def test_wallet_file_is_an_unsigned_presentation_in_indented_json() -> None:
    content = wallet_file([EMBEDDED, TOKEN])
    presentation = build_presentation([EMBEDDED, TOKEN])
    assert content.decode() == json.dumps(presentation, indent=2, ensure_ascii=False) + "\n"
    secured = load(content)
    assert secured.securing is Securing.NONE
    assert examine(content).verdict is Verdict.GENUINE


def test_credentials_come_out_as_they_went_in() -> None:
    values = credentials_in(load(wallet_file([EMBEDDED, TOKEN])))
    assert [load_embedded(value).document for value in values] == [
        EMBEDDED.document,
        TOKEN.document,
    ]
    assert load_embedded(values[1]).token == TOKEN.token


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, []), ([], []), ({"a": 1}, [{"a": 1}]), ("a.b.c", ["a.b.c"]), (["x", {}], ["x", {}])],
)
def test_credentials_of_a_presentation_may_be_none_one_or_many(
    value: object, expected: list[object]
) -> None:
    document: Document = {"type": "VerifiablePresentation"}
    if value is not None:
        document["verifiableCredential"] = value
    assert credentials_in(load(json.dumps(document))) == expected


def test_credentials_are_not_sought_in_what_is_no_presentation() -> None:
    with pytest.raises(ParseError) as caught:
        credentials_in(EMBEDDED)
    assert caught.value.code is Code.NOT_CONFORMANT


def test_signed_presentation_says_who_hands_it_over_to_whom_and_when() -> None:
    secured = presented(EMBEDDED)
    proof: Document = secured.document["proof"]  # type: ignore[assignment]
    assert secured.document["holder"] == LEARNER
    assert (proof["proofPurpose"], proof["challenge"], proof["domain"], proof["created"]) == (
        "authentication",
        "a challenge",
        "verifier.example",
        "2026-06-01T00:00:00Z",
    )
    assert json.loads(secured.content) == secured.document
    assert secured.securing is Securing.DATA_INTEGRITY
    assert examine(secured.content, policy=ASKED).verdict is Verdict.GENUINE


def test_presentation_is_not_changed_by_its_signature() -> None:
    presentation = build_presentation([EMBEDDED])
    sign_presentation(presentation, signer=LEARNER_SIGNER, now=NOW, challenge="c", domain="d")
    assert presentation == build_presentation([EMBEDDED])


@pytest.mark.parametrize(("challenge", "domain"), [("", "d"), ("c", ""), ("", "")])
def test_presentation_for_nobody_is_not_signed(challenge: str, domain: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        sign_presentation(
            build_presentation([EMBEDDED]),
            signer=LEARNER_SIGNER,
            now=NOW,
            challenge=challenge,
            domain=domain,
        )
    assert caught.value.code is Code.CONFIGURATION


def test_holder_may_be_an_object() -> None:
    presentation: Document = {**build_presentation([EMBEDDED]), "holder": {"id": LEARNER}}
    secured = sign_presentation(
        presentation, signer=LEARNER_SIGNER, now=NOW, challenge="c", domain="d"
    )
    assert secured.document["holder"] == {"id": LEARNER}
    assert examine(secured.content).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    "holder", ["did:web:other.example", {"id": "did:web:other.example"}, {}, None, 5]
)
def test_presentation_of_another_holder_is_not_signed(holder: object) -> None:
    presentation: Document = {**build_presentation([EMBEDDED]), "holder": holder}
    with pytest.raises(ConfigurationError) as caught:
        sign_presentation(presentation, signer=LEARNER_SIGNER, now=NOW, challenge="c", domain="d")
    assert caught.value.code is Code.VP_BINDING


def test_member_that_would_not_be_signed_is_refused() -> None:
    presentation: Document = {**build_presentation([EMBEDDED]), "undefined": "x"}
    with pytest.raises(CanonicalizationError) as caught:
        sign_presentation(presentation, signer=LEARNER_SIGNER, now=NOW, challenge="c", domain="d")
    assert caught.value.code is Code.DATA_LOSS


@pytest.mark.parametrize("policy", [Policy(challenge="another"), Policy(domain="other.example")])
def test_copy_for_another_verifier_is_worth_nothing(policy: Policy) -> None:
    report = examine(presented(EMBEDDED).content, policy=policy)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.codes == {Code.VP_BINDING}


def test_badge_of_another_learner_cannot_be_presented_as_one_s_own() -> None:
    thief = Ed25519Signer.for_did_jwk(LEARNER_KEY)
    report = examine(presented(EMBEDDED, signer=thief).content, policy=ASKED)
    assert report.codes == {Code.VP_BINDING}
    report = examine(presented(EMBEDDED, signer=SIGNER).content, policy=ASKED)
    assert report.verdict is Verdict.NOT_VALID
