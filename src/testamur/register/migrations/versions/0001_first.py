"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.String(length=20)


def upgrade() -> None:
    """Make all tables, and refuse changes to what is for ever."""
    _make_tables()
    if op.get_bind().dialect.name == "sqlite":
        _refuse_on_sqlite()
    else:
        _refuse_on_postgresql()


_FOR_EVER = {
    "audit_trail": ("UPDATE", "DELETE"),
    "status_entries": ("UPDATE", "DELETE"),
    "status_lists": ("DELETE",),
    "credentials": ("DELETE",),
    "signatures": ("DELETE",),
    "register_facts": ("DELETE",),
    "issuers": ("DELETE",),
    "keys": ("DELETE",),
    "achievement_versions": ("DELETE",),
    "batches": ("DELETE",),
    "chunks": ("DELETE",),
    "dictionaries": ("UPDATE", "DELETE"),
}
"""Table → what is refused: whoever writes past testamur cannot undo these by mistake either."""

_SIGNED = "credential_id, key_id, content_hash, issued_at"
"""Of a signature all is for ever but the document, which may be erased."""

_CHANGES = "id, list_id, place, value, action, credential_id, at, actor"
"""Of a status change all is for ever but its reason, which may be erased."""


def _refuse_on_sqlite() -> None:
    for table, events in _FOR_EVER.items():
        for event in events:
            op.execute(_sqlite(table, event, event))
    op.execute(_sqlite("status_changes", "DELETE", "DELETE"))
    op.execute(_sqlite("status_changes", "UPDATE", f"UPDATE OF {_CHANGES}"))
    op.execute(_sqlite("signatures", "UPDATE", f"UPDATE OF {_SIGNED}"))


def _sqlite(table: str, event: str, when: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {when} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table}: rows are for ever'); END"
    )


def _refuse_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION testamur_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: rows are for ever', TG_TABLE_NAME; END $$"
    )
    for table, events in _FOR_EVER.items():
        op.execute(_postgresql(table, " OR ".join(events), "for_ever"))
    op.execute(_postgresql("status_changes", f"DELETE OR UPDATE OF {_CHANGES}", "for_ever"))
    op.execute(_postgresql("signatures", f"UPDATE OF {_SIGNED}", "as_signed"))


def _postgresql(table: str, when: str, name: str) -> str:
    return (
        f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION testamur_for_ever()"
    )


