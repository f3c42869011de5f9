"""The proof and whose it is: steps 4 and 5 of the line in.

A signature proves that a key signed. It proves the issuer only when the issuer's own controller
document lists that key for the purpose, so both are looked at together and reported apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from testamur.canon.contexts import OB_3_0_3, Contexts
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, FetchError, ProofError, SigningKeyError, TestamurError
from testamur.keys.controller import retrieve
from testamur.keys.protocols import VerificationKey
from testamur.secure import EddsaRdfc2022, data_integrity
from testamur.secure.data_integrity import Proof
from testamur.secured import Secured, Securing
from testamur.verification import answers
from testamur.verification.report import Answer, Check, CheckName, Weight
from testamur.verification.signer_check import ExpectedSigner, ProofFinding
from testamur.verification.token_check import check_token

__all__ = ["check_proof"]

_SPEC = "VC Data Integrity 1.0, Verify Proof"
_SETS_SPEC = "VC Data Integrity 1.0, Verify Proof Sets and Chains"


def check_proof(secured: Secured, signer: ExpectedSigner) -> ProofFinding:
    """Check what secures a document, and that it is the expected signer's."""
    if secured.securing is Securing.VC_JWT:
        return check_token(secured.token or "", signer)
    document = secured.document
    try:
        proofs = data_integrity.parse_proofs(document, signer.policy.suites)
    except ProofError as error:
        return ProofFinding((answers.from_error(CheckName.PROOF, error, spec=_SPEC),))
    mine = [proof for proof in proofs if signer.controls(proof.verification_method)]
    if not mine:
        return signer.foreign(proofs[0].verification_method)
    contexts, document, uncovered = _contexts_that_fit(document, mine[0], proofs, signer)
    checks = [_check_one(proof, proofs, document, contexts, signer) for proof in proofs]
    return _combined(proofs, checks, uncovered, signer)


def _combined(
    proofs: Sequence[Proof],
    checks: list[Check],
    uncovered: frozenset[str],
    signer: ExpectedSigner,
) -> ProofFinding:
    """Every proof must hold, and one of them must be the expected signer's.

    VC Data Integrity starts its loop over the proofs from "verified"; starting from nothing closes
    the hole of an empty list. A proof of an unknown kind beside a good one is a remark.
    """
    unknown = [check.code is Code.PROOF_UNSUPPORTED for check in checks]
    genuine = any(
        check.answer is Answer.PASSED and signer.controls(proof.verification_method)
        for proof, check in zip(proofs, checks, strict=True)
    )
    if not genuine:
        if all(unknown):
            checks = [check.model_copy(update={"answer": Answer.FAILED}) for check in checks]
        return ProofFinding(tuple(checks))
    if any(check.answer is Answer.FAILED for check in checks):
        return ProofFinding(tuple(checks))
    weighed = [
        check
        if check.answer is Answer.PASSED
        else check.model_copy(update={"weight": Weight.REMARK})
        for check in checks
    ]
    return ProofFinding((*weighed, signer.bound()), uncovered)


def _check_one(
    proof: Proof,
    proofs: Sequence[Proof],
    document: JsonObject,
    contexts: Contexts,
    signer: ExpectedSigner,
) -> Check:
    evidence = {
        "cryptosuite": proof.suite_name[:100],
        "verificationMethod": proof.verification_method[:1000],
    }
    if proof.suite is None:
        return answers.could_not_check(
            CheckName.PROOF,
            Code.PROOF_UNSUPPORTED,
            f"A proof of the kind {proof.suite_name[:60]} cannot be checked here.",
            spec=_SETS_SPEC,
            evidence=evidence,
        )
    try:
        _check_purpose(proof, signer)
        method = retrieve(
            proof.verification_method, purpose=signer.purpose, resolver=signer.resolver
        )
        signer.check_key_dates(method, proof.created)
        data_integrity.verify_proof(
            document, proof, proofs=proofs, key=method.key, contexts=contexts
        )
    except TestamurError as error:
        return answers.from_error(CheckName.PROOF, error, spec=_SPEC, evidence=evidence)
    return answers.passed(
        CheckName.PROOF,
        "The signature is genuine: nothing was changed since it was signed.",
        spec=_SPEC,
        evidence=evidence,
    )


def _check_purpose(proof: Proof, signer: ExpectedSigner) -> None:
    """Verify Proof, steps 5 to 7: purpose, expiry, domain and challenge."""
    if proof.purpose != signer.purpose:
        raise ProofError(
            f"the proof was made for {proof.purpose[:60]!r}, not for {signer.purpose!r}",
            code=Code.PROOF_PURPOSE,
            expected=signer.purpose,
            found=proof.purpose[:60],
        )
    if proof.expires is not None and proof.expires <= signer.now - signer.policy.clock_skew:
        raise ProofError(
            "the proof itself has expired", code=Code.PROOF_EXPIRED, when=proof.expires
        )
    signer.check_answers(proof.challenge, proof.domains)


def _contexts_that_fit(
    document: JsonObject, proof: Proof, proofs: Sequence[Proof], signer: ExpectedSigner
) -> tuple[Contexts, JsonObject, frozenset[str]]:
    """Choose between the two documents that context-3.0.3 has been.

    `endorsementJwt` is defined in the newer one only. Where the signature holds only without that
    member and under the older document, the member was never signed: it is ignored.
    """
    contexts = signer.policy.contexts
    unchanged = contexts, document, frozenset[str]()
    hashes_rdf = isinstance(proof.suite, EddsaRdfc2022)  # JCS signs every member as it stands
    if contexts is not Contexts.bundled() or not hashes_rdf or not _has_jwt_endorsement(document):
        return unchanged
    try:
        key = retrieve(
            proof.verification_method, purpose=signer.purpose, resolver=signer.resolver
        ).key
    except (SigningKeyError, FetchError):
        return unchanged  # `_check_one` reports it
    if _holds(document, proof, proofs, key=key, contexts=contexts):
        return unchanged
    older = Contexts.bundled_before_2026_06_29()
    stripped = _without(document, "endorsementJwt")
    if _holds(stripped, proof, proofs, key=key, contexts=older):
        return older, stripped, frozenset({"endorsementJwt"})
    return unchanged


def _holds(
    document: JsonObject,
    proof: Proof,
    proofs: Sequence[Proof],
    *,
    key: VerificationKey,
    contexts: Contexts,
) -> bool:
    try:
        data_integrity.verify_proof(document, proof, proofs=proofs, key=key, contexts=contexts)
    except TestamurError:
        return False
    return True


def _has_jwt_endorsement(document: JsonObject) -> bool:
    contexts = document.get("@context")
    return isinstance(contexts, list) and OB_3_0_3 in contexts and _mentions(document)


def _mentions(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return "endorsementJwt" in value or any(_mentions(each) for each in value.values())
    return isinstance(value, list) and any(_mentions(each) for each in value)


def _without(document: JsonObject, member: str) -> JsonObject:
    def stripped(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return _without(value, member)
        return [stripped(each) for each in value] if isinstance(value, list) else value

    return {name: stripped(value) for name, value in document.items() if name != member}
