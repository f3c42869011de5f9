"""The parts of a register that say who issues, with which keys, and what."""

from __future__ import annotations

from datetime import datetime

from testamur.canon.strict_json import JsonObject
from testamur.keys.ed25519 import Ed25519PublicKey
from testamur.model.ob3 import Achievement, Profile
from testamur.register import achievements, issuer_keys, issuers
from testamur.register.achievements import AchievementVersion
from testamur.register.book import Book
from testamur.register.issuer_keys import KeyRecord
from testamur.register.issuers import IssuerRecord

__all__ = ["AchievementBook", "IssuerBook", "KeyBook"]


class IssuerBook(Book):
    """The issuers of a register."""

    def add(self, profile: Profile | JsonObject, *, who: str | None = None) -> IssuerRecord:
        """Record an issuer; the same one again is no change.

        Raises:
            RegisterError: REGISTER_CONFLICT, where another profile has that id.
        """
        with self._register.writing() as writing:
            return issuers.add_issuer(writing, _json(profile), who=who)

    def update(self, profile: Profile | JsonObject, *, who: str | None = None) -> IssuerRecord:
        """Record a new profile of an issuer.

        Raises:
            RegisterError: REGISTER_UNKNOWN.
        """
        with self._register.writing() as writing:
            return issuers.update_issuer(writing, _json(profile), who=who)

    def find(self, identifier: str) -> IssuerRecord | None:
        """Return an issuer by its id; None where it is not recorded."""
        with self._register.reading() as connection:
            return issuers.find_issuer(connection, identifier)

    def all(self) -> tuple[IssuerRecord, ...]:
        """Return all issuers, the first recorded first."""
        with self._register.reading() as connection:
            return issuers.all_issuers(connection)


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
            return issuer_keys.add_key(
                writing,
                public_key,
                verification_method,
                valid_from=valid_from,
                signer_hint=signer_hint,
                who=who,
            )

    def retire(
        self,
        verification_method: str,
        *,
        at: datetime | None = None,
        reason: str | None = None,
        who: str | None = None,
    ) -> KeyRecord:
        """Say from when a key signs nothing any more; what it signed before still verifies.

        Args:
            verification_method: of the key.
            at: from when, aware; from now where it is None.
            reason: why, for the audit trail.
            who: says so.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where it is retired, or was not in
                use.
        """
        with self._register.writing() as writing:
            return issuer_keys.retire_key(
                writing, verification_method, at=at, reason=reason, who=who
            )

    def mark_compromised(
        self, verification_method: str, *, since: datetime, reason: str, who: str | None = None
    ) -> KeyRecord:
        """Say since when a key may be in other hands; it is never taken back.

        Raises:
            RegisterError: REGISTER_UNKNOWN; REGISTER_CONFLICT, where an earlier moment is recorded.
        """
        with self._register.writing() as writing:
            return issuer_keys.mark_compromised(
                writing, verification_method, since=since, reason=reason, who=who
            )

    def find(self, verification_method: str) -> KeyRecord | None:
        """Return a key; None where it is not recorded."""
        with self._register.reading() as connection:
            return issuer_keys.find_key(connection, verification_method)

    def of(self, issuer: str) -> tuple[KeyRecord, ...]:
        """Return all keys of an issuer, also those of old."""
        with self._register.reading() as connection:
            return issuer_keys.keys_of(connection, issuer)

    def count_signed(self, key: KeyRecord) -> int:
        """Count what a key signed: while it is not 0, the key must stay published."""
        with self._register.reading() as connection:
            return issuer_keys.signed_by(connection, key)


class AchievementBook(Book):
    """What is awarded, version by version."""

    def add(self, issuer: str, achievement: Achievement | JsonObject) -> AchievementVersion:
        """Record an achievement as it is now; issuing does the same.

        Raises:
            RegisterError: REGISTER_UNKNOWN, where the issuer is not recorded.
        """
        with self._register.writing() as writing:
            known = issuers.require_issuer(writing.connection, issuer)
            return achievements.record_achievement(writing, known, _json(achievement))

    def of(self, issuer: str) -> tuple[AchievementVersion, ...]:
        """Return the newest version of each achievement of an issuer."""
        with self._register.reading() as connection:
            return achievements.achievements_of(connection, issuer)

    def versions(self, issuer: str, identifier: str) -> tuple[AchievementVersion, ...]:
        """Return all versions of an achievement, the first first."""
        with self._register.reading() as connection:
            return achievements.versions_of(connection, issuer, identifier)


def _json(value: Profile | Achievement | JsonObject) -> JsonObject:
    return value.to_json() if isinstance(value, (Profile, Achievement)) else value
