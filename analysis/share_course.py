"""A share over several sessions, when nobody knows for certain what is to be counted: how it went, and how sure it is.

In: for each session the chance of every case in it, 0 to 1: that a moment was met, say. One half says nothing, 0 and 1
are certain. Out: a ShareCourse: the share of each session with its range, the line through all of them with its own,
and the probability that the share is larger at the end than at the beginning. Places in time are -0.5 to 0.5.

A case with the chance p, read where both were equally likely, says of a share s as much as s p + (1 - s)(1 - p): its
likelihood, so that a case that is half certain says less than half (a mixture; Dempster, Laird & Rubin 1977). Certain
cases alone give the usual beta distribution of a share. Over time the log odds of the share follow a straight line
from which each session departs by chance (logistic regression with a random intercept; Gelman & Hill 2007, ch. 14),
since talks differ in what they are about. All three, level, change and departure, have priors that draw towards little
change, which few moments cannot overcome (shrinkage; Gelman et al. 2013, ch. 5). The sums run over a grid; there is
no chance in the computation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Direction = Literal["more", "less", "untold"]

FEWEST_SESSIONS = 4  # with something to tell: a line through three is no course
RANGE = (0.05, 0.5, 0.95)  # quantiles: the low end, the middle, the high end of what holds nine tenths
TELLS = 0.05  # how far a chance must lie from one half to say anything

# Priors, in log odds, as standard deviations. 1.6 makes all levels about equally likely. A change of 1.5 from the first
# session to the last is from 32 % to 68 %: two in three change less. From talk to talk a half may well be 40 or 60 %.
LEVEL, CHANGE, DEPARTURE = 1.6, 1.5, 0.5
_ODDS = np.linspace(-6.0, 6.0, 241)  # log odds of a share
_SHARES = 1 / (1 + np.exp(-_ODDS))
_FARTHEST = 4.0  # of levels and changes, first looked at in coarse steps, then in fine ones around what is likely
_COARSE, _FINE = 21, 25  # steps of each
_AROUND, _LEAST_AROUND = 4.0, 0.8  # standard deviations, and at least so much in log odds, to each side
_DEPARTURES = np.array([0.1, 0.3, 0.5, 0.75, 1.0, 1.4])


@dataclass(frozen=True, slots=True)
class ShareRange:
    """A share with the range that holds it with a probability of nine tenths, all 0 to 1. cases: that say anything."""

    low: float
    middle: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class ShareCourse:
    """A share over time. sessions: each by itself, in the order given; line: at the places asked for.

    rises: probability that it is larger at the end, 0 to 1; one half where nothing is known.
    direction: what may be said of it.
    """

    sessions: tuple[ShareRange, ...]
    line: tuple[ShareRange, ...]
    rises: float
    direction: Direction


def share_range(chances: Sequence[float]) -> ShareRange:
    """The share in one session by itself, all shares being equally likely before."""
    flat = _SHARES * (1 - _SHARES)  # equal shares, on the scale of log odds
    return _range(_SHARES, np.exp(_log_likelihood(chances)) * flat, _cases(chances))


def rises_between(before: Sequence[float], after: Sequence[float]) -> float:
    """Probability that the share behind the second cases is larger than that behind the first, 0 to 1."""
    flat = _SHARES * (1 - _SHARES)
    first, second = (np.exp(_log_likelihood(chances)) * flat for chances in (before, after))
    first, second = first / first.sum(), second / second.sum()
    below = np.cumsum(first) - first / 2  # half of what lies in the same cell
    return float(np.sum(second * below))


def share_course(
    sessions: Sequence[Sequence[float]], places: Sequence[float], along: Sequence[float], sure: float
) -> ShareCourse:
    """The course of a share over sessions at `places` in time, its line read at the places `along`.

    sure: probability of a change from which it is said. Raises ValueError where a session has no place.
    """
    if len(sessions) != len(places):
        raise ValueError(f"{len(sessions)} sessions have {len(places)} places")
    likelihoods = np.array([_log_likelihood(chances) for chances in sessions]).reshape(-1, len(_ODDS))
    lines = _likely_lines(likelihoods, np.array(places, dtype=float))
    rises = lines.rises
    cases = sum(_cases(chances) for chances in sessions)
    telling = sum(_cases(chances) > 0 for chances in sessions)
    return ShareCourse(
        sessions=tuple(share_range(chances) for chances in sessions),
        line=tuple(_range(lines.share_at(place), lines.weights, cases) for place in along),
        rises=rises,
        direction=direction(rises, sure) if telling >= FEWEST_SESSIONS else "untold",
    )


def direction(rises: float, sure: float) -> Direction:
    """What may be said of a change that is a rise with the probability `rises`."""
    if rises >= sure:
        return "more"
    return "less" if rises <= 1 - sure else "untold"


def _log_likelihood(chances: Sequence[float]) -> Values:
    """Of each share in _SHARES, the largest being 0; shape (odds,)."""
    chance = np.array(chances, dtype=float)[:, None]
    logs: Values = np.log(_SHARES * chance + (1 - _SHARES) * (1 - chance)).sum(axis=0)
    logs -= logs.max()
    return logs


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of log odds over time, and how likely each is.

    levels, shape (l,): in the middle of the time. changes, shape (c,): from its first day to its last.
    weights, shape (l, c): probabilities.
    """

    levels: Values
    changes: Values
    weights: Values

    @property
    def rises(self) -> float:
        """Probability of a change above 0; it goes evenly from one step to the next."""
        by_change = self.weights.sum(axis=0)
        up_to = np.cumsum(by_change) - by_change / 2
        return float(1 - np.interp(0.0, self.changes, up_to, left=0.0, right=1.0))

    def share_at(self, place: float) -> Values:
        """The share that each line gives at a place, shape (l, c)."""
        shares: Values = 1 / (1 + np.exp(-(self.levels[:, None] + self.changes[None, :] * place)))
        return shares

    def around(self) -> tuple[Values, Values]:
        """Finer levels and changes, where these are likely."""
        level, change = self.weights.sum(axis=1), self.weights.sum(axis=0)
        return _finer(self.levels, level), _finer(self.changes, change)


