"""Where the demonstration keeps its register: in a file, or in a PostgreSQL schema of its own."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from testamur.errors import ConfigurationError
from testamur.register.connect import make_engine, wrapped

__all__ = ["empty_register", "sqlite_file"]

_SCHEMA = "testamur_demo"
_MARK = "Made by `testamur demo`, which may write over it."


def sqlite_file(folder: Path) -> Path:
    """Return the file of the register in the folder of the demonstration."""
    return folder / "register.db"


def empty_register(folder: Path, postgresql: str | None) -> str:
    """Remove the register of a former demonstration, and return the URL for a new one.

    Args:
        folder: of the demonstration.
        postgresql: the URL of a database, in which a schema is made; None: a file in the folder.

    Raises:
        ConfigurationError: it is no URL of a PostgreSQL database, or the schema is somebody else's.
        RegisterError: the database cannot be reached.
    """
    if postgresql is not None:
        return _empty_schema(postgresql)
    file = sqlite_file(folder)
    for suffix in ("", "-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)
    return f"sqlite:///{file}"


def _empty_schema(url: str) -> str:
    if not url.startswith("postgresql://") or "?" in url:
        raise ConfigurationError(
            "name a PostgreSQL database as postgresql://user@host/database, without options; the "
            f"demonstration makes the schema {_SCHEMA} in it"
        )
    engine = make_engine(url)
    try:
        with wrapped(), engine.begin() as connection:
            mark = connection.execute(
                text("SELECT obj_description(to_regnamespace(:name)::oid, 'pg_namespace')"),
                {"name": _SCHEMA},
            ).scalar()
            found = connection.execute(
                text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": _SCHEMA}
            ).scalar()
            if found and mark != _MARK:
                raise ConfigurationError(
                    f"the database has a schema {_SCHEMA} that is no former demonstration; name "
                    "another database"
                )
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {_SCHEMA}")
            connection.exec_driver_sql(f"COMMENT ON SCHEMA {_SCHEMA} IS '{_MARK}'")
    finally:
        engine.dispose()
    return f"{url}?options=-csearch_path%3D{_SCHEMA}"
