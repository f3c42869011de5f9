"""The tables of a register. They are made by the migrations; here they are named for the queries.

What is kept for ever (who signed what, which place belongs to which credential, the trail) stands
apart from what can be erased (documents, recipients, reasons, personal data behind commitments).

In the three tables that have a row for each credential, what all rows of a chunk have in common
(issuer, version, key, ...) is no foreign key: PostgreSQL would check the same number a thousand
times. Rows that are named so are never deleted, which triggers see to.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

__all__ = [
    "Instant",
    "achievement_versions",
    "achievements",
    "audit_trail",
    "batches",
    "carriers",
    "chunks",
    "credentials",
    "dictionaries",
    "issuers",
    "keys",
    "metadata",
    "outbox",
    "personal_data",
    "plans",
    "publications",
    "register_facts",
    "signatures",
    "status_changes",
    "status_entries",
    "status_lists",
    "status_series",
]


_INSTANT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z", re.ASCII)


def instant_text(instant: datetime) -> str:
    """Return an aware instant as the tables hold it: UTC to the second, so that text sorts."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def text_instant(value: str) -> datetime:
    """Return the instant that the text of a table says.

    Raises:
        ValueError: it is not as `instant_text` writes it.
    """
    if not _INSTANT.fullmatch(value):  # there are more spellings in ISO 8601
        raise ValueError("not an instant as a register has it")
    return datetime.fromisoformat(value)


class Instant(TypeDecorator[datetime]):
    """An aware instant to the second, as text that sorts and that people can read for decades."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write an instant."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read one."""
        return None if value is None else text_instant(value)


metadata = MetaData()

# SQLite numbers rows by itself only in a column that is INTEGER to the letter.
_Number = BigInteger().with_variant(Integer(), "sqlite")

register_facts = Table(
    "register_facts",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("register_id", String(36), nullable=False),
    Column("pepper", LargeBinary, nullable=False),  # keys the hashes of recipients and of keys
    Column("created_at", Instant, nullable=False),
)

