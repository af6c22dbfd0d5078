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
from audio.conversation import NAN, Measures, Phrase

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
class ComparedPhrases:
    """Phrases of one speaker as arrays of shape (phrases,): a normal is found in rounds, each of which reads them all.

    seconds: speech in each. wider: by how much its spread is wider than that of USUAL_PHRASE. sniffs: heard in each.
    values: by measure, in the unit of comparison. slow: by measure, what `courses` take off.
    """

    speaker: str
    seconds: Weights
    wider: Weights
    sniffs: Weights
    values: Mapping[str, Weights]
    slow: Mapping[str, Weights]
    courses: SlowCourses


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
        return {name: self.distance(measures, name, time) for name in self.centre}

    def distance(self, measures: Measures, name: str, time: float) -> float:
        """How far one measure lies from the normal; NaN where either is unknown."""
        if name not in self.centre:
            return NAN
        wider = _widening(measures.seconds)
        return (compared(measures, name) - self.normal(name, time)) / (self.spread[name] * wider)

    def distances_of(self, phrases: ComparedPhrases) -> dict[str, Weights]:
        """The same for many phrases of the speaker at once: by measure, shape (phrases,)."""
        return {
            name: (phrases.values[name] - (self.centre[name] + phrases.slow[name]))
            / (self.spread[name] * phrases.wider)
            for name in self.centre
        }


def compared_phrases(speaker: str, phrases: Sequence[Phrase], courses: SlowCourses | None = None) -> ComparedPhrases:
    """The phrases of `speaker` as arrays, and what their slow `courses` take off."""
    courses = courses or {}
    times = np.array([middle(phrase) for phrase in phrases])
    seconds = [phrase.measures.seconds for phrase in phrases]
    return ComparedPhrases(
        speaker=speaker,
        seconds=np.array(seconds),
        wider=np.array([_widening(one) for one in seconds]),
        sniffs=np.array([phrase.measures.sniffs for phrase in phrases]),
        values={name: np.array([compared(phrase.measures, name) for phrase in phrases]) for name in TYPICAL_SPREAD},
        slow={
            name: sum((course.along(times) for course in courses.get(name, ())), np.zeros(len(phrases)))
            for name in TYPICAL_SPREAD
        },
        courses=courses,
    )


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
    return baseline_of(compared_phrases(speaker, phrases, courses), weights)


def baseline_of(phrases: ComparedPhrases, weights: Weights | None = None) -> Baseline:
    """The same from phrases that are arrays already."""
    counts = np.ones(len(phrases.seconds)) if weights is None else weights
    steady = phrases.seconds >= STEADY_PHRASE
    centre, spread = {}, {}
    for name, typical in TYPICAL_SPREAD.items():
        values = (phrases.values[name] - phrases.slow[name])[steady]
        known = np.isfinite(values)
        if known.sum() < FEWEST_PHRASES:
            continue
        values, count = values[known], counts[steady][known]
        centre[name] = _median(values, count)
        own = MAD_TO_SD * _median(np.abs(values - centre[name]), count)
        spread[name] = _shrunk(own, float(count.sum()), typical)
    seconds = sum(phrases.seconds.tolist())
    return Baseline(phrases.speaker, seconds, int(steady.sum()), centre, spread, phrases.courses)


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
        name: values - recorder[name].along(own.times) if name in recorder else values
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
