"""Signers whose key is in memory."""

from __future__ import annotations

from testamur._frozen import dataclass
from testamur.keys import did_jwk, did_key
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["Ed25519Signer"]


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs with an Ed25519 key in memory, under a published verification method.

    Attributes:
        key: the private key.
        verification_method: the DID URL or https URL under which the public key is published.

    Raises:
        SigningKeyError: `verification_method` is no DID URL or https URL.
    """

    key: Ed25519PrivateKey
    verification_method: str

    def __post_init__(self) -> None:
        split_url(self.verification_method)

    @staticmethod
    def for_did_key(key: Ed25519PrivateKey) -> Ed25519Signer:
        """Sign as the key's own did:key."""
        return Ed25519Signer(key, did_key.verification_method(key.public_key))

    @staticmethod
    def for_did_jwk(key: Ed25519PrivateKey) -> Ed25519Signer:
        """Sign as the key's own did:jwk."""
        return Ed25519Signer(key, did_jwk.verification_method(key.public_key))

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half of the key."""
        return self.key.public_key

    @property
    def controller(self) -> str:
        """The id of whose key it is: the verification method's URL without its fragment."""
        return split_url(self.verification_method)[0]

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature over `data`, 64 bytes."""
        return self.key.sign(data)
