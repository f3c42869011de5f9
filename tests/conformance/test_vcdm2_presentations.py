"""VC Data Model 2.0: the W3C's inputs for presentations, signed here and verified here.

The inputs hold credentials without proofs and name holders whose keys nobody has. They are
completed: our issuer signs each credential, and our holder, who is its subject, presents it.
"""

from __future__ import annotations

from typing import Any

import pytest

import shared_data
from conformance.vcdm2_inputs import ISSUER, NOW, Refusal, names, read, signer, verifier
from known_contexts import INLINE
from simulator import LEARNER, learner
from testamur.canon.strict_json import JsonObject, dumps
from testamur.carry.presentation import sign_presentation
from testamur.errors import CanonicalizationError, Code, ConfigurationError, ModelError
from testamur.issuing import Mechanism, issue
from testamur.secure import EddsaJcs2022, ProofOptions
from testamur.secure.data_integrity import add_proof
from testamur.verification import Answer, CheckName, Report, Verdict

CHALLENGE, DOMAIN = "3d7b1f4c", "employer.example"

FAILURES = {
    "presentation-context-order-fail": Refusal(
        Code.CONTEXT_REJECTED, "presentation.@context[0]", "does not begin with the base context"
    ),
    "presentation-missing-base-context-fail": Refusal(
        Code.CONTEXT_REJECTED, "presentation.@context[0]", "not with the base context"
    ),
    "presentation-no-context-fail-or-inject": Refusal(
        Code.CONTEXT_REJECTED, "presentation.@context", "is missing"
    ),
    # Without the type it is read as a credential.
    "presentation-missing-required-type-fail": Refusal(
        Code.NOT_CONFORMANT, "credential.type", "does not name VerifiableCredential"
    ),
    "presentation-no-type-fail": Refusal(Code.NOT_CONFORMANT, "credential.type", "is missing"),
    "presentation-holder-fail": Refusal(Code.NOT_CONFORMANT, "presentation.holder", "is not a URL"),
    "presentation-holder-name-fail": Refusal(
        Code.NOT_CONFORMANT, "presentation.holder.id", "is missing"
    ),
    "presentation-holder-object-fail": Refusal(
        Code.NOT_CONFORMANT, "presentation.holder.id", "is not a URL"
    ),
    "presentation-enveloped-vc-missing-type-fail": Refusal(
        Code.NOT_CONFORMANT, "presentation.verifiableCredential[0].type", "does not name"
    ),
    "presentation-vc-as-string-fail": Refusal(
        Code.NOT_CONFORMANT, "presentation.verifiableCredential[0]", "is a string"
    ),
    "presentation-vc-missing-required-type-fail": Refusal(
        Code.NOT_CONFORMANT, "presentation.verifiableCredential[0].type", "does not name"
    ),
}
"""Name of the input → why it is refused."""

SELF_ASSERTED = (
    "presentation-self-asserted-vc-no-holder",
    "presentation-self-asserted-vc-holder-mismatch",
    "presentation-self-asserted-vc-issuer-mismatch",
)
"""Neither -ok nor -fail by name. VC Data Model 2.0, "Presentations Including Holder Claims": a
credential that is secured by the presentation's proof alone needs a holder that is named, and an
issuer that is the same; without one of them it has no proof."""

WITHOUT_CREDENTIALS = (
    "presentation-id-ok",
    "presentation-ok",
    "presentation-optional-type-ok",
)
"""Well-formed, since verifiableCredential is optional; but there is nothing in them to rely on."""

MUST_PASS = (CheckName.STRUCTURE, CheckName.COMPACTED, CheckName.PROOF, CheckName.ISSUER)

GOOD = shared_data.params(lambda: names("presentation", ok=True))


def bad() -> dict[str, str]:
    found = names("presentation", ok=False)
    return {name: name for name in found if name not in SELF_ASSERTED}


BAD = shared_data.params(bad)


def completed(name: str) -> dict[str, Any]:
    """Return an input with our holder, and with credentials that our issuer signed."""
    document = read(name)
    holder = document.get("holder", LEARNER)
    if isinstance(holder, dict) and str(holder.get("id")).startswith("did:"):
        document["holder"] = {**holder, "id": LEARNER}
    elif isinstance(holder, str) and holder.startswith("did:"):
        document["holder"] = LEARNER
    if "verifiableCredential" in document:
        document["verifiableCredential"] = [
            signed(each) for each in document["verifiableCredential"]
        ]
    return document


def signed(credential: Any) -> Any:
    """Return a credential of an input as our issuer signs it, where it has an issuer."""
    if not isinstance(credential, dict) or "issuer" not in credential:
        return credential
    ours = {**credential, "issuer": ISSUER, "credentialSubject": {"id": LEARNER}}
    if not credential["type"]:
        return {**ours, "proof": {}}  # cannot be signed, and need not be
    return issue(ours, signer=signer, now=NOW).document


def examine(document: dict[str, Any]) -> Report:
    return verifier(challenge=CHALLENGE, domain=DOMAIN).examine(dumps(document))


def present(document: dict[str, Any]) -> dict[str, Any]:
    """Sign a presentation as its holder."""
    return sign_presentation(
        document, signer=learner, now=NOW, challenge=CHALLENGE, domain=DOMAIN, contexts=INLINE
    ).document


