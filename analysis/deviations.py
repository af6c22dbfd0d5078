"""Which measures moved: the numbers behind a tone shift, in units that a person can check.

In: a ToneReading and the speaker's normal. Out: Deviations, the most telling first. Rates, range and tremor differ
in per cent of the normal, shares in percentage points, pitch in semitones and levels in decibels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.baseline import COMPARED_AS_LOGARITHM, Baseline
from analysis.tone import DIMENSIONS, ToneReading, evidence_for

TELLING = 0.8  # spreads; what moved less is not shown as evidence

# Of the measures that are compared as they are; those compared as logarithms differ in per cent.
UNITS: Mapping[str, str] = {
    "pitch_median": "semitones",
    "voicing": "",
    "unvoiced_share": "%",
    "voice_breaks": "a second",
    "loudness": "dB",
    "alpha_ratio": "dB",
    "upper_ratio": "dB",
    "hammarberg": "dB",
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
    measures = reading.phrase.measures
    distances = baseline.distances(measures)
    telling = evidence_for(kind, reading)
    found: list[Deviation] = []
    for name in sorted(telling, key=lambda dimension: -telling[dimension]):
        if telling[name] <= 0:
            continue
        moved = [
            measure
            for measure, sign in DIMENSIONS[name].measures.items()
            if distances.get(measure, math.nan) * sign * reading.dimensions[name] > 0
            and abs(distances[measure]) >= TELLING
        ]
        found += [_deviation(measure, baseline, distances[measure], getattr(measures, measure)) for measure in moved]
    return tuple(found)


def timing_deviation(measure: str, seconds: float, usual: float) -> Deviation:
    """How far the delay or the length of answers lies from the usual, in seconds; in spreads it is not known."""
    return Deviation(measure, seconds, usual, seconds - usual, "s", math.nan)


def _deviation(measure: str, baseline: Baseline, distance: float, value: float) -> Deviation:
    centre = baseline.centre[measure]
    if measure in COMPARED_AS_LOGARITHM:
        normal = math.exp(centre)
        return Deviation(measure, value, normal, 100 * (value / normal - 1), "%", distance)
    scale = 100 if UNITS[measure] == "%" else 1
    return Deviation(measure, value, centre, scale * (value - centre), UNITS[measure], distance)
