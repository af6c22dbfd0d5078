"""Which measures moved: the numbers behind a tone shift, in units that a person can check.

In: a ToneReading and the speaker's normal. Out: Deviations, the most telling first. Rates, range and tremor differ
in per cent of the normal, shares in percentage points, pitch in semitones and levels in decibels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from analysis.baseline import COMPARED_AS_LOGARITHM, Baseline
from analysis.drift import middle
from analysis.quiet import QuietStretch
from analysis.tone import DIMENSIONS, ToneReading, evidence_for

TELLING = 0.8  # spreads; what moved less is not shown as evidence

# Of the measures that are compared as they are; those compared as logarithms differ in per cent.
UNITS: Mapping[str, str] = {
    "pitch_median": "semitones",
    "harmonicity": "dB",
    "devoiced_share": "%",
    "pause_share": "%",
    "loudness": "dB",
    "tilt": "dB/octave",
    "slope_low": "dB/kHz",
}


@dataclass(frozen=True, slots=True)
class Deviation:
    """One measure that moved: its value, the speaker's normal, the difference in `unit`, and in spreads."""

    measure: str
    value: float
    normal: float
    difference: float
    unit: str
    distance: float


def deviations(kind: str, reading: ToneReading, baseline: Baseline) -> tuple[Deviation, ...]:
    """What moved in the direction of `kind`: the dimensions that say most for it first."""
    measures, time = reading.phrase.measures, middle(reading.phrase)
    distances = baseline.distances(measures, time)
    telling = evidence_for(kind, reading)
    found: list[Deviation] = []
    if kind == "tearful" and measures.sniffs > 0:
        found.append(Deviation("sniffs", measures.sniffs, 0.0, measures.sniffs, "", math.nan))
    for name in sorted(telling, key=lambda dimension: -telling[dimension]):
        if telling[name] <= 0:
            continue
        moved = [
            measure
            for measure, sign in DIMENSIONS[name].measures.items()
            if distances.get(measure, math.nan) * sign * reading.dimensions[name] > 0
            and abs(distances[measure]) >= TELLING
        ]
        found += [
            _deviation(measure, baseline.normal(measure, time), distances[measure], getattr(measures, measure))
            for measure in moved
        ]
    return tuple(found)


def quiet_deviations(stretch: QuietStretch, baseline: Baseline) -> tuple[Deviation, ...]:
    """What moved in a quiet stretch: how late and short the answers were, openings let pass, share, loudness."""
    found: list[Deviation] = []
    if stretch.answers:
        found.append(_timing("answer_delay", stretch.delay, stretch.usual_delay))
        found.append(_timing("answer_length", stretch.length, stretch.usual_length))
    if stretch.passed:
        found.append(Deviation("openings_passed", stretch.passed, math.nan, math.nan, "", math.nan))
    less = 100 * (stretch.share - stretch.usual_share)
    found.append(Deviation("talk_share", stretch.share, stretch.usual_share, less, "%", math.nan))
    return (*found, *_softness(stretch, baseline))


def _timing(measure: str, seconds: float, usual: float) -> Deviation:
    """How far the delay or the length of answers lies from the usual, in seconds; in spreads it is not known."""
    return Deviation(measure, seconds, usual, seconds - usual, "s", math.nan)


def _softness(stretch: QuietStretch, baseline: Baseline) -> tuple[Deviation, ...]:
    """How much softer the answers of a quiet stretch were, if they clearly were."""
    heard = [opening.answer[0] for opening in stretch.answers if opening.answer[0].measures.loudness < math.inf]
    if not heard or "loudness" not in baseline.centre:
        return ()
    distance = median(baseline.distance(one.measures, "loudness", one.start) for one in heard)
    if distance > -TELLING:
        return ()
    loudness = median(one.measures.loudness for one in heard)
    return (_deviation("loudness", baseline.normal("loudness", stretch.start), distance, loudness),)


def _deviation(measure: str, centre: float, distance: float, value: float) -> Deviation:
    if measure in COMPARED_AS_LOGARITHM:
        normal = math.exp(centre)
        return Deviation(measure, value, normal, 100 * (value / normal - 1), "%", distance)
    scale = 100 if UNITS[measure] == "%" else 1
    return Deviation(measure, value, centre, scale * (value - centre), UNITS[measure], distance)
