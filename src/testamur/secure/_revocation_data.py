"""What can be read in revocation lists and answers without a validation of paths.

Two things that a validator leaves to its caller. A list that names a certificate keeps saying so
when it is out of date, or when other data, which whoever sealed may choose, says something else.
And authorities forget certificates that have expired (RFC 5280, 3.3): data from after that time
does not say that one was never revoked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.x509 import ocsp

from testamur.keys._unreadable import UNREADABLE
from testamur.keys.certificate import Certificate

__all__ = ["in_time_answers", "in_time_lists", "revoked_by_list"]

_TEMPORARY = (x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl)
_KEEPS_EXPIRED = x509.ObjectIdentifier("2.5.29.60")  # expiredCertsOnCRL (X.509, 9.5.2.8)


def revoked_by_list(
    chain: Sequence[Certificate], lists: Sequence[bytes], moment: datetime
) -> datetime | None:
    """Return since when a certificate is revoked by a list of its issuer, however old; or None.

    Args:
        chain: from an anchor to the seal's certificate, each of which signed the next.
        lists: revocation lists, in DER; what is none is passed over.
        moment: what is revoked later does not count.
    """
    for revocations in _read(lists):
        for issuer, certificate in pairwise(chain):
            when = _revoked(revocations, issuer, certificate)
            if when is not None and when <= moment:
                return when
    return None


def in_time_lists(chain: Sequence[Certificate], lists: Sequence[bytes]) -> list[bytes]:
    """Return the lists that may clear a certificate: none that may have forgotten one."""
    return [each for each in lists if not _list_forgets(each, chain)]


def in_time_answers(chain: Sequence[Certificate], answers: Sequence[bytes]) -> list[bytes]:
    """Return the OCSP responses that may clear a certificate: none that may have forgotten one."""
    return [each for each in answers if not _answer_forgets(each, chain)]


def _read(lists: Sequence[bytes]) -> Iterator[x509.CertificateRevocationList]:
    for each in lists:
        try:
            yield x509.load_der_x509_crl(each)
        except UNREADABLE:
            continue


def _revoked(
    revocations: x509.CertificateRevocationList, issuer: Certificate, certificate: Certificate
) -> datetime | None:
    signer = x509.load_der_x509_certificate(issuer.der)
    own = x509.load_der_x509_certificate(certificate.der)
    try:
        if revocations.issuer != own.issuer or _is_indirect(revocations):
            return None
        entry = revocations.get_revoked_certificate_by_serial_number(own.serial_number)
        if entry is None or _reason(entry) in _TEMPORARY:
            return None
        if not revocations.is_signature_valid(signer.public_key()):  # type: ignore[arg-type]
            return None
    except UNREADABLE:
        return None
    return entry.revocation_date_utc


def _is_indirect(revocations: x509.CertificateRevocationList) -> bool:
    """Whether its entries may be for certificates of others (RFC 5280, 5.2.5)."""
    try:
        point = revocations.extensions.get_extension_for_class(x509.IssuingDistributionPoint)
    except x509.ExtensionNotFound:
        return False
    return point.value.indirect_crl


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _list_forgets(content: bytes, chain: Sequence[Certificate]) -> bool:
    try:
        revocations = x509.load_der_x509_crl(content)
        if any(each.oid == _KEEPS_EXPIRED for each in revocations.extensions):
            return False
        made, issuer = revocations.last_update_utc, revocations.issuer
        return any(made > each.not_after and _issuer_of(each) == issuer for each in chain[1:])
    except UNREADABLE:
        return True


def _answer_forgets(content: bytes, chain: Sequence[Certificate]) -> bool:
    try:
        answer = ocsp.load_der_ocsp_response(content)
        made = {each.serial_number: each.this_update_utc for each in answer.responses}
    except UNREADABLE:
        return True
    ends = ((x509.load_der_x509_certificate(each.der), each.not_after) for each in chain[1:])
    return any(own.serial_number in made and made[own.serial_number] > end for own, end in ends)


def _issuer_of(certificate: Certificate) -> x509.Name:
    return x509.load_der_x509_certificate(certificate.der).issuer
