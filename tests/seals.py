"""A certification authority of the tests' own, and seals that it issued."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from european_documents import european_credential
from testamur.canon.strict_json import JsonObject
from testamur.keys import Certificate, KeySealSigner, SealAlgorithm
from testamur.sealing import issuer_from_certificate, seal
from testamur.trust import AllowList, SealTrust
from testamur.verification import Policy, Verifier

__all__ = [
    "DAY",
    "KEYS",
    "NOW",
    "NUMBER",
    "ORGANIZATION",
    "Authority",
    "credential_of",
    "members_of",
    "pem_of_key",
    "reseal",
    "sealed",
    "sealed_bytes",
    "verifier",
]

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ORGANIZATION, NUMBER = "Uniwersytet Przykładowy", "VATPL-0000000000"

Key = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Extension = tuple[x509.ExtensionType, bool]

KEYS: dict[str, Callable[[], Key]] = {
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}
SIGNING = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
ISSUING = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def name(**parts: str | None) -> x509.Name:
    """Write a name: country, organization, number, common."""
    oids = {
        "country": NameOID.COUNTRY_NAME,
        "organization": NameOID.ORGANIZATION_NAME,
        "number": NameOID.ORGANIZATION_IDENTIFIER,
        "common": NameOID.COMMON_NAME,
    }
    return x509.Name(
        [x509.NameAttribute(oids[key], value) for key, value in parts.items() if value]
    )


@dataclass
class Authority:
    """An authority, which can certify others and seals.

    Attributes:
        subject: its name.
        key: its private key.
        start: when what it issues begins to be valid; with end, unless told otherwise.
        end: when that ends.
        certificate: its own certificate; self-signed where nobody issued it.
    """

    subject: x509.Name = field(default_factory=lambda: name(country="PL", common="Test Root"))
    key: Key = field(default_factory=ed25519.Ed25519PrivateKey.generate)
    start: datetime = NOW - 100 * DAY
    end: datetime = NOW + 100 * DAY
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        self.certificate = self.issue(self.subject, self.key, is_authority=True)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def intermediate(self, *extensions: Extension, is_authority: bool = True) -> Authority:
        """Certify another authority below this one."""
        made = Authority(name(country="PL", common="Test Seals"))
        made.certificate = self.issue(
            made.subject, made.key, *extensions, is_authority=is_authority
        )
        return made

    def issue(
        self,
        subject: x509.Name,
        key: Key,
        *extensions: Extension,
        is_authority: bool = False,
        usage: x509.KeyUsage | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start or self.start)
            .not_valid_after(end or self.end)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(usage or (ISSUING if is_authority else SIGNING), critical=True)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        is_edwards = isinstance(self.key, ed25519.Ed25519PrivateKey)
        return builder.sign(self.key, None if is_edwards else hashes.SHA256())

    def seal(
        self,
        key: Key | None = None,
        *,
        chain: Sequence[Authority] = (),
        algorithm: SealAlgorithm | None = None,
        organization: str | None = ORGANIZATION,
        number: str | None = NUMBER,
        **options: Any,
    ) -> KeySealSigner:
        """Certify a seal, and return what seals with it."""
        key = key or ed25519.Ed25519PrivateKey.generate()
        subject = name(country="PL", organization=organization, number=number, common="Uni Seal")
        own = self.issue(subject, key, **options).public_bytes(serialization.Encoding.DER)
        certificates = (Certificate(own), *(Certificate(each.der) for each in chain))
        return KeySealSigner(key, certificates, algorithm=algorithm)

    def revocation_list(self, *revoked: tuple[int, datetime], now: datetime = NOW) -> bytes:
        """Sign a list of (serial number, when it was revoked)."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.subject)
            .last_update(now - DAY)
            .next_update(now + DAY)
        )
        for number, when in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(when)
            builder = builder.add_revoked_certificate(entry.build())
        is_edwards = isinstance(self.key, ed25519.Ed25519PrivateKey)
        made = builder.sign(self.key, None if is_edwards else hashes.SHA256())
        return made.public_bytes(serialization.Encoding.DER)


def pem_of_key(key: Key, password: bytes | None = None) -> bytes:
    """Write a private key as PKCS #8."""
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def credential_of(signer: KeySealSigner, **members: Any) -> JsonObject:
    """A credential whose issuer is the owner of a seal."""
    document = european_credential("urn:epass:org:1", **members)
    return {**document, "issuer": issuer_from_certificate(document, signer.certificates[0])}


def sealed_bytes(signer: KeySealSigner, *, now: datetime = NOW, **members: Any) -> bytes:
    """Seal a credential of a seal's owner."""
    return seal(credential_of(signer, **members), signer=signer, now=now).content


@cache
def sealed() -> tuple[Authority, bytes]:
    """An authority, and a credential that is sealed with an Ed25519 certificate of it."""
    root = Authority()
    return root, sealed_bytes(root.seal())


def members_of(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take a sealed file apart: its JSON, and the protected header of its first signature."""
    document = json.loads(content)
    encoded = document["signatures"][0]["protected"]
    return document, json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))


def reseal(
    content: bytes,
    signer: KeySealSigner,
    *,
    unprotected: dict[str, Any] | None = None,
    without: Sequence[str] = (),
    **header: Any,
) -> bytes:
    """Sign a sealed file's text anew under another header, as an attacker with a key can."""
    document, protected = members_of(content)
    protected = {key: each for key, each in protected.items() if key not in without} | {
        key.replace("_", "#"): each for key, each in header.items()
    }
    encoded = _base64url(json.dumps(protected).encode())
    value = signer.sign(f"{encoded}.{document['payload']}".encode())
    signature: dict[str, Any] = {"protected": encoded, "signature": _base64url(value)}
    if unprotected is not None:
        signature["header"] = unprotected
    return json.dumps({**document, "signatures": [signature]}).encode()


def verifier(
    *anchors: bytes, now: datetime = NOW, trusted: str | None = f"eidas:{NUMBER}", **trust: Any
) -> Verifier:
    """A verifier with these anchors, who knows one organization."""
    return Verifier(
        now=now,
        policy=Policy(seal_trust=SealTrust.from_files(anchors, **trust)),
        trust=AllowList({trusted: "Our partner"}) if trusted else None,
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
