"""Files that carry a credential, by their hash: the baked picture, the PDF, the JWT beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from testamur.errors import RegisterError
from testamur.register.schema import carriers
from testamur.register.trail import require_text
from testamur.register.writing import Writing

__all__ = ["CarrierRecord", "add_carrier", "carriers_of"]

_SHA256_BYTES = 32
_KIND_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class CarrierRecord:
    """A file that carries a credential.

    Attributes:
        kind: as "png", "svg", "pdf", "jwt".
        sha256: of the file, 32 bytes.
        location: where it is, in the issuer's words; None where it was not said, or was erased.
        recorded_at: aware.
    """

    kind: str
    sha256: bytes
    location: str | None
    recorded_at: datetime


def add_carrier(
    writing: Writing, number: int, kind: str, sha256: bytes, *, location: str | None
) -> None:
    """Write down a file that carries the credential of a number; twice is once.

    Raises:
        RegisterError: kind, hash or location cannot be.
    """
    require_text(kind, "kind")
    if len(sha256) != _SHA256_BYTES or not 0 < len(kind) <= _KIND_CHARACTERS:
        raise RegisterError(
            f"a carrier is noted by its kind, as png, and its SHA-256 of {_SHA256_BYTES} bytes"
        )
    require_text(location or "", "location")
    mine = (
        (carriers.c.credential_id == number)
        & (carriers.c.kind == kind)
        & (carriers.c.sha256 == sha256)
    )
    if writing.connection.execute(select(carriers.c.kind).where(mine)).first() is None:
        writing.connection.execute(
            carriers.insert().values(
                credential_id=number,
                kind=kind,
                sha256=sha256,
                location=location,
                recorded_at=writing.now,
            )
        )


def carriers_of(connection: Connection, number: int) -> tuple[CarrierRecord, ...]:
    """Return the files that carry the credential of a number, the first recorded first."""
    query = (
        select(carriers)
        .where(carriers.c.credential_id == number)
        .order_by(carriers.c.recorded_at, carriers.c.kind, carriers.c.sha256)
    )
    return tuple(
        CarrierRecord(row.kind, bytes(row.sha256), row.location, row.recorded_at)
        for row in connection.execute(query)
    )
