"""What the list of recordings says of a session: its partners, and how many moments were passed by, met, not looked at.

In: the library and a session that was analysed. Out: a SessionSummary, kept in the session's folder and made anew only
when somebody wrote something, since it takes reading the whole conversation.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cattrs

from app.edits import Edit, edit_to_json
from app.library import Library
from app.remarks import marks, remarks_on, voices
from app.review.read_session import READER
from app.review.session_moments import shown_moments
from audio.whole_files import write_whole

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
    made_of = _fingerprint(files.computed.conversation.parent.name, edits)
    kept = _read(files.folder / FILE)
    if kept is not None and kept.made_of == made_of:
        return kept
    summary = _summed_up(library, session_id, edits, made_of)
    library.set_counts(session_id, summary.counts)
    _write(summary, files.folder / FILE)
    return summary


def _summed_up(library: Library, session_id: str, edits: Sequence[Edit], made_of: str) -> SessionSummary:
    session = READER.read(library, session_id, edits)
    moments = [one.moment for one in shown_moments(session, edits)]
    verdicts = [moment.verdict for moment in moments]
    called, written = voices(edits, session.conversation), marks(edits)
    return SessionSummary(
        partners=tuple(name for label, name in called.names.items() if called.roles[label] == "partner"),
        missed=verdicts.count("missed"),
        met=verdicts.count("met"),
        unclear=verdicts.count("unclear"),
        to_review=sum(remarks_on(moment, written).mark is None for moment in moments),
        made_of=made_of,
    )


def _fingerprint(analysis: str, edits: Sequence[Edit]) -> str:
    written = json.dumps([analysis, [edit_to_json(edit) for edit in edits]], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def _read(path: Path) -> SessionSummary | None:
    try:
        return cattrs.structure(json.loads(path.read_text(encoding="utf-8")), SessionSummary)
    except (OSError, ValueError, KeyError, cattrs.BaseValidationError):
        return None


def _write(summary: SessionSummary, path: Path) -> None:
    text = json.dumps(asdict(summary), ensure_ascii=False)
    write_whole(path, lambda file: file.write(text.encode()))
