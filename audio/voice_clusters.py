"""First guesses at who speaks when: cut speech where the voice changes, then join what sounds alike.

In: the frames of a `Timbre`. Out: a number of a voice for each frame, -1 where no guess was made.
Both steps compare full-covariance Gaussians (Chen & Gopalakrishnan 1998, "Speaker, environment and channel
change detection and clustering via the Bayesian information criterion").
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from audio.timbre import Timbre

WINDOW = 150  # frames (1.5 s) compared on each side of a possible change
LEAST_WINDOW = 50  # frames (0.5 s) a covariance of nineteen cepstra needs
STEP = 10  # frames between possible changes
SPACING = 60  # frames (0.6 s) within which only the clearest change counts
STRETCH = 6000  # frames (60 s) searched together, which bounds the memory
RIDGE = 0.001  # added to the variances of a window (which are near 1), so that they can be inverted

# Cepstra that segments are joined by, and the share of BIC's own penalty that a change must gain to be cut.
# Cuts too many are joined again, a missed one mixes two voices for good; but where few cepstra are compared
# longer segments do better. Neither guess is right everywhere; the models of the voices judge which is.
GUESSES = ((13, 0.4), (19, 0.8))
MOST_SEGMENTS = 800  # joined pairwise; of a longer recording the longest, the rest is left to the models
LEAST_SEGMENT = 6  # frames
DOUBT = 5.0  # frames of unit variance that every covariance starts from, so that few frames prove little
FLOOR = 0.002  # variance (of frames whose variance is 1) that is never gone below


class _Gaussians(NamedTuple):
    """Sums over the frames of segments: shapes (s,), (s, d) and (s, d, d)."""

    frames: npt.NDArray[np.float64]
    total: npt.NDArray[np.float64]
    square: npt.NDArray[np.float64]

    def at(self, index: int | slice | npt.NDArray[np.int64]) -> _Gaussians:
        return _Gaussians(self.frames[index], self.total[index], self.square[index])

    def plus(self, other: _Gaussians) -> _Gaussians:
        return _Gaussians(self.frames + other.frames, self.total + other.total, self.square + other.square)


def first_guesses(voices: Timbre, count: int) -> Iterator[npt.NDArray[np.int64]]:
    """Numbers of voices (0 to `count` - 1) for each frame, shape (n,), once a way of GUESSES.

    -1 in pieces too short to say; fewer numbers where there are fewer pieces.
    """
    for cepstra, penalty in GUESSES:
        segments = _segments(voices, penalty)
        kept = sorted(sorted(segments, key=lambda segment: segment[0] - segment[1])[:MOST_SEGMENTS])
        labels = np.full(len(voices.frame), -1, dtype=np.int64)
        for (first, last), label in zip(kept, _joined(voices.cepstra[:, :cepstra], kept, count), strict=True):
            labels[first:last] = label
        yield labels


def _segments(voices: Timbre, penalty: float) -> list[tuple[int, int]]:
    """Stretches of speech cut at the changes of voice, as (first, one past the last) row."""
    edges = [*np.flatnonzero(voices.begins).tolist(), len(voices.frame)]
    segments = []
    for first, last in pairwise(edges):
        for start in range(first, last, STRETCH):
            end = min(start + STRETCH, last)
            cuts = [start, *(start + _changes(voices.cepstra[start:end], penalty)).tolist(), end]
            segments += [(a, b) for a, b in pairwise(cuts) if b - a >= LEAST_SEGMENT]
    return segments


def _changes(frames: npt.NDArray[np.float32], penalty: float) -> npt.NDArray[np.int64]:
    """Rows at which BIC prefers two voices to one, the clearest of each neighbourhood."""
    places = np.arange(LEAST_WINDOW, len(frames) - LEAST_WINDOW + 1, STEP)
    if places.size == 0:
        return places
    sums = _cumulative(frames)
    before = _between(sums, np.maximum(places - WINDOW, 0), places)
    after = _between(sums, places, np.minimum(places + WINDOW, len(frames)))
    both = before.plus(after)
    gain = _cost(both, RIDGE) - _cost(before, RIDGE) - _cost(after, RIDGE) - penalty * _penalty(both)
    reach = SPACING // STEP
    padded = np.pad(gain, reach, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    return np.asarray(places[(gain > 0) & (gain == highest)])


def _cumulative(frames: npt.NDArray[np.float32]) -> _Gaussians:
    wide = np.concatenate([np.zeros((1, frames.shape[1])), frames])
    outer = wide[:, :, None] * wide[:, None, :]
    return _Gaussians(np.arange(len(wide), dtype=np.float64), wide.cumsum(axis=0), outer.cumsum(axis=0))


def _between(sums: _Gaussians, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> _Gaussians:
    a, b = sums.at(first), sums.at(last)
    return _Gaussians(b.frames - a.frames, b.total - a.total, b.square - a.square)


def _cost(sums: _Gaussians, ridge: float | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Minus log-likelihood of the frames under their own Gaussian, but for a constant a frame; shape (s,).

    ridge: what is added to all variances, one number or one a segment.
    """
    mean = sums.total / sums.frames[:, None]
    covariance = sums.square / sums.frames[:, None, None] - mean[:, :, None] * mean[:, None, :]
    covariance += np.reshape(ridge, (-1, 1, 1)) * np.eye(mean.shape[1])
    return np.asarray(0.5 * sums.frames * np.linalg.slogdet(covariance)[1])


