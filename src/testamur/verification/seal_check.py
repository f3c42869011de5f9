"""Seals: that the text is as it was sealed, whose certificate sealed it, and when.

Four things are asked apart, since each can be known without the others. Does the signature fit?
Does its certificate lead to an anchor, and was it valid at a moment that is known? Was it revoked?
Is the organization that it names the one the credential names as its issuer?

The moment is what matters most about an old seal. The signing time inside it is its maker's claim:
with a stolen key anybody can write an earlier one. It counts when a timestamp vouches for it;
otherwise the certificate must be valid now.
"""

from __future__ import annotations

from datetime import datetime

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, ConfigurationError, TestamurError
from testamur.keys.certificate import Certificate
from testamur.secure.certificate_path import (
    CertificatePath,
    check_not_revoked,
    find_path,
    validate_path,
)
from testamur.secure.jades import Seal, SealSignature, verify_signature
from testamur.secure.seal_values import (
    certificate_values,
    revocation_answers,
    revocation_lists,
    signature_timestamps,
)
from testamur.secure.timestamp import verify_timestamp
from testamur.verification import answers
from testamur.verification.report import Answer, Check, CheckName, Weight
from testamur.verification.signer_check import ExpectedSigner, ProofFinding

__all__ = ["check_seal", "sealed_by"]

_SPEC = "ETSI TS 119 182-1 (JAdES)"
_PATH_SPEC = "RFC 5280, 6.1 Basic Path Validation"
_TIME_SPEC = "RFC 3161; ETSI TS 119 182-1, 5.3.4"
_ISSUER_SPEC = "ETSI EN 319 412-3; European Learning Model 3, eIDASIdentifier"
_NAMESPACE = "eidas:"
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
    claimed = _normal(_identifier(seal.document))
    if claimed is None:
        return None
    found = (_normal(each.certificates[0].organization_identifier) for each in seal.signatures)
    return f"{_NAMESPACE}{claimed}" if claimed in found else None


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
    return ProofFinding((*proofs, *rest, _check_issuer(seal.document, judged)))


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
    timestamp, proven = _check_timestamp(signature, signer)
    certificate, path, moment = _check_certificate(signature, signer, proven)
    checks = [timestamp, certificate]
    if path is not None and moment is not None:
        checks.append(_check_revocation(signature, signer, path, moment))
    checks.append(_level(signature, checks))
    failed = any(check.answer is Answer.FAILED for check in checks)
    believed = certificate.answer is Answer.PASSED and not failed
    return _Judged(signature.certificates[0], tuple(checks), believed)


def _check_timestamp(
    signature: SealSignature, signer: ExpectedSigner
) -> tuple[Check, datetime | None]:
    """Find a moment at which the signature surely existed (ETSI TS 119 182-1, 5.3.4)."""
    name = CheckName.TIMESTAMP
    trust = signer.policy.seal_trust
    tokens = signature_timestamps(signature)
    if not tokens:
        sentence = "It has no timestamp: when it was sealed is what its maker says."
        return answers.not_applicable(name, sentence, spec=_TIME_SPEC), None
    if trust is None or not trust.timestamp_anchors:
        check = answers.could_not_check(
            name,
            Code.TIMESTAMP,
            "It has a timestamp, but you named no authority that you trust to tell the time.",
            spec=_TIME_SPEC,
            weight=Weight.INFORMATION,
        )
        return check, None
    reason = ""
    for token in tokens:
        try:
            data = signature.encoded_value.encode("ascii")
            moment = verify_timestamp(token, data=data, anchors=trust.timestamp_anchors)
        except (TestamurError, ConfigurationError) as error:
            reason = error.message
            continue
        if moment <= signer.now + signer.policy.clock_skew:
            sentence = f"It was sealed before {moment.isoformat()}, by the word of an authority."
            evidence = {"timestamp": moment.isoformat()}
            return answers.passed(name, sentence, spec=_TIME_SPEC, evidence=evidence), moment
        reason = "the timestamp is of a time to come"
    check = answers.could_not_check(
        name,
        Code.TIMESTAMP,
        answers.sentence(reason),
        spec=_TIME_SPEC,
        weight=Weight.REMARK,
    )
    return check, None


