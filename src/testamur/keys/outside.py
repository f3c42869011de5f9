"""Signers whose key is kept elsewhere: in a hardware module, a key service, another program.

What comes back from outside is never used as it is: it must be the signature of the very key that
is published, over the very bytes that were sent. A key that was exchanged behind its name, a
service that signs a hash instead, a broken line: each is noticed before a credential leaves.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from testamur._frozen import dataclass
from testamur.errors import Code, SigningKeyError
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.published import PublishedSigner

__all__ = ["OutsideKey", "OutsideSigner"]


@runtime_checkable
class OutsideKey(Protocol):
    """An Ed25519 key whose private half is kept elsewhere."""

    @property
    def service(self) -> str:
        """What keeps it, and under which name, for messages: `AWS KMS key alias/issuer`."""
        ...

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half."""
        ...

    @property
    def max_bytes(self) -> int | None:
        """How many bytes it signs at once; None where there is no limit to speak of."""
        ...

    def request_signature(self, data: bytes) -> bytes:
        """Return what the service answers; `OutsideSigner` checks it.

        Raises:
            SigningKeyError: it gives no signature.
        """
        ...


@dataclass(frozen=True, slots=True)
class OutsideSigner(PublishedSigner[OutsideKey]):
    """Signs with a key that is kept elsewhere, and checks each signature before it is used.

    Attributes:
        key: where the key is kept.
        verification_method: the DID URL or https URL under which the public key is published.

    Raises:
        SigningKeyError: `verification_method` is no DID URL or https URL.
    """

    key: OutsideKey
    verification_method: str

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature over `data`, 64 bytes, which was verified.

        Raises:
            SigningKeyError: the service gives no signature (UNREACHABLE: another time it may), or
                a wrong one (SIGNING_KEY); or `data` is too long for it (RESOURCE_LIMIT).
        """
        limit = self.key.max_bytes
        if limit is not None and len(data) > limit:
            raise SigningKeyError(
                f"{self.key.service} signs {limit} bytes at most, and these are {len(data)}; a JWT "
                "is signed as a whole: secure this credential with a Data Integrity proof, as "
                "eddsa-rdfc-2022, which signs 64 bytes, or leave images out of it",
                code=Code.RESOURCE_LIMIT,
                expected=f"{limit} bytes at most",
                found=f"{len(data)} bytes",
            )
        signature = self.key.request_signature(data)
        if not self.key.public_key.verify(signature, data):
            raise SigningKeyError(
                f"{self.key.service} answered with {len(signature)} bytes that are not the "
                f"Ed25519 signature of the key {self.verification_method[:160]}; nothing was "
                "signed. See that the name leads to that key, and that the bytes are signed as "
                "they are, without hashing them first",
                code=Code.SIGNING_KEY,
                expected="the signature of the published key",
            )
        return signature
