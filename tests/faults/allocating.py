"""What each process of `test_allocation` does."""

from __future__ import annotations

from datetime import UTC, datetime

from testamur.register import Register
from testamur.register.bulk import insert_rows
from testamur.register.credentials import next_number
from testamur.register.issuers import require_issuer
from testamur.register.places import give, reserve
from testamur.register.schema import credentials, instant_text

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
COLUMNS = ("id", "uri", "issuer_id", "kind", "mechanism", "planned_at")


def allocate(url: str, issuer: str, times: int) -> list[tuple[str, int]]:
    """Give a place in each list to a new credential, each in a transaction of its own."""
    given: list[tuple[str, int]] = []
    with Register.open(url, now=lambda: NOW) as register:
        for _ in range(times):
            with register.writing() as writing:
                known = require_issuer(writing.connection, issuer)
                reservation = reserve(writing, known, 1)
                number = next_number(writing.connection)
                row = (number, f"urn:x:{number}", known.number, "other", "none", instant_text(NOW))
                insert_rows(writing.connection, credentials, COLUMNS, [row])
                give(writing, reservation, reservation.first, [number])
            given += [
                (place.list_url, place.index) for place in reservation.places(reservation.first)
            ]
    return given
