"""The audit trail: append-only, each entry holding the hash of the one before.

`hash = SHA-256(JCS({sequence, previous, at, actor, action, subject, facts}))`, in which `facts` is
a JSON object and the hashes are in hexadecimal. Whoever changes, removes or inserts an entry breaks
the chain from there on; whoever rewrites the whole end of it is found out by anybody who kept an
older head.

Personal data never stands in an entry. Where an entry must bind some, it holds a commitment,
SHA-256(salt ‖ value), and salt and value stand in a table that can be erased: afterwards the
commitment tells nothing, and the chain holds as before.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, Row, select

from testamur.canon import jcs
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.errors import Code, RegisterError, TestamurError
from testamur.register.schema import audit_trail, instant_text, personal_data

__all__ = [
    "CLOCK_SET",
    "AuditEntry",
    "Tail",
    "check_trail",
    "commit_to",
    "read_trail",
    "require_text",
]

CLOCK_SET = "clock.set"
"""The action of the one entry that may be earlier than the one before it."""

_SKEW = timedelta(minutes=5)
_SALT_BYTES = 16
_NOTHING = bytes(32)
_TEXT = 400
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry of the trail.

    Attributes:
        sequence: from 1, without gaps.
        at: when, aware.
        actor: who: a person's role or name in your systems, or a program.
        action: what, as "credential.revoked".
        subject: of what, mostly an id.
        facts: what else is recorded; no personal data.
        hash: 32 bytes, over all of it and `previous`.
        previous: 32 bytes, the hash of the entry before; zeros before the first.
    """

    sequence: int
    at: datetime
    actor: str
    action: str
    subject: str
    facts: Mapping[str, JsonValue]
    hash: bytes = field(repr=False)
    previous: bytes = field(repr=False)


class Tail:
    """The end of the trail, to which the one writer of this moment appends.

    Args:
        connection: in a transaction that keeps other writers out.
        now: the clock, aware, in seconds.
    """

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        last = connection.execute(
            select(audit_trail.c.sequence, audit_trail.c.hash, audit_trail.c.at)
            .order_by(audit_trail.c.sequence.desc())
            .limit(1)
        ).one_or_none()
        self._sequence: int = 0 if last is None else last.sequence
        self._hash: bytes = _NOTHING if last is None else bytes(last.hash)
        self._last: datetime | None = None if last is None else last.at
        self._now = now

    def require_clock(self) -> datetime:
        """Return the time of what is recorded now, never before the entry before.

        Machines whose clocks differ by little may write in turn. A clock that was set back further
        would give wrong validities and let retired keys sign, so it is refused.

        Raises:
            RegisterError: CLOCK.
        """
        if self._last is None or self._now >= self._last:
            return self._now
        if self._last - self._now <= _SKEW:
            return self._last
        raise RegisterError(
            f"the clock says {instant_text(self._now)}, and the last entry of the register is of "
            f"{instant_text(self._last)}: one of them is wrong. Set the clock right; where the "
            "register's entry is the wrong one, run `testamur register accept-clock`",
            code=Code.CLOCK,
            when=self._last,
        )

    def append(
        self, *, at: datetime, actor: str, action: str, subject: str, facts: JsonObject
    ) -> AuditEntry:
        """Append an entry.

        Args:
            at: from `require_clock`.
            actor: who.
            action: what.
            subject: of what.
            facts: what else; no personal data.
        """
        if not actor.strip() or len(actor) > _TEXT:
            raise RegisterError(f"say who does it, in 1 to {_TEXT} characters", path="actor")
        require_text(actor, "actor")
        require_text(subject, "subject")
        entry = AuditEntry(
            sequence=self._sequence + 1,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            facts=facts,
            hash=b"",
            previous=self._hash,
        )
        digest = _digest(entry)
        self._connection.execute(
            audit_trail.insert().values(
                sequence=entry.sequence,
                previous=entry.previous,
                hash=digest,
                at=at,
                actor=actor,
                action=action,
                subject=subject,
                facts=dumps(facts),
            )
        )
        self._sequence, self._hash, self._last = entry.sequence, digest, at
        return AuditEntry(entry.sequence, at, actor, action, subject, facts, digest, entry.previous)


