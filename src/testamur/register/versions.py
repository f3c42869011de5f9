"""The version of a register's tables: made when it is empty, and brought up to date when asked."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, inspect, text

from testamur.errors import Code, RegisterError
from testamur.register.schema import register_facts

__all__ = [
    "NEWEST",
    "SCRIPTS",
    "make_empty",
    "make_if_empty",
    "require_newest",
    "schema_version",
    "upgrade",
]

NEWEST = "0002"
"""The revision that this testamur reads and writes."""

SCRIPTS = Path(__file__).parent / "migrations"
"""The migrations, as Alembic reads them."""

_TABLE = "register_version"
_PEPPER_BYTES = 32


def make_if_empty(connection: Connection, *, now: datetime) -> None:
    """Make the tables of a new register in an empty database; leave those that are there alone.

    Args:
        connection: in a transaction that writes, alone.
        now: the clock, aware.

    Raises:
        RegisterError: the database holds something else.
    """
    if _version(connection) is None:
        _migrate(connection, NEWEST)
        connection.execute(
            register_facts.insert().values(
                id=1,
                register_id=str(uuid4()),
                pepper=secrets.token_bytes(_PEPPER_BYTES),
                created_at=now,
            )
        )


def require_newest(connection: Connection) -> None:
    """Refuse a register of another version than the one that this testamur reads and writes.

    Raises:
        RegisterError: REGISTER_VERSION; REGISTER_UNKNOWN, where there is none; REGISTER, where the
            database holds something else.
    """
    version = schema_version(connection)
    if version not in _known():
        raise RegisterError(
            f"the register has version {version[:40]}, made by a newer testamur than this one, "
            f"which knows {NEWEST}; use that testamur, so that nothing it records is lost",
            code=Code.REGISTER_VERSION,
            expected=NEWEST,
            found=version[:40],
        )
    if version != NEWEST:
        raise RegisterError(
            f"the register has version {version}, and this testamur needs {NEWEST}; make a backup, "
            "and run `testamur register upgrade`",
            code=Code.REGISTER_VERSION,
            expected=NEWEST,
            found=version,
        )


def upgrade(connection: Connection) -> str:
    """Bring the tables up to date, in the transaction of the connection.

    Returns:
        The version that they had.

    Raises:
        RegisterError: REGISTER_VERSION: they are newer; REGISTER_UNKNOWN: there is none.
    """
    version = schema_version(connection)
    if version != NEWEST:
        if version not in _known():
            raise RegisterError(
                f"the register has version {version[:40]}, made by a newer testamur; use that one",
                code=Code.REGISTER_VERSION,
            )
        _migrate(connection, NEWEST)
    return version


def make_empty(connection: Connection, version: str) -> None:
    """Make the tables of a version, without any row, in an empty database.

    Raises:
        RegisterError: REGISTER_VERSION, where the version is not known; REGISTER_CONFLICT, where
            the database holds a register; REGISTER, where it holds something else.
    """
    if version not in _known():
        raise RegisterError(
            f"the export has version {version[:40]}, made by a newer testamur than this one, which "
            f"knows {NEWEST}; use that testamur, so that nothing is lost",
            code=Code.REGISTER_VERSION,
            expected=NEWEST,
            found=version[:40],
        )
    if _version(connection) is not None:
        raise RegisterError(
            "the database holds a register already; import into a database of its own, which is "
            "empty",
            code=Code.REGISTER_CONFLICT,
        )
    _migrate(connection, version)


def schema_version(connection: Connection) -> str:
    """Return the revision of a register's tables.

    Raises:
        RegisterError: REGISTER_UNKNOWN: there is no register.
    """
    version = _version(connection)
    if version is None:
        raise RegisterError(
            "the database is empty: it holds no register; check its name, or make a register with "
            "`testamur register new`",
            code=Code.REGISTER_UNKNOWN,
        )
    return version


def _version(connection: Connection) -> str | None:
    """Return the revision of the tables; None in an empty database."""
    tables = set(inspect(connection).get_table_names())
    if _TABLE in tables:
        found = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608
        return None if found is None else str(found)
    if tables:
        raise RegisterError(
            "the database holds tables that are no register; give the register a database or a "
            "schema of its own"
        )
    return None


def _known() -> set[str]:
    return {path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py")}


def _migrate(connection: Connection, revision: str) -> None:
    from alembic import command  # only where tables are made
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    command.upgrade(config, revision)
