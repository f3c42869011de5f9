"""Credentials that were planned alone, beside what the audit trail says of their plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from testamur.canon.strict_json import parse_object
from testamur.errors import Code, RegisterError, TestamurError
from testamur.register.bulk import in_parts
from testamur.register.credentials import Relation
from testamur.register.schema import (
    credentials,
    personal_data,
    status_entries,
    status_lists,
)
from testamur.register.trail import AuditEntry, read_trail

__all__ = ["planned_otherwise", "require_chunk_as_planned", "require_document_as_planned"]

_PLANNED = "credential.planned"
_CHUNK_PLANNED = "chunk.planned"


def require_document_as_planned(connection: Connection, identifier: str, text: bytes) -> None:
    """Refuse to sign a plan that was changed since it was recorded.

    Args:
        connection: to read from.
        identifier: of the credential.
        text: the unsigned document, as it was dumped.

    Raises:
        RegisterError: REGISTER_DAMAGED.
    """
    for entry in read_trail(connection, subject=identifier):
        if entry.action == _PLANNED:
            query = select(personal_data.c.salt, personal_data.c.value).where(
                personal_data.c.commitment == bytes.fromhex(str(entry.facts.get("bound")))
            )
            row = connection.execute(query).one_or_none()
            if (
                row is not None
                and sha256(bytes(row.salt) + row.value.encode("utf-8")).hexdigest()
                == entry.facts.get("bound")
                and parse_object(row.value).get("document") == sha256(text).hexdigest()
            ):
                return
    raise _changed(identifier)


def require_chunk_as_planned(connection: Connection, number: int, rows: str) -> None:
    """Refuse to sign a chunk whose rows were changed since they were recorded.

    Args:
        connection: to read from.
        number: of the chunk.
        rows: the keyed hash of its rows, in hexadecimal.

    Raises:
        RegisterError: REGISTER_DAMAGED.
    """
    subject = f"chunk {number}"
    for entry in read_trail(connection, subject=subject):
        if entry.action == _CHUNK_PLANNED and entry.facts.get("rows") == rows:
            return
    raise _changed(subject)


def _changed(subject: str) -> RegisterError:
    return RegisterError(
        f"what was planned as {subject[:160]} is not what the audit trail says was planned; it is "
        "not signed. Look for who changed the database, restore a backup, or abandon it",
        code=Code.REGISTER_DAMAGED,
    )


def planned_otherwise(connection: Connection, page: Sequence[AuditEntry]) -> Iterator[str]:
    """Yield what of a page of the trail is not recorded as it was planned.

    That is: its places in status lists, which credential it supersedes, and, until it is erased,
    to whom it was to be awarded.
    """
    planned = {each.subject: each for each in page if each.action == _PLANNED}
    for part in in_parts(list(planned)):
        rows = _rows(connection, part)
        places = _places(connection, part)
        kept = _kept(connection, [planned[identifier] for identifier in part])
        for identifier in part:
            row, facts = rows.get(identifier), planned[identifier].facts
            if (
                row is None
                or places.get(identifier, []) != sorted(_texts(facts.get("places")))
                or (row.abandoned_at is None and _superseded(row) != _said_superseded(facts))
                or (row.erased_at is None and kept.get(str(facts.get("bound"))) != [row.recipient])
            ):
                yield f"{identifier[:160]} is not recorded as it was planned, by the audit trail"


def _rows(connection: Connection, identifiers: Sequence[str]) -> dict[str, Any]:
    older = credentials.alias()
    query = (
        select(credentials, older.c.uri.label("older"))
        .outerjoin(older, older.c.id == credentials.c.supersedes_id)
        .where(credentials.c.uri.in_(identifiers))
    )
    return {row.uri: row for row in connection.execute(query)}


def _places(connection: Connection, identifiers: Sequence[str]) -> dict[str, list[str]]:
    query = (
        select(credentials.c.uri, status_lists.c.url, status_entries.c.place)
        .join(status_entries, status_entries.c.credential_id == credentials.c.id)
        .join(status_lists, status_lists.c.id == status_entries.c.list_id)
        .where(credentials.c.uri.in_(identifiers))
    )
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.uri, []).append(f"{row.url}#{row.place}")
    return {identifier: sorted(each) for identifier, each in found.items()}


def _kept(connection: Connection, entries: Sequence[AuditEntry]) -> dict[str, list[object]]:
    """Return commitment → the recipient behind it, in a list.

    Whether the commitment is to that value is seen by a check of the trail.
    """
    bound = {str(each.facts.get("bound")) for each in entries}
    query = (
        select(personal_data.c.commitment, personal_data.c.value)
        .join(credentials, credentials.c.id == personal_data.c.credential_id)
        .where(credentials.c.uri.in_([each.subject for each in entries]))
    )
    found: dict[str, list[object]] = {}
    for row in connection.execute(query):
        commitment = bytes(row.commitment).hex()
        if commitment in bound:
            found[commitment] = [_recipient(row.value)]
    return found


def _recipient(value: str) -> object:
    try:
        return parse_object(value).get("recipient")
    except TestamurError:
        return b""  # no recipient that a table holds


def _superseded(row: Any) -> tuple[str, str] | None:
    return None if row.older is None else (str(row.relation), row.older)


def _said_superseded(facts: Mapping[str, object]) -> tuple[str, str] | None:
    said = [(each.value, str(facts[each.value])) for each in Relation if each.value in facts]
    return said[0] if said else None


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
