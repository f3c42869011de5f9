"""How a signer gets to the processes that sign: as a recipe, for keys cannot be sent as objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from testamur.keys import Ed25519PrivateKey, Ed25519Signer
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer

__all__ = ["KeyInMemory", "SignerFactory"]


class SignerFactory(Protocol):
    """Makes the signer in the process that signs. It is hashable, and can be pickled.

    A factory that is sent to other machines should say where the key is, as by the name of a key
    in a key service, and not hold it.
    """

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half of the key, with which the samples are verified."""
        ...

    def __call__(self) -> Signer:
        """Return the signer; called once in each process.

        Raises:
            SigningKeyError: the key cannot be had here.
        """
        ...


@dataclass(frozen=True, slots=True)
class KeyInMemory:
    """A private key that is itself handed to the processes of this machine, through a pipe.

    Attributes:
        seed: 32 bytes, the private key of RFC 8032; never printed.
        verification_method: the URL under which the public key is published.
    """

    seed: bytes = field(repr=False)
    verification_method: str

    @staticmethod
    def of(signer: Ed25519Signer) -> KeyInMemory:
        """Return the recipe for a signer."""
        return KeyInMemory(signer.key.seed, signer.verification_method)

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half."""
        return Ed25519PrivateKey(self.seed).public_key

    def __call__(self) -> Ed25519Signer:
        """Return the signer."""
        return Ed25519Signer(Ed25519PrivateKey(self.seed), self.verification_method)
