"""What changes slowly in a session without being a tone: the recorder, the microphone, a speaker who warms up.

In: the phrases of each speaker. Out: for each measure a Course, which is what to take off a value at a time, in the
unit of comparison. Two slow changes are known:

- what both voices do alike within half a minute is the recorder's doing: an automatic gain, a phone that was moved.
  Only the part that both share counts, so that the heavy minute of one partner is never taken for it;
- what one speaker does over ten minutes and more is their own flow: people warm up, tire, grow hoarse. It is followed
  by halves only, so that a speaker who stays heavy for long does not become normal.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audio.conversation import Phrase

Vector = npt.NDArray[np.float64]
Values = Mapping[str, Vector]  # of one speaker: by measure, shape (phrases,), in the unit of comparison

RECORDER_MEASURES = ("loudness", "tilt")  # what a gain and a moved microphone change
RECORDER_WINDOW = 60.0  # seconds, centred
RECORDER_PHRASES = 3.0  # phrases that no change counts for
FLOW_WINDOW = 600.0  # seconds, centred
FLOW_LEAST = 900.0  # seconds of a session before a flow can be told from its tones
FLOW_SHARE = 0.5  # of the slow change that is followed
STEP = 10.0  # seconds between the points of a course


@dataclass(frozen=True, slots=True)
class Course:
    """A slow change: `offsets` at `times` (s), in the unit of comparison."""

    times: tuple[float, ...]
    offsets: tuple[float, ...]

    def at(self, time: float) -> float:
        """The offset at `time`, between the points on a straight line, beyond them that of the nearest."""
        place = bisect_right(self.times, time)
        if place in (0, len(self.times)):
            return self.offsets[0 if place == 0 else -1]
        before, after = self.times[place - 1], self.times[place]
        share = (time - before) / (after - before)
        return (1 - share) * self.offsets[place - 1] + share * self.offsets[place]

    def along(self, times: Vector) -> Vector:
        """The offsets at all of `times` (s) at once, shape (n,): what `at` gives for each."""
        points, offsets = np.array(self.times), np.array(self.offsets)
        place = np.searchsorted(points, times, side="right")
        before, after = np.maximum(place - 1, 0), np.minimum(place, len(points) - 1)
        apart = points[after] - points[before]
        share = np.where(apart > 0, times - points[before], 0.0) / np.where(apart > 0, apart, 1.0)
        along: Vector = (1 - share) * offsets[before] + share * offsets[after]
        return along


@dataclass(frozen=True, slots=True)
class Timed:
    """The values of one speaker's phrases: `times` (s, their middles), shape (phrases,), and `values` by measure."""

    times: Vector
    values: Values


def middle(phrase: Phrase) -> float:
    """The time that a phrase counts for."""
    return (phrase.start + phrase.end) / 2


def recorder_courses(speakers: Sequence[Timed]) -> dict[str, Course]:
    """What all voices do alike, by measure; nothing where one person speaks alone."""
    if len(speakers) < 2:
        return {}
    points = _points(speakers)
    courses = {}
    for measure in RECORDER_MEASURES:
        moved = np.array([_moved(one, measure, points, RECORDER_WINDOW, RECORDER_PHRASES) for one in speakers])
        alike = np.where((np.sign(moved) == np.sign(moved[0])).all(axis=0), np.abs(moved).min(axis=0), 0.0)
        courses[measure] = Course(tuple(points.tolist()), tuple((np.sign(moved[0]) * alike).tolist()))
    return courses


def flow_courses(speaker: Timed) -> dict[str, Course]:
    """The slow change of one speaker's own, by measure; nothing in a short session."""
    if len(speaker.times) == 0 or speaker.times[-1] - speaker.times[0] < FLOW_LEAST:
        return {}
    points = _points([speaker])
    return {
        measure: Course(
            tuple(points.tolist()),
            tuple((FLOW_SHARE * _moved(speaker, measure, points, FLOW_WINDOW, 0.0)).tolist()),
        )
        for measure in speaker.values
    }


def _points(speakers: Sequence[Timed]) -> Vector:
    times = np.concatenate([one.times for one in speakers])
    if len(times) == 0:
        return np.zeros(1)
    return np.arange(times.min(), times.max() + STEP, STEP)


def _moved(speaker: Timed, measure: str, points: Vector, window: float, none_counts: float) -> Vector:
    """The median within `window` of each point less that of all, shrunk towards 0 where few phrases lie there."""
    values = speaker.values.get(measure, np.full(len(speaker.times), np.nan))
    known = np.isfinite(values)
    times, values = speaker.times[known], values[known]
    if len(values) == 0:
        return np.zeros(len(points))
    usual = float(np.median(values))
    firsts = np.searchsorted(times, points - window / 2).tolist()
    lasts = np.searchsorted(times, points + window / 2).tolist()
    moved = [
        (median - usual) * (last - first) / (last - first + none_counts) if last > first else 0.0
        for first, last, median in zip(firsts, lasts, _medians(values.tolist(), firsts, lasts), strict=True)
    ]
    return np.array(moved)


def _medians(values: Sequence[float], firsts: Sequence[int], lasts: Sequence[int]) -> Iterator[float]:
    """The median of each values[first:last] (0 where it is empty), for windows of which none begins or ends earlier
    than the one before: what it holds is kept sorted from one window to the next."""
    inside: list[float] = []
    begin = end = 0
    for first, last in zip(firsts, lasts, strict=True):
        for value in values[end:last]:
            insort(inside, value)
        for value in values[begin:first]:
            del inside[bisect_left(inside, value)]
        begin, end = first, last
        count = len(inside)
        yield (inside[(count - 1) // 2] + inside[count // 2]) / 2 if inside else 0.0
