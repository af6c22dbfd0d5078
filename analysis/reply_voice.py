"""How a reply sounds: whether its voice came towards the partner, stayed bright, or turned sharp.

In: the first phrases of a reply and the replier's own normal. Out: a Voice. To come towards someone in pain is to
speak softer, slower and lower than one usually does. That is not the same as sounding alike (entrainment, see
`entrainment`): a sharp answer to a sharp tone is alike too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.baseline import Baseline
from analysis.tone import STATES, ToneReading
from analysis.tone_readings import ToneReadings
from audio.conversation import Phrase

HEARD = ("ordinary", "gentle", "bright", "sharp")
MOST = 1.0  # nats at most for the voice: it colours what is said, and rarely decides
CLEARLY_SHARP = 1.5  # nats over every other voice from which a reply is sharp, whatever its words
SHORTEST = 0.4  # seconds of speech; in less the voice is not read
TOWARDS = ("loudness", "pace", "pitch")  # softer, slower, lower
MUCH = 0.8  # spreads; by less than this the voice did not move


@dataclass(frozen=True, slots=True)
class Voice:
    """How a reply sounds against the replier's own normal.

    name: ordinary, gentle, bright or sharp. evidence: nats that the shift was met, at most MOST either way.
    moved: softer, slower, lower or louder, faster, higher, by spreads of their own (loudness, pace, pitch).
    is_sharp: whether it is so sharp that the words do not count at their face value.
    """

    name: str
    evidence: float
    moved: tuple[tuple[str, float], ...]
    is_sharp: bool


def reply_voice(phrases: Sequence[Phrase], baseline: Baseline | None, tones: ToneReadings) -> Voice | None:
    """The voice of a reply's first phrases; None where it is too short or the normal is not known.

    tones: how every phrase of the conversation sounds.
    """
    long_enough = [phrase for phrase in phrases if phrase.measures.seconds >= SHORTEST]
    if baseline is None or not baseline.is_enough or not long_enough:
        return None
    readings = tones.of(long_enough)
    likelihood = _together(readings)
    name = max(HEARD, key=lambda voice: likelihood[voice])
    towards = likelihood["gentle"] - max(0.0, likelihood["bright"], likelihood["sharp"])
    away = max(likelihood["bright"], likelihood["sharp"]) - max(0.0, likelihood["gentle"])
    others = max(likelihood[voice] for voice in HEARD if voice != "sharp")
    return Voice(
        name=name,
        evidence=float(np.clip(towards, 0.0, MOST) - np.clip(away, 0.0, MOST)),
        moved=_moved(readings),
        is_sharp=likelihood["sharp"] - others >= CLEARLY_SHARP,
    )


def _together(readings: Sequence[ToneReading]) -> dict[str, float]:
    """Log likelihood of each voice, the mean over phrases: they are one turn, and not independent."""
    rows = np.array([reading.likelihoods for reading in readings])
    seconds = [reading.phrase.measures.seconds for reading in readings]
    return dict(zip(STATES, np.average(rows, axis=0, weights=seconds).tolist(), strict=True))


def _moved(readings: Sequence[ToneReading]) -> tuple[tuple[str, float], ...]:
    heard = {name: [r.dimensions[name] for r in readings if not np.isnan(r.dimensions[name])] for name in TOWARDS}
    means = {name: float(np.mean(values)) for name, values in heard.items() if values}
    return tuple((name, value) for name, value in means.items() if abs(value) >= MUCH)
