"""How a register looks as files: one JSON Lines file for each table, and a manifest.

A line is a JSON object with all columns of its table, in the table's order: text and numbers as
they are, bytes in base64 (RFC 4648, with padding), nothing as null, instants as
2026-06-01T12:00:00Z.
Lines are in the order of the primary key, and tables in an order in which each refers only to
earlier ones, so that equal registers give equal files.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, Integer, LargeBinary, MetaData, String, Table

from testamur import limits
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.errors import Code, RegisterError, TestamurError
from testamur.register.schema import text_instant

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "MANIFEST",
    "ExportedFile",
    "Head",
    "Manifest",
    "TableLines",
    "read_manifest",
    "tables_of",
]

FORMAT = "testamur register"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"

_VERSIONS = "register_version"  # Alembic's own table: the manifest says what it holds
_INSTANT_CHARACTERS = 20  # only instants have columns of this length
_LARGEST = 2**63


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ExportedFile(_Closed):
    """One table's file.

    Attributes:
        table: the table's name; the file's is this and `.jsonl`.
        rows: lines in it.
        bytes: its size.
        sha256: over its bytes, in hexadecimal.
    """

    table: str = Field(pattern=r"^[a-z][a-z_]{0,62}$")
    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def file(self) -> str:
        """Its name in the folder."""
        return f"{self.table}.jsonl"


class Head(_Closed):
    """The end of the audit trail.

    Attributes:
        sequence: of the last entry; 0 where there is none.
        hash: of the last entry, in hexadecimal; zeros where there is none.
    """

    sequence: int = Field(ge=0)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(_Closed):
    """What an exported register consists of.

    Attributes:
        format: `testamur register`.
        format_version: of how the files are written.
        schema_version: of the tables, as `0001`.
        register_id: the register's own id.
        audit_head: the end of the audit trail: keep it elsewhere, as a witness.
        tables: the files, in the order in which they are read.
    """

    format: str
    format_version: int
    schema_version: str = Field(pattern=r"^[0-9]{4}$")
    register_id: str = Field(max_length=36)
    audit_head: Head
    tables: tuple[ExportedFile, ...] = Field(max_length=200, strict=False)

    def to_bytes(self) -> bytes:
        """Return the content of the manifest's file."""
        return (dumps(self.model_dump(mode="json"), indent=2) + "\n").encode()


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        RegisterError: REGISTER_VERSION, where the export is of a newer kind; REGISTER_DAMAGED,
            where it is none.
    """
    try:
        said = parse_object(content, max_bytes=limits.MANIFEST_BYTES)
        version = said.get("format_version")
        if said.get("format") == FORMAT and isinstance(version, int) and version > FORMAT_VERSION:
            raise RegisterError(
                f"the export has format version {version}, made by a newer testamur than this one, "
                f"which knows {FORMAT_VERSION}; use that testamur",
                code=Code.REGISTER_VERSION,
                expected=str(FORMAT_VERSION),
                found=str(version),
            )
        manifest = Manifest.model_validate(said)
    except ValidationError as error:
        where = ".".join(str(each) for each in error.errors()[0]["loc"])
        raise _no_manifest(f"{where or 'it'}: {error.errors()[0]['msg']}") from error
    except TestamurError as error:
        if isinstance(error, RegisterError):
            raise
        raise _no_manifest(error.message) from error
    if manifest.format != FORMAT or manifest.format_version != FORMAT_VERSION:
        raise _no_manifest(f"its format is {manifest.format[:40]!r} {manifest.format_version}")
    names = [each.table for each in manifest.tables]
    if len(set(names)) != len(names):
        raise _no_manifest("it names a table twice")
    return manifest


def tables_of(connection: Connection) -> list[Table]:
    """Return all tables of a register, each behind those that it refers to."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSIONS]


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    nullable: bool
    write: Callable[[Any], JsonValue]
    read: Callable[[JsonValue], Any]


class TableLines:
    """Writes the rows of a table as lines, and reads them again.

    Args:
        table: as it is in the database.
    """

    def __init__(self, table: Table) -> None:
        self.name = table.name
        self._columns = [_column(each) for each in table.columns]
        self.names: Sequence[str] = tuple(each.name for each in self._columns)

    def write(self, row: Sequence[Any]) -> bytes:
        """Return the line of a row, with its end."""
        said: JsonObject = {
            column.name: None if value is None else column.write(value)
            for column, value in zip(self._columns, row, strict=True)
        }
        return dumps(said).encode() + b"\n"

    def read(self, line: bytes, number: int) -> tuple[Any, ...]:
        """Return the row of a line.

        Raises:
            RegisterError: REGISTER_DAMAGED.
        """
        try:
            said = parse_object(line, max_bytes=limits.REGISTER_LINE_BYTES)
            if tuple(said) != self.names:
                raise ValueError("it has not the columns of its table, in their order")
            return tuple(_value(column, said[column.name]) for column in self._columns)
        except TestamurError as error:
            raise self._damaged(number, error.message) from error
        except (ValueError, binascii.Error) as error:
            raise self._damaged(number, str(error)) from error

    def _damaged(self, number: int, why: str) -> RegisterError:
        return RegisterError(
            f"{self.name}.jsonl, line {number}: {why}; take an unchanged copy of the export",
            code=Code.REGISTER_DAMAGED,
            path=f"{self.name}.jsonl:{number}",
        )


def _value(column: _Column, value: JsonValue) -> Any:
    if value is None:
        if not column.nullable:
            raise ValueError(f"{column.name} is missing")
        return None
    try:
        return column.read(value)
    except ValueError as error:
        raise ValueError(f"{column.name} {error}") from error


def _column(column: Any) -> _Column:
    kind, name = column.type, str(column.name)
    write: Callable[[Any], JsonValue] = _as_it_is
    if isinstance(kind, LargeBinary):
        write, read = _write_bytes, _read_bytes
    elif isinstance(kind, Integer):
        read = _read_number
    elif isinstance(kind, String):
        read = _read_instant if kind.length == _INSTANT_CHARACTERS else _read_text
    else:
        raise TypeError(f"column {name} is of a kind that is not exported: {kind!r}")
    return _Column(name, bool(column.nullable), write, read)


def _as_it_is(value: Any) -> JsonValue:
    return value  # type: ignore[no-any-return]


def _write_bytes(value: Any) -> JsonValue:
    return base64.b64encode(bytes(value)).decode("ascii")


def _read_bytes(value: JsonValue) -> Any:
    if not isinstance(value, str):
        raise ValueError("is not text in base64")
    return base64.b64decode(value, validate=True)


def _read_number(value: JsonValue) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or not -_LARGEST <= value < _LARGEST:
        raise ValueError("is not a whole number of 64 bits")
    return value


def _read_text(value: JsonValue) -> Any:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("is not text")
    return value


def _read_instant(value: JsonValue) -> Any:
    if not isinstance(value, str) or not _is_instant(value):
        raise ValueError("is not an instant, as 2026-06-01T12:00:00Z")
    return value


def _is_instant(value: str) -> bool:
    try:
        instant: datetime = text_instant(value)
    except ValueError:
        return False
    return instant.year > 0 and len(value) == _INSTANT_CHARACTERS


def _no_manifest(why: str) -> RegisterError:
    return RegisterError(
        f"{MANIFEST} is not the manifest of an exported register: {why}; take an unchanged copy",
        code=Code.REGISTER_DAMAGED,
        path=MANIFEST,
    )
