"""Whether what a register holds fits together: the trail, the places, the hashes, the counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, FromClause, func, select, text

from testamur.errors import RegisterError
from testamur.register._exported import tables_of
from testamur.register.contents import read_contents
from testamur.register.register import Register
from testamur.register.schema import (
    chunks,
    credentials,
    keys,
    plans,
    signatures,
    status_changes,
    status_entries,
    status_lists,
    status_series,
)
from testamur.register.trail import check_trail
from testamur.register.trail_and_tables import contradictions

__all__ = ["RegisterCheck", "check_register"]

_AT_ONCE = 500
_NAMED = 5


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """What a check of a register came to.

    Attributes:
        head: sequence number and hash of the last entry of the audit trail.
        counts: table → its rows.
        faults: what does not fit together, in words; empty where all does.
    """

    head: tuple[int, bytes] | None
    counts: Mapping[str, int]
    faults: tuple[str, ...]


def check_register(register: Register, *, head: tuple[int, bytes] | None = None) -> RegisterCheck:
    """Check a whole register, as it is at one moment.

    It reads the audit trail and every document that is kept, and holds the two against each other.
    It does not verify signatures, nor compare the register with what is published.

    Args:
        register: which one.
        head: sequence number and hash of an entry of the trail that you kept elsewhere.

    Raises:
        RegisterError: the register cannot be read.
    """
    faults: list[str] = []
    found: tuple[int, bytes] | None = None
    with register.reading() as connection:
        counts = {
            table.name: int(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
            )
            for table in tables_of(connection)
        }
        try:
            found = check_trail(connection, head=head)
        except RegisterError as error:
            faults.append(error.message)
        if register.dialect == "sqlite":
            faults += _sqlite_faults(connection)
        for what, where, condition in _IMPOSSIBLE:
            faults += _rows_that(connection, what, where, condition)
        faults += _content_faults(connection)
        faults += contradictions(connection)
    return RegisterCheck(found, counts, tuple(faults))


_OF_ENTRY = status_entries.join(status_lists, status_lists.c.id == status_entries.c.list_id)
_OF_LIST = status_lists.join(status_series, status_series.c.id == status_lists.c.series_id)
_OF_CHANGE = status_changes.outerjoin(
    status_entries,
    (status_entries.c.list_id == status_changes.c.list_id)
    & (status_entries.c.place == status_changes.c.place),
)
_SIGNED = credentials.outerjoin(signatures, signatures.c.credential_id == credentials.c.id)
_WAITING = _SIGNED.outerjoin(plans, plans.c.credential_id == credentials.c.id).outerjoin(
    chunks, chunks.c.id == credentials.c.chunk_id
)

_IMPOSSIBLE: tuple[tuple[str, FromClause, ColumnElement[bool]], ...] = (
    (
        "places that their status list does not have",
        _OF_ENTRY,
        status_entries.c.place >= status_lists.c.length,
    ),
    (
        "status changes at a place that belongs to another credential",
        _OF_CHANGE,
        func.coalesce(status_entries.c.credential_id, -1)
        != func.coalesce(status_changes.c.credential_id, -1),
    ),
    (
        "revocations that were taken back",
        _OF_CHANGE.join(status_lists, status_lists.c.id == status_changes.c.list_id),
        (status_lists.c.purpose == "revocation") & (status_changes.c.value == 0),
    ),
    (
        "credentials that are signed and abandoned",
        _SIGNED,
        signatures.c.credential_id.is_not(None) & credentials.c.abandoned_at.is_not(None),
    ),
    (
        "credentials that are neither signed nor planned nor abandoned",
        _WAITING,
        signatures.c.credential_id.is_(None)
        & credentials.c.abandoned_at.is_(None)
        & plans.c.credential_id.is_(None)
        & (chunks.c.state.is_(None) | (chunks.c.state == "issued")),
    ),
    (
        "credentials of a batch that supersede another",
        credentials,
        credentials.c.chunk_id.is_not(None) & credentials.c.supersedes_id.is_not(None),
    ),
    (
        "credentials signed with another issuer's key",
        credentials.join(signatures, signatures.c.credential_id == credentials.c.id).join(
            keys, keys.c.id == signatures.c.key_id
        ),
        keys.c.issuer_id != credentials.c.issuer_id,
    ),
    (
        "status lists that are not as long as their series says",
        _OF_LIST,
        status_lists.c.length != status_series.c.length,
    ),
)


def _rows_that(
    connection: Connection, what: str, where: FromClause, condition: ColumnElement[bool]
) -> Iterator[str]:
    query = select(func.count()).select_from(where).where(condition)
    count = int(connection.execute(query).scalar_one())
    if count:
        yield f"{count} {what}"


def _sqlite_faults(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(f"PRAGMA integrity_check({_NAMED})")):
        if row[0] != "ok":
            yield f"the database file is damaged: {row[0]}"
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(_NAMED)
    for row in broken:
        yield f"{row[0]} refers to rows of {row[2]} that are missing"


def _content_faults(connection: Connection) -> Iterator[str]:
    query = select(signatures.c.credential_id).where(signatures.c.content.is_not(None))
    numbers = connection.execute(
        query.order_by(signatures.c.credential_id).execution_options(yield_per=_AT_ONCE)
    )
    for part in numbers.scalars().partitions(_AT_ONCE):
        try:
            read_contents(connection, part)
        except RegisterError as error:
            yield error.message
