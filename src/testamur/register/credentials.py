"""Credentials: planned first, signed then; looked up by id, key, recipient and state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, select

from testamur.batch.status_lists import StatusPlace
from testamur.errors import Code, RegisterError
from testamur.register.bulk import in_parts, last_number
from testamur.register.schema import (
    achievement_versions,
    achievements,
    chunks,
    credentials,
    issuers,
    keys,
    plans,
    signatures,
    status_changes,
    status_entries,
    status_lists,
)

__all__ = ["CredentialRecord", "Kind", "Relation", "Standing", "State", "find_credential"]


class Kind(StrEnum):
    """What a credential says."""

    ACHIEVEMENT = "achievement"
    ENDORSEMENT = "endorsement"
    OTHER = "other"
    """as a European Digital Credential: what it awards is not kept version by version."""


class State(StrEnum):
    """How far its issuing is."""

    PLANNED = "planned"
    """recorded, and not signed yet: under way, or interrupted."""

    ISSUED = "issued"
    """signed, and handed out."""

    ABANDONED = "abandoned"
    """never signed, and never to be; its places in status lists stay taken."""


class Standing(StrEnum):
    """Whether an issued credential holds, as far as its issuer has decided."""

    CURRENT = "current"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Relation(StrEnum):
    """How a credential supersedes an older one."""

    REPLACES = "replaces"
    """corrected: the old one is revoked."""

    RENEWS = "renews"
    """for a further time: the old one holds until it expires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRecord:
    """What the register knows of a credential.

    Attributes:
        number: the register's own.
        id: the credential's id.
        issuer: the issuer's id.
        kind: what it says.
        state: how far its issuing is.
        standing: whether it holds.
        achievement: the achievement's id; None for an endorsement.
        achievement_version: of it, from 1.
        recipient: as the policy keeps it: in plain text, or its keyed hash; None where erased.
        mechanism: how it is secured.
        verification_method: of the key that signed it; None where it is not signed.
        content_hash: SHA-256 over the exact bytes; None where it is not signed.
        valid_from: aware.
        valid_until: aware.
        planned_at: aware.
        issued_at: aware.
        places: where its status is published.
        supersedes: the id of the credential that it replaces or renews.
        superseded_by: the id of the credential by which it is replaced or renewed.
        relation: how it supersedes.
        erased_at: when what may name a person was erased, aware.
    """

    number: int
    id: str
    issuer: str
    kind: Kind
    state: State
    standing: Standing
    achievement: str | None = None
    achievement_version: int | None = None
    recipient: str | None = field(default=None, repr=False)
    mechanism: str
    verification_method: str | None = None
    content_hash: bytes | None = field(default=None, repr=False)
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    planned_at: datetime
    issued_at: datetime | None = None
    places: tuple[StatusPlace, ...] = ()
    supersedes: str | None = None
    superseded_by: str | None = None
    relation: Relation | None = None
    erased_at: datetime | None = None

    def is_expired(self, now: datetime) -> bool:
        """Whether it has ended to hold."""
        return self.valid_until is not None and self.valid_until < now


def find_credential(connection: Connection, identifier: str) -> CredentialRecord | None:
    """Return a credential by its id; None where it is not recorded."""
    return next(iter(_records(connection, _query().where(credentials.c.uri == identifier))), None)


def require_credential(connection: Connection, identifier: str) -> CredentialRecord:
    """Return a credential by its id.

    Raises:
        RegisterError: REGISTER_UNKNOWN.
    """
    found = find_credential(connection, identifier)
    if found is None:
        raise RegisterError(
            f"no credential {identifier[:160]!r} is in the register",
            code=Code.REGISTER_UNKNOWN,
            found=identifier[:160],
        )
    return found


def list_credentials(
    connection: Connection,
    *,
    issuer: str | None = None,
    achievement: str | None = None,
    recipients: Sequence[str] = (),
    ends: tuple[datetime, datetime] | None = None,
    after: int = 0,
    limit: int,
) -> list[CredentialRecord]:
    """Return credentials in the order in which they were recorded.

    Args:
        connection: to read from.
        issuer: only of this issuer.
        achievement: only of this achievement.
        recipients: only of a recipient, in each form in which it may be kept.
        ends: only those that end to hold between these instants, both inclusive.
        after: the number of the credential after which it begins.
        limit: at most so many.
    """
    query = _query().where(credentials.c.id > after).order_by(credentials.c.id).limit(limit)
    if issuer is not None:
        query = query.where(issuers.c.uri == issuer)
    if achievement is not None:
        query = query.where(achievements.c.uri == achievement)
    if ends is not None:
        query = query.where(credentials.c.valid_until.between(*ends))
    if recipients:
        query = query.where(credentials.c.recipient.in_(recipients))
    return _records(connection, query)


