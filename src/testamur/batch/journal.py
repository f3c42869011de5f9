"""The journal of a batch: what a run that goes on must have in common with the one that began."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from testamur.batch.derived import SECRET_BYTES
from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse_object
from testamur.errors import ConfigurationError, TestamurError
from testamur.model.dates import format_date_time_stamp, parse_date_time_stamp

__all__ = ["Journal", "read_journal", "write_journal"]

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Journal:
    """What a batch keeps from its first run to its last.

    Attributes:
        secret: from which everything random in it is derived.
        now: the clock of the first run, aware.
        chunk_rows: rows of each part but the last.
        plan: SHA-256 of what is issued and how, in hexadecimal.
    """

    secret: bytes = field(repr=False)
    now: datetime
    chunk_rows: int
    plan: str

    @staticmethod
    def new(plan: JsonValue, *, now: datetime, chunk_rows: int) -> Journal:
        """Begin a batch.

        Args:
            plan: what is issued and how, without the rows.
            now: the clock, aware.
            chunk_rows: rows of each part but the last.
        """
        secret = secrets.token_bytes(SECRET_BYTES)
        return Journal(secret, now.replace(microsecond=0), chunk_rows, digest_of(plan))


def digest_of(plan: JsonValue) -> str:
    """Return SHA-256 of a plan, in hexadecimal."""
    return sha256(dumps(plan).encode("utf-8")).hexdigest()


def write_journal(path: Path, journal: Journal) -> None:
    """Write the journal, readable by its owner only, whole or not at all.

    Raises:
        ConfigurationError: it cannot be written.
    """
    document: JsonObject = {
        "version": _VERSION,
        "secret": journal.secret.hex(),
        "now": format_date_time_stamp(journal.now),
        "chunkRows": journal.chunk_rows,
        "plan": journal.plan,
    }
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(dumps(document, indent=2).encode("utf-8") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise ConfigurationError(
            f"cannot write {path}: {error.strerror or error}", path=str(path)
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def read_journal(path: Path) -> Journal | None:
    """Read a journal; None where there is none.

    Raises:
        ConfigurationError: it cannot be read, or is none of this version.
    """
    try:
        document = parse_object(path.read_bytes())
        if document.get("version") != _VERSION:
            raise _unreadable(path, "is of another version of testamur")
        return Journal(
            secret=bytes.fromhex(_text(document, "secret")),
            now=parse_date_time_stamp(_text(document, "now")),
            chunk_rows=int(_text(document, "chunkRows")),
            plan=_text(document, "plan"),
        )
    except FileNotFoundError:
        return None
    except ConfigurationError:
        raise
    except (OSError, ValueError, TestamurError) as error:
        raise _unreadable(path, f"cannot be read ({error})") from error


def _text(document: JsonObject, name: str) -> str:
    return str(document.get(name))


def _unreadable(path: Path, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path} {what}; without it the batch cannot go on: choose another folder, or put the "
        "journal back",
        path=str(path),
    )
