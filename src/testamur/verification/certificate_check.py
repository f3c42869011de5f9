"""The certificate of a seal: when it was used, from whom it comes, and whether it was revoked.

The moment is what matters most about an old seal. The signing time inside it is its maker's claim:
with a stolen key anybody can write an earlier one. It counts when a timestamp vouches for it;
otherwise the certificate must be valid now. Nothing is fetched.
"""

from __future__ import annotations

from datetime import datetime

from testamur.errors import Code, ConfigurationError, TestamurError
from testamur.keys.certificate import Certificate
from testamur.secure.certificate_path import (
    CertificatePath,
    check_not_revoked,
    find_path,
    validate_path,
)
from testamur.secure.jades import SealSignature
from testamur.secure.seal_values import (
    certificate_values,
    revocation_answers,
    revocation_lists,
    signature_timestamps,
)
from testamur.secure.timestamp import verify_timestamp
from testamur.verification import answers
from testamur.verification.report import Check, CheckName, Weight
from testamur.verification.signer_check import ExpectedSigner

__all__ = [
    "NAMESPACE",
    "check_certificate",
    "check_revocation",
    "check_timestamp",
    "facts",
    "normal",
]

NAMESPACE = "eidas:"
"""What stands before an organization's registered number in a trust list."""

_PATH_SPEC = "RFC 5280, 6.1 Basic Path Validation"
_TIME_SPEC = "RFC 3161; ETSI TS 119 182-1, 5.3.4"


def check_timestamp(
    signature: SealSignature, signer: ExpectedSigner
) -> tuple[Check, datetime | None]:
    """Find a moment at which the signature surely existed (ETSI TS 119 182-1, 5.3.4).

    Returns:
        the check, and that moment; None where nobody who is trusted vouches for one.
    """
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


def check_certificate(
    signature: SealSignature, signer: ExpectedSigner, proven: datetime | None
) -> tuple[Check, CertificatePath | None, datetime | None]:
    """Follow the certificate to an anchor.

    Args:
        signature: whose certificate.
        signer: with the policy and the clock.
        proven: when the signature surely existed; None where that is not known.

    Returns:
        the check; and where it passed, the path and the moment that count.
    """
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
            "You named no authority whose certificates you believe: nobody can say whose it is."
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
            CheckName.CERTIFICATE, error, spec=_PATH_SPEC, evidence=facts(certificate)
        )
        return check, None, None
    when = "was valid when it was sealed" if proven is not None else "is valid"
    check = answers.passed(
        CheckName.CERTIFICATE,
        f"Its certificate {when}, and was issued under {path.anchor.subject[:200]}.",
        spec=_PATH_SPEC,
        evidence={**facts(certificate), "anchor": path.anchor.subject[:1000]},
    )
    return check, path, moment


def _fault_of_certificate(
    certificate: Certificate, claimed: datetime, signer: ExpectedSigner
) -> Check | None:
    """What is wrong with it whatever the anchors are (ETSI EN 319 412-2, 4.3.2)."""
    code, sentence = Code.CERTIFICATE_EXPIRED, ""
    if not certificate.may_sign:
        code = Code.CERTIFICATE_INVALID
        sentence = "Its certificate is not for seals, by its key usage."
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
        CheckName.CERTIFICATE, code, sentence, spec=_PATH_SPEC, evidence=facts(certificate)
    )


def _expired_since(path: CertificatePath, claimed: datetime, certificate: Certificate) -> Check:
    """Tell a certificate that has expired since from one that never was valid."""
    try:
        validate_path(path, moment=claimed)
    except TestamurError as error:
        return answers.from_error(
            CheckName.CERTIFICATE, error, spec=_PATH_SPEC, evidence=facts(certificate)
        )
    sentence = (
        f"Its certificate was valid on {claimed.isoformat()}, when it says it was sealed, but is "
        "not now; that it was sealed then is not proven."
    )
    return _unknown(Code.SIGNING_TIME, sentence, certificate)


def check_revocation(
    signature: SealSignature, signer: ExpectedSigner, path: CertificatePath, moment: datetime
) -> Check:
    """Ask the revocation data at hand whether a certificate of a path was revoked at a moment."""
    trust = signer.policy.seal_trust
    given = trust.revocation_lists if trust is not None else ()
    try:
        check_not_revoked(
            path,
            moment=moment,
            lists=given,
            brought=revocation_lists(signature),
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


def _unknown(code: Code, sentence: str, certificate: Certificate) -> Check:
    return answers.could_not_check(
        CheckName.CERTIFICATE, code, sentence, spec=_PATH_SPEC, evidence=facts(certificate)
    )


def facts(certificate: Certificate) -> dict[str, str]:
    """Return what a program may want to know of a certificate."""
    found = {
        "subject": certificate.subject[:1000],
        "valid from": certificate.not_before.isoformat(),
        "valid until": certificate.not_after.isoformat(),
    }
    if certificate.organization is not None:
        found["organization"] = certificate.organization[:1000]
    identifier = normal(certificate.organization_identifier)
    return found if identifier is None else {**found, "known as": f"{NAMESPACE}{identifier}"}


def normal(identifier: str | None) -> str | None:
    """Write a registered number in one way; None for none.

    One with letters beyond ASCII stays as it is: their capitals may be those of another number.
    """
    text = identifier or ""
    return ("".join(text.split()).upper() if text.isascii() else text) or None
