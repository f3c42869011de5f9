"""How a signer gets to the processes that sign: as a recipe, for keys cannot be sent as objects."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Protocol

from testamur.errors import Code, SigningKeyError
from testamur.keys import Ed25519PrivateKey, Ed25519Signer, OutsideKey, OutsideSigner
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.keys.protocols import Signer

__all__ = ["KeyElsewhere", "KeyInMemory", "SignerFactory"]


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


@dataclass(frozen=True, slots=True)
class KeyElsewhere:
    """A key in a key service, which each process opens by itself, with its own credentials.

    ```python
    KeyElsewhere.of(AwsKmsKey.connect, "alias/issuer", verification_method=method)
    ```

    Attributes:
        connect: a function of a module, that opens the key.
        arguments: what it is called with; no secrets, for they are sent to every process.
        verification_method: the URL under which the public key is published.
        public_bytes: 32 bytes, the public key.
    """

    connect: Callable[..., OutsideKey]
    arguments: tuple[Hashable, ...]
    verification_method: str
    public_bytes: bytes

    @staticmethod
    def of(
        connect: Callable[..., OutsideKey], *arguments: Hashable, verification_method: str
    ) -> KeyElsewhere:
        """Return the recipe for a key, which is opened once to learn its public half.

        Raises:
            SigningKeyError: the key cannot be had.
        """
        public = connect(*arguments).public_key
        return KeyElsewhere(connect, arguments, verification_method, public.public_bytes)

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half."""
        return Ed25519PublicKey(self.public_bytes)

    def __call__(self) -> OutsideSigner:
        """Return the signer.

        Raises:
            SigningKeyError: the key cannot be had here, or is another one here.
        """
        key = self.connect(*self.arguments)
        if key.public_key != self.public_key:
            raise SigningKeyError(
                f"{key.service} is another key in this process than where the batch was started",
                code=Code.SIGNING_KEY,
            )
        return OutsideSigner(key, self.verification_method)
