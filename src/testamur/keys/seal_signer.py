"""Who seals: a certificate chain and its private key, wherever that is kept."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from testamur.errors import Code, SigningKeyError
from testamur.keys.certificate import Certificate, SealAlgorithm, decode_certificates
from testamur.keys.pem import open_private_key

__all__ = ["KeySealSigner", "SealSigner"]

_MAX_KEY_BYTES = 64 * 1024
_SealKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@runtime_checkable
class SealSigner(Protocol):
    """A seal: in memory, in a hardware module, or behind a service."""

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The seal's own certificate, then those that lead to an anchor."""
        ...

    @property
    def algorithm(self) -> SealAlgorithm:
        """What `sign` makes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data` as JOSE writes it; for ES256 R ‖ S, 64 bytes.

        Raises:
            SigningKeyError: the key cannot sign now.
        """
        ...


class KeySealSigner:
    """Seals with a private key in memory."""

    def __init__(
        self,
        key: _SealKey,
        certificates: tuple[Certificate, ...],
        *,
        algorithm: SealAlgorithm | None = None,
    ) -> None:
        """Put a key and its certificates together.

        Args:
            key: the private key: Ed25519, P-256 or RSA.
            certificates: among them the key's own; the others lead to an anchor.
            algorithm: for RSA keys PS256 or RS256; PS256 unless given. Other keys have one.

        Raises:
            SigningKeyError: none of the certificates is the key's, or the key is of no such kind.
        """
        public = _der_of(key)
        own = [each for each in certificates if each.public_key_der == public]
        if not own:
            raise SigningKeyError(
                "none of the certificates is for this private key; give the certificate that was "
                "issued for it",
                code=Code.KEY_INVALID,
            )
        self._key = key
        self._certificates = (own[0], *(each for each in certificates if each != own[0]))
        self._algorithm = algorithm if algorithm is not None else _algorithm_of(key)
        if not own[0].fits(self._algorithm):
            raise SigningKeyError(f"the key is not for {self._algorithm.value}", code=Code.SEAL_ALG)

    @staticmethod
    def from_pem(
        key: bytes,
        certificates: bytes,
        *,
        password: bytes | None = None,
        algorithm: SealAlgorithm | None = None,
    ) -> KeySealSigner:
        """Read a private key and its certificates from PEM files.

        Raises:
            SigningKeyError: they cannot be read, or do not belong together.
        """
        found = open_private_key(key[:_MAX_KEY_BYTES], password, kind="PEM file")
        if not isinstance(found, _SealKey):
            raise SigningKeyError(
                "the private key is not an Ed25519, P-256 or RSA key, which seals have",
                found=type(found).__name__,
            )
        return KeySealSigner(found, decode_certificates(certificates), algorithm=algorithm)

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The key's own certificate, then the others."""
        return self._certificates

    @property
    def algorithm(self) -> SealAlgorithm:
        """What `sign` makes."""
        return self._algorithm

    def sign(self, data: bytes) -> bytes:
        """Return the signature over `data`, as JOSE writes it."""
        key = self._key
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(data)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32) + s.to_bytes(32)
        if self._algorithm is SealAlgorithm.RS256:
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)
        return key.sign(data, pss, hashes.SHA256())


def _algorithm_of(key: _SealKey) -> SealAlgorithm:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return SealAlgorithm.EDDSA
    return (
        SealAlgorithm.ES256 if isinstance(key, ec.EllipticCurvePrivateKey) else SealAlgorithm.PS256
    )


def _der_of(key: _SealKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