def _likely_lines(likelihoods: Values, places: Values) -> _Lines:
    """The lines through sessions whose likelihoods of each of _ODDS are given as logarithms, shape (sessions, odds)."""
    by_departure = []
    for departure in _DEPARTURES:
        spread = np.exp(-(((_ODDS[:, None] - _ODDS[None, :]) / departure) ** 2) / 2)
        spread /= spread.sum(axis=1, keepdims=True)
        by_departure.append(np.log(np.exp(likelihoods) @ spread.T + 1e-300))  # of the log odds that a line gives
    steps = np.linspace(-_FARTHEST, _FARTHEST, _COARSE)
    coarse = _weighed(by_departure, places, steps, steps)
    return _weighed(by_departure, places, *coarse.around())


def _weighed(by_departure: Sequence[Values], places: Values, levels: Values, changes: Values) -> _Lines:
    means = levels[:, None, None] + changes[None, :, None] * places
    cells = (np.clip(means, _ODDS[0], _ODDS[-1]) - _ODDS[0]) / (_ODDS[1] - _ODDS[0])
    below = np.minimum(cells.astype(int), len(_ODDS) - 2)
    above, session = cells - below, np.arange(len(places))
    prior = -((levels[:, None] / LEVEL) ** 2 + (changes[None, :] / CHANGE) ** 2) / 2
    logs = [
        prior
        - (departure / DEPARTURE) ** 2 / 2
        + ((1 - above) * each[session, below] + above * each[session, below + 1]).sum(axis=-1)
        for departure, each in zip(_DEPARTURES, by_departure, strict=True)
    ]
    weights = np.exp(np.array(logs) - np.max(logs)).sum(axis=0)
    return _Lines(levels, changes, weights / weights.sum())


def _finer(values: Values, weights: Values) -> Values:
    mean = float(weights @ values)
    reach = max(_AROUND * float(np.sqrt(weights @ (values - mean) ** 2)), _LEAST_AROUND)
    return np.linspace(mean - reach, mean + reach, _FINE)


def _range(shares: Values, weights: Values, cases: int) -> ShareRange:
    """RANGE of shares with weights of the same shape."""
    order = np.argsort(shares, axis=None)
    sorted_shares, sorted_weights = shares.ravel()[order], weights.ravel()[order]
    below = (np.cumsum(sorted_weights) - sorted_weights / 2) / sorted_weights.sum()
    low, middle, high = (float(value) for value in np.interp(RANGE, below, sorted_shares))
    return ShareRange(low, middle, high, cases)


def _cases(chances: Sequence[float]) -> int:
    return sum(1 for chance in chances if abs(chance - 0.5) >= TELLS)
