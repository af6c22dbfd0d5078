"""What people write in a library: edits of sessions, tags and terms, couples, and whether marks teach.

In and out: plain records, see app.library.records and app.session.edits. All is on the disk when a method returns.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert

from app.library.edit_log import (
    bring_back,
    count_live,
    live_edits,
    live_edits_of,
    log_state,
    tags_in_use,
    take_back,
    write_edit,
)
from app.library.learning_rows import keep_learning, learning_of, marked_sessions
from app.library.open_database import OpenDatabase
from app.library.records import Couple, Learning, MarkedSession
from app.library.session_rows import session_row
from app.library.tables import CoupleRow, TermRow
from app.session.edits import Edit


class Writings(OpenDatabase):
    """All that people wrote, in a library that is open."""

    def edit(self, id: str, edit: Edit) -> int:
        """Add what somebody wrote to the session's log; returns the number of the edit."""
        with self._writing() as rows:
            session_row(rows, id)
            return write_edit(rows, id, edit)

    def edits(self, id: str, since: datetime | None = None) -> tuple[Edit, ...]:
        """The session's edits in order, without those that were taken back; those after `since` where it is given."""
        with self._reading() as rows:
            return live_edits(rows, id, since)

    def edits_of(self, *kinds: type[Edit]) -> dict[str, tuple[Edit, ...]]:
        """The edits of these kinds in all sessions that have any, in order, by the id of the session."""
        with self._reading() as rows:
            return live_edits_of(rows, kinds)

    def edit_count(self, id: str) -> int:
        """How many edits `edits` gives."""
        with self._reading() as rows:
            return count_live(rows, id)

    def undo(self, id: str) -> Edit | None:
        """Take the session's last edit back, a note with all its pieces; returns it, None where there is none."""
        with self._writing() as rows:
            return take_back(rows, id)

    def redo(self, id: str) -> Edit | None:
        """Bring back what was undone last, if nothing was written since; returns it."""
        with self._writing() as rows:
            return bring_back(rows, id)

    def state_of_edits(self, id: str) -> str:
        """Another text whenever something was written or taken back, or the session was analysed anew."""
        with self._reading() as rows:
            row = session_row(rows, id)
            return "-".join(str(part) for part in (*log_state(rows, id), row.computed or ""))

    def tags(self) -> tuple[str, ...]:
        """The tags that moments of any session have, in the order of the alphabet."""
        with self._reading() as rows:
            return tags_in_use(rows)

    def terms(self) -> tuple[str, ...]:
        """Names and terms for the transcriber, in the order of the alphabet."""
        with self._reading() as rows:
            return tuple(rows.scalars(select(TermRow.text).order_by(TermRow.text)))

    def add_term(self, term: str) -> None:
        """Add a name or term; one that is there already stays."""
        with self._writing() as rows:
            rows.execute(insert(TermRow).values(text=term).on_conflict_do_nothing())

    def remove_term(self, term: str) -> None:
        """Remove a name or term, if it is there."""
        with self._writing() as rows:
            rows.execute(delete(TermRow).where(TermRow.text == term))
        self._forget_log()

    def learning(self) -> Learning:
        """Whether the confidence in moments is learnt from marks, and since when marks teach."""
        with self._reading() as rows:
            return learning_of(rows)

    def set_learning(self, learning: Learning) -> None:
        """Say whether, and since when."""
        with self._writing() as rows:
            keep_learning(rows, learning)

    def marked_sessions(self, since: datetime | None = None) -> tuple[MarkedSession, ...]:
        """The analysed sessions with a mark that was set after `since`, in the order of their ids."""
        with self._reading() as rows:
            return marked_sessions(rows, since)

    def couples(self) -> tuple[Couple, ...]:
        """All couples, by name."""
        with self._reading() as rows:
            return tuple(Couple(row.id, row.name) for row in rows.scalars(select(CoupleRow).order_by(CoupleRow.name)))

    def add_couple(self, name: str) -> Couple:
        """A new couple; it goes with its last session."""
        with self._writing() as rows:
            row = CoupleRow(name=name)
            rows.add(row)
            rows.flush()
            return Couple(row.id, row.name)

    def rename_couple(self, couple: Couple, name: str) -> None:
        """Give a couple another name."""
        with self._writing() as rows:
            rows.execute(update(CoupleRow).where(CoupleRow.id == couple.id).values(name=name))
