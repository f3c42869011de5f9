"""The exact bytes of credentials, as the register keeps them: packed, and held to their hash."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection, select

from testamur.errors import Code, RegisterError
from testamur.register.bulk import in_parts
from testamur.register.packing import unpack
from testamur.register.schema import dictionaries, signatures

__all__ = ["read_contents", "read_dictionary"]


def read_contents(connection: Connection, numbers: Sequence[int]) -> dict[int, bytes]:
    """Return the exact bytes of credentials, by number; those that are not kept are missing.

    Raises:
        RegisterError: REGISTER_DAMAGED, where they are not those that were signed.
    """
    found: dict[int, bytes] = {}
    common: dict[int, bytes] = {}
    for part in in_parts(numbers):
        query = select(signatures).where(
            signatures.c.credential_id.in_(part),
            signatures.c.content.is_not(None),
        )
        for row in connection.execute(query):
            if row.dictionary_id is not None and row.dictionary_id not in common:
                common[row.dictionary_id] = read_dictionary(connection, row.dictionary_id)
            content = unpack(bytes(row.content), common.get(row.dictionary_id, b""))
            if sha256(content).digest() != bytes(row.content_hash):
                raise RegisterError(
                    f"the document of credential number {row.credential_id} is not the one that "
                    "was signed; restore it from a backup",
                    code=Code.REGISTER_DAMAGED,
                )
            found[row.credential_id] = content
    return found


def read_dictionary(connection: Connection, number: int) -> bytes:
    """Return a dictionary."""
    query = select(dictionaries.c.content).where(dictionaries.c.id == number)
    return bytes(connection.execute(query).scalar_one())