def records_by_number(
    connection: Connection, numbers: Sequence[int]
) -> Mapping[int, CredentialRecord]:
    """Return credentials by the register's own numbers."""
    found: dict[int, CredentialRecord] = {}
    for part in in_parts(numbers):
        records = _records(connection, _query().where(credentials.c.id.in_(part)))
        found.update({each.number: each for each in records})
    return found


def unfinished_credentials(connection: Connection, *, limit: int) -> list[CredentialRecord]:
    """Return the credentials that are planned, alone or in a chunk, the oldest first."""
    alone = select(plans.c.credential_id)
    planned = select(chunks.c.id).where(chunks.c.state == State.PLANNED.value)
    query = (
        _query()
        .where(credentials.c.id.in_(alone) | credentials.c.chunk_id.in_(planned))
        .order_by(credentials.c.id)
        .limit(limit)
    )
    return _records(connection, query)


def next_number(connection: Connection) -> int:
    """Return the number of the credential that is recorded next; writers come one by one."""
    return last_number(connection, credentials.c.id) + 1


def _query() -> Select[Any]:
    return (
        select(
            credentials,
            issuers.c.uri.label("issuer_uri"),
            achievements.c.uri.label("achievement_uri"),
            achievement_versions.c.number.label("version"),
            signatures.c.content_hash,
            signatures.c.issued_at,
            keys.c.verification_method,
        )
        .join(issuers, issuers.c.id == credentials.c.issuer_id)
        .outerjoin(
            achievement_versions, achievement_versions.c.id == credentials.c.achievement_version_id
        )
        .outerjoin(achievements, achievements.c.id == achievement_versions.c.achievement_id)
        .outerjoin(signatures, signatures.c.credential_id == credentials.c.id)
        .outerjoin(keys, keys.c.id == signatures.c.key_id)
    )


def _records(connection: Connection, query: Select[Any]) -> list[CredentialRecord]:
    rows = connection.execute(query).all()
    numbers = [row.id for row in rows]
    places = _places(connection, numbers)
    standings = _standings(connection, numbers)
    older = [row.supersedes_id for row in rows if row.supersedes_id is not None]
    supersedes = _uris(connection, credentials.c.id, older)
    superseded = _uris(connection, credentials.c.supersedes_id, numbers)
    return [
        CredentialRecord(
            number=row.id,
            id=row.uri,
            issuer=row.issuer_uri,
            kind=Kind(row.kind),
            state=_state(row),
            standing=standings.get(row.id, Standing.CURRENT),
            achievement=row.achievement_uri,
            achievement_version=row.version,
            recipient=row.recipient,
            mechanism=row.mechanism,
            verification_method=row.verification_method,
            content_hash=None if row.content_hash is None else bytes(row.content_hash),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            planned_at=row.planned_at,
            issued_at=row.issued_at,
            places=tuple(places.get(row.id, ())),
            supersedes=supersedes.get(row.supersedes_id),
            superseded_by=superseded.get(row.id),
            relation=None if row.relation is None else Relation(row.relation),
            erased_at=row.erased_at,
        )
        for row in rows
    ]


def _state(row: Any) -> State:
    if row.content_hash is not None:
        return State.ISSUED
    return State.PLANNED if row.abandoned_at is None else State.ABANDONED


def _places(connection: Connection, numbers: Sequence[int]) -> Mapping[int, list[StatusPlace]]:
    found: dict[int, list[StatusPlace]] = {}
    for part in in_parts(numbers):
        query = (
            select(
                status_entries.c.credential_id,
                status_entries.c.place,
                status_lists.c.url,
                status_lists.c.purpose,
            )
            .join(status_lists, status_lists.c.id == status_entries.c.list_id)
            .where(status_entries.c.credential_id.in_(part))
            .order_by(status_entries.c.credential_id, status_lists.c.purpose)
        )
        for row in connection.execute(query):
            name = row.url.rpartition("/")[2]
            place = StatusPlace(row.url, row.place, row.purpose, name)
            found.setdefault(row.credential_id, []).append(place)
    return found


def _standings(connection: Connection, numbers: Sequence[int]) -> Mapping[int, Standing]:
    """Return what the changes of each credential come to; nothing for those without any."""
    found: dict[int, Standing] = {}
    for part in in_parts(numbers):
        query = (
            select(status_changes.c.credential_id, status_changes.c.action)
            .where(status_changes.c.credential_id.in_(part))
            .order_by(status_changes.c.id)
        )
        for row in connection.execute(query):
            if row.action == "revoke" or found.get(row.credential_id) is Standing.REVOKED:
                found[row.credential_id] = Standing.REVOKED
            else:
                suspended = row.action == "suspend"
                found[row.credential_id] = Standing.SUSPENDED if suspended else Standing.CURRENT
    return found


def _uris(connection: Connection, column: Any, numbers: Sequence[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for part in in_parts(numbers):
        query = select(column, credentials.c.uri).where(column.in_(part))
        found.update({row[0]: row[1] for row in connection.execute(query)})
    return found
