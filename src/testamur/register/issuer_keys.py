"""The keys of issuers: public parts and dates; no private key is ever here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, RegisterError
from testamur.keys import multikey
from testamur.keys.controller import split_url
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.register.issuers import require_issuer
from testamur.register.schema import instant_text as _text
from testamur.register.schema import issuers, keys, signatures
from testamur.register.trail import require_text
from testamur.register.writing import Writing

__all__ = [
    "KeyRecord",
    "add_key",
    "find_key",
    "keys_of",
    "mark_compromised",
    "require_key",
    "retire_key",
    "signed_by",
]


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key of an issuer: its public part and its dates.

    Attributes:
        number: the register's own.
        issuer: the id of the issuer.
        verification_method: the URL under which it is published.
        public_key: Multikey, as `z6Mk…`.
        valid_from: from when it signs, aware.
        retired_at: since when it signs nothing any more; what it signed before still verifies.
        compromised_at: since when it may be in other hands; nothing it signed since then verifies.
        signer_hint: where the private part is, in your words; never the private part itself.
    """

    number: int
    issuer: str
    verification_method: str
    public_key: str
    valid_from: datetime
    retired_at: datetime | None = None
    compromised_at: datetime | None = None
    signer_hint: str | None = None

    def require_usable(self, now: datetime) -> None:
        """Raise where the key must not sign.

        Raises:
            RegisterError: it is not valid yet, retired or compromised.
        """
        reason = None
        if self.compromised_at is not None:
            reason = f"is compromised since {_text(self.compromised_at)}"
        elif self.retired_at is not None and self.retired_at <= now:
            reason = f"is retired since {_text(self.retired_at)}"
        elif self.valid_from > now:
            reason = f"is not valid before {_text(self.valid_from)}"
        if reason is not None:
            raise RegisterError(
                f"the key {self.verification_method[:160]} {reason}; sign with a key of the "
                "issuer that is in use",
                code=Code.KEY_REVOKED,
            )


def add_key(
    writing: Writing,
    public_key: Ed25519PublicKey,
    verification_method: str,
    *,
    valid_from: datetime | None,
    signer_hint: str | None,
    who: str | None,
) -> KeyRecord:
    """Record a key of the issuer that its verification method names; the same again is no change.

    Raises:
        RegisterError: REGISTER_UNKNOWN: the issuer is not recorded; REGISTER_CONFLICT: another key
            is recorded under that URL.
    """
    require_text(signer_hint or "", "signer_hint")
    issuer = require_issuer(writing.connection, split_url(verification_method)[0])
    encoded = multikey.encode_public_key(public_key)
    known = find_key(writing.connection, verification_method)
    if known is not None:
        if known.public_key == encoded:
            return known
        raise RegisterError(
            f"another key is recorded as {verification_method[:160]}; give the new one a fragment "
            "of its own, or badges that the old one signed would no longer verify",
            code=Code.REGISTER_CONFLICT,
        )
    begins = valid_from if valid_from is not None else writing.now
    writing.connection.execute(
        keys.insert().values(
            issuer_id=issuer.number,
            verification_method=verification_method,
            public_key=encoded,
            valid_from=begins,
            signer_hint=signer_hint,
            added_at=writing.now,
        )
    )
    facts: JsonObject = {"publicKey": encoded, "validFrom": _text(begins)}
    writing.record("key.added", verification_method, facts, who=who)
    return require_key(writing.connection, verification_method)


def retire_key(
    writing: Writing,
    verification_method: str,
    *,
    at: datetime | None,
    reason: str | None,
    who: str | None,
) -> KeyRecord:
    """Say from when a key signs nothing any more.

    Raises:
        RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is retired, or was not in use.
    """
    known = require_key(writing.connection, verification_method)
    if known.retired_at is not None:
        raise RegisterError(
            f"{verification_method[:160]} is retired since {_text(known.retired_at)} already",
            code=Code.REGISTER_CONFLICT,
        )
    when = at if at is not None else writing.now
    if when <= known.valid_from:
        raise RegisterError(
            f"{verification_method[:160]} came into use only at {_text(known.valid_from)}, so it "
            f"cannot be retired at {_text(when)}; say a later moment",
            code=Code.REGISTER_CONFLICT,
        )
    _set_key(writing, known, retired_at=when)
    facts: JsonObject = {"at": _text(when)}
    if reason is not None:
        facts["reason"] = reason
    writing.record("key.retired", verification_method, facts, who=who)
    return require_key(writing.connection, verification_method)


def mark_compromised(
    writing: Writing, verification_method: str, *, since: datetime, reason: str, who: str | None
) -> KeyRecord:
    """Say since when a key may be in other hands; a later word may only put it earlier.

    Raises:
        RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where an earlier moment is recorded.
    """
    known = require_key(writing.connection, verification_method)
    if known.compromised_at is not None and known.compromised_at <= since:
        raise RegisterError(
            f"{verification_method[:160]} is compromised since {_text(known.compromised_at)} "
            "already, and that is never taken back",
            code=Code.REGISTER_CONFLICT,
        )
    _set_key(writing, known, compromised_at=since)
    facts: JsonObject = {"since": _text(since), "reason": reason}
    writing.record("key.compromised", verification_method, facts, who=who)
    return require_key(writing.connection, verification_method)


def find_key(connection: Connection, verification_method: str) -> KeyRecord | None:
    """Return a key; None where it is not recorded."""
    query = _keys().where(keys.c.verification_method == verification_method)
    row = connection.execute(query).one_or_none()
    return None if row is None else _key(row)


def require_key(connection: Connection, verification_method: str) -> KeyRecord:
    """Return a key.

    Raises:
        RegisterError: REGISTER_UNKNOWN.
    """
    found = find_key(connection, verification_method)
    if found is None:
        raise RegisterError(
            f"no key {verification_method[:160]!r} is in the register; add it first",
            code=Code.REGISTER_UNKNOWN,
            found=verification_method[:160],
        )
    return found


def keys_of(connection: Connection, issuer: str) -> tuple[KeyRecord, ...]:
    """Return all keys of an issuer, also those of old, the first recorded first."""
    query = _keys().where(issuers.c.uri == issuer).order_by(keys.c.id)
    return tuple(_key(row) for row in connection.execute(query))


def signed_by(connection: Connection, key: KeyRecord) -> int:
    """Count what a key signed."""
    query = select(func.count()).where(signatures.c.key_id == key.number)
    return int(connection.execute(query).scalar_one())


def _set_key(writing: Writing, key: KeyRecord, **values: datetime) -> None:
    writing.connection.execute(keys.update().where(keys.c.id == key.number).values(**values))


def _keys() -> Select[tuple[object, ...]]:
    return select(keys, issuers.c.uri).join(issuers, issuers.c.id == keys.c.issuer_id)


def _key(row: Row[tuple[object, ...]]) -> KeyRecord:
    return KeyRecord(
        number=row.id,
        issuer=row.uri,
        verification_method=row.verification_method,
        public_key=row.public_key,
        valid_from=row.valid_from,
        retired_at=row.retired_at,
        compromised_at=row.compromised_at,
        signer_hint=row.signer_hint,
    )
