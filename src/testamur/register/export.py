"""A whole register as documented files: written from one moment of it, and read into an empty
database, SQLite or PostgreSQL alike.

What a register holds, its export holds too: recipients, documents, and the secrets from which
status places and keyed hashes follow. Keep it as you keep the register. Private keys are in
neither.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Table, collate, func, select, text
from sqlalchemy import String as SqlString

from testamur import limits
from testamur.errors import Code, RegisterError
from testamur.register._exported import (
    FORMAT,
    FORMAT_VERSION,
    MANIFEST,
    ExportedFile,
    Head,
    Manifest,
    TableLines,
    read_manifest,
    tables_of,
)
from testamur.register.bulk import insert_rows
from testamur.register.connect import WRITES, make_engine, make_file, wrapped
from testamur.register.issuers import all_issuers, require_issuer
from testamur.register.places import close_series, open_series
from testamur.register.register import Clock, Register, lock_out_writers
from testamur.register.schema import audit_trail, register_facts
from testamur.register.trail import Tail, check_trail
from testamur.register.versions import make_empty, schema_version, upgrade
from testamur.register.writing import Writing

__all__ = ["ExportedFile", "Head", "Manifest", "Reading", "export_register", "import_register"]

_AT_ONCE = 1000
_BLOCK = 1024 * 1024


class Reading(StrEnum):
    """What an import is for, on which it depends whether status places may be given on."""

    RESTORED = "restored"
    """a backup: what was issued after it is lost, so new places come from new lists."""

    MOVED = "moved"
    """a move: the old register issued nothing since and never will; this one equals it."""


def export_register(register: Register, folder: Path) -> Manifest:
    """Write a register into a new folder, as it is at one moment; writers need not stop.

    The folder appears when it is whole. It and its files are readable by their owner alone.

    Args:
        register: which one.
        folder: where; it must not exist.

    Raises:
        RegisterError: REGISTER_CONFLICT, where the folder exists; REGISTER_UNAVAILABLE, where it
            cannot be written or the register cannot be read.
    """
    if folder.exists():
        raise RegisterError(
            f"{folder} exists; give a folder that does not, so that no export is overwritten",
            code=Code.REGISTER_CONFLICT,
            path=str(folder),
        )
    partial = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.partial")
    try:
        partial.mkdir(mode=0o700)
        try:
            manifest = _write_all(register, partial)
            _sync(partial)
            partial.rename(folder)
            _sync(folder.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise RegisterError(
            f"cannot write {folder}: {error.strerror or error}; check that its folder exists, that "
            "you may write there and that the disk has room",
            code=Code.REGISTER_UNAVAILABLE,
            path=str(folder),
        ) from error
    return manifest


def import_register(
    folder: Path, url: str, *, now: Clock, reading: Reading, actor: str = "testamur"
) -> Manifest:
    """Read an exported register into an empty database: all of it, or nothing.

    Every file is checked against the manifest, every row against its table, and the audit trail
    against itself and the manifest. An export of an older version is brought up to date.

    Args:
        folder: of the export.
        url: of a database without tables: see `Register.open`.
        now: the clock.
        reading: `Reading.RESTORED` closes the open series of status lists and opens new ones, and
            the audit trail says so; `Reading.MOVED` changes nothing.
        actor: who does it.

    Raises:
        RegisterError: REGISTER_DAMAGED: a file is changed, cut short, missing or too many;
            REGISTER_VERSION: the export is of a newer version; REGISTER_CONFLICT: the database is
            not empty; REGISTER_UNAVAILABLE: a file cannot be read, or the database not be written.
    """
    manifest = _checked_manifest(folder)
    engine = make_engine(url)
    make_file(engine)
    try:
        with wrapped(), engine.connect() as connection:
            writing = connection.execution_options(**{WRITES: True})
            with writing.begin():
                lock_out_writers(writing)
                _fill(writing, folder, manifest)
                upgrade(writing)
                _check_filled(writing, manifest)
                if reading is Reading.RESTORED:
                    _begin_anew(writing, now, actor)
    finally:
        engine.dispose()
    return manifest


def _write_all(register: Register, folder: Path) -> Manifest:
    with register.reading() as connection:
        files = tuple(_write_table(connection, folder, each) for each in tables_of(connection))
        manifest = Manifest(
            format=FORMAT,
            format_version=FORMAT_VERSION,
            schema_version=schema_version(connection),
            register_id=connection.execute(select(register_facts.c.register_id)).scalar_one(),
            audit_head=_head(connection),
            tables=files,
        )
    with _new_file(folder / MANIFEST) as stream:
        stream.write(manifest.to_bytes())
    return manifest


def _write_table(connection: Connection, folder: Path, table: Table) -> ExportedFile:
    lines = TableLines(table)
    order = [
        collate(column, "C")
        if isinstance(column.type, SqlString) and connection.dialect.name == "postgresql"
        else column
        for column in table.primary_key.columns
    ]
    digest, size, count = sha256(), 0, 0
    query = select(table).order_by(*order).execution_options(yield_per=_AT_ONCE)
    with _new_file(folder / f"{table.name}.jsonl") as stream:
        for row in connection.execute(query):
            line = lines.write(row)
            stream.write(line)
            digest.update(line)
            size += len(line)
            count += 1
    return ExportedFile(table=table.name, rows=count, bytes=size, sha256=digest.hexdigest())


def _head(connection: Connection) -> Head:
    query = select(audit_trail.c.sequence, audit_trail.c.hash)
    last = connection.execute(query.order_by(audit_trail.c.sequence.desc()).limit(1)).one_or_none()
    if last is None:
        return Head(sequence=0, hash=bytes(32).hex())
    return Head(sequence=last.sequence, hash=bytes(last.hash).hex())


def _checked_manifest(folder: Path) -> Manifest:
    """Read the manifest, and see whether all files are there and as it says, before anything else.

    Raises:
        RegisterError: as `import_register`.
    """
    with _existing(folder / MANIFEST) as stream:
        manifest = read_manifest(stream.read(limits.MANIFEST_BYTES + 1))
    expected = {MANIFEST, *(each.file for each in manifest.tables)}
    with _reading_files(folder):
        found = {each.name for each in folder.iterdir()}
    for name in sorted(found - expected):
        raise _damaged(folder / name, "is not part of the export")
    for each in manifest.tables:
        digest, size = sha256(), 0
        with _existing(folder / each.file) as stream:
            while size <= each.bytes and (block := stream.read(_BLOCK)):
                digest.update(block)
                size += len(block)
        if size != each.bytes or digest.hexdigest() != each.sha256:
            raise _damaged(folder / each.file, "is not the file that was exported")
    return manifest


def _fill(connection: Connection, folder: Path, manifest: Manifest) -> None:
    make_empty(connection, manifest.schema_version)
    tables = tables_of(connection)
    if [each.name for each in tables] != [each.table for each in manifest.tables]:
        raise _damaged(folder / MANIFEST, "names other tables than its version has")
    for table, file in zip(tables, manifest.tables, strict=True):
        lines, digest, rows, number = TableLines(table), sha256(), [], 0
        with _existing(folder / file.file) as stream:
            while line := stream.readline(limits.REGISTER_LINE_BYTES + 1):
                number += 1
                digest.update(line)
                rows.append(lines.read(line.removesuffix(b"\n"), number))
                if len(rows) == _AT_ONCE:
                    insert_rows(connection, table, lines.names, rows)
                    rows = []
        insert_rows(connection, table, lines.names, rows)
        if digest.hexdigest() != file.sha256 or number != file.rows:
            raise _damaged(folder / file.file, "is not the file that was exported")
        _go_on_counting(connection, table.name, lines.names)


def _go_on_counting(connection: Connection, table: str, columns: Sequence[str]) -> None:
    """Let PostgreSQL number the next row behind the last; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or "id" not in columns:
        return
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table} "  # noqa: S608
            f"HAVING max(id) IS NOT NULL AND pg_get_serial_sequence('{table}', 'id') IS NOT NULL"
        )
    )


