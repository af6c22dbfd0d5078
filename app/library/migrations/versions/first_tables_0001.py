"""The first tables: couples, sessions, edits, terms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of an empty library."""
    op.create_table(
        "couples",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("original_name", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("content_hash", sa.String, nullable=False, unique=True),
        sa.Column("added_at", sa.String, nullable=False, index=True),
        sa.Column("recorded_on", sa.Date),
        sa.Column("length", sa.Double),
        sa.Column("couple_id", sa.Integer, sa.ForeignKey("couples.id")),
        sa.Column("consent_by", sa.String),
        sa.Column("consent_at", sa.String),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("error", sa.String),
        sa.Column("computed", sa.String),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="known_state"),
    )
    op.create_table(
        "edits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "session_id", sa.String, sa.ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("undone_at", sa.String),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("text", sa.String, nullable=False, unique=True),
    )
