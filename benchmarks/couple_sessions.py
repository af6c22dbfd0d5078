"""Made-up sessions of a couple, for the trends to be measured with: what is true of them is known, nothing is heard.

In: how often a change of tone is truly met, how many there are, how much of it a coach looks at. Out: SessionFigures
as the machine and the coach would leave them; and a library with many couples, as analyses leave it. Times are seconds.

The machine is as sure as it should be: of what it calls met with nine tenths, one in ten was not. A coach agrees to
what is right, dismisses what is no moment, and is unsure where the machine takes one verdict for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from analysis.figures import Mark, Measured, MomentFigures, PartnerFigures, SessionFigures
from analysis.verdict import UNDECIDED, Verdict
from app.library import Library
from app.library.records import Couple
from app.session.edits import NameVoice
from app.session.kept_records import fingerprint, write_record
from app.session.session_figures import FILE, KeptFigures
from audio.conversation import Conversation

NAMES = ("Ann", "Ben")
FIRST_DAY = date(2025, 1, 7)
EVERY = timedelta(days=7)
LENGTH = 3000.0
KINDS, OFTEN = ("heavy", "tearful", "sharp", "quiet"), (0.4, 0.1, 0.25, 0.25)
EVIDENCE = 2.0  # nats, mean of what speaks for the truth; its variance is twice that, so that it is calibrated
STRENGTHS = (8.0, 2.0)  # of a beta distribution: 0.8 on the mean, as among moments that are shown
DEPARTS = 0.4  # log odds of the share met, from session to session
DELAYS = (0.9, 0.9)  # seconds to the reply: mean and spread
VOICES = ((8.5, 4.2), (-1.0, 4.0))  # semitones re 100 Hz and syllables a second, of each partner
DAY_BY_DAY = (0.7, 0.2, 2.5, 0.06)  # how pitch, pace, loudness and the share of the talk depart from session to session

Chance = np.random.Generator


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of a couple. met: share at the first session and at the last. moments: a session, on the mean.

    looked_at: share of the moments that the coach marked.
    """

    met: tuple[float, float]
    moments: float
    looked_at: float


def made_up_sessions(truth: Truth, sessions: int, chance: Chance) -> list[SessionFigures]:
    """So many sessions, evenly spaced in time, whose share met goes from one end to the other in even steps."""
    shares = np.linspace(*truth.met, sessions)
    odds = np.log(shares / (1 - shares)) + chance.normal(0, DEPARTS, sessions)
    return [_session(float(share), truth, chance) for share in 1 / (1 + np.exp(-odds))]


def fill_library(library: Library, couple: Couple, figures: list[SessionFigures], scratch: Path) -> list[str]:
    """Put sessions into a library, as analyses leave them, a week apart; returns their ids."""
    conversation = Conversation("made up", LENGTH, ("Speaker_1", "Speaker_2"), (), ())
    ids = []
    for place, one in enumerate(figures):
        recording = scratch / "recording.ogg"
        recording.write_text(f"{couple.id} {place}")
        title = f"Session {place + 1}"
        session = library.add(recording, title, recorded_on=FIRST_DAY + place * EVERY, couple=couple)
        library.keep(session.id, conversation)
        for speaker, name in zip(conversation.speakers, NAMES, strict=True):
            library.edit(session.id, NameVoice(speaker, name))
        counts = {verdict: one.of_verdict(verdict) for verdict in ("missed", "met", "unclear")}
        library.set_counts(session.id, {**counts, "to_review": sum(moment.mark is None for moment in one.moments)})
        files = library.files(session.id)
        assert files.computed is not None
        made_of = fingerprint(files.computed.conversation.parent.name, library.edits(session.id))
        write_record(KeptFigures(made_of, one), files.folder / FILE)
        ids.append(session.id)
    return ids


def _session(share_met: float, truth: Truth, chance: Chance) -> SessionFigures:
    talk = float(np.clip(0.5 + chance.normal(0, DAY_BY_DAY[3]), 0.1, 0.9))
    moments = tuple(_moment(share_met, truth.looked_at, chance) for _ in range(chance.poisson(truth.moments)))
    partners = tuple(
        _partner(name, share, voice, chance.normal)
        for name, share, voice in zip(NAMES, (talk, 1 - talk), VOICES, strict=True)
    )
    return SessionFigures(LENGTH, partners, moments)


def _partner(
    name: str, share: float, voice: tuple[float, float], departs: Callable[[float, float], float]
) -> PartnerFigures:
    return PartnerFigures(
        name,
        is_named=True,
        share=share,
        turns=150,
        pitch=Measured(departs(voice[0], DAY_BY_DAY[0]), 0.1),
        pace=Measured(departs(voice[1], DAY_BY_DAY[1]), 0.05),
        loudness=Measured(departs(-25.0, DAY_BY_DAY[2]), 0.3),
    )


def _moment(share_met: float, looked_at: float, chance: Chance) -> MomentFigures:
    strength = float(chance.beta(*STRENGTHS))
    is_one, was_met = chance.random() < strength, chance.random() < share_met
    speaks_for = (EVIDENCE if was_met else -EVIDENCE) if is_one else 0.0
    met = float(1 / (1 + np.exp(-chance.normal(speaks_for, np.sqrt(2 * EVIDENCE)))))
    verdict: Verdict = "unclear" if max(met, 1 - met) < UNDECIDED else "met" if met > 0.5 else "missed"
    mark: Mark | None = None
    if chance.random() < looked_at:
        right = (verdict == "met") == was_met and verdict != "unclear"
        mark = "dismiss" if not is_one else "agree" if right else "unsure"
    return MomentFigures(
        kind=str(chance.choice(KINDS, p=OFTEN)),
        whose=str(chance.choice(NAMES)),
        verdict=verdict,
        met=met,
        strength=strength,
        delay=float(chance.normal(*DELAYS)),
        repaired=bool(verdict == "missed" and chance.random() < 0.25),
        mark=mark,
    )