def _check_certificate(
    signature: SealSignature, signer: ExpectedSigner, proven: datetime | None
) -> tuple[Check, CertificatePath | None, datetime | None]:
    """Follow the certificate to an anchor; return the path and the moment that count."""
    certificate, claimed = signature.certificates[0], signature.signing_time
    trust = signer.policy.seal_trust
    fault = _fault_of_certificate(certificate, claimed, signer)
    if fault is not None:
        return fault, None, None
    candidates = [*signature.certificates[1:], *certificate_values(signature)]
    path = None
    if trust is not None:
        path = find_path(certificate, candidates=candidates, anchors=trust.anchors)
    if path is None:
        sentence = (
            "You named no authority whose certificates you believe, so whose seal it is is unknown."
            if trust is None or not trust.anchors
            else "Its certificate leads to none of the authorities that you named."
        )
        return _unknown(Code.CERTIFICATE_UNTRUSTED, sentence, certificate), None, None
    moment = proven if proven is not None else signer.now
    try:
        validate_path(path, moment=moment)
    except ConfigurationError as error:
        return _unknown(error.code, answers.sentence(error.message), certificate), None, None
    except TestamurError as error:
        if proven is None and error.code is Code.CERTIFICATE_EXPIRED:
            return _expired_since(path, claimed, certificate), None, None
        check = answers.from_error(
            CheckName.CERTIFICATE, error, spec=_PATH_SPEC, evidence=_facts(certificate)
        )
        return check, None, None
    when = "was valid when it was sealed" if proven is not None else "is valid"
    check = answers.passed(
        CheckName.CERTIFICATE,
        f"Its certificate {when}, and was issued under {path.anchor.subject[:200]}.",
        spec=_PATH_SPEC,
        evidence={**_facts(certificate), "anchor": path.anchor.subject[:1000]},
    )
    return check, path, moment


def _fault_of_certificate(
    certificate: Certificate, claimed: datetime, signer: ExpectedSigner
) -> Check | None:
    """What is wrong with it whatever the anchors are (ETSI EN 319 412-2, 4.3.2)."""
    code, sentence = Code.CERTIFICATE_EXPIRED, ""
    if not certificate.may_sign:
        code = Code.CERTIFICATE_INVALID
        sentence = "Its certificate is not for signatures, by its key usage."
    elif claimed > signer.now + signer.policy.clock_skew:
        code = Code.SIGNING_TIME
        sentence = f"It says it was sealed in the time to come, on {claimed.isoformat()}."
    elif not certificate.not_before <= claimed <= certificate.not_after:
        sentence = (
            f"Its certificate was not valid on {claimed.isoformat()}, when it says it sealed."
        )
    if not sentence:
        return None
    return answers.failed(
        CheckName.CERTIFICATE, code, sentence, spec=_PATH_SPEC, evidence=_facts(certificate)
    )


def _expired_since(path: CertificatePath, claimed: datetime, certificate: Certificate) -> Check:
    """Tell a certificate that has expired since from one that never was valid."""
    try:
        validate_path(path, moment=claimed)
    except TestamurError as error:
        return answers.from_error(
            CheckName.CERTIFICATE, error, spec=_PATH_SPEC, evidence=_facts(certificate)
        )
    sentence = (
        f"Its certificate was valid on {claimed.isoformat()}, when it says it was sealed, but is "
        "not now; that it was sealed then is not proven."
    )
    return _unknown(Code.SIGNING_TIME, sentence, certificate)


def _check_revocation(
    signature: SealSignature, signer: ExpectedSigner, path: CertificatePath, moment: datetime
) -> Check:
    """Ask the revocation data at hand; nothing is fetched."""
    trust = signer.policy.seal_trust
    given = trust.revocation_lists if trust is not None else ()
    try:
        check_not_revoked(
            path,
            moment=moment,
            lists=[*given, *revocation_lists(signature)],
            answers=revocation_answers(signature),
            responders=[*signature.certificates[1:], *certificate_values(signature)],
        )
    except TestamurError as error:
        if error.code is Code.CERTIFICATE_REVOKED:
            return answers.from_error(CheckName.REVOCATION, error, spec=_PATH_SPEC)
        return answers.could_not_check(
            CheckName.REVOCATION,
            Code.REVOCATION_UNCHECKED,
            "Whether its certificate was revoked could not be checked: nothing at hand says.",
            spec=_PATH_SPEC,
            weight=Weight.REMARK,
        )
    return answers.passed(
        CheckName.REVOCATION,
        f"Its certificate was not revoked on {moment.isoformat()}, by its authorities' own word.",
        spec=_PATH_SPEC,
    )


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
    claimed = _normal(_identifier(document))
    mine = [
        each
        for each in judged
        if claimed is not None and _normal(each.certificate.organization_identifier) == claimed
    ]
    best = next((each for each in mine if each.believed), (mine or judged)[0])
    certificate = best.certificate
    names = _legal_names(document)
    evidence = _facts(certificate)
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


def _unknown(code: Code, sentence: str, certificate: Certificate) -> Check:
    return answers.could_not_check(
        CheckName.CERTIFICATE, code, sentence, spec=_PATH_SPEC, evidence=_facts(certificate)
    )


def _facts(certificate: Certificate) -> dict[str, str]:
    found = {
        "subject": certificate.subject[:1000],
        "valid from": certificate.not_before.isoformat(),
        "valid until": certificate.not_after.isoformat(),
    }
    identifier = _normal(certificate.organization_identifier)
    return found if identifier is None else {**found, "known as": f"{_NAMESPACE}{identifier}"}


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


def _normal(identifier: str | None) -> str | None:
    """Write a registered number in one way; None for none."""
    return "".join((identifier or "").split()).upper() or None


def _folded(name: str | None) -> str | None:
    return " ".join((name or "").split()).casefold() or None
