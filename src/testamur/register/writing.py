"""A transaction that writes: what it has at hand, and how it ends up in the audit trail."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from testamur.canon.strict_json import JsonObject, dumps
from testamur.register.schema import outbox
from testamur.register.trail import AuditEntry, Tail, commit_to

__all__ = ["Announcement", "Writing", "keyed"]

_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is told to callbacks when it is recorded.

    Attributes:
        event: what happened, as `credential.issued`, `credentials.issued` (many at once),
            `credential.revoked`, `credential.suspended`, `credential.reinstated`, `list.opened`.
        subject: to what, mostly an id.
        payload: what else is said of it; no personal data.
        at: when, aware.
    """

    event: str
    subject: str
    payload: JsonObject
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A transaction that writes, the only one of its register at this moment.

    Attributes:
        connection: to the database.
        now: the time of all that is recorded in it, aware, in seconds.
        actor: who writes, unless a call says otherwise.
        pepper: keys the hashes of what may name a person.
        tail: the end of the audit trail.
        has_outbox: whether events are kept for delivery.
        announced: what is told to callbacks after the transaction.
    """

    connection: Connection
    now: datetime
    actor: str
    pepper: bytes
    tail: Tail
    has_outbox: bool
    announced: list[Announcement] = field(default_factory=list)

    def record(
        self, action: str, subject: str, facts: JsonObject | None = None, *, who: str | None = None
    ) -> AuditEntry:
        """Append to the audit trail.

        Args:
            action: what, as "credential.revoked".
            subject: of what, mostly an id.
            facts: what else; no personal data.
            who: does it; `actor` where it is None.
        """
        return self.tail.append(
            at=self.now,
            actor=who if who is not None else self.actor,
            action=action,
            subject=subject,
            facts=facts or {},
        )

    def announce(self, event: str, subject: str, payload: JsonObject) -> None:
        """Tell callbacks after the transaction, and keep it in the outbox where there is one."""
        self.announced.append(Announcement(event, subject, payload, self.now))
        if self.has_outbox:
            self.connection.execute(
                outbox.insert().values(
                    event=event,
                    subject=subject,
                    payload=dumps(payload),
                    created_at=self.now,
                    next_attempt_at=self.now,
                )
            )

    def commit_to(self, value: str, *, credential_id: int | None) -> str:
        """Keep personal data where it can be erased; return its commitment, for the trail."""
        return commit_to(self.connection, value, credential_id=credential_id)

    def keyed(self, what: str, value: str) -> bytes:
        """Return the keyed hash of a value: see `keyed`."""
        return keyed(self.pepper, what, value)


def keyed(pepper: bytes, what: str, value: str) -> bytes:
    """Return a keyed hash: equal for equal values, and telling nothing without the key.

    Args:
        pepper: the register's.
        what: the kind of value, so that hashes of different kinds never meet.
        value: the value.
    """
    return hmac.digest(pepper, f"{what}\0{value}".encode(), "sha256")[:_TAG_BYTES]
