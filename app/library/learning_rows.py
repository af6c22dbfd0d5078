"""What the database says of learning from marks: whether it is on, since when marks teach, which sessions have any."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session as Rows

from app.library.records import Learning, MarkedSession
from app.library.tables import EditRow, LearningRow, SessionRow
from app.session.edits import MarkMoment

ONLY = 1  # the number of the one row


def learning_of(rows: Rows) -> Learning:
    """What somebody said last; off, and of all marks, before anybody said anything."""
    row = rows.get(LearningRow, ONLY)
    return Learning(row.is_on, row.since) if row else Learning()


def keep_learning(rows: Rows, learning: Learning) -> None:
    """Take the place of what was said before."""
    values = {"is_on": learning.is_on, "since": learning.since}
    rows.execute(
        insert(LearningRow).values(id=ONLY, **values).on_conflict_do_update(index_elements=["id"], set_=values)
    )


def marked_sessions(rows: Rows, since: datetime | None) -> tuple[MarkedSession, ...]:
    """The analysed sessions with a mark that was set after `since`, in the order of their ids."""
    marked = select(EditRow.session_id).where(EditRow.kind == MarkMoment.__name__, EditRow.undone_at.is_(None))
    if since is not None:
        marked = marked.where(EditRow.at > since)
    found = (
        select(SessionRow.id, SessionRow.computed, func.count(), func.max(EditRow.id))
        .join(EditRow, EditRow.session_id == SessionRow.id)
        .where(EditRow.undone_at.is_(None), SessionRow.computed.is_not(None), SessionRow.id.in_(marked))
        .group_by(SessionRow.id)
        .order_by(SessionRow.id)
    )
    return tuple(MarkedSession(id, f"{count}-{last}-{computed}") for id, computed, count, last in rows.execute(found))
