"""The part of a register that holds the status lists."""

from __future__ import annotations

from collections.abc import Sequence

from testamur import limits
from testamur.errors import Code, RegisterError
from testamur.register import places, statuses
from testamur.register.book import Book
from testamur.register.issuers import find_issuer, require_issuer
from testamur.register.places import Series
from testamur.register.statuses import ListRecord
from testamur.status import BitString

__all__ = ["ListBook"]


class ListBook(Book):
    """The status lists of the issuers."""

    def open_series(
        self,
        issuer: str,
        *,
        folder_url: str,
        purposes: Sequence[str] = ("revocation", "suspension"),
        length: int = limits.STATUS_LIST_MINIMUM_ENTRIES,
        who: str | None = None,
    ) -> Series:
        """Open a series of lists, in which all that the issuer issues from now on has its places.

        Args:
            issuer: the issuer's id.
            folder_url: the https URL of the folder where they are published.
            purposes: "revocation", "suspension" or both.
            length: places in each list.
            who: opens it.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where one is open.
        """
        with self._register.writing() as writing:
            known = require_issuer(writing.connection, issuer)
            return places.open_series(
                writing, known, folder_url=folder_url, purposes=purposes, length=length, who=who
            )

    def series(self, issuer: str) -> Series | None:
        """Return the open series of an issuer; None where it has none."""
        with self._register.reading() as connection:
            known = find_issuer(connection, issuer)
            return None if known is None else places.find_series(connection, known)

    def begin_anew(self, issuer: str, *, reason: str, who: str | None = None) -> Series:
        """Close the open series and open one like it, whose lists and places are new.

        Always do this after a backup was restored: the lost days may have given away places that
        the backup knows nothing of.

        Raises:
            RegisterError: REGISTER_UNKNOWN.
        """
        with self._register.writing() as writing:
            known = require_issuer(writing.connection, issuer)
            places.require_series(writing.connection, known)
            old = places.close_series(writing, known, reason=reason, who=who)
            if old is None:
                raise RegisterError("there is no open series", code=Code.REGISTER_UNKNOWN)
            return places.open_series(
                writing,
                known,
                folder_url=old.lists.folder_url,
                purposes=old.lists.purposes,
                length=old.lists.length,
                who=who,
            )

    def of(self, issuer: str) -> tuple[ListRecord, ...]:
        """Return all lists of an issuer, the first opened first."""
        with self._register.reading() as connection:
            return statuses.lists_of(connection, issuer)

    def find(self, url: str) -> ListRecord | None:
        """Return a list by its URL; None where it is not recorded."""
        with self._register.reading() as connection:
            return next(iter(statuses.lists_of(connection, url=url)), None)

    def bits(self, record: ListRecord) -> BitString:
        """Rebuild a list as it was when the record was read."""
        with self._register.reading() as connection:
            return statuses.bits_of(connection, record)

    def note_publication(self, record: ListRecord) -> ListRecord:
        """Write down that a list was published as it was read; call it before the file is replaced.

        Raises:
            RegisterError: REGISTER_CONFLICT, where another process published it meanwhile.
        """
        with self._register.writing() as writing:
            return statuses.note_publication(writing, record)
