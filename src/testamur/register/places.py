"""Places in status lists: who gets which, so that none is ever given twice.

An issuer has one open series of lists. The places of a series are numbered in the order in which
they are given away; a counter says how many are, and is raised in the transaction that gives them.
Which list and which index a number means is a keyed permutation of each list, so neighbours in the
register are no neighbours in a list, and nobody without the series' secret can tell which places
are taken. The primary key of the entries is the second lock on the same door.

A quarter of each list is never given away: these places are decoys, whose bits are set now and
then, so that the number of bits set does not tell how many credentials were withdrawn.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Row, select

from testamur import limits
from testamur.batch.derived import SECRET_BYTES
from testamur.batch.status_lists import StatusLists, StatusPlace
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, RegisterError
from testamur.register.bulk import insert_rows
from testamur.register.issuers import IssuerRecord
from testamur.register.schema import status_entries, status_lists, status_series
from testamur.register.writing import Writing

__all__ = ["Reservation", "Series", "close_series", "open_series", "require_series", "reserve"]

_USED_PARTS = (3, 4)


@dataclass(frozen=True, slots=True)
class Series:
    """The lists that an issuer fills one after the other.

    Attributes:
        number: the register's own.
        lists: where they are published, and the order of their places.
        next_position: places given away so far.
        opened_at: aware.
        closed_at: since when no place of it is given away; aware.
    """

    number: int
    lists: StatusLists
    next_position: int
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reservation:
    """Positions of a series that are nobody else's from now on.

    Attributes:
        series: which series.
        first: the first position.
        count: how many.
        list_numbers: URL → the register's own number of each list that they are in.
    """

    series: Series
    first: int
    count: int
    list_numbers: Mapping[str, int] = field(repr=False)

    def places(self, position: int) -> tuple[StatusPlace, ...]:
        """Return the places that a position means, one for each purpose."""
        lists = self.series.lists
        return lists.places(lists.secret or b"", position)


def open_series(
    writing: Writing,
    issuer: IssuerRecord,
    *,
    folder_url: str,
    purposes: Sequence[str],
    length: int = limits.STATUS_LIST_MINIMUM_ENTRIES,
    who: str | None = None,
) -> Series:
    """Open a series of lists for an issuer, with its first lists.

    Raises:
        RegisterError: REGISTER_CONFLICT, where one is open.
        ConfigurationError: the URL, a purpose or the length cannot be.
    """
    if find_series(writing.connection, issuer) is not None:
        raise RegisterError(
            f"{issuer.id[:160]} has a series of status lists already; close that one first",
            code=Code.REGISTER_CONFLICT,
        )
    used = length * _USED_PARTS[0] // _USED_PARTS[1]
    secret = secrets.token_bytes(SECRET_BYTES)
    lists = StatusLists(folder_url, tuple(purposes), length, used=used, secret=secret)
    writing.connection.execute(
        status_series.insert().values(
            issuer_id=issuer.number,
            secret=secret,
            folder_url=lists.folder_url,
            purposes=" ".join(lists.purposes),
            length=length,
            used=used,
            next_position=0,
            opened_at=writing.now,
        )
    )
    facts: JsonObject = {"folder": folder_url, "purposes": list(purposes), "length": length}
    writing.record("series.opened", issuer.id, facts, who=who)
    series = require_series(writing.connection, issuer)
    _open_lists(writing, series, [1])
    return series


def close_series(
    writing: Writing, issuer: IssuerRecord, *, reason: str, who: str | None = None
) -> Series | None:
    """Give away no more places of an issuer's open series; its lists are published as before."""
    series = find_series(writing.connection, issuer)
    if series is not None:
        writing.connection.execute(
            status_series.update()
            .where(status_series.c.id == series.number)
            .values(closed_at=writing.now)
        )
        writing.record("series.closed", issuer.id, {"reason": reason}, who=who)
    return series


def reserve(writing: Writing, issuer: IssuerRecord, count: int) -> Reservation:
    """Reserve places in the open series of an issuer, and open its next lists in time.

    Raises:
        RegisterError: REGISTER_UNKNOWN, where the issuer has no open series.
    """
    series = require_series(writing.connection, issuer)
    first, used = series.next_position, series.lists.used or series.lists.length
    writing.connection.execute(
        status_series.update()
        .where(status_series.c.id == series.number)
        .values(next_position=first + count)
    )
    # The list behind the last one is there, and so is published, before the last one is half full.
    last = (first + max(count, 1) - 1 + used // 2) // used + 1
    numbers = _list_numbers(writing.connection, series, first // used + 1)
    have = {number for number, _url, _id in numbers}
    missing = [each for each in range(first // used + 1, last + 1) if each not in have]
    if missing:
        _open_lists(writing, series, missing)
        numbers = _list_numbers(writing.connection, series, first // used + 1)
    return Reservation(series, first, count, {url: number for _, url, number in numbers})


def give(
    writing: Writing, reservation: Reservation, first_position: int, credentials: Sequence[int]
) -> None:
    """Write down whose the places from a position on are, one position for each credential."""
    rows = [
        (reservation.list_numbers[place.list_url], place.index, credential)
        for offset, credential in enumerate(credentials)
        for place in reservation.places(first_position + offset)
    ]
    insert_rows(writing.connection, status_entries, ("list_id", "place", "credential_id"), rows)


def find_series(connection: Connection, issuer: IssuerRecord) -> Series | None:
    """Return the open series of an issuer; None where it has none."""
    row = connection.execute(
        select(status_series).where(
            status_series.c.issuer_id == issuer.number, status_series.c.closed_at.is_(None)
        )
    ).one_or_none()
    return None if row is None else _series(row)


def require_series(connection: Connection, issuer: IssuerRecord) -> Series:
    """Return the open series of an issuer.

    Raises:
        RegisterError: REGISTER_UNKNOWN.
    """
    series = find_series(connection, issuer)
    if series is None:
        raise RegisterError(
            f"{issuer.id[:160]} has no open series of status lists, so what it issues could never "
            "be withdrawn; open one, with the URL where the lists will be published",
            code=Code.REGISTER_UNKNOWN,
        )
    return series


def series_by_number(connection: Connection, number: int) -> Series:
    """Return a series by the register's own number."""
    query = select(status_series).where(status_series.c.id == number)
    return _series(connection.execute(query).one())


def _open_lists(writing: Writing, series: Series, numbers: Sequence[int]) -> None:
    for number in numbers:
        for purpose in series.lists.purposes:
            url = series.lists.list_url(purpose, number)
            writing.connection.execute(
                status_lists.insert().values(
                    series_id=series.number,
                    number=number,
                    purpose=purpose,
                    url=url,
                    length=series.lists.length,
                    opened_at=writing.now,
                )
            )
            writing.record("list.opened", url, {"purpose": purpose, "number": number})
            writing.announce("list.opened", url, {"purpose": purpose})


def _list_numbers(connection: Connection, series: Series, first: int) -> list[tuple[int, str, int]]:
    rows = connection.execute(
        select(status_lists.c.number, status_lists.c.url, status_lists.c.id).where(
            status_lists.c.series_id == series.number, status_lists.c.number >= first
        )
    )
    return [(row.number, row.url, row.id) for row in rows]


def _series(row: Row[tuple[object, ...]]) -> Series:
    lists = StatusLists(
        row.folder_url,
        tuple(row.purposes.split()),
        row.length,
        used=row.used,
        secret=bytes(row.secret),
    )
    return Series(row.id, lists, row.next_position, row.opened_at, row.closed_at)
