"""VC Data Model 2.0: the W3C's inputs for credentials, issued here and verified here.

A `-fail` must be refused when it is to be issued; and, because an attacker signs with other
software, it must be refused when it arrives with a perfectly good signature.
"""

from __future__ import annotations

import pytest

import shared_data
from conformance.vcdm2_inputs import (
    FAILURES,
    NOW,
    completed,
    names,
    read,
    signer,
    verifier,
)
from known_contexts import INLINE
from testamur.canon.strict_json import dumps
from testamur.errors import CanonicalizationError, Code, ModelError
from testamur.issuing import Mechanism, issue
from testamur.secure import Cryptosuite, EddsaJcs2022, EddsaRdfc2022, ProofOptions
from testamur.secure.data_integrity import add_proof
from testamur.verification import Answer, CheckName, Report, Verdict

WITH_A_PROOF = "credential-proof-ok"

VERDICTS = {
    "credential-validfrom-far-future-ok": Verdict.NOT_YET_VALID,
    "credential-validuntil-ms-ok": Verdict.EXPIRED,
    "credential-validuntil-ok": Verdict.EXPIRED,
    "credential-validuntil-tz-ok": Verdict.EXPIRED,
    # The status is of a made-up type, CredentialStatusList2017.
    "credential-status-missing-id-ok": Verdict.UNFINISHED,
    "credential-status-ok": Verdict.UNFINISHED,
}
"""What becomes of those good inputs that are not genuine and current at the clock of the tests."""

MUST_PASS = (CheckName.STRUCTURE, CheckName.COMPACTED, CheckName.PROOF, CheckName.ISSUER)


GOOD = shared_data.params(
    lambda: {name: name for name in names("credential", ok=True) if name != WITH_A_PROOF}
)
BAD = shared_data.params(lambda: names("credential", ok=False))


def sign_unchecked(name: str, suite: Cryptosuite) -> str:
    """Sign an input without a look at it, as an attacker's software does."""
    options = ProofOptions(created=NOW)
    return dumps(
        add_proof(completed(name), suite=suite, signer=signer, options=options, contexts=INLINE)
    )


def assert_refused_for_its_own_reason(name: str, report: Report) -> None:
    expected = FAILURES[name]
    reasons = [
        # The attacker's proof stands beside the input's own, which is then proof[0].
        (check.code, str(check.path).replace("proof[0]", "proof"), check.sentence)
        for check in report.checks
        if check.answer is Answer.FAILED
    ]
    assert any(
        code is expected.code and path == where(name) and expected.words in sentence
        for code, path, sentence in reasons
    ), reasons
    assert report.verdict in (Verdict.NOT_VALID, Verdict.NOT_GENUINE)


def where(name: str) -> str:
    return ".".join(part for part in ("credential", FAILURES[name].path) if part)


def test_every_failing_input_has_a_reason_in_the_table() -> None:
    assert set(names("credential", ok=False)) == set(FAILURES)


# Accepted.


@pytest.mark.parametrize("mechanism", [Mechanism.EDDSA_RDFC_2022, Mechanism.EDDSA_JCS_2022])
@pytest.mark.parametrize("name", GOOD)
def test_good_input_is_issued_and_verified(name: str, mechanism: Mechanism) -> None:
    secured = issue(completed(name), signer=signer, now=NOW, mechanism=mechanism, contexts=INLINE)
    report = verifier().examine(secured.content)
    for check in MUST_PASS:
        assert report.check(check).answer is Answer.PASSED, check
    assert report.verdict is VERDICTS.get(name, Verdict.GENUINE)


def test_inline_contexts_of_the_suite_are_refused_by_default() -> None:
    document = completed("credential-context-combo2-ok")
    with pytest.raises(CanonicalizationError) as caught:
        issue(document, signer=signer, now=NOW)
    assert caught.value.code is Code.CONTEXT_REJECTED


# Refused when they are to be issued.


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_not_issued_for_its_own_reason(name: str) -> None:
    with pytest.raises((ModelError, CanonicalizationError)) as caught:
        issue(completed(name), signer=signer, now=NOW, contexts=INLINE)
    assert caught.value.code is FAILURES[name].code
    assert caught.value.path == where(name)
    assert FAILURES[name].words in caught.value.message


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_not_issued_as_a_jwt(name: str) -> None:
    with pytest.raises((ModelError, CanonicalizationError)):
        issue(completed(name), signer=signer, now=NOW, mechanism=Mechanism.VC_JWT, contexts=INLINE)


# Refused when an attacker signed them.


@pytest.mark.parametrize("name", BAD)
def test_bad_input_with_a_good_jcs_signature_is_refused_for_its_own_reason(name: str) -> None:
    report = verifier().examine(sign_unchecked(name, EddsaJcs2022()))
    assert_refused_for_its_own_reason(name, report)


@pytest.mark.parametrize("name", BAD)
def test_bad_input_with_a_good_jcs_signature_is_not_relied_on(name: str) -> None:
    report = verifier().examine(sign_unchecked(name, EddsaJcs2022()))
    assert report.verdict in (Verdict.NOT_VALID, Verdict.NOT_GENUINE)
    assert report.contents is None


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_by_canonicalization_or_with_a_good_rdfc_signature(name: str) -> None:
    """Half of them have an RDF form, and can be signed; the other half cannot."""
    try:
        secured = sign_unchecked(name, EddsaRdfc2022())
    except CanonicalizationError:
        return
    report = verifier().examine(secured)
    assert_refused_for_its_own_reason(name, report)
    assert report.contents is None


# credential-proof-ok holds a proof that names no verificationMethod. The suite only has it issued,
# and looks at what comes back. w3c-credentials: a proof without verificationMethod is a refusal.


def test_input_with_a_proof_gets_a_second_one() -> None:
    secured = issue(completed(WITH_A_PROOF), signer=signer, now=NOW, contexts=INLINE)
    proofs = secured.document["proof"]
    assert isinstance(proofs, list)
    assert proofs[0] == read(WITH_A_PROOF)["proof"]
    assert len(proofs) == 2


def test_proof_without_verification_method_is_malformed() -> None:
    secured = issue(completed(WITH_A_PROOF), signer=signer, now=NOW, contexts=INLINE)
    report = verifier().examine(secured.content)
    assert report.verdict is Verdict.NOT_GENUINE
    assert report.check(CheckName.PROOF).code is Code.PROOF_MALFORMED
    assert "verificationMethod" in report.check(CheckName.PROOF).sentence
