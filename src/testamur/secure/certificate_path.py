"""From a certificate to an anchor that the verifier was given (RFC 5280, section 6).

Building the path is done here, bounded: each candidate is looked at once, and only where it really
signed the one below. Validating it, with validity, constraints on names and lengths, policies and
revocation, is left to pyhanko-certvalidator: the verifier of `cryptography` follows the profile of
the Web, which knows neither Ed25519 nor constraints on directory names.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from testamur import limits
from testamur._frozen import dataclass
from testamur.errors import Code, ConfigurationError, SigningKeyError
from testamur.keys._unreadable import UNREADABLE
from testamur.keys.certificate import Certificate
from testamur.secure._revocation_data import in_time_answers, in_time_lists, revoked_by_list

if TYPE_CHECKING:
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.path import ValidationPath

__all__ = ["CertificatePath", "check_not_revoked", "find_path", "validate_path"]

_Result = TypeVar("_Result")
_MAX_LENGTH = 8  # certificates
_MAX_RESPONDERS = 4  # certificates inside one answer
_MAX_ANSWERED = 4  # certificates that one answer is about; responders answer for one or two


@dataclass(frozen=True, slots=True)
class CertificatePath:
    """A chain of certificates each of which signed the next; validity is not looked at yet.

    Attributes:
        anchor: one of the verifier's.
        certificates: from the one that the anchor issued to the seal's own; empty where the anchor
            is the seal's own.
    """

    anchor: Certificate
    certificates: tuple[Certificate, ...]


def find_path(
    certificate: Certificate, *, candidates: Sequence[Certificate], anchors: Sequence[Certificate]
) -> CertificatePath | None:
    """Find a chain from an anchor to a certificate; None where there is none.

    Args:
        certificate: the seal's own.
        candidates: those that came with it, in any order; nobody vouches for them.
        anchors: those that the verifier trusts: authorities, or the seal's own certificate.
    """
    if certificate in anchors:
        return CertificatePath(certificate, ())
    authorities = [each for each in anchors if each.is_authority]
    unused = list(dict.fromkeys(candidates))[: limits.SEAL_CERTIFICATES]
    pending: list[tuple[Certificate, ...]] = [(certificate,)]
    while pending:
        chain = pending.pop()
        anchor = next((each for each in authorities if chain[0].is_issued_by(each)), None)
        if anchor is not None:
            return CertificatePath(anchor, chain)
        if len(chain) < _MAX_LENGTH:
            issuers = [each for each in unused if chain[0].is_issued_by(each)]
            unused = [each for each in unused if each not in issuers]
            pending += [(issuer, *chain) for issuer in issuers]
    return None


def validate_path(path: CertificatePath, *, moment: datetime) -> None:
    """Validate a path at a moment (RFC 5280, 6.1). Revocation is not looked at.

    Raises:
        SigningKeyError: a certificate in it was not valid then (CERTIFICATE_EXPIRED), or may not
            be where it is (CERTIFICATE_UNTRUSTED).
        ConfigurationError: what validates paths is not installed.
    """
    _require()
    _run(path, _context(path, moment))


def check_not_revoked(
    path: CertificatePath,
    *,
    moment: datetime,
    lists: Sequence[bytes],
    brought: Sequence[bytes] = (),
    answers: Sequence[bytes],
    responders: Sequence[Certificate],
) -> None:
    """Check by given revocation data that no certificate of a path was revoked at a moment.

    The verifier's own lists are also looked at for themselves: nothing that came with a seal can
    outvote one, or keep it from being read.

    Args:
        path: a path that is valid then.
        moment: when; a later answer counts for it too.
        lists: the verifier's own revocation lists (RFC 5280, section 5), in DER.
        brought: revocation lists that came with the seal.
        answers: OCSP responses (RFC 6960) that came with it, in DER.
        responders: certificates that may have signed these; nobody vouches for them.

    Raises:
        SigningKeyError: one was revoked (CERTIFICATE_REVOKED), or the data does not say of each
            (REVOCATION_UNCHECKED).
        ConfigurationError: what reads revocation data is not installed.
    """
    _require()
    if not path.certificates:
        raise _unchecked("no authority stands behind the anchor itself")
    chain = (path.anchor, *path.certificates)
    when = revoked_by_list(chain, (*lists, *brought), moment)
    if when is not None:
        raise _revoked(when)
    usable = [each for each in responders if any(each.is_issued_by(signer) for signer in chain)]
    bounded = in_time_answers(chain, [each for each in answers if _is_short(each)])
    own, others = in_time_lists(chain, lists), in_time_lists(chain, [*dict.fromkeys(brought)])
    attempts: list[dict[str, Any]] = [{"lists": own}] if own else []
    if others or bounded:
        attempts.append({"lists": [*own, *others], "answers": bounded, "others": usable})
    unknown = _unchecked("there is no revocation list and no answer")
    cleared = False
    for data in attempts:
        try:
            _run(path, _context(path, moment, **data))
            cleared = True
        except SigningKeyError as error:
            if error.code is Code.CERTIFICATE_REVOKED:
                raise
            unknown = error
    if not cleared:
        raise unknown


def _run(path: CertificatePath, context: ValidationContext) -> None:
    from pyhanko_certvalidator import errors
    from pyhanko_certvalidator.validate import async_validate_path

    if not path.certificates:
        _check_pinned(path.anchor, context.moment)
        return
    try:
        _finish(async_validate_path(context, _validation_path(path)))
    except errors.RevokedError as error:
        raise _revoked(error.revocation_dt) from error
    except (errors.ExpiredError, errors.NotYetValidError) as error:
        raise SigningKeyError(
            f"a certificate was not valid at {context.moment.isoformat()}",
            code=Code.CERTIFICATE_EXPIRED,
            when=context.moment,
        ) from error
    except errors.InsufficientRevinfoError as error:
        raise _unchecked("the revocation data does not say of each certificate") from error
    except (errors.PathError, errors.ValidationError, *UNREADABLE) as error:
        raise SigningKeyError(
            f"the path of the certificate is not valid: {str(error)[:300]}",
            code=Code.CERTIFICATE_UNTRUSTED,
        ) from error


def _check_pinned(certificate: Certificate, moment: datetime) -> None:
    if not certificate.not_before <= moment <= certificate.not_after:
        raise SigningKeyError(
            f"the certificate was not valid at {moment.isoformat()}",
            code=Code.CERTIFICATE_EXPIRED,
            when=moment,
        )


def _context(
    path: CertificatePath,
    moment: datetime,
    *,
    lists: Sequence[bytes] = (),
    answers: Sequence[bytes] = (),
    others: Sequence[Certificate] = (),
) -> ValidationContext:
    from pyhanko_certvalidator import ValidationContext

    asks = bool(lists or answers)
    try:
        return ValidationContext(
            trust_roots=[_native(path.anchor)],
            other_certs=[_native(each) for each in (*path.certificates, *others)],
            moment=moment,
            allow_fetching=False,
            crls=list(lists) if asks else None,
            ocsps=list(answers) if asks else None,
            revocation_mode="require" if asks else "soft-fail",
            retroactive_revinfo=True,
            time_tolerance=timedelta(0),
        )
    except UNREADABLE as error:
        raise _unchecked("the revocation data cannot be read") from error


def _validation_path(path: CertificatePath) -> ValidationPath:
    from pyhanko_certvalidator.authority import CertTrustAnchor, derive_quals_from_cert
    from pyhanko_certvalidator.path import ValidationPath

    native = _native(path.anchor)
    qualifiers = derive_quals_from_cert(native)
    own = qualifiers.standard_parameters
    if own is not None:
        # An anchor's constraints on names count; its policies are its own affair.
        own = dataclasses.replace(
            own, user_initial_policy_set=frozenset({"any_policy"}), initial_explicit_policy=False
        )
        qualifiers = dataclasses.replace(qualifiers, standard_parameters=own)
    *intermediates, leaf = (_native(each) for each in path.certificates)
    return ValidationPath(CertTrustAnchor(native, qualifiers), intermediates, leaf)


def _native(certificate: Certificate) -> Any:
    from asn1crypto import x509

    return x509.Certificate.load(certificate.der)


def _is_short(answer: bytes) -> bool:
    """Whether an OCSP response holds so little that it is soon judged.

    Anybody can put one beside a seal. For each certificate that it is about, its signature and the
    path of its responder are looked at.
    """
    from asn1crypto import ocsp

    try:
        basic = ocsp.OCSPResponse.load(answer, strict=True).basic_ocsp_response
        if basic is None or len(basic["certs"] or ()) > _MAX_RESPONDERS:
            return False
        return 0 < len(basic["tbs_response_data"]["responses"]) <= _MAX_ANSWERED
    except UNREADABLE:
        return False


def _finish(coroutine: Coroutine[Any, Any, _Result]) -> _Result:
    """Run a coroutine that waits for nothing, since nothing is fetched."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: _Result = done.value
        return result
    coroutine.close()
    raise RuntimeError("the validation of a path waits for something")


def _require() -> None:
    try:
        import pyhanko_certvalidator  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "the path of a seal's certificate is checked by pyhanko-certvalidator, which is not "
            "installed; pip install 'testamur[seal]'"
        ) from error


def _revoked(when: datetime) -> SigningKeyError:
    return SigningKeyError(
        "the certificate, or one that it depends on, was revoked",
        code=Code.CERTIFICATE_REVOKED,
        when=when,
    )


def _unchecked(why: str) -> SigningKeyError:
    return SigningKeyError(
        f"whether the certificate was revoked is not known: {why}", code=Code.REVOCATION_UNCHECKED
    )
