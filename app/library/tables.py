"""The tables of the library: what people write, and what is known of each session. Changed only by a migration.

Times are UTC, kept as ISO 8601 text; lengths are seconds.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Dialect, Double, ForeignKey, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

VERSION = "0002"  # the newest migration; whoever adds one raises it


class UtcTime(TypeDecorator[datetime]):
    """A point in time with its zone, which SQLite cannot keep by itself."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """As text that sorts by time. A time without zone is refused with ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time needs its zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Back from text."""
        return None if value is None else datetime.fromisoformat(value)


class Table(DeclarativeBase):
    """All tables of the library."""

    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON, dict[str, int]: JSON}  # noqa: RUF012


class CoupleRow(Table):
    """See Couple."""

    __tablename__ = "couples"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class SessionRow(Table):
    """See Session. `computed` is the folder, inside the session's own, that holds what was computed last."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="known_state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    original_name: Mapped[str]
    source: Mapped[str]
    content_hash: Mapped[str] = mapped_column(unique=True)
    added_at: Mapped[datetime] = mapped_column(index=True)
    recorded_on: Mapped[date | None]
    length: Mapped[float | None] = mapped_column(Double)
    couple_id: Mapped[int | None] = mapped_column(ForeignKey("couples.id"))
    consent_by: Mapped[str | None]
    consent_at: Mapped[datetime | None]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, int]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="waiting")
    error: Mapped[str | None]
    computed: Mapped[str | None]


class EditRow(Table):
    """One edit, see app.session.edits. `undone_at` says that it was taken back."""

    __tablename__ = "edits"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # the number of an edit never comes again

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]


class LearningRow(Table):
    """See Learning; at most one row."""

    __tablename__ = "learning"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    since: Mapped[datetime | None]


class TermRow(Table):
    """A name or term that the transcriber should know."""

    __tablename__ = "terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)
