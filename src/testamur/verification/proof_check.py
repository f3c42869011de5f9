"""The proof and whose it is: steps 4 and 5 of the line in.

A signature proves that a key signed. It proves the issuer only when the issuer's own controller
document lists that key for the purpose, so both are looked at together and reported apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from testamur._frozen import replace
from testamur.canon.contexts import OB_3_0_3, Contexts
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ProofError, TestamurError
from testamur.keys.controller import retrieve
from testamur.secure import EddsaRdfc2022, data_integrity
from testamur.secure.data_integrity import Proof
from testamur.verification import answers
from testamur.verification.reading import Reading
from testamur.verification.report import Answer, Check, CheckName, Weight
from testamur.verification.signer_check import ExpectedSigner, ProofFinding

__all__ = ["check_proof"]

_SPEC = "VC Data Integrity 1.0, Verify Proof"
_SETS_SPEC = "VC Data Integrity 1.0, Verify Proof Sets and Chains"


def check_proof(reading: Reading, signer: ExpectedSigner) -> ProofFinding:
    """Check what secures a document, and that it is the expected signer's."""
    if reading.token is not None:
        from testamur.verification.token_check import check_token

        return check_token(reading.token, signer)
    if reading.seal is not None:
        from testamur.verification.seal_check import check_seal

        return check_seal(reading.seal, signer)
    document = reading.document
    try:
        proofs = reading.proofs or data_integrity.parse_proofs(document, signer.policy.suites)
    except ProofError as error:
        return ProofFinding((answers.from_error(CheckName.PROOF, error, spec=_SPEC),))
    mine = [proof for proof in proofs if signer.controls(proof.verification_method)]
    if not mine:
        return signer.foreign(proofs[0].verification_method)
    # The signer's own first: until they hold, nobody else's key is asked for.
    own = [_check_one(proof, proofs, reading, signer) for proof in mine]
    if all(check.answer is Answer.PASSED for check in own):
        others = [proof for proof in proofs if not signer.controls(proof.verification_method)]
        return _combined(
            own, [_check_one(proof, proofs, reading, signer) for proof in others], signer
        )
    if any(check.code is Code.PROOF_INVALID for check in own):
        own = [_unsigned_endorsement(document, mine[0], proofs, signer) or own[0], *own[1:]]
    return _combined(own, [], signer)


def _combined(own: list[Check], others: list[Check], signer: ExpectedSigner) -> ProofFinding:
    """Every proof must hold, and one of them must be the expected signer's.

    VC Data Integrity starts its loop over the proofs from "verified"; starting from nothing closes
    the hole of an empty list. A proof of an unknown kind beside a good one is a remark.
    """
    if len(own) == 1 and not others and own[0].answer is Answer.PASSED:
        return ProofFinding((own[0], signer.bound()))
    checks = [*own, *others]
    genuine = any(check.answer is Answer.PASSED for check in own)
    if genuine and not any(check.answer is Answer.FAILED for check in checks):
        weighed = [
            check if check.answer is Answer.PASSED else replace(check, weight=Weight.REMARK)
            for check in checks
        ]
        return ProofFinding((*weighed, signer.bound()))
    if all(check.code is Code.PROOF_UNSUPPORTED for check in checks):
        checks = [replace(check, answer=Answer.FAILED) for check in checks]
    return ProofFinding(tuple(checks))


def _check_one(
    proof: Proof,
    proofs: Sequence[Proof],
    reading: Reading,
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
            reading.document,
            proof,
            proofs=proofs,
            key=method.key,
            contexts=signer.policy.contexts,
            digests=reading.digests,
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


def _unsigned_endorsement(
    document: JsonObject, proof: Proof, proofs: Sequence[Proof], signer: ExpectedSigner
) -> Check | None:
    """Say so where a signature fails only because of an endorsementJwt that was never signed.

    context-3.0.3 has been two documents, and the member is defined in the newer one only. Where the
    signature holds without it and under the older document, anybody may have pasted it in.
    """
    hashes_rdf = isinstance(proof.suite, EddsaRdfc2022)  # JCS signs every member as it stands
    if not hashes_rdf or not _has_jwt_endorsement(document):
        return None
    try:
        key = retrieve(
            proof.verification_method, purpose=signer.purpose, resolver=signer.resolver
        ).key
        data_integrity.verify_proof(
            _without(document, "endorsementJwt"),
            proof,
            proofs=proofs,
            key=key,
            contexts=Contexts.bundled_before_2026_06_29(),
        )
    except TestamurError:
        return None
    return answers.failed(
        CheckName.PROOF,
        Code.ENDORSEMENT_INVALID,
        "Its endorsementJwt is not covered by the signature: anybody may have added it. Without it "
        "the signature is genuine.",
        spec=_SPEC,
        path="endorsementJwt",
    )


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
