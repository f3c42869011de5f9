"""Credentials whose learners agreed to a public page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; nothing is public at first."""
    op.create_table(
        "publications",
        sa.Column("credential_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("agreed_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["credential_id"], ["credentials.id"]),
        sa.PrimaryKeyConstraint("credential_id"),
        sa.UniqueConstraint("token"),
    )
