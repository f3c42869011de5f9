"""Keyed hashes of the keys by which callers know a credential: what was asked for before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from testamur.register.bulk import in_parts
from testamur.register.schema import credentials, signatures

__all__ = ["Known", "find_tags"]


@dataclass(frozen=True, slots=True)
class Known:
    """A credential that was planned before under the same key.

    Attributes:
        number: the register's own.
        id: the credential's id.
        request: the keyed hash of what was asked for.
        is_signed: whether it was signed.
        chunk: the number of its chunk, where it is in one.
        is_abandoned: whether it was given up.
    """

    number: int
    id: str
    request: bytes
    is_signed: bool
    chunk: int | None
    is_abandoned: bool


def find_tags(connection: Connection, tags: Sequence[bytes]) -> dict[bytes, Known]:
    """Return what is recorded under the keyed hashes of issuers' and callers' keys."""
    found: dict[bytes, Known] = {}
    for part in in_parts(tags):
        query = (
            select(
                credentials.c.tag,
                credentials.c.id,
                credentials.c.uri,
                credentials.c.request,
                credentials.c.chunk_id,
                credentials.c.abandoned_at,
                signatures.c.credential_id.label("signed"),
            )
            .outerjoin(signatures, signatures.c.credential_id == credentials.c.id)
            .where(credentials.c.tag.in_(part))
        )
        for row in connection.execute(query):
            found[bytes(row.tag)] = Known(
                row.id,
                row.uri,
                bytes(row.request or b""),
                row.signed is not None,
                row.chunk_id,
                row.abandoned_at is not None,
            )
    return found
