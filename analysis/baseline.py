"""Each speaker's own normal: the median and spread of every measure over the conversation.

In: the phrases of one speaker. Out: a Baseline, and distances from it in the speaker's own spreads.
Rates, range and tremor are compared as logarithms (a tenth faster is a tenth faster for anyone); pitch is in
semitones and levels are in decibels already. Median and MAD are used because the shifts we look for are in
the data themselves (Rousseeuw & Croux 1993).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audio.conversation import Measures, Phrase

LEAST_SPEECH = 30.0  # seconds of a speaker's own speech before anything of theirs is flagged
STEADY_PHRASE = 1.0  # seconds; shorter phrases say little about a normal
FEWEST_PHRASES = 4  # steady ones; a median of fewer is no normal

# Spread of a measure between ordinary phrases of one speaker, in the unit in which it is compared. The prior
# that keeps a handful of phrases from passing for certainty; of the order of published within-speaker values
# (pitch 1 to 2 semitones, rate 10 to 15 %, level 2 dB).
TYPICAL_SPREAD: Mapping[str, float] = {
    "pitch_median": 1.2,
    "pitch_range": 0.25,
    "tremor": 0.25,
    "voicing": 0.025,
    "unvoiced_share": 0.05,
    "voice_breaks": 0.7,
    "loudness": 1.8,
    "alpha_ratio": 1.9,
    "upper_ratio": 1.9,
    "hammarberg": 2.3,
    "slope_low": 5.0,
    "syllable_rate": 0.13,
    "spoken_rate": 0.14,
}
PRIOR_WEIGHT = 8.0  # phrases that TYPICAL_SPREAD counts for
COMPARED_AS_LOGARITHM = frozenset({"pitch_range", "tremor", "syllable_rate", "spoken_rate"})
SMALLEST = 0.05  # of what is compared as a logarithm

# A short phrase is measured less surely: its spread is that of a phrase of USUAL_PHRASE seconds times
# sqrt((1 + (WIDENING / s)^2) / (1 + (WIDENING / USUAL_PHRASE)^2)): twice as wide at half a second.
WIDENING = 1.0  # seconds
USUAL_PHRASE = 2.8  # seconds
MAD_TO_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Baseline:
    """One speaker's normal.

    seconds: speech it rests on. phrases: how many.
    centre, spread: by measure, in the unit of comparison (see COMPARED_AS_LOGARITHM).
    """

    speaker: str
    seconds: float
    phrases: int
    centre: Mapping[str, float]
    spread: Mapping[str, float]

    @property
    def is_enough(self) -> bool:
        """Whether there is speech enough to call anything a shift."""
        return self.seconds >= LEAST_SPEECH and self.phrases >= FEWEST_PHRASES

    def distances(self, measures: Measures) -> dict[str, float]:
        """How far each measure lies from the normal, in the speaker's own spreads; NaN where unknown."""
        wider = _widening(measures.seconds)
        return {
            name: (compared(measures, name) - centre) / (self.spread[name] * wider)
            for name, centre in self.centre.items()
        }


def speaker_baseline(speaker: str, phrases: Sequence[Phrase]) -> Baseline:
    """The normal of `speaker`, from all of their `phrases`."""
    steady = [phrase.measures for phrase in phrases if phrase.measures.seconds >= STEADY_PHRASE]
    centre, spread = {}, {}
    for name, typical in TYPICAL_SPREAD.items():
        values = np.array([compared(measures, name) for measures in steady])
        values = values[np.isfinite(values)]
        if len(values) < FEWEST_PHRASES:
            continue
        centre[name] = float(np.median(values))
        spread[name] = _shrunk(robust_spread(values), len(values), typical)
    seconds = sum(phrase.measures.seconds for phrase in phrases)
    return Baseline(speaker, seconds, len(steady), centre, spread)


def robust_spread(values: npt.NDArray[np.float64]) -> float:
    """Standard deviation of `values`, shape (n,), by their median absolute deviation."""
    return MAD_TO_SD * float(np.median(np.abs(values - np.median(values))))


def compared(measures: Measures, name: str) -> float:
    """A measure in the unit in which it is compared; NaN where it could not be measured."""
    value: float = getattr(measures, name)
    if name in COMPARED_AS_LOGARITHM and not math.isnan(value):
        return math.log(max(value, SMALLEST))
    return value


def _shrunk(own: float, count: int, typical: float) -> float:
    variance = (count * own**2 + PRIOR_WEIGHT * typical**2) / (count + PRIOR_WEIGHT)
    return math.sqrt(variance)


def _widening(seconds: float) -> float:
    usual = 1 + (WIDENING / USUAL_PHRASE) ** 2
    return math.sqrt((1 + (WIDENING / max(seconds, 0.1)) ** 2) / usual)
