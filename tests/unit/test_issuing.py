"""The line out: nothing leaves it that no verifier would accept."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from testamur.canon.contexts import (
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    DATA_INTEGRITY_V2,
    ED25519_2020_V1,
    Contexts,
)
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import CanonicalizationError, Code, ConfigurationError, ModelError
from testamur.issuing import Mechanism, issue
from testamur.keys import Ed25519Signer
from testamur.loading import load
from testamur.model.parse import parse_credential
from testamur.secure import ProofOptions
from testamur.secured import Carrier, Securing
from testamur.verification import Answer, CheckName, Verdict
from unit.scenes import (
    CREATED,
    ISSUER,
    KEY,
    LEARNER,
    NOW,
    OTHER_SIGNER,
    SIGNER,
    Document,
    badge,
    changed,
    credential,
    examine,
    issued,
    signed,
)

MECHANISMS = list(Mechanism)


def refused(document: Document, **options: object) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        issue(document, signer=SIGNER, now=NOW, **options)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("document", [badge(), credential()], ids=["badge", "credential"])
def test_issued_credential_is_genuine_and_as_it_was(
    mechanism: Mechanism, document: Document
) -> None:
    before = deepcopy(document)
    secured = issued(document, mechanism=mechanism)
    assert document == before
    assert changed(secured.document, proof=None, **{"@context": None}) == changed(
        document, **{"@context": None}
    )
    assert examine(secured.content).verdict is Verdict.GENUINE
    loaded = load(secured.content)
    assert (loaded.content, loaded.document) == (secured.content, secured.document)
    assert (loaded.securing, loaded.carrier, loaded.token) == (
        secured.securing,
        secured.carrier,
        secured.token,
    )


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_model_and_its_document_are_issued_alike(mechanism: Mechanism) -> None:
    model = parse_credential(badge())
    assert issue(model, signer=SIGNER, now=NOW, mechanism=mechanism) == issued(
        model.to_json(), mechanism=mechanism
    )


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_issuing_is_deterministic(mechanism: Mechanism) -> None:
    assert issued(badge(), mechanism=mechanism) == issued(badge(), mechanism=mechanism)


def test_default_is_what_wallets_know() -> None:
    secured = issue(badge(), signer=SIGNER, now=NOW)
    proof: Document = secured.document["proof"]  # type: ignore[assignment]
    assert proof["cryptosuite"] == "eddsa-rdfc-2022"
    assert proof["created"] == CREATED
    assert proof["proofPurpose"] == "assertionMethod"
    assert (secured.securing, secured.carrier) == (Securing.DATA_INTEGRITY, Carrier.JSON)


def test_jwt_is_a_token_in_ascii() -> None:
    secured = issued(badge(name="Zespół"), mechanism=Mechanism.VC_JWT)
    assert (secured.securing, secured.carrier) == (Securing.VC_JWT, Carrier.JWT)
    assert secured.content.decode("ascii") == secured.token
    assert secured.document == badge(name="Zespół")


def test_options_are_written_in_place_of_the_clock() -> None:
    options = ProofOptions(created=NOW - timedelta(days=1), expires=NOW + timedelta(days=1))
    proof: Document = issued(badge(), options=options).document["proof"]  # type: ignore[assignment]
    assert (proof["created"], proof["expires"]) == ("2026-05-31T00:00:00Z", "2026-06-02T00:00:00Z")


def test_second_proof_stands_beside_the_first() -> None:
    first = issued(badge())
    second = issued(first.document, mechanism=Mechanism.EDDSA_JCS_2022)
    proofs: list[JsonValue] = second.document["proof"]  # type: ignore[assignment]
    assert proofs[0] == first.document["proof"]
    report = examine(second.content)
    assert report.verdict is Verdict.GENUINE
    answers = [check.answer for check in report.checks if check.name is CheckName.PROOF]
    assert answers == [Answer.PASSED, Answer.PASSED]


def test_token_around_a_credential_with_a_proof_keeps_both() -> None:
    # Open Badges 3.0, 8.2: the embedded proofs are added before the JWT is made.
    secured = issued(signed(badge()), mechanism=Mechanism.VC_JWT)
    assert "proof" in secured.document
    assert examine(secured.content).verdict is Verdict.GENUINE


# 1. The standard's rules


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize(
    ("document", "code"),
    [
        (badge(name=None), Code.NOT_CONFORMANT),
        (badge(validFrom="2026-01-01"), Code.VALIDITY_MALFORMED),
        (badge(issuer=ISSUER), Code.ISSUER_INVALID),
        (badge(credentialSubject={"id": LEARNER}), Code.NOT_CONFORMANT),
        (credential(issuer=None), Code.ISSUER_INVALID),
        (credential(type=["Thing"]), Code.NOT_CONFORMANT),
    ],
)
def test_credential_that_breaks_its_standard_is_not_issued(
    mechanism: Mechanism, document: Document, code: Code
) -> None:
    with pytest.raises(ModelError) as caught:
        issued(document, mechanism=mechanism)
    assert caught.value.code is code


# 2. The key


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize(
    "method",
    [
        OTHER_SIGNER.verification_method,
        ISSUER,
        f"{ISSUER}#",
        "https://uni.example/keys#1",
        f"did:web:uni.example#{ISSUER}",
    ],
)
def test_key_that_is_not_the_issuer_s_does_not_sign(mechanism: Mechanism, method: str) -> None:
    signer = Ed25519Signer(KEY, method)
    for document in (badge(), credential()):
        with pytest.raises(ConfigurationError) as caught:
            issued(document, mechanism=mechanism, signer=signer)
        assert caught.value.code is Code.ISSUER_MISMATCH
        assert caught.value.expected == ISSUER


def test_options_do_not_go_with_a_jwt() -> None:
    error = refused(badge(), mechanism=Mechanism.VC_JWT, options=ProofOptions())
    assert error.code is Code.CONFIGURATION


def test_proof_for_a_purpose_that_no_verifier_accepts_is_not_made() -> None:
    refused(badge(), options=ProofOptions(created=NOW, purpose="authentication"))


@pytest.mark.parametrize("signer", [KEY, None, "did:key:z6Mk"])
def test_what_is_no_signer_is_a_mistake_of_the_caller(signer: object) -> None:
    with pytest.raises(TypeError, match="Ed25519Signer"):
        issue(badge(), signer=signer, now=NOW)  # type: ignore[arg-type]


def test_mechanism_may_be_named_by_its_text() -> None:
    secured = issue(badge(), signer=SIGNER, now=NOW, mechanism="vc-jwt")  # type: ignore[arg-type]
    assert secured.securing is Securing.VC_JWT
    with pytest.raises(ValueError, match="rsa"):
        issue(badge(), signer=SIGNER, now=NOW, mechanism="rsa")  # type: ignore[arg-type]


# 3. The contexts that define the proof


def version_1(*more: str) -> Document:
    return {
        "@context": [CREDENTIALS_V1, *more],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": LEARNER},
    }


@pytest.mark.parametrize(
    ("document", "mechanism", "appended"),
    [
        (credential(), Mechanism.EDDSA_RDFC_2022, []),
        (credential(), Mechanism.EDDSA_JCS_2022, []),
        (credential(), Mechanism.ED25519_SIGNATURE_2020, [ED25519_2020_V1]),
        (credential(), Mechanism.VC_JWT, []),
        (version_1(), Mechanism.EDDSA_RDFC_2022, [DATA_INTEGRITY_V2]),
        (version_1(), Mechanism.EDDSA_JCS_2022, [DATA_INTEGRITY_V2]),
        (version_1(), Mechanism.ED25519_SIGNATURE_2020, [ED25519_2020_V1]),
        (version_1(), Mechanism.VC_JWT, []),
        (version_1(DATA_INTEGRITY_V2), Mechanism.EDDSA_RDFC_2022, []),
        (version_1(ED25519_2020_V1), Mechanism.ED25519_SIGNATURE_2020, []),
        (
            credential(**{"@context": [CREDENTIALS_V2, ED25519_2020_V1]}),
            Mechanism.ED25519_SIGNATURE_2020,
            [],
        ),
    ],
)
def test_context_that_defines_the_proof_is_appended_where_it_is_missing(
    document: Document, mechanism: Mechanism, appended: list[str]
) -> None:
    secured = issued(document, mechanism=mechanism)
    assert secured.document["@context"] == document["@context"] + appended
    assert examine(secured.content).verdict is Verdict.GENUINE


# 4. Nothing is lost


@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"ectsCredits": 5}, Code.DATA_LOSS),
        ({"type": ["VerifiableCredential", "OpenBadgeCredential", "Diploma"]}, Code.DATA_LOSS),
        ({"https://schema.org/name": "x"}, Code.NOT_CONFORMANT),
        (
            {"@context": [*badge()["@context"], "https://uni.example/context"]},
            Code.CONTEXT_REJECTED,
        ),
    ],
)
def test_member_that_would_not_be_signed_is_refused_by_every_mechanism(
    mechanism: Mechanism, members: Document, code: Code
) -> None:
    with pytest.raises(CanonicalizationError) as caught:
        issued(badge(**members), mechanism=mechanism)
    assert caught.value.code is code


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_context_of_the_issuer_s_own_is_accepted_where_it_is_given(mechanism: Mechanism) -> None:
    url = "https://uni.example/context/v1"
    terms: JsonObject = {"@context": {"ectsCredits": "https://uni.example/terms#ects"}}
    contexts = Contexts.bundled().with_documents({url: terms})
    document = badge(**{"@context": [*badge()["@context"], url]}, ectsCredits=5)
    secured = issue(document, signer=SIGNER, now=NOW, mechanism=mechanism, contexts=contexts)
    assert changed(secured.document, **{"@context": None})["ectsCredits"] == 5


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_text_with_half_of_a_surrogate_pair_is_refused(mechanism: Mechanism) -> None:
    # Not out of a file, but out of a credential that a program made.
    with pytest.raises(CanonicalizationError) as caught:
        issued(badge(name="\ud800"), mechanism=mechanism)
    assert caught.value.code is Code.NOT_CONFORMANT


# 5. Signed


def test_clock_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        issue(badge(), signer=SIGNER, now=datetime(2026, 1, 1))  # noqa: DTZ001
    assert caught.value.code is Code.VALIDITY_MALFORMED


def test_clock_of_another_zone_says_the_same_moment() -> None:
    proof: Document = issue(badge(), signer=SIGNER, now=NOW).document["proof"]  # type: ignore[assignment]
    moment = datetime.fromisoformat(proof["created"])
    assert moment.astimezone(UTC) == NOW


def test_content_is_the_document_in_compact_json() -> None:
    secured = issued(badge(name="Zespół"))
    assert json.loads(secured.content) == secured.document
    assert b" :" not in secured.content
    assert "Zespół".encode() in secured.content
