"""Seals: that the text is as it was sealed, whose certificate sealed it, and when.

Four things are asked apart, since each can be known without the others. Does the signature fit?
Does its certificate lead to an anchor, and was it valid at a moment that is known? Was it revoked?
Is the organization that it names the one the credential names as its issuer?
"""

from __future__ import annotations

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, TestamurError
from testamur.keys.certificate import Certificate
from testamur.secure.jades import Seal, SealSignature, verify_signature
from testamur.verification import answers
from testamur.verification.certificate_check import (
    NAMESPACE,
    check_certificate,
    check_revocation,
    check_timestamp,
    facts,
    normal,
)
from testamur.verification.report import Answer, Check, CheckName, Weight
from testamur.verification.signer_check import ExpectedSigner, ProofFinding

__all__ = ["check_seal", "sealed_by"]

_SPEC = "ETSI TS 119 182-1 (JAdES)"
_ISSUER_SPEC = "ETSI EN 319 412-3; European Learning Model 3, eIDASIdentifier"
_RESOLVABLE = ("did:", "http:", "https:")
_CHECKED_PARTS = {
    "sigTst": CheckName.TIMESTAMP,
    "rVals": CheckName.REVOCATION,
    "xVals": CheckName.CERTIFICATE,
}
_PART_NAMES = {
    "sigTst": "the timestamp of the signature",
    "xVals": "the certificates",
    "rVals": "the revocation answers",
    "arcTst": "the archive timestamp",
    "adoTst": "the timestamp of the content",
}


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found about one signature.

    Attributes:
        checks: of its timestamp, certificate, revocation and level.
        believed: whether its certificate leads to an anchor, and was valid when it sealed.
    """

    certificate: Certificate
    checks: tuple[Check, ...]
    believed: bool


def sealed_by(seal: Seal) -> str | None:
    """Return the id under which a trust list knows who sealed a credential; None for nobody.

    It is `eidas:` and the organization's registered number, out of the certificate that names the
    credential's issuer. It counts only where the issuer binding has passed.
    """
    claimed = normal(_identifier(seal.document))
    if claimed is None:
        return None
    found = (normal(each.certificates[0].organization_identifier) for each in seal.signatures)
    return f"{NAMESPACE}{claimed}" if claimed in found else None


def check_seal(seal: Seal, signer: ExpectedSigner) -> ProofFinding:
    """Check every signature of a sealed credential, and that its issuer made one of them."""
    if signer.purpose != "assertionMethod":
        check = answers.failed(
            CheckName.PROOF,
            Code.PROOF_UNSUPPORTED,
            "It is sealed; a seal does not show who presents something.",
            spec=_SPEC,
        )
        return ProofFinding((check,))
    proofs = [_check_signature(each) for each in seal.signatures]
    if any(check.answer is Answer.FAILED for check in proofs):
        return ProofFinding(tuple(proofs))
    judged = [_judge(each, signer) for each in seal.signatures]
    rest = [check for each in judged for check in each.checks]
    issuer = _check_issuer(seal.document, judged)
    remarks = [*_check_inner_proof(seal.document), *_check_issuer_id(seal.document)]
    return ProofFinding((*proofs, *rest, issuer, *remarks))


def _check_signature(signature: SealSignature) -> Check:
    certificate = signature.certificates[0]
    evidence = {
        "alg": signature.algorithm.value,
        "certificate": certificate.subject[:1000],
        "x5t#S256": certificate.fingerprint.hex(),
        "claimed signing time": signature.signing_time.isoformat(),
    }
    try:
        verify_signature(signature)
    except TestamurError as error:
        return answers.from_error(CheckName.PROOF, error, spec=_SPEC, evidence=evidence)
    return answers.passed(
        CheckName.PROOF,
        "The seal is unbroken: nothing was changed since it was sealed.",
        spec=_SPEC,
        evidence=evidence,
    )


def _judge(signature: SealSignature, signer: ExpectedSigner) -> _Judged:
    timestamp, proven = check_timestamp(signature, signer)
    certificate, path, moment = check_certificate(signature, signer, proven)
    checks = [timestamp, certificate]
    if path is not None and moment is not None:
        checks.append(check_revocation(signature, signer, path, moment))
    checks.append(_level(signature, checks))
    failed = any(check.answer is Answer.FAILED for check in checks)
    believed = certificate.answer is Answer.PASSED and not failed
    return _Judged(signature.certificates[0], tuple(checks), believed)


def _level(signature: SealSignature, checks: list[Check]) -> Check:
    """Say which parts of the seal were checked, and which were not."""
    passed = {check.name for check in checks if check.answer is Answer.PASSED}
    there = [component.name for component in signature.components]
    if "adoTst" in signature.header:
        there.append("adoTst")
    unchecked: list[str] = []
    checked = ["the signature, its certificate's digest and the claimed signing time"]
    for part in dict.fromkeys(there):
        name = _PART_NAMES.get(part, f"a part {part[:40]}")
        (checked if _CHECKED_PARTS.get(part) in passed else unchecked).append(name)
    evidence = {"level": signature.level.value, "checked": ", ".join(checked)}
    if not unchecked:
        sentence = f"It has the parts of level {signature.level.value}, and all were checked."
        return answers.passed(CheckName.LEVEL, sentence, spec=_SPEC, evidence=evidence)
    return answers.could_not_check(
        CheckName.LEVEL,
        Code.SEAL_LEVEL,
        f"It has the parts of level {signature.level.value}. Not checked: {', '.join(unchecked)}.",
        spec=_SPEC,
        weight=Weight.INFORMATION,
        evidence={**evidence, "not checked": ", ".join(unchecked)[:1000]},
    )


def _check_issuer(document: JsonObject, judged: list[_Judged]) -> Check:
    """Compare the organization in the certificate with the issuer in the credential."""
    claimed = normal(_identifier(document))
    mine = [
        each
        for each in judged
        if claimed is not None and normal(each.certificate.organization_identifier) == claimed
    ]
    best = next((each for each in mine if each.believed), (mine or judged)[0])
    certificate = best.certificate
    names = _legal_names(document)
    evidence = facts(certificate)
    if claimed is None or certificate.organization_identifier is None:
        which = "credential names its issuer" if claimed is None else "certificate names its owner"
        return answers.could_not_check(
            CheckName.ISSUER,
            Code.ISSUER_MISMATCH,
            f"The {which} without a registered number, so the two cannot be compared.",
            spec=_ISSUER_SPEC,
            evidence=evidence,
        )
    organization = _folded(certificate.organization)
    wrong_name = organization is not None and bool(names) and organization not in names
    if not mine or wrong_name:
        return answers.failed(
            CheckName.ISSUER,
            Code.ISSUER_MISMATCH,
            f"The certificate that sealed it is of {_shown(certificate)}, which is not the issuer "
            "that the credential names.",
            spec=_ISSUER_SPEC,
            evidence=evidence,
        )
    if not best.believed:
        return answers.could_not_check(
            CheckName.ISSUER,
            Code.CERTIFICATE_UNTRUSTED,
            f"The certificate says it is of {_shown(certificate)}, and nothing vouches for that.",
            spec=_ISSUER_SPEC,
            evidence=evidence,
        )
    return answers.passed(
        CheckName.ISSUER,
        f"It was sealed by {_shown(certificate)}, whom the credential names as its issuer.",
        spec=_ISSUER_SPEC,
        evidence=evidence,
    )


def _check_inner_proof(document: JsonObject) -> list[Check]:
    """Remark on a proof inside: it may be another's, and of another text."""
    if "proof" not in document:
        return []
    check = answers.could_not_check(
        CheckName.LEVEL,  # of the parts that are there, which were checked
        Code.PROOF_UNSUPPORTED,
        "There is a proof inside what was sealed, which was not looked at: count the seal alone.",
        spec=_SPEC,
        weight=Weight.REMARK,
    )
    return [check]


