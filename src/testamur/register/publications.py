"""Public pages: which credentials their learners agreed to have published, and under which name.

Nothing is public unless the learner said so. The name of a page is random, so whoever was not given
its address cannot find it; it is kept out of the trail, which is for ever, and a learner who agrees
again gets another one.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Select, select

from testamur.errors import Code, RegisterError
from testamur.register.book import Book
from testamur.register.credentials import (
    CredentialRecord,
    State,
    records_by_number,
    require_credential,
)
from testamur.register.schema import credentials, issuers, publications
from testamur.register.writing import Writing

__all__ = ["TOKEN_BITS", "Publication", "PublicationBook"]

_PAGE = 500

TOKEN_BITS = 160
"""bits: of the random name of a page, 32 characters of base32."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A credential that its learner agreed to have published.

    Attributes:
        number: the register's own number of the credential.
        id: the credential's id.
        token: the random name of its page; whoever knows it sees the page.
        agreed_at: aware.
    """

    number: int
    id: str
    token: str = field(repr=False)
    agreed_at: datetime


class PublicationBook(Book):
    """The credentials that are public, because their learners agreed to that."""

    def agree(self, identifier: str, *, who: str | None = None) -> Publication:
        """Write down that the learner agreed to a public page; the same again is no change.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is not issued, or erased.
        """
        with self._register.writing() as writing:
            return _agree(writing, identifier, who=who)

    def take_back(self, identifier: str, *, who: str | None = None) -> bool:
        """Write down that the learner agrees no more; False where there was nothing to take back.

        The page goes when the issuer publishes next; its address is never used again.
        """
        with self._register.writing() as writing:
            return _take_back(writing, identifier, who=who)

    def find(self, identifier: str) -> Publication | None:
        """Return the publication of a credential; None where the learner did not agree to one."""
        with self._register.reading() as connection:
            return _find(connection, identifier)

    def of(self, issuer: str) -> Iterator[tuple[Publication, CredentialRecord]]:
        """Yield the publications of an issuer with their credentials, some at a time."""
        after = 0
        while True:
            with self._register.reading() as connection:
                page = _page(connection, issuer, after=after)
                records = records_by_number(connection, [each.number for each in page])
            yield from ((each, records[each.number]) for each in page)
            if len(page) < _PAGE:
                return
            after = page[-1].number


def remove_publication(writing: Writing, credential: int) -> None:
    """Forget the name of a credential's page, so that the page is taken down."""
    writing.connection.execute(
        publications.delete().where(publications.c.credential_id == credential)
    )


def _agree(writing: Writing, identifier: str, *, who: str | None) -> Publication:
    record = require_credential(writing.connection, identifier)
    if record.state is not State.ISSUED or record.erased_at is not None:
        what = "erased" if record.erased_at is not None else f"{record.state}, not issued"
        raise RegisterError(
            f"{identifier[:160]} cannot have a public page: it is {what}",
            code=Code.REGISTER_CONFLICT,
        )
    known = _find(writing.connection, identifier)
    if known is not None:
        return known
    token = base64.b32encode(secrets.token_bytes(TOKEN_BITS // 8)).decode("ascii").lower()
    writing.connection.execute(
        publications.insert().values(
            credential_id=record.number, token=token, agreed_at=writing.now
        )
    )
    writing.record("publication.agreed", identifier, who=who)
    return Publication(record.number, identifier, token, writing.now)


def _take_back(writing: Writing, identifier: str, *, who: str | None) -> bool:
    known = _find(writing.connection, identifier)
    if known is None:
        return False
    remove_publication(writing, known.number)
    writing.record("publication.taken_back", identifier, who=who)
    return True


def _find(connection: Connection, identifier: str) -> Publication | None:
    row = connection.execute(_query().where(credentials.c.uri == identifier)).one_or_none()
    return None if row is None else Publication(row.id, row.uri, row.token, row.agreed_at)


def _page(connection: Connection, issuer: str, *, after: int) -> list[Publication]:
    query = (
        _query()
        .join(issuers, issuers.c.id == credentials.c.issuer_id)
        .where(issuers.c.uri == issuer, credentials.c.id > after)
        .order_by(credentials.c.id)
        .limit(_PAGE)
    )
    return [
        Publication(row.id, row.uri, row.token, row.agreed_at) for row in connection.execute(query)
    ]


def _query() -> Select[tuple[int, str, str, datetime]]:
    return select(
        credentials.c.id, credentials.c.uri, publications.c.token, publications.c.agreed_at
    ).join(credentials, credentials.c.id == publications.c.credential_id)
