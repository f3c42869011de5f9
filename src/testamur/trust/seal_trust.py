"""Whose seals are believed: the authorities behind certificates and timestamps."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from testamur._frozen import dataclass
from testamur.errors import ConfigurationError, SigningKeyError
from testamur.keys.certificate import Certificate, decode_certificates

__all__ = ["SealTrust"]

_MAX_LIST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SealTrust:
    """The certificates from which the verifier follows a seal's.

    An anchor says which organization a certificate is for. Whether that organization is one you
    know is asked of your trust list, under `eidas:` and its registered number.

    Attributes:
        anchors: authorities whose certificates for seals are believed, or certificates of seals.
        timestamp_anchors: root authorities that are trusted to tell the time; a seal whose
            certificate has expired stands only by a timestamp.
        revocation_lists: revocation lists of these authorities, in DER, beside what a seal brings.
    """

    anchors: tuple[Certificate, ...]
    timestamp_anchors: tuple[Certificate, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()

    @staticmethod
    def from_files(
        anchors: Iterable[bytes],
        *,
        timestamp_anchors: Iterable[bytes] = (),
        revocation_lists: Iterable[bytes] = (),
    ) -> SealTrust:
        """Read the contents of files in PEM or DER.

        Raises:
            ConfigurationError: one cannot be read.
        """
        try:
            return SealTrust(
                tuple(each for file in anchors for each in decode_certificates(file)),
                tuple(each for file in timestamp_anchors for each in decode_certificates(file)),
                tuple(_decode_list(file) for file in revocation_lists),
            )
        except SigningKeyError as error:
            raise ConfigurationError(f"the anchors cannot be read: {error.message}") from error


def _decode_list(content: bytes) -> bytes:
    if len(content) > _MAX_LIST_BYTES:
        raise ConfigurationError(f"the revocation list is longer than {_MAX_LIST_BYTES} bytes")
    is_pem = b"-----BEGIN X509 CRL-----" in content
    try:
        load = x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl
        return load(content).public_bytes(Encoding.DER)
    except ValueError as error:
        raise ConfigurationError(
            "the revocation list cannot be read: it is neither PEM nor DER of an X.509 CRL"
        ) from error