def _check_filled(connection: Connection, manifest: Manifest) -> None:
    head = check_trail(connection)
    facts = connection.execute(select(func.count(), func.min(register_facts.c.register_id))).one()
    if head != (manifest.audit_head.sequence, bytes.fromhex(manifest.audit_head.hash)):
        raise RegisterError(
            "the audit trail does not end where the manifest says; take an unchanged copy",
            code=Code.REGISTER_DAMAGED,
        )
    if tuple(facts) != (1, manifest.register_id):
        raise RegisterError(
            "the export does not belong to the register that its manifest names; take an "
            "unchanged copy",
            code=Code.REGISTER_DAMAGED,
        )


def _begin_anew(connection: Connection, now: Clock, actor: str) -> None:
    tail = Tail(connection, now().replace(microsecond=0))
    writing = Writing(
        connection=connection,
        now=tail.require_clock(),
        actor=actor,
        pepper=bytes(connection.execute(select(register_facts.c.pepper)).scalar_one()),
        tail=tail,
        has_outbox=False,
    )
    writing.record("register.restored", "register")
    for each in all_issuers(connection):
        issuer = require_issuer(connection, each.id)
        old = close_series(writing, issuer, reason="restored from a backup", who=None)
        if old is not None:
            open_series(
                writing,
                issuer,
                folder_url=old.lists.folder_url,
                purposes=old.lists.purposes,
                length=old.lists.length,
            )


def _sync(folder: Path) -> None:
    """Make the names in a folder last through a power failure; Windows offers no way to do so."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", buffering=_BLOCK) as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _existing(path: Path) -> Iterator[BinaryIO]:
    with _reading_files(path), path.open("rb") as stream:
        yield stream


@contextmanager
def _reading_files(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise _damaged(path, "is missing") from error
    except OSError as error:
        raise RegisterError(
            f"cannot read {path}: {error.strerror or error}",
            code=Code.REGISTER_UNAVAILABLE,
            path=str(path),
        ) from error


def _damaged(path: Path, what: str) -> RegisterError:
    return RegisterError(
        f"{path} {what}; take an unchanged copy of the export, with its files and no others",
        code=Code.REGISTER_DAMAGED,
        path=str(path),
    )
