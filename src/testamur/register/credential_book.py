"""The part of a register that says what was awarded to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from testamur.register import carriers, credentials, erasure, statuses
from testamur.register.book import Book
from testamur.register.carriers import CarrierRecord
from testamur.register.contents import read_contents
from testamur.register.credentials import CredentialRecord
from testamur.register.recipients import hashed_recipient
from testamur.register.statuses import Action, StatusChange

__all__ = ["CredentialBook"]

_PAGE = 500


class CredentialBook(Book):
    """The credentials: what was awarded to whom, and what became of it."""

    def find(self, identifier: str) -> CredentialRecord | None:
        """Return a credential by its id; None where it is not recorded."""
        with self._register.reading() as connection:
            return credentials.find_credential(connection, identifier)

    def of_recipient(self, recipient: str, *, limit: int = _PAGE) -> list[CredentialRecord]:
        """Return what was awarded to a recipient, however the register keeps recipients.

        Args:
            recipient: an id, e-mail address or name, as it was when it was issued.
            limit: at most so many.
        """
        forms = (recipient, hashed_recipient(self._register.keyed, recipient))
        with self._register.reading() as connection:
            return credentials.list_credentials(connection, recipients=forms, limit=limit)

    def all(
        self, *, issuer: str | None = None, achievement: str | None = None
    ) -> Iterator[CredentialRecord]:
        """Yield credentials in the order in which they were recorded, some at a time."""
        after = 0
        while True:
            with self._register.reading() as connection:
                page = credentials.list_credentials(
                    connection, issuer=issuer, achievement=achievement, after=after, limit=_PAGE
                )
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].number

    def expiring(
        self, first: datetime, last: datetime, *, limit: int = _PAGE
    ) -> list[CredentialRecord]:
        """Return the credentials that end to hold between two instants, aware and inclusive."""
        with self._register.reading() as connection:
            return credentials.list_credentials(connection, ends=(first, last), limit=limit)

    def unfinished(self, *, limit: int = 100_000) -> list[CredentialRecord]:
        """Return what was planned and is not signed: under way, or interrupted."""
        with self._register.reading() as connection:
            return credentials.unfinished_credentials(connection, limit=limit)

    def content(self, record: CredentialRecord) -> bytes | None:
        """Return the exact bytes of a credential; None where they are not kept.

        Raises:
            RegisterError: REGISTER_DAMAGED, where they are not those that were signed.
        """
        with self._register.reading() as connection:
            return read_contents(connection, [record.number]).get(record.number)

    def contents(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Return the exact bytes of credentials, by the register's own numbers, as `content`."""
        with self._register.reading() as connection:
            return read_contents(connection, numbers)

    def history(self, record: CredentialRecord) -> tuple[StatusChange, ...]:
        """Return all changes of a credential's status, the first first."""
        with self._register.reading() as connection:
            return statuses.history(connection, record.number)

    def revoke(
        self, identifier: str, *, reason: str, who: str | None = None
    ) -> StatusChange | None:
        """Withdraw a credential for good; None where it is already.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it cannot be; no reason given.
        """
        return self.change(identifier, Action.REVOKE, reason=reason, who=who)

    def suspend(
        self, identifier: str, *, reason: str, who: str | None = None
    ) -> StatusChange | None:
        """Withdraw a credential for now; None where it is already. Errors as `revoke`."""
        return self.change(identifier, Action.SUSPEND, reason=reason, who=who)

    def reinstate(
        self, identifier: str, *, reason: str, who: str | None = None
    ) -> StatusChange | None:
        """End a suspension; None where there is none. Errors as `revoke`."""
        return self.change(identifier, Action.REINSTATE, reason=reason, who=who)

    def change(
        self, identifier: str, action: Action, *, reason: str, who: str | None = None
    ) -> StatusChange | None:
        """Do what `revoke`, `suspend` and `reinstate` do."""
        with self._register.writing() as writing:
            return statuses.change_status(writing, identifier, action, reason=reason, who=who)

    def erase(self, identifier: str, *, reason: str, who: str | None = None) -> None:
        """Erase what may name a person: recipient, document, key of the request, reasons.

        The credential stays what it is in the learner's hands: its id, its places, its hash and its
        trail are kept, so it can still be withdrawn, and no place is given again.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is not finished.
        """
        with self._register.writing() as writing:
            erasure.erase(writing, identifier, reason=reason, who=who)
        self._register.overwrite_erased()

    def add_carrier(
        self,
        record: CredentialRecord,
        kind: str,
        sha256: bytes,
        *,
        location: str | None = None,
    ) -> None:
        """Write down a file that carries a credential, as a baked image.

        Args:
            record: the credential.
            kind: as "png", "pdf".
            sha256: of the file, 32 bytes.
            location: where it is, in your words.

        Raises:
            RegisterError: kind or hash cannot be.
        """
        with self._register.writing() as writing:
            carriers.add_carrier(writing, record.number, kind, sha256, location=location)

    def carriers(self, record: CredentialRecord) -> tuple[CarrierRecord, ...]:
        """Return the files that carry a credential, the first recorded first."""
        with self._register.reading() as connection:
            return carriers.carriers_of(connection, record.number)