def _make_tables() -> None:
    op.create_table(
        "audit_trail",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("trail_of_a_subject", "audit_trail", ["subject"], unique=False)
    op.create_table(
        "credentials",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("issuer_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=True),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("achievement_version_id", sa.BigInteger(), nullable=True),
        sa.Column("mechanism", sa.String(length=32), nullable=False),
        sa.Column("valid_from", _INSTANT, nullable=True),
        sa.Column("valid_until", _INSTANT, nullable=True),
        sa.Column("planned_at", _INSTANT, nullable=False),
        sa.Column("chunk_id", sa.BigInteger(), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger(), nullable=True),
        sa.Column("relation", sa.String(length=8), nullable=True),
        sa.Column("abandoned_at", _INSTANT, nullable=True),
        sa.Column("erased_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["credentials.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("supersedes_id"),
        sa.UniqueConstraint("tag"),
        sa.UniqueConstraint("uri"),
    )
    op.create_index(
        "ends_of_validity",
        "credentials",
        ["valid_until"],
        unique=False,
        sqlite_where=sa.text("valid_until IS NOT NULL"),
        postgresql_where=sa.text("valid_until IS NOT NULL"),
    )
    op.create_index(op.f("ix_credentials_recipient"), "credentials", ["recipient"], unique=False)
    op.create_table(
        "dictionaries",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "issuers",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uri"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", _INSTANT, nullable=False),
        sa.Column("delivered_at", _INSTANT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "undelivered",
        "outbox",
        ["next_attempt_at", "id"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "register_facts",
        sa.CheckConstraint("id = 1"),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("register_id", sa.String(length=36), nullable=False),
        sa.Column("pepper", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "achievements",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("issuer_id", _NUMBER, nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["issuers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer_id", "uri"),
    )
    op.create_table(
        "carriers",
        sa.Column("credential_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("recorded_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
        ),
        sa.PrimaryKeyConstraint("credential_id", "kind", "sha256"),
    )
    op.create_table(
        "keys",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("issuer_id", _NUMBER, nullable=False),
        sa.Column("verification_method", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("valid_from", _INSTANT, nullable=False),
        sa.Column("retired_at", _INSTANT, nullable=True),
        sa.Column("compromised_at", _INSTANT, nullable=True),
        sa.Column("signer_hint", sa.Text(), nullable=True),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["issuers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("verification_method"),
    )
    op.create_index(op.f("ix_keys_issuer_id"), "keys", ["issuer_id"], unique=False)
    op.create_table(
        "personal_data",
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("credential_id", sa.BigInteger(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
        ),
        sa.PrimaryKeyConstraint("commitment"),
    )
    op.create_index(
        op.f("ix_personal_data_credential_id"), "personal_data", ["credential_id"], unique=False
    )
    op.create_table(
        "signatures",
        sa.Column("credential_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=False),
        sa.Column("dictionary_id", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
        ),
        sa.PrimaryKeyConstraint("credential_id"),
    )
    op.create_table(
        "status_entries",
        sa.Column("list_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("credential_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("place >= 0"),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
        ),
        sa.PrimaryKeyConstraint("list_id", "place"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_status_entries_credential_id"), "status_entries", ["credential_id"], unique=False
    )
    op.create_table(
        "status_series",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("issuer_id", _NUMBER, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("folder_url", sa.Text(), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("next_position", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("closed_at", _INSTANT, nullable=True),
        sa.CheckConstraint("used > 0 AND used <= length"),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["issuers.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_open_series",
        "status_series",
        ["issuer_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "achievement_versions",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("achievement_id", _NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_id"],
            ["achievements.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("achievement_id", "content_hash"),
        sa.UniqueConstraint("achievement_id", "number"),
    )
    op.create_table(
        "plans",
        sa.Column("credential_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_id", _NUMBER, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
        ),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["keys.id"],
        ),
        sa.PrimaryKeyConstraint("credential_id"),
    )
    op.create_table(
        "status_lists",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("series_id", _NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("published_at", _INSTANT, nullable=True),
        sa.Column("published_change", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["status_series.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("series_id", "number", "purpose"),
        sa.UniqueConstraint("url"),
    )
    op.create_table(
        "batches",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("issuer_id", _NUMBER, nullable=False),
        sa.Column("achievement_version_id", _NUMBER, nullable=False),
        sa.Column("series_id", _NUMBER, nullable=True),
        sa.Column("key_id", _NUMBER, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("mechanism", sa.String(length=32), nullable=False),
        sa.Column("dictionary_id", _NUMBER, nullable=True),
        sa.Column("clock", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["achievement_version_id"],
            ["achievement_versions.id"],
        ),
        sa.ForeignKeyConstraint(
            ["dictionary_id"],
            ["dictionaries.id"],
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["issuers.id"],
        ),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["keys.id"],
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["status_series.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "status_changes",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("list_id", _NUMBER, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=9), nullable=False),
        sa.Column("credential_id", sa.BigInteger(), nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("value IN (0, 1)"),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
        ),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["status_lists.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("changes_of_a_list", "status_changes", ["list_id", "id"], unique=False)
    op.create_index(
        op.f("ix_status_changes_credential_id"), "status_changes", ["credential_id"], unique=False
    )
    op.create_table(
        "chunks",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("batch_id", _NUMBER, nullable=False),
        sa.Column("first_position", sa.BigInteger(), nullable=False),
        sa.Column("first_credential_id", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=True),
        sa.Column("planned_at", _INSTANT, nullable=False),
        sa.Column("issued_at", _INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('planned', 'issued', 'abandoned')"),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "unfinished_chunks",
        "chunks",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
