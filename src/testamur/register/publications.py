"""Public pages: which credentials their learners agreed to have published, and under which name.

Nothing is public unless the learner said so. The name of a page is random, so whoever was not given
its address cannot find it; it is kept out of the trail, which is for ever, and a learner who agrees
again gets another one.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from testamur.canon.strict_json import parse_object
from testamur.errors import Code, RegisterError
from testamur.register.book import Book
from testamur.register.credentials import (
    CredentialRecord,
    Relation,
    State,
    records_by_number,
    require_credential,
)
from testamur.register.schema import audit_trail, credentials, issuers, publications
from testamur.register.writing import Writing

__all__ = ["TOKEN_BITS", "Disclosure", "Publication", "PublicationBook"]

_PAGE = 500
_OF_A_PAGE = (
    "credential.revoked",
    "credential.suspended",
    "credential.reinstated",
    "credential.erased",
    "publication.agreed",
    "publication.taken_back",
)

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


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A credential, and its page where its learner agreed to one.

    Attributes:
        record: the credential.
        publication: None where there is to be no page.
        newer: the random name of the page of the credential that supersedes it.
    """

    record: CredentialRecord
    publication: Publication | None
    newer: str | None = field(repr=False)


class PublicationBook(Book):
    """The credentials that are public, because their learners agreed to that."""

    def agree(self, identifier: str, *, who: str | None = None) -> Publication:
        """Write down that the learner agreed to a public page; the same again is no change.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is not issued, or erased.
        """
        with self._register.writing() as writing:
            return _agree(writing, identifier, who=who)

    def agree_all(self, identifiers: Iterable[str], *, who: str | None = None) -> list[Publication]:
        """Do what `agree` does for many, in one transaction: for all of them, or for none.

        Raises:
            RegisterError: as `agree`.
        """
        with self._register.writing() as writing:
            return [_agree(writing, each, who=who) for each in identifiers]

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

    def of(self, issuer: str) -> Iterator[Disclosure]:
        """Yield what an issuer has pages of, in the order of the numbers, some at a time."""
        after = 0
        while True:
            with self._register.reading() as connection:
                page = _page(connection, issuer, after=after)
                yield from _disclosures(connection, page, [each.number for each in page])
            if len(page) < _PAGE:
                return
            after = page[-1].number

    def look_up(self, issuer: str, identifiers: Iterable[str]) -> Iterator[Disclosure]:
        """Yield credentials of an issuer by their ids, and those that they supersede.

        What is not recorded, or of another issuer, is left out.
        """
        wanted = sorted(set(identifiers))
        for at in range(0, len(wanted), _PAGE):
            with self._register.reading() as connection:
                numbers = _with_older(connection, issuer, wanted[at : at + _PAGE])
                query = _query().where(credentials.c.id.in_(numbers))
                yield from _disclosures(connection, _publications(connection, query), numbers)

    def ending(self, issuer: str, first: datetime, last: datetime) -> list[str]:
        """Return the ids of credentials with a page that end to hold between two instants.

        Args:
            issuer: the issuer's id.
            first: aware, inclusive.
            last: aware, not inclusive.
        """
        query = (
            _of(issuer)
            .where(credentials.c.valid_until >= first, credentials.c.valid_until < last)
            .order_by(credentials.c.valid_until)
        )
        with self._register.reading() as connection:
            return [each.id for each in _publications(connection, query)]

    def next_end(self, issuer: str, after: datetime) -> datetime | None:
        """Return when the next credential with a page ends to hold; None where none does.

        Args:
            issuer: the issuer's id.
            after: aware, inclusive.
        """
        query = (
            select(func.min(credentials.c.valid_until))
            .join(publications, publications.c.credential_id == credentials.c.id)
            .join(issuers, issuers.c.id == credentials.c.issuer_id)
            .where(issuers.c.uri == issuer, credentials.c.valid_until >= after)
        )
        with self._register.reading() as connection:
            found: datetime | None = connection.execute(query).scalar_one()
            return found

    def changed(self, after: int) -> list[str]:
        """Return the ids of credentials of whose pages something was recorded.

        Args:
            after: the sequence number in the trail after which it begins.
        """
        with self._register.reading() as connection:
            return sorted(_changed(connection, after))


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
    query = _of(issuer).where(credentials.c.id > after).order_by(credentials.c.id).limit(_PAGE)
    return _publications(connection, query)


def _publications(connection: Connection, query: Select[Any]) -> list[Publication]:
    return [
        Publication(row.id, row.uri, row.token, row.agreed_at) for row in connection.execute(query)
    ]


def _disclosures(
    connection: Connection, found: Sequence[Publication], numbers: Sequence[int]
) -> list[Disclosure]:
    """Return credentials by their numbers, with those of their publications that were found."""
    records = records_by_number(connection, numbers)
    pages = {each.number: each for each in found}
    newer = select(credentials.c.supersedes_id, publications.c.token).join(
        publications, publications.c.credential_id == credentials.c.id
    )
    rows = connection.execute(newer.where(credentials.c.supersedes_id.in_(numbers)))
    tokens = {row.supersedes_id: row.token for row in rows}
    return [
        Disclosure(records[number], pages.get(number), tokens.get(number)) for number in numbers
    ]


def _with_older(connection: Connection, issuer: str, identifiers: Sequence[str]) -> list[int]:
    """Return the numbers of credentials and of those that they supersede."""
    query = (
        select(credentials.c.id, credentials.c.supersedes_id)
        .join(issuers, issuers.c.id == credentials.c.issuer_id)
        .where(issuers.c.uri == issuer, credentials.c.uri.in_(identifiers))
    )
    rows = connection.execute(query).all()
    found = {row.id for row in rows} | {row.supersedes_id for row in rows}
    return sorted(found - {None})


def _changed(connection: Connection, after: int) -> set[str]:
    behind = select(audit_trail.c.action, audit_trail.c.subject, audit_trail.c.facts).where(
        audit_trail.c.sequence > after
    )
    found = {row.subject for row in connection.execute(behind.where(_is_of_a_page()))}
    # What is planned or given up takes a newer credential from an older one, or gives it one.
    planned = audit_trail.c.action == "credential.planned"
    given_up = connection.execute(behind.where(audit_trail.c.action == "credential.abandoned"))
    for row in [*connection.execute(behind.where(planned & _names_an_older())), *given_up]:
        found |= _older(connection, row)
    return found


def _is_of_a_page() -> ColumnElement[bool]:
    return audit_trail.c.action.in_(_OF_A_PAGE)


def _names_an_older() -> ColumnElement[bool]:
    return or_(*(audit_trail.c.facts.contains(f'"{each.value}"') for each in Relation))


def _older(connection: Connection, row: Any) -> set[str]:
    """Return the id of the credential that an entry's credential was to supersede."""
    facts = row.facts
    if row.action == "credential.abandoned":
        query = select(audit_trail.c.facts).where(
            audit_trail.c.subject == row.subject, audit_trail.c.action == "credential.planned"
        )
        facts = connection.execute(query.limit(1)).scalar() or "{}"
    said = parse_object(facts)
    return {str(said[each.value]) for each in Relation if each.value in said}


def _of(issuer: str) -> Select[tuple[int, str, str, datetime]]:
    return (
        _query()
        .join(issuers, issuers.c.id == credentials.c.issuer_id)
        .where(issuers.c.uri == issuer)
    )


def _query() -> Select[tuple[int, str, str, datetime]]:
    return select(
        credentials.c.id, credentials.c.uri, publications.c.token, publications.c.agreed_at
    ).join(credentials, credentials.c.id == publications.c.credential_id)
