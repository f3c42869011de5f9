"""Many rows at once, the way each database takes them fastest, and many values in one query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, func, select
from sqlalchemy.exc import DBAPIError

__all__ = ["in_parts", "insert_rows", "last_number"]

_Value = TypeVar("_Value")

_AT_ONCE = 500  # values in one IN (...)


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows, whose values are as the database holds them (instants as text).

    Args:
        connection: in a transaction that writes.
        table: into which.
        columns: the names of the columns that the rows have.
        rows: the values, in the order of the columns.
    """
    if not rows:
        return
    names = ", ".join(table.c[column].name for column in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {table.name} ({names}) FROM STDIN", rows)
    else:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608
        connection.exec_driver_sql(statement, list(rows))


def in_parts(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    """Yield values in parts that are not too many for one IN (...)."""
    for at in range(0, len(values), _AT_ONCE):
        yield values[at : at + _AT_ONCE]


def last_number(connection: Connection, column: Column[int]) -> int:
    """Return the number of the row that was written last; writers come one by one."""
    return int(connection.execute(select(func.max(column))).scalar() or 0)


def _copy(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    import psycopg  # only where it is the driver

    raw: Any = connection.connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance(  # as if it had come through SQLAlchemy
            statement, None, error, psycopg.Error, dialect=connection.dialect
        ) from error
