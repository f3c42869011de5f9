"""Certificates of electronic seals: whom they name, when they hold, and what their key signed.

X.509 (RFC 5280) with the names of ETSI EN 319 412: the organization is in the subject, with its
registered number as `organizationIdentifier`. Nothing here says whether a certificate is to be
believed: that is path validation, from the anchors a verifier was given.
"""

from __future__ import annotations

import functools
import hashlib
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from testamur import limits
from testamur._frozen import dataclass, field
from testamur.errors import Code, SigningKeyError
from testamur.keys._unreadable import UNREADABLE
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.rsa import RsaPublicKey

__all__ = ["Certificate", "SealAlgorithm", "decode_certificates"]

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

# Purposes none of which is a seal. A certificate for these alone may name an organization as one
# for seals does (of web sites: ETSI EN 319 412-4), and come from the same authority.
_OTHER_PURPOSES = frozenset(
    {
        ExtendedKeyUsageOID.SERVER_AUTH,
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.CODE_SIGNING,
        ExtendedKeyUsageOID.TIME_STAMPING,
        ExtendedKeyUsageOID.OCSP_SIGNING,
    }
)
_PEM_BEGIN = b"-----BEGIN CERTIFICATE-----"
_MAX_FILE_BYTES = 16 * 1024 * 1024
_MAX_IN_FILE = 4096  # the trusted lists of all member states hold about as many


