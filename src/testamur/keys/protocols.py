"""What the rest of testamur asks of a key, wherever it is kept."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol, runtime_checkable

from testamur.canon.strict_json import JsonObject

__all__ = ["Algorithm", "Signer", "VerificationKey"]


class Algorithm(StrEnum):
    """The signature algorithms that are verified; only Ed25519 is used to sign."""

    ED25519 = "Ed25519"
    """Ed25519 (RFC 8032); "EdDSA" or "Ed25519" in JOSE."""

    ES256 = "ES256"
    """ECDSA with P-256 and SHA-256."""

    RS256 = "RS256"
    """RSASSA-PKCS1-v1_5 with SHA-256, at least 2048 bits."""


@runtime_checkable
class VerificationKey(Protocol):
    """A public key."""

    @property
    def algorithm(self) -> Algorithm:
        """The one algorithm this key is used with."""
        ...

    def to_jwk(self) -> JsonObject:
        """Return the public JWK."""
        ...


@runtime_checkable
class Signer(Protocol):
    """A private Ed25519 key: in memory, in a hardware module, or behind a service."""

    @property
    def verification_method(self) -> str:
        """The DID URL or URL under which the public key is published."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature over `data`, 64 bytes.

        A Data Integrity proof signs 64 bytes, which every key service takes; a JWT signs its
        whole text.

        Raises:
            SigningKeyError: the key cannot sign now.
        """
        ...
