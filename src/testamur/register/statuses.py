"""What became of credentials: insert-only changes, from which every list is rebuilt.

A bit is never edited: the list is the sum of its changes, in their order. So no revocation can be
lost by two writers, or be undone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, RegisterError
from testamur.register.credentials import CredentialRecord, Standing, State, require_credential
from testamur.register.places import Series, series_by_number
from testamur.register.schema import (
    issuers,
    status_changes,
    status_lists,
    status_series,
)
from testamur.register.trail import require_text
from testamur.register.writing import Writing
from testamur.status import BitString

__all__ = ["PAST", "PURPOSES", "Action", "ListRecord", "StatusChange", "change_status", "refusal"]

_REASON = 2000


class Action(StrEnum):
    """What is done to a credential's status."""

    REVOKE = "revoke"
    """withdraw it for good."""

    SUSPEND = "suspend"
    """withdraw it for now."""

    REINSTATE = "reinstate"
    """end a suspension."""


PURPOSES = {
    Action.REVOKE: "revocation",
    Action.SUSPEND: "suspension",
    Action.REINSTATE: "suspension",
}
"""Action → the purpose of the lists in which it is done."""

PAST = {
    Action.REVOKE: "credential.revoked",
    Action.SUSPEND: "credential.suspended",
    Action.REINSTATE: "credential.reinstated",
}
"""Action → what the audit trail calls it when it is done."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of a credential's status.

    Attributes:
        number: the register's own.
        action: what was done.
        at: when, aware.
        actor: who did it.
        reason: why; None where it was erased.
    """

    number: int
    action: Action
    at: datetime
    actor: str
    reason: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListRecord:
    """A status list.

    Attributes:
        number: the register's own.
        url: where it is published.
        issuer: the issuer's id.
        purpose: "revocation" or "suspension".
        length: its places.
        opened_at: aware.
        last_change: the number of the last change in it; 0 where there is none.
        sequence: how often it was published.
        published_at: when it was published last, aware.
        published_change: `last_change` of what was published; None where it never was.
    """

    number: int
    url: str
    issuer: str
    purpose: str
    length: int
    opened_at: datetime
    last_change: int
    sequence: int
    published_at: datetime | None
    published_change: int | None


def refusal(record: CredentialRecord, action: Action) -> str | None:
    """Return why an action cannot be done to a credential; None where it can, or is done."""
    if record.state is not State.ISSUED:
        return f"it is {record.state}, not issued"
    if all(place.purpose != PURPOSES[action] for place in record.places):
        return f"it has no place in a list for {PURPOSES[action]}"
    if action is not Action.REVOKE and record.standing is Standing.REVOKED:
        return "it is revoked, which is for good"
    return None


def is_done(record: CredentialRecord, action: Action) -> bool:
    """Whether a credential is already as an action would make it."""
    wanted = {
        Action.REVOKE: Standing.REVOKED,
        Action.SUSPEND: Standing.SUSPENDED,
        Action.REINSTATE: Standing.CURRENT,
    }
    return record.standing is wanted[action]


def value_of(action: Action) -> int:
    """Return the value that a place has when an action is done."""
    return 0 if action is Action.REINSTATE else 1


def change_status(
    writing: Writing, identifier: str, action: Action, *, reason: str, who: str | None
) -> StatusChange | None:
    """Change the status of a credential; None where it is so already.

    Raises:
        RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it cannot be; no reason is given.
    """
    if not reason.strip() or len(reason) > _REASON:
        raise RegisterError(f"say why, in 1 to {_REASON} characters", path="reason")
    actor = who if who is not None else writing.actor
    require_text(reason, "reason")
    require_text(actor, "actor")
    record = require_credential(writing.connection, identifier)
    refused = refusal(record, action)
    if refused is not None:
        raise RegisterError(
            f"cannot {action} {identifier[:160]}: {refused}", code=Code.REGISTER_CONFLICT
        )
    if is_done(record, action):
        return None
    value = value_of(action)
    for place in record.places:
        if place.purpose == PURPOSES[action]:
            number = _list_number(writing.connection, place.list_url)
            _insert(writing, number, place.index, value, action, record.number, actor, reason)
            _set_decoy(writing, number)
    facts: JsonObject = {
        "reason": writing.commit_to(reason, credential_id=record.number),
        "places": [f"{place.list_url}#{place.index}" for place in record.places],
    }
    writing.record(PAST[action], identifier, facts, who=who)
    writing.announce(PAST[action], identifier, {"id": identifier})
    return history(writing.connection, record.number)[-1]


