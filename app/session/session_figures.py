"""The figures of a session that trends are read from: its partners by name, its moments with what people marked.

In: a session as it was read, and its edits. Out: SessionFigures, kept in the session's folder, so that the trends of a
couple are a small file a session; made anew only when somebody wrote something, or the session was analysed again.

What marks taught about other moments is left out: a mark of today would move the sessions of last year, all of which
would have to be read again. A mark counts for the moment that it stands on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.baseline import COMPARED_AS_LOGARITHM, Baseline
from analysis.figures import Measured, MomentFigures, PartnerFigures, SessionFigures
from analysis.moments import Moment
from analysis.taking_part import taking_part
from analysis.trends import MEDIAN_ERROR
from app.library import Library
from app.session.edits import Edit, MomentPlace
from app.session.kept_records import fingerprint, read_record, write_record
from app.session.read_session import READER, ReadSession
from app.session.remarks import Remarks, Voices, marks, remarks_on, voices
from app.session.session_moments import session_moments, shown_moments
from audio.conversation import speaker_name

FILE = "figures.json"
PACE = "syllable_rate"  # of what is heard: the words may be missing, or wrong


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """The figures of a session, and the analysis and the edits that they were made of."""

    made_of: str
    figures: SessionFigures


def session_figures(library: Library, session_id: str) -> SessionFigures | None:
    """The figures of a session as it is now; None before its first analysis. Raises LibraryError."""
    files = library.files(session_id)
    if files.computed is None:
        return None
    edits = library.edits(session_id)
    kept = read_record(files.folder / FILE, KeptFigures)
    if kept is not None and kept.made_of == fingerprint(files.computed.conversation.parent.name, edits):
        return kept.figures
    session = READER.read(library, session_id, edits)
    return keep_figures(session, edits, files.folder)


def keep_figures(session: ReadSession, edits: Sequence[Edit], folder: Path) -> SessionFigures:
    """Make the figures of a session that was read after these edits, and keep them in its folder."""
    figures = figures_of(session, edits)
    write_record(KeptFigures(fingerprint(session.analysis, edits), figures), folder / FILE)
    return figures


def figures_of(session: ReadSession, edits: Sequence[Edit]) -> SessionFigures:
    """The figures of a session after these edits, with the moments that are shown and those that somebody agreed to."""
    called, written = voices(edits, session.conversation), marks(edits)
    moments = _moments(replace(session, learnt=None), edits, written)
    return SessionFigures(
        length=session.conversation.duration,
        partners=tuple(_partners(session, called)),
        moments=tuple(_moment(moment, called, remarks_on(moment, written)) for moment in moments),
    )


def _moments(session: ReadSession, edits: Sequence[Edit], written: Mapping[MomentPlace, Remarks]) -> list[Moment]:
    shown = shown_moments(session, edits)
    fainter = [one for one in session_moments(session, edits) if one not in shown]
    agreed = [one for one in fainter if remarks_on(one.moment, written).mark == "agree"]
    return [one.moment for one in (*shown, *agreed)]


def _moment(moment: Moment, called: Voices, remarks: Remarks) -> MomentFigures:
    reply = moment.reply
    return MomentFigures(
        kind=moment.kind,
        whose=called.names[moment.speaker],
        verdict=moment.verdict,
        met=reply.evidence.met if reply else 0.5,
        strength=moment.strength,
        delay=reply.delay if reply else None,
        repaired=moment.repair is not None,
        mark=remarks.mark,
    )


def _partners(session: ReadSession, called: Voices) -> list[PartnerFigures]:
    return [
        PartnerFigures(
            name=called.names[one.speaker],
            is_named=called.names[one.speaker] != speaker_name(one.speaker),
            share=one.share,
            turns=one.turns,
            pitch=_normal(session.reading.baselines.get(one.speaker), "pitch_median"),
            pace=_normal(session.reading.baselines.get(one.speaker), PACE),
            loudness=_normal(session.reading.baselines.get(one.speaker), "loudness"),
        )
        for one in taking_part(session.analysed)
    ]


def _normal(baseline: Baseline | None, measure: str) -> Measured | None:
    """The middle of a measure in its own unit, with the error that the spread of so many phrases leaves."""
    if baseline is None or not baseline.is_enough or measure not in baseline.centre:
        return None
    middle = baseline.centre[measure]
    error = MEDIAN_ERROR * baseline.spread[measure] / math.sqrt(baseline.phrases)
    if measure in COMPARED_AS_LOGARITHM:
        return Measured(math.exp(middle), math.exp(middle) * error)
    return Measured(middle, error)