class SealAlgorithm(StrEnum):
    """The signature algorithms of seals (RFC 7518, RFC 8037)."""

    EDDSA = "EdDSA"
    """Ed25519."""

    ES256 = "ES256"
    """ECDSA with P-256 and SHA-256."""

    PS256 = "PS256"
    """RSASSA-PSS with SHA-256, at least 2048 bits."""

    RS256 = "RS256"
    """RSASSA-PKCS1-v1_5 with SHA-256, at least 2048 bits; what Europass uses."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """An X.509 certificate that was taken apart; nothing about it is verified.

    Attributes:
        der: its bytes.
        subject: its subject's name, for people (RFC 4514).
        organization_identifier: the organization's registered number, as "VATIE-1234567T"; None
            where the subject has none, or several. The same holds for the next three.
        organization: the organization's registered name.
        common_name: what the seal is called.
        country: ISO 3166-1 alpha-2.
        not_before: aware UTC; not_after too, which is included.
        may_sign: whether its key usage allows signatures, by digitalSignature or contentCommitment,
            and its extended key usage, where it has one, more than other trades: those of web
            sites, programs, timestamps and OCSP responses.
        is_authority: whether it may issue certificates.

    Raises:
        SigningKeyError: it cannot be read (CERTIFICATE_INVALID), or is too long (RESOURCE_LIMIT).
    """

    der: bytes = field(repr=False)
    subject: str = field(init=False, compare=False)
    organization_identifier: str | None = field(init=False, compare=False)
    organization: str | None = field(init=False, compare=False)
    common_name: str | None = field(init=False, compare=False)
    country: str | None = field(init=False, compare=False)
    not_before: datetime = field(init=False, compare=False)
    not_after: datetime = field(init=False, compare=False)
    may_sign: bool = field(init=False, compare=False)
    is_authority: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        parsed = _parse(self.der)
        try:
            facts = _read(parsed)
        except UNREADABLE as error:
            raise _unreadable(error) from error
        for name, value in facts.items():
            object.__setattr__(self, name, value)

    @property
    def fingerprint(self) -> bytes:
        """Its SHA-256 digest, 32 bytes; `x5t#S256` in JOSE."""
        return hashlib.sha256(self.der).digest()

    @property
    def public_key_der(self) -> bytes:
        """Its SubjectPublicKeyInfo."""
        return _public_key(_parse(self.der)).public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def issuer_serial(self) -> bytes:
        """DER of IssuerSerial (RFC 5035, section 5): the issuer's name and the serial number."""
        parsed = _parse(self.der)
        try:
            name = _tlv(0x30, _tlv(0xA4, parsed.issuer.public_bytes()))
        except UNREADABLE as error:
            raise _unreadable(error) from error
        number = parsed.serial_number
        return _tlv(0x30, name + _tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1)))

    def is_issued_by(self, issuer: Certificate) -> bool:
        """Return whether another certificate has the issuer's name and signed this one.

        That alone does not make it valid: the other need not be an authority.
        """
        try:
            _parse(self.der).verify_directly_issued_by(_parse(issuer.der))
        except UNREADABLE:
            return False
        return True

    def fits(self, algorithm: SealAlgorithm) -> bool:
        """Return whether its key is one for an algorithm."""
        key = _public_key(_parse(self.der))
        if isinstance(key, ed25519.Ed25519PublicKey):
            return algorithm is SealAlgorithm.EDDSA
        if isinstance(key, ec.EllipticCurvePublicKey):
            return algorithm is SealAlgorithm.ES256 and isinstance(key.curve, ec.SECP256R1)
        is_rsa = isinstance(key, rsa.RSAPublicKey)
        return is_rsa and algorithm in (SealAlgorithm.PS256, SealAlgorithm.RS256)

    def verify(self, algorithm: SealAlgorithm, signature: bytes, data: bytes) -> bool:
        """Return whether a signature, as JOSE writes it, is this certificate's key's for `data`.

        Raises:
            SigningKeyError: the key is not for that algorithm (SEAL_ALG), or is too weak.
        """
        if not self.fits(algorithm):
            raise SigningKeyError(
                f"the seal says {algorithm.value}, but its certificate's key is not for that",
                code=Code.SEAL_ALG,
                expected=algorithm.value,
            )
        key = _public_key(_parse(self.der))
        if isinstance(key, ed25519.Ed25519PublicKey):
            return Ed25519PublicKey(key.public_bytes_raw()).verify(signature, data)
        try:
            if isinstance(key, rsa.RSAPublicKey):
                numbers = key.public_numbers()
                RsaPublicKey(numbers.n, numbers.e)  # not too short, and no exponent of 1
                key.verify(signature, data, _padding(algorithm), hashes.SHA256())
            elif isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(_der_of_ecdsa(signature), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


def decode_certificates(content: bytes) -> tuple[Certificate, ...]:
    """Read a file of certificates: one or more in PEM, or one in DER.

    Raises:
        SigningKeyError: there is none, too many, or one that cannot be read (CERTIFICATE_INVALID).
    """
    if len(content) > _MAX_FILE_BYTES or content.count(_PEM_BEGIN) > _MAX_IN_FILE:
        raise SigningKeyError(
            f"the file holds more than {_MAX_IN_FILE} certificates or {_MAX_FILE_BYTES} bytes",
            code=Code.RESOURCE_LIMIT,
        )
    if _PEM_BEGIN not in content:
        return (Certificate(content),)
    try:
        found = x509.load_pem_x509_certificates(content)
        return tuple(Certificate(each.public_bytes(Encoding.DER)) for each in found)
    except UNREADABLE as error:
        raise _unreadable(error) from error


@functools.lru_cache(maxsize=256)
def _parse(der: bytes) -> x509.Certificate:
    if len(der) > limits.SEAL_CERTIFICATE_BYTES:
        raise SigningKeyError(
            f"a certificate is {len(der)} bytes long; at most {limits.SEAL_CERTIFICATE_BYTES} are "
            "read",
            code=Code.RESOURCE_LIMIT,
        )
    try:
        parsed = x509.load_der_x509_certificate(der)
        if parsed.serial_number <= 0:  # RFC 5280, 4.1.2.2
            raise ValueError("its serial number is not positive")
        return parsed
    except UNREADABLE as error:
        raise _unreadable(error) from error


def _public_key(parsed: x509.Certificate) -> CertificatePublicKeyTypes:
    try:
        return parsed.public_key()
    except UNREADABLE as error:
        raise _unreadable(error) from error


def _read(parsed: x509.Certificate) -> dict[str, object]:
    subject, extensions = parsed.subject, parsed.extensions
    usage = _extension(extensions, x509.KeyUsage)
    purposes = _extension(extensions, x509.ExtendedKeyUsage)
    constraints = _extension(extensions, x509.BasicConstraints)
    return {
        "subject": subject.rfc4514_string(),
        "organization_identifier": _only(subject, NameOID.ORGANIZATION_IDENTIFIER),
        "organization": _only(subject, NameOID.ORGANIZATION_NAME),
        "common_name": _only(subject, NameOID.COMMON_NAME),
        "country": _only(subject, NameOID.COUNTRY_NAME),
        "not_before": parsed.not_valid_before_utc,
        "not_after": parsed.not_valid_after_utc,
        "may_sign": usage is not None
        and (usage.digital_signature or usage.content_commitment)
        and (purposes is None or not _OTHER_PURPOSES.issuperset(purposes)),  # RFC 5280, 4.2.1.12
        "is_authority": constraints is not None and constraints.ca,
    }


def _extension(extensions: x509.Extensions, kind: type[_Extension]) -> _Extension | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _only(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    """Return the one attribute of a kind: of two nobody knows which is meant."""
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if len(found) == 1 else None


def _padding(algorithm: SealAlgorithm) -> padding.AsymmetricPadding:
    """RFC 7518, 3.3 and 3.5: the salt is as long as the hash."""
    if algorithm is SealAlgorithm.RS256:
        return padding.PKCS1v15()
    return padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)


def _der_of_ecdsa(signature: bytes) -> bytes:
    """RFC 7518, 3.4: JOSE writes R ‖ S, 32 bytes each."""
    if len(signature) != 64:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))


def _tlv(tag: int, content: bytes) -> bytes:
    """Write one DER element (X.690, 8.1)."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(digits)]) + digits + content


def _unreadable(error: Exception) -> SigningKeyError:
    return SigningKeyError(
        f"a certificate cannot be read: {str(error)[:200] or type(error).__name__}",
        code=Code.CERTIFICATE_INVALID,
    )
