"""What signers have in common, wherever their key is kept: the URL under which it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from testamur.keys import did_jwk, did_key
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PublicKey

if TYPE_CHECKING:
    from typing import Self

__all__ = ["PublishedSigner"]


class _KeyPair(Protocol):
    """A private key, or the place where one is kept."""

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half."""
        ...


_Key = TypeVar("_Key", bound=_KeyPair)


class PublishedSigner(Generic[_Key]):
    """Signs with a key that is published under a verification method.

    Attributes:
        key: the private key, or where it is kept.
        verification_method: the DID URL or https URL under which the public key is published.

    Raises:
        SigningKeyError: `verification_method` is no DID URL or https URL.
    """

    __slots__ = ()

    key: _Key
    verification_method: str

    if TYPE_CHECKING:

        def __init__(self, key: _Key, verification_method: str) -> None: ...

    def __post_init__(self) -> None:
        split_url(self.verification_method)

    @classmethod
    def for_did_key(cls, key: _Key) -> Self:
        """Sign as the key's own did:key."""
        return cls(key, did_key.verification_method(key.public_key))

    @classmethod
    def for_did_jwk(cls, key: _Key) -> Self:
        """Sign as the key's own did:jwk."""
        return cls(key, did_jwk.verification_method(key.public_key))

    @property
    def public_key(self) -> Ed25519PublicKey:
        """The public half of the key."""
        return self.key.public_key

    @property
    def controller(self) -> str:
        """The id of whose key it is: the verification method's URL without its fragment."""
        return split_url(self.verification_method)[0]