issuers = Table(
    "issuers",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("profile", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("issuer_id", ForeignKey("issuers.id"), nullable=False, index=True),
    Column("verification_method", Text, nullable=False, unique=True),
    Column("public_key", Text, nullable=False),  # Multikey
    Column("valid_from", Instant, nullable=False),
    Column("retired_at", Instant),
    Column("compromised_at", Instant),
    Column("signer_hint", Text),
    Column("added_at", Instant, nullable=False),
)

achievements = Table(
    "achievements",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("issuer_id", ForeignKey("issuers.id"), nullable=False),
    Column("uri", Text, nullable=False),
    UniqueConstraint("issuer_id", "uri"),
)

achievement_versions = Table(
    "achievement_versions",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("achievement_id", ForeignKey("achievements.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),  # SHA-256 over JCS
    Column("document", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("achievement_id", "number"),
    UniqueConstraint("achievement_id", "content_hash"),
)

status_series = Table(
    "status_series",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("issuer_id", ForeignKey("issuers.id"), nullable=False),
    Column("secret", LargeBinary, nullable=False),  # the order of its places and its lists' names
    Column("folder_url", Text, nullable=False),
    Column("purposes", Text, nullable=False),  # with spaces between
    Column("length", Integer, nullable=False),
    Column("used", Integer, nullable=False),  # places of each list that are given; others: decoys
    Column("next_position", BigInteger, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    CheckConstraint("used > 0 AND used <= length"),
    Index(
        "one_open_series",
        "issuer_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

status_lists = Table(
    "status_lists",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("series_id", ForeignKey("status_series.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("length", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("sequence", BigInteger, nullable=False, server_default="0"),  # publications so far
    Column("published_at", Instant),
    Column("published_change", BigInteger),  # the last status change in it when it was published
    UniqueConstraint("series_id", "number", "purpose"),
)

batches = Table(
    "batches",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("issuer_id", ForeignKey("issuers.id"), nullable=False),
    Column("achievement_version_id", ForeignKey("achievement_versions.id"), nullable=False),
    Column("series_id", ForeignKey("status_series.id")),
    Column("key_id", ForeignKey("keys.id"), nullable=False),
    Column("secret", LargeBinary, nullable=False),  # ids and salts follow from it
    Column("pattern", Text, nullable=False),
    Column("mechanism", String(32), nullable=False),
    Column("dictionary_id", ForeignKey("dictionaries.id")),
    Column("clock", Instant, nullable=False),  # each proof's `created`
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("first_position", BigInteger, nullable=False),
    Column("first_credential_id", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("state", String(9), nullable=False),
    Column("rows", LargeBinary),  # the learners, until they are issued to
    Column("planned_at", Instant, nullable=False),
    Column("issued_at", Instant),
    CheckConstraint("state IN ('planned', 'issued', 'abandoned')"),
    Index(
        "unfinished_chunks",
        "id",
        sqlite_where=text("state = 'planned'"),
        postgresql_where=text("state = 'planned'"),
    ),
)

# What was planned, written before anything is signed; rows are for ever. Of what may name a person
# (tag, request, recipient) an erasure leaves nothing.
credentials = Table(
    "credentials",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("uri", Text, nullable=False, unique=True),
    Column("issuer_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("tag", LargeBinary, unique=True),  # keyed hash of the issuer and the caller's key
    Column("request", LargeBinary),  # keyed hash of what was asked for under that key
    Column("recipient", Text, index=True),
    Column("achievement_version_id", BigInteger),
    Column("mechanism", String(32), nullable=False),
    Column("valid_from", Instant),
    Column("valid_until", Instant),
    Column("planned_at", Instant, nullable=False),
    Column("chunk_id", BigInteger),
    Column("supersedes_id", ForeignKey("credentials.id"), unique=True),
    Column("relation", String(8)),  # how it supersedes: replaces, renews
    Column("abandoned_at", Instant),
    Column("erased_at", Instant),
    Index(
        "ends_of_validity",
        "valid_until",
        sqlite_where=text("valid_until IS NOT NULL"),
        postgresql_where=text("valid_until IS NOT NULL"),
    ),
)

# A credential that is planned alone, until it is signed.
plans = Table(
    "plans",
    metadata,
    Column("credential_id", ForeignKey("credentials.id"), primary_key=True, autoincrement=False),
    Column("key_id", ForeignKey("keys.id"), nullable=False),  # with which it was to be signed
    Column("document", LargeBinary, nullable=False),  # zlib of the unsigned document
    Column("reason", Text),  # why it replaces another
)

# One row for each credential that was signed, so that none can be signed twice.
signatures = Table(
    "signatures",
    metadata,
    Column("credential_id", ForeignKey("credentials.id"), primary_key=True, autoincrement=False),
    Column("key_id", BigInteger, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),  # SHA-256 over the exact bytes
    Column("issued_at", Instant, nullable=False),
    Column("dictionary_id", BigInteger),
    Column("content", LargeBinary),  # zlib of the exact bytes, where they are kept
)

dictionaries = Table(
    "dictionaries",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

carriers = Table(
    "carriers",
    metadata,
    Column("credential_id", ForeignKey("credentials.id"), primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("sha256", LargeBinary, primary_key=True),
    Column("location", Text),
    Column("recorded_at", Instant, nullable=False),
)

# Credentials whose learners agreed to a public page; a row goes when they agree no more.
publications = Table(
    "publications",
    metadata,
    Column("credential_id", ForeignKey("credentials.id"), primary_key=True, autoincrement=False),
    Column("token", String(32), nullable=False, unique=True),  # the random name of the page
    Column("agreed_at", Instant, nullable=False),
)

status_entries = Table(
    "status_entries",
    metadata,
    Column("list_id", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("credential_id", ForeignKey("credentials.id"), nullable=False, index=True),
    CheckConstraint("place >= 0"),
    sqlite_with_rowid=False,
)

status_changes = Table(
    "status_changes",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("list_id", ForeignKey("status_lists.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("value", Integer, nullable=False),
    Column("action", String(9), nullable=False),
    Column("credential_id", ForeignKey("credentials.id"), index=True),  # none: a decoy
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text),
    CheckConstraint("value IN (0, 1)"),
    Index("changes_of_a_list", "list_id", "id"),
)

personal_data = Table(
    "personal_data",
    metadata,
    Column("commitment", LargeBinary, primary_key=True),
    Column("credential_id", ForeignKey("credentials.id"), index=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
)

audit_trail = Table(
    "audit_trail",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Index("trail_of_a_subject", "subject"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("event", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", Instant, nullable=False),
    Column("delivered_at", Instant),
    Column("last_error", Text),
    Index(
        "undelivered",
        "next_attempt_at",
        "id",
        sqlite_where=text("delivered_at IS NULL"),
        postgresql_where=text("delivered_at IS NULL"),
    ),
)
