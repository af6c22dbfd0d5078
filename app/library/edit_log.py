"""The log of a session's edits in the database: write one, take the last step back, bring it again.

Undone edits stay in the log; a step can be brought back as long as nothing was written after it. A step is one edit,
but a note is written in many pieces while somebody types: all pieces of it, up to another edit, are one step.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from itertools import takewhile

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Rows

from app.library.tables import EditRow
from app.session.edits import Edit, TagMoment, WriteNote, edit_from_json, edit_to_json

PIECES = 50  # edits that are read at a time on the way back


def write_edit(rows: Rows, session_id: str, edit: Edit) -> int:
    """Add an edit; returns its number, which never comes again."""
    plain = edit_to_json(edit)
    row = EditRow(session_id=session_id, at=datetime.now(UTC), kind=plain.pop("kind"), body=plain)
    rows.add(row)
    rows.flush()
    return row.id


def live_edits(rows: Rows, session_id: str, since: datetime | None = None) -> tuple[Edit, ...]:
    """The edits that count, in order; only those written after `since` where that is given."""
    live = _live(session_id) if since is None else _live(session_id).where(EditRow.at > since)
    return tuple(_edit(row) for row in rows.scalars(live.order_by(EditRow.id)))


def live_edits_of(rows: Rows, kinds: Collection[type[Edit]]) -> dict[str, tuple[Edit, ...]]:
    """The edits of these kinds that count, in order, by the session that they were written in."""
    found: dict[str, list[Edit]] = {}
    written = select(EditRow).where(EditRow.kind.in_([kind.__name__ for kind in kinds]), EditRow.undone_at.is_(None))
    for row in rows.scalars(written.order_by(EditRow.id)):
        found.setdefault(row.session_id, []).append(_edit(row))
    return {session: tuple(edits) for session, edits in found.items()}


def count_live(rows: Rows, session_id: str) -> int:
    """How many edits count."""
    return rows.scalar(select(func.count()).select_from(_live(session_id).subquery())) or 0


def log_state(rows: Rows, session_id: str) -> tuple[int, int]:
    """How many edits count, and the number of the last: another pair after each edit that is written or taken back."""
    count, last = rows.execute(_live(session_id).with_only_columns(func.count(), func.max(EditRow.id))).one()
    return count, last or 0


def tags_in_use(rows: Rows) -> tuple[str, ...]:
    """The tags that moments of any session have now, in the order of the alphabet."""
    written = (
        select(EditRow.session_id, EditRow.body)
        .where(EditRow.kind == TagMoment.__name__, EditRow.undone_at.is_(None))
        .order_by(EditRow.id)
    )
    last = {(session, json.dumps(body["moment"])): body["tags"] for session, body in rows.execute(written)}
    return tuple(sorted({tag for tags in last.values() for tag in tags}, key=lambda tag: (tag.casefold(), tag)))


def take_back(rows: Rows, session_id: str) -> Edit | None:
    """Undo the last step that counts; returns its last edit, None where there is none."""
    newest_first = rows.scalars(_live(session_id).order_by(EditRow.id.desc()).execution_options(yield_per=PIECES))
    last = next(newest_first, None)
    if last is None:
        return None
    undone_at = datetime.now(UTC)
    for row in (last, *takewhile(lambda before: _is_one_note(before, last), newest_first)):
        row.undone_at = undone_at
    return _edit(last)


def bring_back(rows: Rows, session_id: str) -> Edit | None:
    """Redo the step that was undone last; None where there is none, or something was written since."""
    newest = select(func.coalesce(func.max(EditRow.id), 0)).where(
        EditRow.session_id == session_id, EditRow.undone_at.is_(None)
    )
    undone = (
        select(EditRow)
        .where(EditRow.session_id == session_id, EditRow.undone_at.is_not(None))
        .where(EditRow.id > newest.scalar_subquery())
        .order_by(EditRow.undone_at.desc(), EditRow.id)
    )
    undone_last = rows.scalars(undone.limit(1)).first()
    if undone_last is None:
        return None
    step = rows.scalars(undone.where(EditRow.undone_at == undone_last.undone_at)).all()
    for row in step:
        row.undone_at = None
    return _edit(step[-1])


def _live(session_id: str) -> Select[EditRow]:
    return select(EditRow).where(EditRow.session_id == session_id, EditRow.undone_at.is_(None))


def _is_one_note(row: EditRow, other: EditRow) -> bool:
    """Whether both are pieces of one note: on the same moment, or both on the session."""
    return row.kind == other.kind == WriteNote.__name__ and row.body["moment"] == other.body["moment"]


def _edit(row: EditRow) -> Edit:
    return edit_from_json({"kind": row.kind, **row.body})