def _doubted_cost(sums: _Gaussians) -> npt.NDArray[np.float64]:
    """`_cost` of segments of any length, in which few frames prove little."""
    return _cost(sums, DOUBT / sums.frames + FLOOR)


def _penalty(sums: _Gaussians) -> npt.NDArray[np.float64]:
    """What a second Gaussian must gain to be worth its parameters."""
    size = sums.total.shape[1]
    return np.asarray(0.5 * (size + size * (size + 1) / 2) * np.log(sums.frames))


def _joined(cepstra: npt.NDArray[np.float32], segments: list[tuple[int, int]], count: int) -> npt.NDArray[np.int64]:
    """Join the two most alike until `count` are left; a label for each segment, shape (s,)."""
    if not segments:
        return np.zeros(0, dtype=np.int64)
    pieces = [cepstra[first:last].astype(np.float64) for first, last in segments]
    groups = _Gaussians(
        np.array([len(piece) for piece in pieces], dtype=np.float64),
        np.array([piece.sum(axis=0) for piece in pieces]),
        np.array([piece.T @ piece for piece in pieces]),
    )
    cost = _doubted_cost(groups)
    labels = np.arange(len(segments))
    distance = np.full((len(segments), len(segments)), np.inf)
    for row in range(1, len(segments)):
        _measure(distance, groups, cost, row, np.arange(row))
    for _ in range(len(segments) - count):
        a, b = sorted(int(index) for index in np.unravel_index(int(distance.argmin()), distance.shape))
        labels[labels == b] = a
        merged = groups.at(slice(a, a + 1)).plus(groups.at(slice(b, b + 1)))
        groups.frames[a], groups.total[a], groups.square[a] = (
            merged.frames[0],
            merged.total[0],
            merged.square[0],
        )
        cost[a] = _doubted_cost(merged)[0]
        distance[b], distance[:, b] = np.inf, np.inf
        _measure(distance, groups, cost, a, np.setdiff1d(labels, [a]))
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _measure(
    distance: npt.NDArray[np.float64],
    groups: _Gaussians,
    cost: npt.NDArray[np.float64],
    row: int,
    others: npt.NDArray[np.int64],
) -> None:
    """Fill in how far group `row` is from `others`: what one Gaussian for both would lose, less the penalty."""
    if others.size == 0:
        return
    both = groups.at(others).plus(groups.at(slice(row, row + 1)))
    distance[row, others] = _doubted_cost(both) - cost[others] - cost[row] - _penalty(both)
    distance[others, row] = distance[row, others]
