"""The parts of a register, each with what is asked of it and what is written into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from testamur import limits
from testamur.canon.strict_json import JsonObject
from testamur.errors import Code, RegisterError
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.model.ob3 import Achievement, Profile
from testamur.register import credentials, erasure, parties, places, statuses
from testamur.register.book import Book
from testamur.register.credentials import CredentialRecord
from testamur.register.parties import AchievementVersion, IssuerRecord, KeyRecord
from testamur.register.places import Series
from testamur.register.schema import carriers
from testamur.register.statuses import Action, ListRecord, StatusChange
from testamur.status import BitString

__all__ = [
    "AchievementBook",
    "CredentialBook",
    "IssuerBook",
    "KeyBook",
    "ListBook",
]

_PAGE = 500


class IssuerBook(Book):
    """The issuers of a register."""

    def add(self, profile: Profile | JsonObject, *, who: str | None = None) -> IssuerRecord:
        """Record an issuer; the same one again is no change.

        Raises:
            RegisterError: REGISTER_CONFLICT, where another profile has that id.
        """
        with self._register.writing() as writing:
            return parties.add_issuer(writing, _json(profile), who=who)

    def update(self, profile: Profile | JsonObject, *, who: str | None = None) -> IssuerRecord:
        """Record a new profile of an issuer.

        Raises:
            RegisterError: REGISTER_UNKNOWN.
        """
        with self._register.writing() as writing:
            return parties.update_issuer(writing, _json(profile), who=who)

    def find(self, identifier: str) -> IssuerRecord | None:
        """Return an issuer by its id; None where it is not recorded."""
        with self._register.reading() as connection:
            return parties.find_issuer(connection, identifier)

    def all(self) -> tuple[IssuerRecord, ...]:
        """Return all issuers, the first recorded first."""
        with self._register.reading() as connection:
            return parties.all_issuers(connection)


class KeyBook(Book):
    """The keys of the issuers: public parts and dates; no private key is ever here."""

    def add(
        self,
        public_key: Ed25519PublicKey,
        verification_method: str,
        *,
        valid_from: datetime | None = None,
        signer_hint: str | None = None,
        who: str | None = None,
    ) -> KeyRecord:
        """Record a key; the same one again is no change.

        Args:
            public_key: its public part.
            verification_method: the URL under which it is published, of a recorded issuer.
            valid_from: from when it signs, aware; from now where it is None.
            signer_hint: where the private part is, in your words, as "HSM slot 2".
            who: records it.

        Raises:
            RegisterError: REGISTER_UNKNOWN, REGISTER_CONFLICT.
        """
        with self._register.writing() as writing:
            return parties.add_key(
                writing,
                public_key,
                verification_method,
                valid_from=valid_from,
                signer_hint=signer_hint,
                who=who,
            )

    def retire(
        self, verification_method: str, *, at: datetime | None = None, who: str | None = None
    ) -> KeyRecord:
        """Say from when a key signs nothing any more; what it signed before still verifies.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is retired.
        """
        with self._register.writing() as writing:
            return parties.retire_key(writing, verification_method, at=at, who=who)

    def mark_compromised(
        self, verification_method: str, *, since: datetime, reason: str, who: str | None = None
    ) -> KeyRecord:
        """Say since when a key may be in other hands; it is never taken back.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where an earlier moment is recorded.
        """
        with self._register.writing() as writing:
            return parties.mark_compromised(
                writing, verification_method, since=since, reason=reason, who=who
            )

    def find(self, verification_method: str) -> KeyRecord | None:
        """Return a key; None where it is not recorded."""
        with self._register.reading() as connection:
            return parties.find_key(connection, verification_method)

    def of(self, issuer: str) -> tuple[KeyRecord, ...]:
        """Return all keys of an issuer, also those of old."""
        with self._register.reading() as connection:
            return parties.keys_of(connection, issuer)

    def count_signed(self, key: KeyRecord) -> int:
        """Count what a key signed: while it is not 0, the key must stay published."""
        with self._register.reading() as connection:
            return parties.signed_by(connection, key)


class AchievementBook(Book):
    """What is awarded, version by version."""

    def add(self, issuer: str, achievement: Achievement | JsonObject) -> AchievementVersion:
        """Record an achievement as it is now; issuing does the same.

        Raises:
            RegisterError: REGISTER_UNKNOWN, where the issuer is not recorded.
        """
        with self._register.writing() as writing:
            known = parties.require_issuer(writing.connection, issuer)
            return parties.record_achievement(writing, known, _json(achievement))

    def of(self, issuer: str) -> tuple[AchievementVersion, ...]:
        """Return the newest version of each achievement of an issuer."""
        with self._register.reading() as connection:
            return parties.achievements_of(connection, issuer)

    def versions(self, issuer: str, identifier: str) -> tuple[AchievementVersion, ...]:
        """Return all versions of an achievement, the first first."""
        with self._register.reading() as connection:
            return parties.versions_of(connection, issuer, identifier)


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
        forms = (recipient, hashed_recipient(self._register.keyed("recipient", _folded(recipient))))
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
            return credentials.read_contents(connection, [record.number]).get(record.number)

    def contents(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Return the exact bytes of credentials, by the register's own numbers, as `content`."""
        with self._register.reading() as connection:
            return credentials.read_contents(connection, numbers)

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
        """
        with self._register.writing() as writing:
            mine = (
                (carriers.c.credential_id == record.number)
                & (carriers.c.kind == kind)
                & (carriers.c.sha256 == sha256)
            )
            if writing.connection.execute(select(carriers.c.kind).where(mine)).first() is None:
                writing.connection.execute(
                    carriers.insert().values(
                        credential_id=record.number,
                        kind=kind,
                        sha256=sha256,
                        location=location,
                        recorded_at=writing.now,
                    )
                )


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
            known = parties.require_issuer(writing.connection, issuer)
            return places.open_series(
                writing, known, folder_url=folder_url, purposes=purposes, length=length, who=who
            )

    def series(self, issuer: str) -> Series | None:
        """Return the open series of an issuer; None where it has none."""
        with self._register.reading() as connection:
            known = parties.find_issuer(connection, issuer)
            return None if known is None else places.find_series(connection, known)

    def begin_anew(self, issuer: str, *, reason: str, who: str | None = None) -> Series:
        """Close the open series and open one like it, whose lists and places are new.

        Always do this after a backup was restored: the lost days may have given away places that
        the backup knows nothing of.

        Raises:
            RegisterError: REGISTER_UNKNOWN.
        """
        with self._register.writing() as writing:
            known = parties.require_issuer(writing.connection, issuer)
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


def hashed_recipient(digest: bytes) -> str:
    """Return a keyed hash as the column of recipients holds it, told apart from plain text."""
    return f"#{digest.hex()}"


def _folded(recipient: str) -> str:
    return recipient.strip().casefold()


def _json(value: Profile | Achievement | JsonObject) -> JsonObject:
    return value.to_json() if isinstance(value, (Profile, Achievement)) else value
