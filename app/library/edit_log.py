"""The log of a session's edits in the database: write one, take the last back, bring it again.

Undone edits stay in the log; one can be brought back as long as nothing was written after it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Rows

from app.edits import Edit, edit_from_json, edit_to_json
from app.library.tables import EditRow


def write_edit(rows: Rows, session_id: str, edit: Edit) -> int:
    """Add an edit; returns its number, which never comes again."""
    plain = edit_to_json(edit)
    row = EditRow(session_id=session_id, at=datetime.now(UTC), kind=plain.pop("kind"), body=plain)
    rows.add(row)
    rows.flush()
    return row.id


def live_edits(rows: Rows, session_id: str) -> tuple[Edit, ...]:
    """The edits that count, in order."""
    return tuple(_edit(row) for row in rows.scalars(_live(session_id).order_by(EditRow.id)))


def count_live(rows: Rows, session_id: str) -> int:
    """How many edits count."""
    return rows.scalar(select(func.count()).select_from(_live(session_id).subquery())) or 0


def take_back(rows: Rows, session_id: str) -> Edit | None:
    """Undo the last edit that counts; None where there is none."""
    row = rows.scalars(_live(session_id).order_by(EditRow.id.desc()).limit(1)).first()
    if row is None:
        return None
    row.undone_at = datetime.now(UTC)
    return _edit(row)


def bring_back(rows: Rows, session_id: str) -> Edit | None:
    """Redo the edit that was undone last; None where there is none, or something was written since."""
    newest = select(func.coalesce(func.max(EditRow.id), 0)).where(
        EditRow.session_id == session_id, EditRow.undone_at.is_(None)
    )
    undone = (
        select(EditRow)
        .where(EditRow.session_id == session_id, EditRow.undone_at.is_not(None))
        .where(EditRow.id > newest.scalar_subquery())
        .order_by(EditRow.undone_at.desc(), EditRow.id)
    )
    row = rows.scalars(undone.limit(1)).first()
    if row is None:
        return None
    row.undone_at = None
    return _edit(row)


def _live(session_id: str) -> Select[EditRow]:
    return select(EditRow).where(EditRow.session_id == session_id, EditRow.undone_at.is_(None))


def _edit(row: EditRow) -> Edit:
    return edit_from_json({"kind": row.kind, **row.body})
