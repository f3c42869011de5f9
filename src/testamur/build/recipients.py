"""Whom a credential is for: by URL, by hashed e-mail address, by name."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from testamur.errors import ModelError
from testamur.model.ob3 import IdentifierType, IdentityObject, identity_hash

__all__ = ["Recipient", "recipient_by_email", "recipient_by_id", "recipient_by_name"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is said of who the recipient is; several of these may describe one recipient.

    Attributes:
        id: the URL that identifies the recipient, as a DID.
        identifiers: other identifiers, hashed or plain.
    """

    id: str | None = None
    identifiers: tuple[IdentityObject, ...] = ()


def recipient_by_id(id: str) -> Recipient:  # noqa: A002
    """Name the recipient by a URL, best a DID whose key the recipient holds."""
    return Recipient(id=id)


def recipient_by_email(
    email: str,
    *,
    salt: str | None = None,
    new_salt: Callable[[], str] = secrets.token_urlsafe,
) -> Recipient:
    """Name the recipient by an e-mail address, as a salted SHA-256 (Open Badges 3.0, IdentityHash).

    The salt stands in the credential, so the hash keeps the address from casual readers only: who
    guesses the address can check the guess. It is still personal data.

    Args:
        email: hashed exactly as it is given; the standard defines no case-folding.
        salt: a new one where it is None; never empty.
        new_salt: where new salts come from.

    Raises:
        ModelError: not an e-mail address, or an empty salt.
    """
    local, at, domain = email.rpartition("@")
    if not (at and local and domain) or any(each.isspace() for each in email):
        raise _unusable("email", "is not an e-mail address; write it as name@host.example")
    salt = new_salt() if salt is None else salt
    if not salt:
        raise _unusable("salt", "is empty; leave it out to have one made")
    identity = IdentityObject(
        hashed=True,
        identity_hash=identity_hash(email, salt),
        identity_type=IdentifierType.EMAIL_ADDRESS,
        salt=salt,
    )
    return Recipient(identifiers=(identity,))


def recipient_by_name(name: str) -> Recipient:
    """Name the recipient in plain words. Names are not unique: add an id or an address."""
    if not name.strip():
        raise _unusable("name", "is blank; write the recipient's name")
    identity = IdentityObject(hashed=False, identity_hash=name, identity_type=IdentifierType.NAME)
    return Recipient(identifiers=(identity,))


def _unusable(member: str, reason: str) -> ModelError:
    # The value is personal data and stays out of the message.
    path = f"recipient.{member}"
    return ModelError(f"{path}: {reason}", path=path)
