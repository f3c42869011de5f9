"""What the audit trail says of a chunk of a batch, in place of an entry for each credential."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import Connection, and_, select

from testamur.register.schema import credentials, signatures

__all__ = ["chunk_digests", "digest_of_chunk"]


def digest_of_chunk(rows: Iterable[tuple[str, bytes]]) -> str:
    """Return what the audit trail says of a chunk: SHA-256 over ids and hashes, in their order."""
    digest = sha256()
    for identifier, content_hash in rows:
        digest.update(identifier.encode("utf-8") + b"\0" + content_hash)
    return digest.hexdigest()


def chunk_digests(connection: Connection, chunk: int) -> str:
    """Return the digest of a chunk from what is recorded."""
    query = (
        select(credentials.c.uri, signatures.c.content_hash)
        .join(signatures, signatures.c.credential_id == credentials.c.id)
        .where(and_(credentials.c.chunk_id == chunk))
        .order_by(credentials.c.id)
    )
    return digest_of_chunk((row.uri, bytes(row.content_hash)) for row in connection.execute(query))
