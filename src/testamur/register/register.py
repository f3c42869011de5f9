"""The register: an issuer's book, in which every write is one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, select, text

from testamur._shown import without_password
from testamur._telemetry import count
from testamur.register.connect import (
    WRITES,
    make_engine,
    make_file,
    overwrite_erased,
    require_file,
    wrapped,
)
from testamur.register.credential_book import CredentialBook
from testamur.register.events import Outbox, Trail
from testamur.register.issuer_books import AchievementBook, IssuerBook, KeyBook
from testamur.register.list_book import ListBook
from testamur.register.publications import PublicationBook
from testamur.register.refreshes import RefreshBook
from testamur.register.schema import register_facts
from testamur.register.trail import CLOCK_SET, Tail
from testamur.register.versions import make_if_empty, require_newest, upgrade
from testamur.register.writing import Announcement, Writing, keyed

__all__ = ["Callback", "Clock", "Register", "lock_out_writers"]

Callback = Callable[[Announcement], object]
"""Is told what was recorded."""

Clock = Callable[[], datetime]
"""Gives the time, aware; asked once for each transaction."""

_log = logging.getLogger(__name__)

_ADVISORY = 7231952  # any number; keeps two processes from making the tables at once


_LOCK = text(
    "SELECT set_config('lock_timeout', '60s', true), "
    "set_config('idle_in_transaction_session_timeout', '60s', true), "
    "pg_advisory_xact_lock(:key, hashtext(current_schema()))"
)


class Register:
    """The book of one or several issuers: what was awarded to whom, where its status is, and what
    became of it.

    Writers come one by one: SQLite and PostgreSQL alike let one transaction write at a time, so
    that each knows the end of the audit trail, and no place in a status list is given twice.
    Readers never wait. One object may be shared by threads; a process that is forked opens its own.

    Attributes:
        issuers: who awards.
        keys: with what they sign.
        achievements: what is awarded, version by version.
        credentials: what was awarded to whom.
        lists: where the status of credentials is published.
        publications: which credentials have a public page.
        refreshes: which credentials have a refresh service.
        trail: all that was done.
        outbox: what is to be told to other systems.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        now: Clock,
        actor: str,
        has_outbox: bool,
        on_event: Callback | None = None,
    ) -> None:
        """Use `Register.open` instead."""
        self._engine = engine
        self._now = now
        self._actor = actor
        self._has_outbox = has_outbox
        self._on_event = on_event
        self._pepper: bytes | None = None
        self.issuers = IssuerBook(self)
        self.keys = KeyBook(self)
        self.achievements = AchievementBook(self)
        self.credentials = CredentialBook(self)
        self.lists = ListBook(self)
        self.publications = PublicationBook(self)
        self.refreshes = RefreshBook(self)
        self.trail = Trail(self)
        self.outbox = Outbox(self)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        now: Clock,
        actor: str = "testamur",
        has_outbox: bool = False,
        on_event: Callback | None = None,
    ) -> Self:
        """Open a register that is there.

        Args:
            url: `sqlite:///register.db` or `postgresql://user@host/database`.
            now: the clock: a function that gives an aware datetime.
            actor: who writes, where a call does not say it: a role, a person, or a program.
            has_outbox: whether events are kept until they are delivered.
            on_event: called in this process with each event of a transaction, after all of it is
                recorded. What it raises goes to whoever wrote; what is recorded stays so.

        Raises:
            ConfigurationError: it is no such URL, or what it needs is not installed.
            RegisterError: REGISTER_UNKNOWN, where there is none; REGISTER_VERSION;
                REGISTER_UNAVAILABLE; or the database holds something else.
        """
        engine = make_engine(url)
        require_file(engine)
        register = cls(engine, now=now, actor=actor, has_outbox=has_outbox, on_event=on_event)
        with ExitStack() as on_failure:
            on_failure.callback(register.close)
            with register.reading() as connection:
                require_newest(connection)
            on_failure.pop_all()
        return register

    @classmethod
    def open_or_create(
        cls,
        url: str,
        *,
        now: Clock,
        actor: str = "testamur",
        has_outbox: bool = False,
        on_event: Callback | None = None,
    ) -> Self:
        """Open a register; in an empty database, or a file that is not there, it is made.

        A file that is made is readable by its owner alone.

        Args:
            url: as in `open`; the folder of a file must be there.
            now: as in `open`, and so are the others.
            actor: who writes, where a call does not say it.
            has_outbox: whether events are kept until they are delivered.
            on_event: called with each event.

        Raises:
            ConfigurationError, RegisterError: as `open`, but for REGISTER_UNKNOWN.
        """
        engine = make_engine(url)
        make_file(engine)
        register = cls(engine, now=now, actor=actor, has_outbox=has_outbox, on_event=on_event)
        with ExitStack() as on_failure:
            on_failure.callback(register.close)
            with register._transaction() as connection:
                make_if_empty(connection, now=register._clock())
                require_newest(connection)
            on_failure.pop_all()
        return register

    @staticmethod
    def upgrade(url: str) -> str:
        """Bring the tables of an older register up to date; make a backup first.

        Returns:
            The version that it had.

        Raises:
            RegisterError: it is of a newer version, or there is none.
        """
        engine = make_engine(url)
        require_file(engine)
        try:
            with wrapped(), engine.connect() as connection:
                writing = connection.execution_options(**{WRITES: True})
                with writing.begin():
                    return upgrade(writing)
        finally:
            engine.dispose()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Register({without_password(self._engine.url.render_as_string())!r})"

    @property
    def id(self) -> str:
        """The register's own id, a UUID that a backup of it shares."""
        with self.reading() as connection:
            return str(connection.execute(select(register_facts.c.register_id)).scalar_one())

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read, in a transaction that sees one state of the register.

        Raises:
            RegisterError: the database cannot be read.
        """
        with wrapped(), self._engine.connect() as connection, connection.begin():
            if self.dialect == "postgresql":
                connection.execute(
                    text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                )
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Write, in a transaction that keeps other writers out until it ends.

        All of it is recorded when the block ends, and nothing where it raises.

        Raises:
            RegisterError: CLOCK, REGISTER_BUSY, REGISTER_UNAVAILABLE, REGISTER_CONFLICT.
        """
        with self._transaction() as connection:
            tail = Tail(connection, self._clock())
            writing = self._writing(connection, tail, tail.require_clock())
            yield writing
        for announcement in writing.announced:
            _observe(announcement)
        if self._on_event is not None:
            for announcement in writing.announced:
                self._on_event(announcement)

    def accept_clock(self, *, reason: str, who: str | None = None) -> None:
        """Go on although the last entry is of a later time, because that one was wrong.

        Raises:
            RegisterError: the trail cannot be written.
        """
        with self._transaction() as connection:
            now = self._clock()
            writing = self._writing(connection, Tail(connection, now), now)
            writing.record(CLOCK_SET, "clock", {"reason": reason}, who=who)

    def overwrite_erased(self) -> None:
        """Overwrite what was erased in the files of SQLite now, where nobody is in the way."""
        with wrapped():
            overwrite_erased(self._engine)

    def keyed(self, what: str, value: str) -> bytes:
        """Return the register's keyed hash of a value: 16 bytes, the same for the same value."""
        if self._pepper is None:
            with self.reading() as connection:
                self._pepper = _pepper(connection)
        return keyed(self._pepper, what, value)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with wrapped(), self._engine.connect() as connection:
            writing = connection.execution_options(**{WRITES: True})
            with writing.begin():
                lock_out_writers(writing)
                yield writing

    def _writing(self, connection: Connection, tail: Tail, now: datetime) -> Writing:
        if self._pepper is None:
            self._pepper = _pepper(connection)
        return Writing(
            connection=connection,
            now=now,
            actor=self._actor,
            pepper=self._pepper,
            tail=tail,
            has_outbox=self._has_outbox,
        )

    def _clock(self) -> datetime:
        now = self._now()
        if now.tzinfo is None:
            raise ValueError("the register's clock gives an instant without a time zone")
        return now.replace(microsecond=0)


def _observe(announcement: Announcement) -> None:
    """Tell the log and the counters what is recorded."""
    ids = announcement.payload.get("ids")
    amount = len(ids) if isinstance(ids, list) else 1
    count("testamur.events", amount, event=announcement.event)
    _log.info(
        announcement.event,
        extra={"event": announcement.event, "subject": announcement.subject, "amount": amount},
    )


def lock_out_writers(connection: Connection) -> None:
    """Let no other transaction write until this one ends; SQLite's BEGIN IMMEDIATE has done so."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"key": _ADVISORY})


def _pepper(connection: Connection) -> bytes:
    return bytes(connection.execute(select(register_facts.c.pepper)).scalar_one())
