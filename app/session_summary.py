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

from analysis.moments import Moment, read_conversation
from app.added_moments import added_moment
from app.corrections import corrected, without_coach
from app.edits import CorrectWord, Edit, GiveSpeech, edit_to_json
from app.library import Library
from app.remarks import Remarks, added_moments, marks, remarks_on, removed_moments, same_moment, voices
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
    with_tracks = any(isinstance(edit, CorrectWord | GiveSpeech) for edit in edits)
    conversation = corrected(library.conversation(session_id, tracks=with_tracks), edits)
    called = voices(edits, conversation)
    partners = without_coach(conversation, called.roles)
    reading = read_conversation(partners)
    added = [place for place in added_moments(edits) if place.speaker in partners.speakers]
    hidden = (*removed_moments(edits), *added)
    heard = [moment for moment in reading.moments() if not any(same_moment(place, moment) for place in hidden)]
    shown = [*heard, *(added_moment(place, partners, reading) for place in added)]
    verdicts = [moment.verdict for moment in shown]
    return SessionSummary(
        partners=tuple(name for label, name in called.names.items() if called.roles[label] == "partner"),
        missed=verdicts.count("missed"),
        met=verdicts.count("met"),
        unclear=verdicts.count("unclear"),
        to_review=_unmarked(shown, edits),
        made_of=made_of,
    )


def _unmarked(moments: Sequence[Moment], edits: Sequence[Edit]) -> int:
    found = marks(edits)
    remarks: list[Remarks] = [remarks_on(moment, found) for moment in moments]
    return sum(one.mark is None for one in remarks)


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
