"""Whom a badge is for, where that is not said by a URL (Open Badges 3.0, IdentityObject)."""

from __future__ import annotations

import hashlib
import hmac
from typing import Self

from pydantic import ConfigDict, model_validator

from testamur.model.base import Maybe, One, TypedModel
from testamur.model.faults import fault
from testamur.model.ob3.vocabulary import AnyIdentifierType
from testamur.model.values import IDENTITY_HASH

__all__ = ["IdentifierEntry", "IdentityObject", "identity_hash"]


class IdentifierEntry(TypedModel):
    """An identifier of a profile or an achievement (Open Badges 3.0, IdentifierEntry); closed."""

    model_config = ConfigDict(extra="forbid")
    default_type = One(("IdentifierEntry",))

    identifier: str
    identifier_type: AnyIdentifierType


class IdentityObject(TypedModel):
    """An identifier of the recipient, plain or hashed (Open Badges 3.0, IdentityObject); closed.

    A salt beside a plain identifier is met and means nothing.
    """

    model_config = ConfigDict(extra="forbid")
    default_type = One(("IdentityObject",))

    hashed: bool
    identity_hash: str
    identity_type: AnyIdentifierType
    salt: Maybe[str] = None

    @model_validator(mode="after")
    def _check_hash(self) -> Self:
        if self.hashed and not IDENTITY_HASH.fullmatch(self.identity_hash):
            raise fault(
                "is not an IdentityHash although hashed is true; write sha256$ and 64 hexadecimal"
                " digits, or set hashed to false",
                at="identityHash",
                expected="sha256$… or md5$…",
                found=self.identity_hash,
            )
        return self

    def matches(self, identity_type: str, value: str) -> bool:
        """Whether this is the identifier `value` of the kind `identity_type`.

        Nothing is normalized (the standard defines no case-folding): "A@example.com" is another
        address than "a@example.com". The comparison takes the same time for every wrong value.
        Open Badges 3.0, Verification, "Verify the Recipient".

        Args:
            identity_type: as `IdentifierType.EMAIL_ADDRESS`.
            value: the plain identifier.
        """
        if identity_type != self.identity_type:
            return False
        if not self.hashed:
            return hmac.compare_digest(_encode(self.identity_hash), _encode(value))
        algorithm, _, digest = self.identity_hash.partition("$")
        salted = _encode(value + (self.salt or ""))
        if algorithm == "md5":
            # Legal in the standard, so it is verified; it is never written here.
            found = hashlib.md5(salted, usedforsecurity=False).hexdigest()
        else:
            found = hashlib.sha256(salted).hexdigest()
        return hmac.compare_digest(digest.lower(), found)


def identity_hash(identifier: str, salt: str = "") -> str:
    """Hash an identifier: `sha256$` and the hexadecimal SHA-256 of UTF-8(identifier ‖ salt).

    Open Badges 3.0, IdentityHash.
    """
    return "sha256$" + hashlib.sha256(_encode(identifier + salt)).hexdigest()


def _encode(text: str) -> bytes:
    # Text from a command line may hold halves of surrogate pairs; they match nothing.
    return text.encode("utf-8", "surrogatepass")
