"""Issuers: who issues, with their profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Row, select

from testamur.canon import jcs
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.errors import Code, RegisterError
from testamur.register.schema import issuers
from testamur.register.writing import Writing

__all__ = [
    "IssuerRecord",
    "add_issuer",
    "all_issuers",
    "find_issuer",
    "require_issuer",
    "update_issuer",
]


@dataclass(frozen=True, slots=True)
class IssuerRecord:
    """An issuer.

    Attributes:
        number: the register's own.
        id: its id, as a DID.
        profile: its profile, as JSON.
        created_at: when it was recorded, aware.
    """

    number: int
    id: str
    profile: Mapping[str, JsonValue] = field(compare=False)
    created_at: datetime


def add_issuer(writing: Writing, profile: JsonObject, *, who: str | None) -> IssuerRecord:
    """Record an issuer; the same one again is no change.

    Raises:
        RegisterError: REGISTER_CONFLICT, where the id is that of an issuer with another profile.
    """
    identifier = profile.get("id")
    if not isinstance(identifier, str) or not identifier:
        raise RegisterError("the issuer's profile has no id", path="issuer.id")
    known = find_issuer(writing.connection, identifier)
    if known is not None:
        if dict(known.profile) == profile:
            return known
        raise RegisterError(
            f"{identifier[:160]} is recorded with another profile, and no two issuers may share an "
            "id; where it is the same issuer, record the new one with `testamur register profile`",
            code=Code.REGISTER_CONFLICT,
            path="issuer.id",
        )
    writing.connection.execute(
        issuers.insert().values(uri=identifier, profile=dumps(profile), created_at=writing.now)
    )
    writing.record("issuer.added", identifier, {"profile": jcs.digest(profile).hex()}, who=who)
    return require_issuer(writing.connection, identifier)


def update_issuer(writing: Writing, profile: JsonObject, *, who: str | None) -> IssuerRecord:
    """Record a new profile of an issuer.

    Raises:
        RegisterError: REGISTER_UNKNOWN.
    """
    known = require_issuer(writing.connection, str(profile.get("id")))
    if dict(known.profile) != profile:
        writing.connection.execute(
            issuers.update().where(issuers.c.id == known.number).values(profile=dumps(profile))
        )
        writing.record("issuer.updated", known.id, {"profile": jcs.digest(profile).hex()}, who=who)
    return require_issuer(writing.connection, known.id)


def find_issuer(connection: Connection, identifier: str) -> IssuerRecord | None:
    """Return an issuer; None where it is not recorded."""
    row = connection.execute(select(issuers).where(issuers.c.uri == identifier)).one_or_none()
    return None if row is None else _issuer(row)


def require_issuer(connection: Connection, identifier: str) -> IssuerRecord:
    """Return an issuer.

    Raises:
        RegisterError: REGISTER_UNKNOWN.
    """
    found = find_issuer(connection, identifier)
    if found is None:
        raise RegisterError(
            f"no issuer {identifier[:160]!r} is in the register; add it first",
            code=Code.REGISTER_UNKNOWN,
            found=identifier[:160],
        )
    return found


def all_issuers(connection: Connection) -> tuple[IssuerRecord, ...]:
    """Return all issuers, the first recorded first."""
    return tuple(_issuer(row) for row in connection.execute(select(issuers).order_by(issuers.c.id)))


def _issuer(row: Row[tuple[object, ...]]) -> IssuerRecord:
    return IssuerRecord(row.id, row.uri, parse_object(row.profile), row.created_at)
