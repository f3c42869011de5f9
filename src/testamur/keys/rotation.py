"""Keys over the years: from an issuer's list of keys to what it publishes of them.

A key is published before it signs, stays published when it is retired, with the date, and stays
published when it was compromised, so that everybody learns of that. What others make of the dates
is said at `testamur.verification`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from testamur._frozen import dataclass
from testamur.canon.strict_json import JsonObject, JsonValue
from testamur.errors import Code, SigningKeyError
from testamur.keys import did_web
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PublicKey

__all__ = ["Key", "did_document", "key_set", "signing_key"]


@dataclass(frozen=True, slots=True)
class Key:
    """An issuer's public key, and when it was in use.

    Attributes:
        id: the URL of its verification method, as `did:web:uni.example#key-1`.
        public_key: the public key.
        valid_from: from when on it signs, aware.
        retired_at: from when on it signs no more, aware; what it signed before still counts.
        compromised_at: from when on somebody else may have it, aware; nothing it signed counts.

    Raises:
        SigningKeyError: no URL of a key, a date without a time zone, or an end before the start.
    """

    id: str
    public_key: Ed25519PublicKey
    valid_from: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None

    def __post_init__(self) -> None:
        if not split_url(self.id)[1]:
            raise SigningKeyError(
                f"{self.id[:160]!r} names no key; add its fragment, as #key-1",
                code=Code.DID_INVALID,
                found=self.id[:160],
            )
        for moment in (self.valid_from, self.retired_at, self.compromised_at):
            if moment is not None and moment.tzinfo is None:
                raise SigningKeyError(
                    f"a date of the key {self.id[:160]} has no time zone: {moment.isoformat()}"
                )
        if self.retired_at is not None and self.retired_at <= self.valid_from:
            raise SigningKeyError(
                f"the key {self.id[:160]} was retired before it came into use",
                when=self.retired_at,
            )

    @property
    def controller(self) -> str:
        """The id of whose key it is."""
        return split_url(self.id)[0]

    def signs_at(self, moment: datetime) -> bool:
        """Return whether it may sign at a moment."""
        if self.compromised_at is not None or moment < self.valid_from:
            return False
        return self.retired_at is None or moment < self.retired_at


def signing_key(keys: Iterable[Key], *, now: datetime) -> Key:
    """Return the key to sign with: of those in use, the one that came into use last.

    Args:
        keys: of one issuer, in any order.
        now: the clock, aware.

    Raises:
        SigningKeyError: none is in use now.
    """
    usable = [key for key in keys if key.signs_at(now)]
    if not usable:
        raise SigningKeyError(
            "no key of the issuer is in use now: all are retired, compromised or still to come; "
            "add one",
            code=Code.KEY_NOT_FOUND,
            when=now,
        )
    return max(usable, key=_order)


def did_document(did: str, keys: Iterable[Key]) -> JsonObject:
    """Build the did:web document with all keys that the issuer ever had (did:web, 2.5.2).

    Retired ones have `expires`. Compromised ones have `revoked`, and are listed for no purpose.

    Args:
        did: the did:web.
        keys: those of this DID, in any order; the same keys always give the same document.

    Raises:
        SigningKeyError: a key of another DID, one key or one name twice, or no key.
    """
    ordered = _checked(keys)
    for key in ordered:
        if key.controller != did:
            raise SigningKeyError(
                f"the key {key.id[:160]} is none of {did[:160]}",
                code=Code.ISSUER_MISMATCH,
                expected=did[:160],
                found=key.controller[:160],
            )
    return did_web.build_document(
        did,
        {
            split_url(key.id)[1]: did_web.PublishedKey(
                key.public_key, expires=key.retired_at, revoked=key.compromised_at
            )
            for key in ordered
        },
    )


def key_set(keys: Iterable[Key]) -> JsonObject:
    """Build the JWK set (RFC 7517, section 5) for `/.well-known/jwks.json`.

    Retired keys have `exp` (OpenID Federation 1.0, Federation Historical Keys Response).
    Compromised ones are left out, for most readers of such a set look at no dates.

    Args:
        keys: of one issuer, in any order; the same keys always give the same set.

    Raises:
        SigningKeyError: one key or one name twice.
    """
    return {"keys": [_jwk(key) for key in _checked(keys) if key.compromised_at is None]}


def _jwk(key: Key) -> JsonValue:
    jwk: JsonObject = {
        **key.public_key.to_jwk(),
        "kid": key.id,
        "alg": "EdDSA",
        "use": "sig",
    }
    if key.retired_at is not None:
        jwk["exp"] = int(key.retired_at.timestamp())
    return jwk


def _checked(keys: Iterable[Key]) -> list[Key]:
    """Order the keys by their dates; a key under two names could be revoked under one of them."""
    ordered = sorted(keys, key=_order)
    for what, values in (
        ("id", [key.id for key in ordered]),
        ("public key", [key.public_key.public_bytes for key in ordered]),
    ):
        if len(set(values)) != len(values):
            raise SigningKeyError(f"two of the issuer's keys have the same {what}")
    return ordered


def _order(key: Key) -> tuple[datetime, str]:
    return key.valid_from, key.id