def require_text(text: str, path: str) -> None:
    """Refuse text that not every database can hold, nor an export of a register.

    Args:
        text: from a caller.
        path: what it is, for the message.

    Raises:
        RegisterError: it has a null character in it, or half of a pair of surrogates.
    """
    if _NO_TEXT.search(text):
        raise RegisterError(
            f"{path} has a character in it that is no text: a null character, or bytes that are "
            "not UTF-8; leave it out",
            path=path,
        )


def commit_to(connection: Connection, value: str, *, credential_id: int | None) -> str:
    """Keep a value where it can be erased, and return its commitment in hexadecimal.

    Args:
        connection: in a transaction that writes.
        value: personal data.
        credential_id: of the credential with which it is erased.

    Raises:
        RegisterError: it is no text.
    """
    require_text(value, "what is committed to")
    salt = secrets.token_bytes(_SALT_BYTES)
    commitment = sha256(salt + value.encode("utf-8")).digest()
    connection.execute(
        personal_data.insert().values(
            commitment=commitment, credential_id=credential_id, salt=salt, value=value
        )
    )
    return commitment.hex()


def read_trail(
    connection: Connection,
    *,
    after: int = 0,
    subject: str | None = None,
    actions: Collection[str] = (),
    limit: int | None = None,
) -> Generator[AuditEntry]:
    """Yield the entries in their order.

    Args:
        connection: to read from.
        after: the sequence number after which it begins.
        subject: only what was recorded of it.
        actions: only these; all where none is named.
        limit: entries at most.
    """
    query = select(audit_trail).where(audit_trail.c.sequence > after)
    if subject is not None:
        query = query.where(audit_trail.c.subject == subject)
    if actions:
        query = query.where(audit_trail.c.action.in_(actions))
    query = query.order_by(audit_trail.c.sequence).limit(limit)
    # The option is the query's: on the connection, all that is asked later would be streamed too.
    with connection.execute(query.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield _entry(row)


def check_trail(
    connection: Connection, *, head: tuple[int, bytes] | None = None
) -> tuple[int, bytes]:
    """Check the whole chain, and that what was committed to is what it was or is erased.

    Args:
        connection: to read from.
        head: sequence number and hash of an entry that you kept elsewhere, and that must be there.

    Returns:
        The head: sequence number and hash of the last entry; 0 and zeros where there is none.

    Raises:
        RegisterError: REGISTER_DAMAGED, with the sequence number of the first fault.
    """
    previous, sequence, last = _NOTHING, 0, None
    with closing(read_trail(connection)) as entries:
        for entry in entries:
            sequence += 1
            if entry.sequence != sequence:
                raise _damaged(sequence, "is missing")
            if entry.previous != previous or _digest(entry) != entry.hash:
                raise _damaged(sequence, "was changed, or one before it")
            if last is not None and entry.at < last and entry.action != CLOCK_SET:
                raise _damaged(sequence, "is earlier than the one before it")
            if head is not None and head[0] == sequence and head[1] != entry.hash:
                raise _damaged(sequence, "is not the one that you kept the hash of")
            previous, last = entry.hash, entry.at
    if head is not None and head[0] > sequence:
        raise _damaged(sequence + 1, "is missing, and those behind it")
    for row in connection.execute(select(personal_data)):
        if sha256(row.salt + row.value.encode("utf-8")).digest() != row.commitment:
            raise RegisterError(
                f"what stands behind the commitment {row.commitment.hex()} was changed",
                code=Code.REGISTER_DAMAGED,
            )
    return sequence, previous


def _digest(entry: AuditEntry) -> bytes:
    said: JsonObject = {
        "sequence": entry.sequence,
        "previous": entry.previous.hex(),
        "at": instant_text(entry.at),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "facts": dict(entry.facts),
    }
    return jcs.digest(said)


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    try:
        facts = parse_object(row.facts)
    except TestamurError as error:
        raise _damaged(row.sequence, "was changed") from error
    return AuditEntry(
        sequence=row.sequence,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        facts=facts,
        hash=bytes(row.hash),
        previous=bytes(row.previous),
    )


def _damaged(sequence: int, what: str) -> RegisterError:
    return RegisterError(
        f"the audit trail does not hold: entry {sequence} {what}; compare it with a backup",
        code=Code.REGISTER_DAMAGED,
        path=f"audit_trail[{sequence}]",
    )
