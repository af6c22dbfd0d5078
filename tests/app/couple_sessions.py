"""A couple with sessions in a library, as analyses leave them: what was heard is made of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from analysis.figures import Mark, Measured, MomentFigures, PartnerFigures, SessionFigures
from app.library import Library
from app.library.records import Couple
from app.session.edits import NameVoice
from app.session.kept_records import fingerprint, write_record
from app.session.session_figures import FILE, KeptFigures
from audio.conversation import Conversation

FIRST = date(2026, 3, 3)
LABELS = ("Speaker_1", "Speaker_2")


def figures(
    met: int, missed: int, names: Sequence[str] = ("Ann", "Ben"), mark: Mark | None = "agree"
) -> SessionFigures:
    """A session with so many moments that were met and passed by; no name, "", is a voice that nobody named."""
    partners = tuple(
        PartnerFigures(name or f"Speaker {place}", bool(name), 0.5, 80, Measured(4.0, 0.1), Measured(4.0, 0.05),
                       Measured(-25.0, 0.3))
        for place, name in enumerate(names, start=1)
    )  # fmt: skip
    one = MomentFigures("heavy", names[0], "met", 0.95, 0.9, 1.0, False, mark)
    other = MomentFigures("sharp", names[1], "missed", 0.05, 0.9, 0.5, False, mark)
    return SessionFigures(3000.0, partners, (one,) * met + (other,) * missed)


def add_sessions(
    library: Library, couple: Couple, sessions: Sequence[SessionFigures], scratch: Path, *, dated: bool = True
) -> list[str]:
    """Put sessions of a couple into the library, a week apart; returns their ids."""
    ids = []
    for place, one in enumerate(sessions):
        recording = scratch / "recording.ogg"
        recording.write_text(f"{couple.id} {place}")
        day = FIRST + place * timedelta(days=7) if dated else None
        session = library.add(recording, f"Session {place + 1}", recorded_on=day, couple=couple)
        library.keep(session.id, Conversation("recording.ogg", one.length, LABELS, (), ()))
        library.set_counts(session.id, {"met": one.of_verdict("met")})
        for label, partner in zip(LABELS, one.partners, strict=True):
            if partner.is_named:
                library.edit(session.id, NameVoice(label, partner.name))
        files = library.files(session.id)
        assert files.computed is not None
        made_of = fingerprint(files.computed.conversation.parent.name, library.edits(session.id))
        write_record(KeptFigures(made_of, one), files.folder / FILE)
        ids.append(session.id)
    return ids
