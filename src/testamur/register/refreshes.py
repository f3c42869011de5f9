"""Refresh services: at which URL the newest copy of a credential stands, and which one that is.

Which credentials say so is known from the carriers: the URL is where a copy of the document is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, select

from testamur.canon.strict_json import JsonValue
from testamur.register.book import Book
from testamur.register.schema import audit_trail, carriers, credentials, issuers, signatures
from testamur.register.writing import Writing

__all__ = ["KIND", "RefreshBook", "Refreshed", "note_refresh", "refresh_url"]

KIND = "refresh service"
"""The kind of carrier that a copy at the URL of a refresh service is."""

_TYPE = "1EdTechCredentialRefresh"
_PAGE = 500
_OF_A_COPY = ("credential.issued", "credential.erased")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A credential that has a refresh service, and the copy that stands there.

    Attributes:
        number: the register's own, of the credential.
        url: of the refresh service; None where it has none, or is erased.
        newest: the number of what it was replaced or renewed by, at the end of that chain; its own
            while it is the newest.
        content_hash: SHA-256 over the exact bytes of the newest; None where they are not kept.
    """

    number: int
    url: str | None = field(repr=False)
    newest: int
    content_hash: bytes | None = field(repr=False)


class RefreshBook(Book):
    """The credentials that have a refresh service."""

    def of(self, issuer: str) -> Iterator[Refreshed]:
        """Yield them for an issuer, in the order of the numbers, some at a time."""
        after = 0
        while True:
            query = _query(issuer).where(credentials.c.id > after).order_by(credentials.c.id)
            with self._register.reading() as connection:
                urls = _urls(connection, query.limit(_PAGE))
                yield from _refreshed(connection, urls)
            if len(urls) < _PAGE:
                return
            after = max(urls)

    def look_up(self, issuer: str, identifiers: Iterable[str]) -> Iterator[Refreshed]:
        """Yield credentials of an issuer by their ids, and all that they supersede.

        Those without a refresh service are among them, with None as their URL.
        """
        wanted = sorted(set(identifiers))
        for at in range(0, len(wanted), _PAGE):
            with self._register.reading() as connection:
                numbers = _with_all_older(connection, issuer, wanted[at : at + _PAGE])
                for start in range(0, len(numbers), _PAGE):
                    part = numbers[start : start + _PAGE]
                    found = _urls(connection, _query(issuer).where(credentials.c.id.in_(part)))
                    urls: dict[int, str | None] = {number: found.get(number) for number in part}
                    yield from _refreshed(connection, urls)

    def changed(self, after: int) -> list[str]:
        """Return the ids of credentials that were issued alone or erased.

        Args:
            after: the sequence number in the trail after which it begins.
        """
        query = select(audit_trail.c.subject).where(
            audit_trail.c.sequence > after, audit_trail.c.action.in_(_OF_A_COPY)
        )
        with self._register.reading() as connection:
            return sorted({row.subject for row in connection.execute(query)})


def refresh_url(document: Mapping[str, JsonValue]) -> str | None:
    """Return the URL of a credential's own refresh service; None where it has none.

    Its own is one whose URL ends with the credential's UUID, as an issuer's policy makes it: at
    another URL the copies of several credentials might be meant to stand.
    """
    service = document.get("refreshService")
    if not isinstance(service, dict) or service.get("type") != _TYPE:
        return None
    url, name = service.get("id"), str(document.get("id", "")).rpartition(":")[2]
    return url if isinstance(url, str) and name and url.endswith(f"/{name}") else None


def note_refresh(writing: Writing, number: int, url: str, digest: bytes) -> None:
    """Write down that a credential that is issued in this transaction has a refresh service."""
    writing.connection.execute(
        carriers.insert().values(
            credential_id=number, kind=KIND, sha256=digest, location=url, recorded_at=writing.now
        )
    )


def _query(issuer: str) -> Select[Any]:
    return (
        select(credentials.c.id, carriers.c.location)
        .join(carriers, carriers.c.credential_id == credentials.c.id)
        .join(issuers, issuers.c.id == credentials.c.issuer_id)
        .where(issuers.c.uri == issuer, carriers.c.kind == KIND, carriers.c.location.is_not(None))
    )


def _urls(connection: Connection, query: Select[Any]) -> dict[int, str]:
    return {row.id: row.location for row in connection.execute(query)}


def _refreshed(connection: Connection, urls: Mapping[int, str | None]) -> list[Refreshed]:
    newest = _newest(connection, list(urls))
    query = select(signatures.c.credential_id, signatures.c.content_hash).where(
        signatures.c.credential_id.in_(set(newest.values())), signatures.c.content.is_not(None)
    )
    hashes = {row.credential_id: bytes(row.content_hash) for row in connection.execute(query)}
    return [
        Refreshed(number, url, newest[number], hashes.get(newest[number]))
        for number, url in urls.items()
    ]


def _newest(connection: Connection, numbers: Sequence[int]) -> dict[int, int]:
    """Return what credentials were superseded by, as far as that was issued."""
    newest = {number: number for number in numbers}
    ends = set(numbers)
    while ends:
        query = (
            select(credentials.c.supersedes_id, credentials.c.id)
            .join(signatures, signatures.c.credential_id == credentials.c.id)
            .where(credentials.c.supersedes_id.in_(ends))
        )
        following = {row.supersedes_id: row.id for row in connection.execute(query)}
        newest = {number: following.get(end, end) for number, end in newest.items()}
        ends = set(following.values())
    return newest


def _with_all_older(connection: Connection, issuer: str, identifiers: Sequence[str]) -> list[int]:
    """Return the numbers of credentials and of all that they supersede, one behind the other."""
    query = (
        select(credentials.c.id, credentials.c.supersedes_id)
        .join(issuers, issuers.c.id == credentials.c.issuer_id)
        .where(issuers.c.uri == issuer)
    )
    rows = connection.execute(query.where(credentials.c.uri.in_(identifiers))).all()
    found: set[int] = set()
    while rows:
        found |= {row.id for row in rows}
        older = {row.supersedes_id for row in rows} - {None} - found
        rows = connection.execute(query.where(credentials.c.id.in_(older))).all() if older else []
    return sorted(found)