def present_unchecked(document: dict[str, Any]) -> dict[str, Any]:
    """Sign a presentation without a look at it, as an attacker's software does."""
    options = ProofOptions(
        created=NOW, purpose="authentication", challenge=CHALLENGE, domain=DOMAIN
    )
    return add_proof(
        {"holder": LEARNER, **document},
        suite=EddsaJcs2022(),
        signer=learner,
        options=options,
        contexts=INLINE,
    )


def test_every_failing_input_has_a_reason_in_the_table() -> None:
    assert set(names("presentation", ok=False)) == set(FAILURES) | set(SELF_ASSERTED)


@pytest.mark.parametrize("name", GOOD)
def test_good_input_is_signed_and_verified(name: str) -> None:
    report = examine(present(completed(name)))
    for check in MUST_PASS:
        assert report.check(check).answer is Answer.PASSED, check
    if name in WITHOUT_CREDENTIALS:
        assert report.check(CheckName.EMBEDDED).code is Code.NOT_CONFORMANT
    elif name == "presentation-enveloped-vc-ok":
        # The JWT in it names no key: Open Badges 3.0, 8.2.3, "kid" or "jwk" is a MUST.
        assert [inner.check(CheckName.PARSE).code for inner in report.credentials] == [
            Code.JWT_HEADER
        ]
    else:
        assert report.verdict is Verdict.GENUINE


def test_enveloped_credential_is_verified_inside_a_presentation() -> None:
    document = read("presentation-enveloped-vc-ok")
    credential: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "credentialSubject": {"id": LEARNER},
    }
    token = issue(credential, signer=signer, now=NOW, mechanism=Mechanism.VC_JWT).token
    envelope = document["verifiableCredential"][0]
    document["verifiableCredential"] = [{**envelope, "id": f"data:application/vc+jwt,{token}"}]
    assert examine(present(document)).verdict is Verdict.GENUINE


@pytest.mark.parametrize("name", BAD)
def test_bad_input_with_a_good_signature_is_refused_for_its_own_reason(name: str) -> None:
    report = examine(present_unchecked(completed(name)))
    expected = FAILURES[name]
    reasons = [
        (check.code, check.path, check.sentence)
        for check in report.checks
        if check.answer is Answer.FAILED
    ]
    assert any(
        code is expected.code and path == expected.path and expected.words in sentence
        for code, path, sentence in reasons
    ), reasons
    assert report.verdict in (Verdict.NOT_VALID, Verdict.NOT_GENUINE)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_without_a_signature_is_refused_as_well(name: str) -> None:
    """A presentation may be unsigned: a wallet file."""
    report = verifier().examine(dumps(completed(name)))
    assert report.verdict in (Verdict.NOT_VALID, Verdict.NOT_GENUINE)
    assert FAILURES[name].code in report.codes


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_not_signed(name: str) -> None:
    with pytest.raises((ModelError, CanonicalizationError, ConfigurationError)):
        present(completed(name))


@pytest.mark.parametrize("name", SELF_ASSERTED)
def test_credential_without_a_proof_that_its_named_holder_did_not_issue_has_no_proof(
    name: str,
) -> None:
    document = read(name)
    if name.endswith("no-holder"):
        document["verifiableCredential"][0]["issuer"] = LEARNER
        presentation = add_proof(
            document,
            suite=EddsaJcs2022(),
            signer=learner,
            options=ProofOptions(
                created=NOW, purpose="authentication", challenge=CHALLENGE, domain=DOMAIN
            ),
            contexts=INLINE,
        )
    else:
        presentation = present_unchecked({**document, "holder": LEARNER})
    report = examine(presentation)
    assert report.check(CheckName.PROOF).answer is Answer.PASSED
    assert [inner.check(CheckName.PROOF).code for inner in report.credentials] == [
        Code.PROOF_MISSING
    ]
    assert report.verdict is Verdict.NOT_GENUINE


def test_holder_may_speak_for_themselves_under_the_proof_of_the_presentation() -> None:
    document = read("presentation-self-asserted-vc-ok")
    document["verifiableCredential"][0]["issuer"] = LEARNER
    report = examine(present({**document, "holder": LEARNER}))
    (statement,) = report.credentials
    assert statement.check(CheckName.PROOF).answer is Answer.PASSED
    assert statement.verdict is Verdict.UNKNOWN_ISSUER
    assert statement.contents is not None


def test_unsigned_presentation_secures_no_statement_of_its_holder() -> None:
    document = read("presentation-self-asserted-vc-ok")
    document["verifiableCredential"][0]["issuer"] = LEARNER
    report = verifier().examine(dumps({**document, "holder": LEARNER}))
    assert report.credentials[0].check(CheckName.PROOF).code is Code.PROOF_MISSING


@pytest.mark.parametrize("name", SELF_ASSERTED)
def test_self_asserted_credential_with_a_proof_of_its_own_goes_by_that_proof(name: str) -> None:
    """Then neither the holder's absence nor another issuer says anything against it."""
    assert examine(present(completed(name))).verdict is Verdict.GENUINE
