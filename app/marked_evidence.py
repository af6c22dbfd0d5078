"""The marks of a library beside the evidence of the moments they were set on, and what is learnt from them.

In: the library. Out: Taught. Finding the evidence of a moment takes reading its session, so it is kept in the session's
folder and made anew only where somebody wrote something there. Moments that a person added are not among it: nothing
was heard that could be weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.learnt_confidence import MarkedEvidence
from analysis.moment_evidence import EVIDENCE, moment_evidence
from app.learning import Taught, keep_taught, kept_taught, state_of_marks, taught_by
from app.library import Library
from app.library.records import MarkedSession
from app.session.edits import Edit
from app.session.kept_records import read_record, write_record
from app.session.read_session import READER, ReadSession
from app.session.remarks import marks, remarks_on
from app.session.session_moments import MOST_SENSITIVE

FILE = "marks.json"


@dataclass(frozen=True, slots=True)
class KeptMarks:
    """The marks of one session. made_of: the analysis and the edits. looked_at: the evidence, by name."""

    made_of: str
    marks: tuple[MarkedEvidence, ...]
    looked_at: tuple[str, ...] = EVIDENCE


def taught(library: Library) -> Taught:
    """What the marks teach that were set since learning began anew; kept, and made anew where marks have changed.

    Raises LibraryError.
    """
    since = library.learning().since
    sessions = library.marked_sessions(since)
    made_of = state_of_marks(sessions, since)
    kept = kept_taught(library)
    if kept is not None and kept.made_of == made_of:
        return kept
    found = taught_by([mark for one in sessions for mark in _marks_of(library, one, since)], made_of)
    keep_taught(library, found)
    return found


def marked_evidence(session: ReadSession, edits: Sequence[Edit], session_id: str) -> tuple[MarkedEvidence, ...]:
    """The moments of a session that these edits agree with or dismiss, in order of time."""
    written = marks(edits)
    found = [(moment, remarks_on(moment, written).mark) for moment in session.reading.moments(MOST_SENSITIVE)]
    return tuple(
        MarkedEvidence(moment.strength, moment_evidence(moment), mark == "agree", session_id)
        for moment, mark in found
        if mark in ("agree", "dismiss")
    )


def _marks_of(library: Library, marked: MarkedSession, since: datetime | None) -> tuple[MarkedEvidence, ...]:
    path = library.files(marked.id).folder / FILE
    made_of = state_of_marks([marked], since)
    kept = read_record(path, KeptMarks)
    if kept is not None and kept.made_of == made_of and kept.looked_at == EVIDENCE:
        return kept.marks
    session = READER.read(library, marked.id, library.edits(marked.id))
    found = marked_evidence(session, library.edits(marked.id, since), marked.id)
    write_record(KeptMarks(made_of, found), path)
    return found
