"""Signers whose key is in memory."""

from __future__ import annotations

from testamur._frozen import dataclass
from testamur.keys.ed25519 import Ed25519PrivateKey
from testamur.keys.published import PublishedSigner

__all__ = ["Ed25519Signer"]


@dataclass(frozen=True, slots=True)
class Ed25519Signer(PublishedSigner[Ed25519PrivateKey]):
    """Signs with an Ed25519 key in memory, under a published verification method.

    Attributes:
        key: the private key.
        verification_method: the DID URL or https URL under which the public key is published.

    Raises:
        SigningKeyError: `verification_method` is no DID URL or https URL.
    """

    key: Ed25519PrivateKey
    verification_method: str

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature over `data`, 64 bytes."""
        return self.key.sign(data)
