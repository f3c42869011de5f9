"""Connections to a register's database: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from testamur._shown import without_password
from testamur.errors import Code, ConfigurationError, RegisterError

__all__ = [
    "WRITES",
    "make_engine",
    "make_file",
    "overwrite_erased",
    "require_file",
    "wrapped",
]

WRITES = "testamur_writes"
"""Name of the execution option of connections that are going to write."""

_BUSY_SECONDS = 60
_TIDY_SECONDS = 2
_CHECKPOINT_PAGES = 16_384  # of 4 KiB: 64 MiB
_FULL = ("full", "no space left", "disk i/o error", "could not extend", "unable to open")
_NO_DATABASE = re.compile('database "[^"]*" does not exist')
_REFUSED_LOGIN = re.compile('password authentication failed|no password supplied|role "[^"]*" does')
_BUSY = ("locked", "lock timeout", "deadlock", "could not obtain lock", "statement timeout")


def make_engine(url: str) -> Engine:
    """Make the engine for a URL; nothing is connected yet.

    Args:
        url: `sqlite:///folder/register.db`, or `postgresql://user@host/database`.

    Raises:
        ConfigurationError: it is neither, or what it needs is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            engine = create_engine(
                parsed, hide_parameters=True, pool_pre_ping=True, isolation_level="READ COMMITTED"
            )
        elif parsed.get_backend_name() == "sqlite":
            engine = create_engine(
                parsed, hide_parameters=True, connect_args={"timeout": _BUSY_SECONDS}
            )
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            raise _unusable(url, "names a database that is not supported")
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            "a register on PostgreSQL needs psycopg; install testamur[postgresql]"
        ) from error
    except (ArgumentError, NoSuchModuleError):
        raise _unusable(url, "is not the URL of a database") from None  # it may say the password
    return engine


def require_file(engine: Engine) -> None:
    """Refuse a SQLite database whose file is not there; connecting would make an empty one.

    Raises:
        RegisterError: REGISTER_UNKNOWN.
    """
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and not Path(name).exists():
        raise RegisterError(
            f"there is no register {name[:160]!r}; check its name and folder, or make a register "
            "with `testamur register new`",
            code=Code.REGISTER_UNKNOWN,
            path=name,
        )


def make_file(engine: Engine) -> None:
    """Make the file of a new SQLite database readable by its owner alone.

    SQLite gives the files that it makes beside it the same rights. A file that is there keeps its
    own; where none can be made, connecting says why.
    """
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and name != ":memory:":
        with suppress(OSError):
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def overwrite_erased(engine: Engine) -> None:
    """Bring what SQLite wrote into its log into the database, and empty the log.

    Until then the pages of before are in both. Where somebody reads or writes for longer, it is
    done at another time, the last time when the last connection is closed.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_TIDY_SECONDS * 1000}")
        with suppress(sqlite3.OperationalError):  # what is recorded is recorded
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        cursor.close()
    finally:
        connection.close()


def _unusable(url: str, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{without_password(url)[:160]!r} {what}; write it as sqlite:///register.db or "
        "postgresql://user@host/database"
    )


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions by itself, and late; `_begin_sqlite` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        # A reader sees the register as it was when it began, while a writer is at work.
        cursor.execute("PRAGMA journal_mode = WAL")
        # A commit has reached the disk when it returns: nothing is signed before.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # Erased text is overwritten, not only forgotten.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("PRAGMA cache_size = -65536")
        # Ids and hashes are random, so a chunk changes a page for nearly each of them. Between two
        # checkpoints a page is changed many times, and written to its place once.
        cursor.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        cursor.execute("PRAGMA trusted_schema = OFF")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def wrapped() -> Iterator[None]:
    """Turn the database's errors into ours; no value of a row gets into a message.

    They come without their cause: PostgreSQL's says the values, and of a row that was copied at
    that moment all of it.
    """
    try:
        yield
    except IntegrityError:
        raise RegisterError(
            "the register refused it, because it contradicts what is recorded: another process "
            "may have been faster; do it again, and look at the register if that fails too",
            code=Code.REGISTER_CONFLICT,
        ) from None
    except DBAPIError as error:
        raise _database_error(error) from None
    except PoolTimeoutError as error:
        raise RegisterError(
            "no connection to the register's database is free; use fewer threads",
            code=Code.REGISTER_BUSY,
        ) from error
    except SQLAlchemyError as error:
        raise RegisterError(f"the register cannot be used: {type(error).__name__}") from error


def _database_error(error: DBAPIError) -> RegisterError:
    said = _primary_message(error)
    lower = said.lower()
    if _NO_DATABASE.search(lower):
        return RegisterError(
            f"the server has no such database ({said}); check its name, or make it with "
            "`createdb`, and a register in it with `testamur register new`",
            code=Code.REGISTER_UNKNOWN,
        )
    if _REFUSED_LOGIN.search(lower):
        return RegisterError(
            f"the database lets nobody in under this name ({said}); check user and host in the "
            "register's URL, and PostgreSQL's password file",
            code=Code.REGISTER_UNAVAILABLE,
        )
    if "is not a database" in lower:
        return RegisterError(
            f"that is no register ({said}); check its name, or make a register with `testamur "
            "register new`",
            code=Code.REGISTER_UNKNOWN,
        )
    if any(each in lower for each in _BUSY):
        return RegisterError(
            f"the register was too long at work for another process ({said}); nothing was "
            "written, do it again",
            code=Code.REGISTER_BUSY,
        )
    if error.connection_invalidated or any(each in lower for each in _FULL) or _is_lost(error):
        return RegisterError(
            f"the register's database cannot be reached or cannot write ({said}); nothing that is "
            "not recorded was issued, so do the same again when it can",
            code=Code.REGISTER_UNAVAILABLE,
        )
    if "for ever" in lower:
        return RegisterError(
            f"the register refused a change to what is for ever ({said})",
            code=Code.REGISTER_CONFLICT,
        )
    return RegisterError(f"the register's database refused: {said}")


def _is_lost(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    # Class 08: connection; 57P: shut down; 53: resources; a connection that never was has no state.
    return error.connection_invalidated or (
        type(error).__name__ in ("OperationalError", "InterfaceError")
        and (state is None or str(state)[:2] in ("08", "53") or str(state)[:3] == "57P")
        and hasattr(error.orig, "sqlstate")
    )


def _primary_message(error: DBAPIError) -> str:
    """Return what the database says without details, which may hold values."""
    diagnosis = getattr(error.orig, "diag", None)
    said = getattr(diagnosis, "message_primary", None) or str(error.orig).partition("\n")[0]
    return str(said)[:200]