def _check_issuer_id(document: JsonObject) -> list[Check]:
    """Remark on an id that looks as if it were known who holds it; see `sealed_by`."""
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(identifier, str) or not identifier.startswith(_RESOLVABLE):
        return []
    check = answers.could_not_check(
        CheckName.ISSUER,
        Code.ISSUER_MISMATCH,
        "It gives its issuer the id of somebody who can be looked up. A seal says nothing about "
        "that id: count the certificate alone.",
        spec=_ISSUER_SPEC,
        weight=Weight.REMARK,
    )
    return [check]


def _shown(certificate: Certificate) -> str:
    name = certificate.organization or certificate.common_name or "an organization without a name"
    return f"{name[:200]} ({(certificate.organization_identifier or 'no number')[:100]})"


def _identifier(document: JsonObject) -> str | None:
    issuer = document.get("issuer")
    identifier = issuer.get("eIDASIdentifier") if isinstance(issuer, dict) else None
    found = identifier.get("notation") if isinstance(identifier, dict) else None
    return found if isinstance(found, str) else None


def _legal_names(document: JsonObject) -> set[str | None]:
    issuer = document.get("issuer")
    names = issuer.get("legalName") if isinstance(issuer, dict) else None
    return {_folded(each) for each in _texts(names)}


def _texts(value: JsonValue) -> list[str]:
    """The texts of a language map, in all its languages."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _texts(item)]


def _folded(name: str | None) -> str | None:
    return " ".join((name or "").split()).casefold() or None
