"""Rows of the database read as sessions: one query gives all that a list of them shows."""

from __future__ import annotations

from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Rows

from app.library.records import Consent, Couple, LibraryError, Session, State
from app.library.tables import CoupleRow, SessionRow

SESSIONS = select(SessionRow, CoupleRow.name).outerjoin(CoupleRow, SessionRow.couple_id == CoupleRow.id)


def session_of(row: SessionRow, couple: str | None) -> Session:
    """What the library hands out of a row of SESSIONS."""
    return Session(
        id=row.id,
        title=row.title,
        original_name=row.original_name,
        added_at=row.added_at,
        content_hash=row.content_hash,
        state=cast(State, row.state),
        recorded_on=row.recorded_on,
        length=row.length,
        couple=Couple(row.couple_id, couple) if row.couple_id is not None and couple is not None else None,
        consent=Consent(row.consent_by, row.consent_at) if row.consent_by and row.consent_at else None,
        error=row.error,
        settings=row.settings,
        counts=row.counts,
    )


def session_row(rows: Rows, id: str) -> SessionRow:
    """The row of one session. Raises LibraryError where there is none."""
    row = rows.get(SessionRow, id)
    if row is None:
        raise unknown(id)
    return row


def unknown(id: str) -> LibraryError:
    """The error for a session that is not there."""
    return LibraryError(f"There is no session {id} in the library; it may have been deleted.")


def couple_of_no_other(rows: Rows, row: SessionRow) -> CoupleRow | None:
    """The couple of a session, if it has no other."""
    count = rows.scalar(select(func.count()).where(SessionRow.couple_id == row.couple_id))
    return rows.get(CoupleRow, row.couple_id) if row.couple_id is not None and count == 1 else None
