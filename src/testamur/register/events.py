"""What happened: the audit trail to look back, the outbox to tell others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from testamur.canon.strict_json import JsonObject, dumps, parse_object
from testamur.register.book import Book
from testamur.register.schema import audit_trail, outbox
from testamur.register.trail import AuditEntry, check_trail, read_trail

__all__ = ["Event", "Outbox", "Trail"]

_PAGE = 500
_FIRST_DELAY = timedelta(seconds=30)
_LONGEST_DELAY = timedelta(hours=6)
_LEASE = timedelta(minutes=5)
_REASON = 400


class Trail(Book):
    """The audit trail."""

    def read(
        self, *, after: int = 0, subject: str | None = None, limit: int = _PAGE
    ) -> list[AuditEntry]:
        """Return entries in their order.

        Args:
            after: the sequence number after which it begins.
            subject: only what was recorded of it.
            limit: at most so many.
        """
        with self._register.reading() as connection:
            return list(read_trail(connection, after=after, subject=subject, limit=limit))

    def head(self) -> tuple[int, bytes]:
        """Return sequence number and hash of the last entry: keep it elsewhere, as a witness."""
        with self._register.reading() as connection:
            query = select(audit_trail.c.sequence, audit_trail.c.hash)
            last = query.order_by(audit_trail.c.sequence.desc()).limit(1)
            row = connection.execute(last).one_or_none()
            return (0, bytes(32)) if row is None else (row.sequence, bytes(row.hash))

    def check(self, *, head: tuple[int, bytes] | None = None) -> tuple[int, bytes]:
        """Check the whole chain: see `testamur.register.trail.check_trail`.

        Raises:
            RegisterError: REGISTER_DAMAGED.
        """
        with self._register.reading() as connection:
            return check_trail(connection, head=head)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that other systems are to be told.

    Attributes:
        number: the register's own; it is delivered at least once, so receivers go by it.
        event: what happened, as `Announcement` names it.
        subject: to what.
        payload: what is said of it.
        created_at: aware.
        attempts: how often delivery failed.
        missing: receiver → why it has not accepted it; None before the first attempt, when all are
            to be told.
    """

    number: int
    event: str
    subject: str
    payload: JsonObject
    created_at: datetime
    attempts: int = 0
    missing: Mapping[str, str] | None = None


class Outbox(Book):
    """Events that were recorded together with what they are about, until they are delivered."""

    def claim(self, *, limit: int = 100, lease: timedelta = _LEASE) -> list[Event]:
        """Take events whose time has come, the oldest first; for a while nobody else gets them.

        Args:
            limit: at most so many.
            lease: after this time they are due again, unless they are delivered or failed by then,
                as where this process dies.
        """
        with self._register.writing() as writing:
            query = (
                select(outbox)
                .where(outbox.c.delivered_at.is_(None), outbox.c.next_attempt_at <= writing.now)
                .order_by(outbox.c.id)
                .limit(limit)
            )
            events = [_event(row) for row in writing.connection.execute(query)]
            if events:
                writing.connection.execute(
                    outbox.update()
                    .where(outbox.c.id.in_([each.number for each in events]))
                    .values(next_attempt_at=writing.now + lease)
                )
            return events

    def delivered(self, event: Event) -> None:
        """Write down that all receivers accepted an event."""
        with self._register.writing() as writing:
            writing.connection.execute(
                outbox.update()
                .where(outbox.c.id == event.number)
                .values(delivered_at=writing.now, last_error=None)
            )

    def failed(self, event: Event, missing: Mapping[str, str]) -> None:
        """Write down who has not accepted an event; it is due again after a time that doubles.

        Args:
            event: which one.
            missing: receiver → why; the others accepted it, and are not told again.
        """
        delay = min(_FIRST_DELAY * 2 ** min(event.attempts, 20), _LONGEST_DELAY)
        said: JsonObject = {receiver: reason[:_REASON] for receiver, reason in missing.items()}
        with self._register.writing() as writing:
            writing.connection.execute(
                outbox.update()
                .where(outbox.c.id == event.number)
                .values(
                    attempts=event.attempts + 1,
                    last_error=dumps(said),
                    next_attempt_at=writing.now + delay,
                )
            )

    def waiting(self, *, limit: int = 100) -> list[Event]:
        """Return events that are not delivered, the oldest first."""
        with self._register.reading() as connection:
            query = select(outbox).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.id)
            return [_event(row) for row in connection.execute(query.limit(limit))]

    def count(self) -> int:
        """Count the events that are not delivered."""
        with self._register.reading() as connection:
            query = select(func.count(outbox.c.id)).where(outbox.c.delivered_at.is_(None))
            return int(connection.execute(query).scalar_one())


def _event(row: Any) -> Event:
    missing = None if row.last_error is None else parse_object(row.last_error)
    return Event(
        number=row.id,
        event=row.event,
        subject=row.subject,
        payload=parse_object(row.payload),
        created_at=row.created_at,
        attempts=row.attempts,
        missing=None if missing is None else {name: str(why) for name, why in missing.items()},
    )
