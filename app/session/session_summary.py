"""What the list of recordings says of a session: its partners, and how many moments were passed by, met, not looked at.

In: the library and a session that was analysed. Out: a SessionSummary, kept in the session's folder and made anew only
when somebody wrote something, since it takes reading the whole conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.learnt_confidence import LearntConfidence
from app.learning import learnt_confidence
from app.library import Library
from app.session.edits import Edit
from app.session.kept_records import fingerprint, read_record, write_record
from app.session.read_session import READER, ReadSession
from app.session.remarks import marks, remarks_on, voices
from app.session.session_figures import session_figures
from app.session.session_moments import shown_moments

FILE = "summary.json"


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A session in a line. to_review: moments without a mark. made_of: the analysis and the edits it was made of."""

    partners: tuple[str, ...]
    missed: int
    met: int
    unclear: int
    to_review: int
    made_of: str

    @property
    def counts(self) -> Mapping[str, int]:
        """The figures alone."""
        return {name: getattr(self, name) for name in ("missed", "met", "unclear", "to_review")}


def session_summary(library: Library, session_id: str) -> SessionSummary | None:
    """The summary of a session as it is now; None before its first analysis. Raises LibraryError."""
    files = library.files(session_id)
    if files.computed is None:
        return None
    edits = library.edits(session_id)
    made_of = _fingerprint(files.computed.conversation.parent.name, edits, learnt_confidence(library))
    kept = kept_summary(files.folder)
    if kept is not None and kept.made_of == made_of:
        return kept
    summary = summed_up(READER.read(library, session_id, edits), edits)
    library.set_counts(session_id, summary.counts)
    write_summary(summary, files.folder)
    session_figures(library, session_id)  # the session is in memory just now: the trends of its couple will want them
    return summary


def summed_up(session: ReadSession, edits: Sequence[Edit]) -> SessionSummary:
    """The summary of a session that was read after these edits."""
    moments = [one.moment for one in shown_moments(session, edits)]
    verdicts = [moment.verdict for moment in moments]
    called, written = voices(edits, session.conversation), marks(edits)
    return SessionSummary(
        partners=tuple(name for label, name in called.names.items() if called.roles[label] == "partner"),
        missed=verdicts.count("missed"),
        met=verdicts.count("met"),
        unclear=verdicts.count("unclear"),
        to_review=sum(remarks_on(moment, written).mark is None for moment in moments),
        made_of=_fingerprint(session.analysis, edits, session.learnt),
    )


def kept_summary(folder: Path) -> SessionSummary | None:
    """What was kept last in the session's folder, of whatever it was made; None where nothing was."""
    return read_record(folder / FILE, SessionSummary)


def write_summary(summary: SessionSummary, folder: Path) -> None:
    """Keep the summary in the session's folder."""
    write_record(summary, folder / FILE)


def _fingerprint(analysis: str, edits: Sequence[Edit], learnt: LearntConfidence | None) -> str:
    return fingerprint(analysis, edits, *([learnt] if learnt else []))
