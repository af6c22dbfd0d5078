"""Whether the library learns from the coach's marks, and from when on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; without a row nothing was ever switched on."""
    op.create_table(
        "learning",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("since", sa.String),
    )
