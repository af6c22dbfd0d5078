"""Each speaker's own normal: the median and spread of every measure over the conversation.

In: the phrases of each speaker. Out: a Baseline, and distances from it in the speaker's own spreads.
Rates, range and tremor are compared as logarithms (a tenth faster is a tenth faster for anyone); pitch is in
semitones and levels are in decibels already. Median and MAD are used because the shifts we look for are in
the data themselves (Rousseeuw & Croux 1993).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis.drift import Course, Timed, flow_courses, middle, recorder_courses
from audio.conversation import Measures, Phrase

Weights = npt.NDArray[np.float64]
SlowCourses = Mapping[str, tuple[Course, ...]]  # by measure

LEAST_SPEECH = 30.0  # seconds of a speaker's own speech before anything of theirs is flagged
STEADY_PHRASE = 1.0  # seconds; shorter phrases say little about a normal
FEWEST_PHRASES = 4  # steady ones; a median of fewer is no normal

# Spread of a measure between ordinary phrases of one speaker, in the unit in which it is compared. The prior
# that keeps a handful of phrases from passing for certainty; of the order of published within-speaker values
# (pitch 1 to 2 semitones, rate 10 to 15 %, level 2 dB).
TYPICAL_SPREAD: Mapping[str, float] = {
    "pitch_median": 1.2,
    "pitch_range": 0.25,
    "tremor": 0.22,
    "roughness": 0.18,
    "harmonicity": 1.4,
    "devoiced_share": 0.025,
    "pause_share": 0.05,
    "loudness": 1.8,
    "tilt": 0.75,
    "slope_low": 6.0,
    "syllable_rate": 0.13,
    "spoken_rate": 0.14,
}
PRIOR_WEIGHT = 16.0  # phrases that TYPICAL_SPREAD counts for
COMPARED_AS_LOGARITHM = frozenset({"pitch_range", "tremor", "roughness", "syllable_rate", "spoken_rate"})
SMALLEST = 0.02  # of what is compared as a logarithm

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
    courses: by measure, what changes slowly and is taken off first: the recorder, the speaker's own flow.
    """

    speaker: str
    seconds: float
    phrases: int
    centre: Mapping[str, float]
    spread: Mapping[str, float]
    courses: SlowCourses = field(default_factory=dict, repr=False)

    @property
    def is_enough(self) -> bool:
        """Whether there is speech enough to call anything a shift."""
        return self.seconds >= LEAST_SPEECH and self.phrases >= FEWEST_PHRASES

    def normal(self, name: str, time: float) -> float:
        """The speaker's normal of a measure at `time` (s), in the unit of comparison."""
        return self.centre[name] + sum(course.at(time) for course in self.courses.get(name, ()))

    def distances(self, measures: Measures, time: float) -> dict[str, float]:
        """How far each measure lies from the normal at `time` (s), in the speaker's own spreads; NaN where unknown."""
        wider = _widening(measures.seconds)
        return {
            name: (compared(measures, name) - self.normal(name, time)) / (self.spread[name] * wider)
            for name in self.centre
        }


def slow_courses(speakers: Mapping[str, Sequence[Phrase]]) -> dict[str, SlowCourses]:
    """What changes slowly for each speaker, by measure, from all phrases of everyone."""
    timed = {speaker: _timed(phrases) for speaker, phrases in speakers.items()}
    recorder = recorder_courses([one for one in timed.values() if len(one.times) >= FEWEST_PHRASES])
    return {speaker: _courses(own, recorder) for speaker, own in timed.items()}


def speaker_baseline(
    speaker: str,
    phrases: Sequence[Phrase],
    weights: Weights | None = None,
    courses: SlowCourses | None = None,
) -> Baseline:
    """The normal of `speaker`, from all of their `phrases`, once the slow `courses` are taken off.

    weights: how much each phrase counts, 0 to 1, shape (phrases,); all alike if None.
    """
    courses = courses or {}
    counts = np.ones(len(phrases)) if weights is None else weights
    steady = np.array([phrase.measures.seconds >= STEADY_PHRASE for phrase in phrases], np.bool_)
    chosen = [phrase for phrase, is_steady in zip(phrases, steady, strict=True) if is_steady]
    centre, spread = {}, {}
    for name, typical in TYPICAL_SPREAD.items():
        slow = courses.get(name, ())
        values = np.array(
            [compared(one.measures, name) - sum(course.at(middle(one)) for course in slow) for one in chosen]
        )
        known = np.isfinite(values)
        if known.sum() < FEWEST_PHRASES:
            continue
        values, count = values[known], counts[steady][known]
        centre[name] = _median(values, count)
        own = MAD_TO_SD * _median(np.abs(values - centre[name]), count)
        spread[name] = _shrunk(own, float(count.sum()), typical)
    seconds = sum(phrase.measures.seconds for phrase in phrases)
    return Baseline(speaker, seconds, len(chosen), centre, spread, courses)


def _median(values: Weights, counts: Weights) -> float:
    """Weighted median, half-way between neighbours where all weigh the same."""
    order = np.argsort(values)
    below = np.cumsum(counts[order]) - counts[order] / 2
    return float(np.interp(counts.sum() / 2, below, values[order]))


def _timed(phrases: Sequence[Phrase]) -> Timed:
    steady = [phrase for phrase in phrases if phrase.measures.seconds >= STEADY_PHRASE]
    return Timed(
        np.array([middle(phrase) for phrase in steady]),
        {name: np.array([compared(phrase.measures, name) for phrase in steady]) for name in TYPICAL_SPREAD},
    )


def _courses(own: Timed, recorder: Mapping[str, Course]) -> SlowCourses:
    """What to take off a speaker's measures: the recorder's course, then what of the flow is left."""
    left = {
        name: values - np.array([recorder[name].at(time) for time in own.times]) if name in recorder else values
        for name, values in own.values.items()
    }
    flow = flow_courses(Timed(own.times, left))
    return {
        name: tuple(course[name] for course in (recorder, flow) if name in course)
        for name in TYPICAL_SPREAD
        if name in recorder or name in flow
    }


def robust_spread(values: npt.NDArray[np.float64]) -> float:
    """Standard deviation of `values`, shape (n,), by their median absolute deviation."""
    return MAD_TO_SD * float(np.median(np.abs(values - np.median(values))))


def compared(measures: Measures, name: str) -> float:
    """A measure in the unit in which it is compared; NaN where it could not be measured."""
    value: float = getattr(measures, name)
    if name in COMPARED_AS_LOGARITHM and not math.isnan(value):
        return math.log(max(value, SMALLEST))
    return value


def _shrunk(own: float, count: float, typical: float) -> float:
    variance = (count * own**2 + PRIOR_WEIGHT * typical**2) / (count + PRIOR_WEIGHT)
    return math.sqrt(variance)


def _widening(seconds: float) -> float:
    usual = 1 + (WIDENING / USUAL_PHRASE) ** 2
    return math.sqrt((1 + (WIDENING / max(seconds, 0.1)) ** 2) / usual)