def history(connection: Connection, credential: int) -> tuple[StatusChange, ...]:
    """Return all changes of a credential's status, the first first."""
    query = (
        select(status_changes)
        .where(status_changes.c.credential_id == credential)
        .order_by(status_changes.c.id)
    )
    return tuple(
        StatusChange(row.id, Action(row.action), row.at, row.actor, row.reason)
        for row in connection.execute(query)
    )


def lists_of(
    connection: Connection, issuer: str | None = None, *, url: str | None = None
) -> tuple[ListRecord, ...]:
    """Return status lists, the first opened first."""
    last = (
        select(func.max(status_changes.c.id))
        .where(status_changes.c.list_id == status_lists.c.id)
        .scalar_subquery()
    )
    query = (
        select(status_lists, issuers.c.uri.label("issuer_uri"), last.label("last"))
        .join(status_series, status_series.c.id == status_lists.c.series_id)
        .join(issuers, issuers.c.id == status_series.c.issuer_id)
        .order_by(status_lists.c.id)
    )
    if issuer is not None:
        query = query.where(issuers.c.uri == issuer)
    if url is not None:
        query = query.where(status_lists.c.url == url)
    return tuple(
        ListRecord(
            number=row.id,
            url=row.url,
            issuer=row.issuer_uri,
            purpose=row.purpose,
            length=row.length,
            opened_at=row.opened_at,
            last_change=row.last or 0,
            sequence=row.sequence,
            published_at=row.published_at,
            published_change=row.published_change,
        )
        for row in connection.execute(query)
    )


def bits_of(connection: Connection, record: ListRecord) -> BitString:
    """Rebuild a list from its changes, up to `last_change`."""
    query = (
        select(status_changes.c.place, status_changes.c.value)
        .where(status_changes.c.list_id == record.number, status_changes.c.id <= record.last_change)
        .order_by(status_changes.c.id)
    )
    bits = BitString(record.length)
    for place, value in connection.execute(query):
        bits.set(place, value)
    return bits


def note_publication(writing: Writing, record: ListRecord) -> ListRecord:
    """Write down that a list was published as it was read.

    Raises:
        RegisterError: REGISTER_CONFLICT, where a newer one was published meanwhile.
    """
    changed = writing.connection.execute(
        status_lists.update()
        .where(
            status_lists.c.id == record.number,
            status_lists.c.sequence == record.sequence,
        )
        .values(
            sequence=record.sequence + 1,
            published_at=writing.now,
            published_change=record.last_change,
        )
    )
    if changed.rowcount != 1:
        raise RegisterError(
            f"{record.url} was published by another process meanwhile; read it again",
            code=Code.REGISTER_CONFLICT,
            url=record.url,
        )
    facts: JsonObject = {"sequence": record.sequence + 1, "change": record.last_change}
    writing.record("list.published", record.url, facts)
    return lists_of(writing.connection, url=record.url)[0]


def _list_number(connection: Connection, url: str) -> int:
    query = select(status_lists.c.id).where(status_lists.c.url == url)
    return int(connection.execute(query).scalar_one())


def _insert(
    writing: Writing,
    list_number: int,
    place: int,
    value: int,
    action: str,
    credential: int | None,
    actor: str,
    reason: str | None,
) -> None:
    writing.connection.execute(
        status_changes.insert().values(
            list_id=list_number,
            place=place,
            value=value,
            action=str(action),
            credential_id=credential,
            at=writing.now,
            actor=actor,
            reason=reason,
        )
    )


def _set_decoy(writing: Writing, list_number: int) -> None:
    """Every other time, change a place that is nobody's, so that bits cannot be counted."""
    if secrets.randbelow(2):
        return
    query = select(status_lists.c.series_id, status_lists.c.number, status_lists.c.purpose).where(
        status_lists.c.id == list_number
    )
    row = writing.connection.execute(query).one()
    series = series_by_number(writing.connection, row.series_id)
    place = _decoy(series, row.purpose, row.number)
    value = 1 if row.purpose == "revocation" else secrets.randbelow(2)
    _insert(writing, list_number, place, value, "decoy", None, "testamur", None)


def _decoy(series: Series, purpose: str, number: int) -> int:
    rest = series.lists.length - (series.lists.used or 0)
    return series.lists.decoy(purpose, number, secrets.randbelow(rest))
