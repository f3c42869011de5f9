"""What the audit trail says was done, held against what the tables hold.

The chain shows whether the trail was changed. Whether the tables were is seen here: a document's
hash that was exchanged, a withdrawal that was removed or moved, a signature that nobody recorded, a
key that nobody added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from sqlalchemy import Connection, func, select

from testamur.register.bulk import in_parts
from testamur.register.schema import credentials, keys, signatures, status_changes
from testamur.register.statuses import PAST, Action
from testamur.register.trail import AuditEntry, read_trail
from testamur.register.trail_and_changes import moved_changes
from testamur.register.trail_and_plans import planned_otherwise
from testamur.register.trail_and_public import unsaid_public_data

__all__ = ["chunk_digest", "contradictions", "digest_of_chunk"]

_PAGE = 500
_NAMED = 5
_ISSUED, _CHUNK = "credential.issued", "chunk.issued"
_ACTIONS = {past: action for action, past in PAST.items()}


def digest_of_chunk(rows: Iterable[tuple[str, bytes]]) -> str:
    """Return what the trail says of a chunk: SHA-256 over ids and hashes, in their order."""
    digest = sha256()
    for identifier, content_hash in rows:
        digest.update(identifier.encode("utf-8") + b"\0" + content_hash)
    return digest.hexdigest()


def chunk_digest(connection: Connection, *, first: int, count: int) -> str:
    """Return that digest from what is recorded: of `count` credentials from number `first` on."""
    query = (
        select(credentials.c.uri, signatures.c.content_hash)
        .join(signatures, signatures.c.credential_id == credentials.c.id)
        .where(credentials.c.id.between(first, first + count - 1))
        .order_by(credentials.c.id)
    )
    return digest_of_chunk((row.uri, bytes(row.content_hash)) for row in connection.execute(query))


def contradictions(connection: Connection) -> Iterator[str]:
    """Yield what the tables do not hold as the trail says it, and the other way round.

    Work is linear in the register; in memory is a page of each, and what is published for all.
    """
    signed, named, after = 0, 0, 0
    changes = dict.fromkeys(PAST, 0)
    while page := list(read_trail(connection, after=after, limit=_PAGE)):
        after = page[-1].sequence
        for fault in (
            *planned_otherwise(connection, page),
            *_singles(connection, page),
            *_chunks(connection, page),
        ):
            named += 1
            if named <= _NAMED:
                yield fault
        for entry in page:
            if entry.action == _ISSUED:
                signed += 1
            elif entry.action == _CHUNK:
                signed += _integer(entry, "count")
            elif entry.action in _ACTIONS:
                changes[_ACTIONS[entry.action]] += 1
    if named > _NAMED:
        yield f"and {named - _NAMED} more entries of the trail that the tables do not bear out"
    yield from _totals(connection, signed, changes)
    yield from moved_changes(connection)
    yield from unsaid_public_data(connection)


def _singles(connection: Connection, page: Sequence[AuditEntry]) -> Iterator[str]:
    said = {
        each.subject: (each.facts.get("sha256"), each.facts.get("key"))
        for each in page
        if each.action == _ISSUED
    }
    found: dict[str, tuple[str, str]] = {}
    for part in in_parts(list(said)):
        query = (
            select(credentials.c.uri, signatures.c.content_hash, keys.c.verification_method)
            .join(signatures, signatures.c.credential_id == credentials.c.id)
            .join(keys, keys.c.id == signatures.c.key_id)
            .where(credentials.c.uri.in_(part))
        )
        for row in connection.execute(query):
            found[row.uri] = bytes(row.content_hash).hex(), row.verification_method
    for identifier, signed in said.items():
        if found.get(identifier) != signed:
            yield f"{identifier[:160]} is not recorded as it was issued, by the audit trail"


def _chunks(connection: Connection, page: Sequence[AuditEntry]) -> Iterator[str]:
    for entry in page:
        if entry.action != _CHUNK:
            continue
        first, count = _integer(entry, "first"), _integer(entry, "count")
        if chunk_digest(connection, first=first, count=count) != entry.facts.get(
            "sha256"
        ) or _keys_of_chunk(connection, first, count) != {entry.facts.get("key")}:
            yield (
                f"the {count} credentials of {entry.subject} are not recorded as they were issued, "
                "by the audit trail"
            )


def _keys_of_chunk(connection: Connection, first: int, count: int) -> set[str]:
    query = (
        select(keys.c.verification_method)
        .join(signatures, signatures.c.key_id == keys.c.id)
        .where(signatures.c.credential_id.between(first, first + count - 1))
        .distinct()
    )
    return set(connection.execute(query).scalars())


def _totals(connection: Connection, signed: int, changes: dict[Action, int]) -> Iterator[str]:
    query = select(func.count()).select_from(signatures)
    recorded = int(connection.execute(query).scalar_one())
    if recorded != signed:
        yield f"{recorded} signatures are recorded, and by the audit trail there were {signed}"
    counted = (
        select(status_changes.c.action, func.count())
        .where(status_changes.c.credential_id.is_not(None))
        .group_by(status_changes.c.action)
    )
    found = {str(action): int(count) for action, count in connection.execute(counted)}
    for action, count in changes.items():
        if found.get(action, 0) != count:
            yield (
                f"of the action {action}, {found.get(action, 0)} changes of a status are recorded, "
                f"and by the audit trail there were {count}"
            )


def _integer(entry: AuditEntry, name: str) -> int:
    value = entry.facts.get(name)
    return value if isinstance(value, int) else 0
