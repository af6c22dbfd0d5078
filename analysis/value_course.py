"""A measure over several sessions, each of which tells it with an error: how it went, and how sure that is.

In: for each session a middle and its standard error, in the unit of the measure, and a Usual that says by how much the
measure departs from session to session and changes over months. Out: a ValueCourse: the line through the sessions with
its range, and the probability that it rises; and for one session whether it lies outside what the others make usual.
Places in time are -0.5 to 0.5.

The line is a regression with a prior on its slope and an unknown departure of each session besides its own error
(a meta-regression; Gelman et al. 2013, ch. 5 and 15), summed over a grid of departures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.figures import Measured
from analysis.share_course import FEWEST_SESSIONS, Direction, direction
from analysis.taking_part import STANDARD_NORMAL_90

Values = npt.NDArray[np.float64]

FEWEST_BEFORE = 4  # sessions that make anything usual
LEVEL = 20.0  # departures: as good as nothing is known of the level
_DEPARTURES = np.array([0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0])  # times the usual one


@dataclass(frozen=True, slots=True)
class Usual:
    """What is known of a measure beforehand, as standard deviations in its unit.

    departure: from session to session of one person. change: from the first session to the last.
    """

    departure: float
    change: float


@dataclass(frozen=True, slots=True)
class ValueRange:
    """A value with the range that holds it with a probability of nine tenths."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class ValueCourse:
    """A measure over time; see ShareCourse for the fields."""

    sessions: tuple[ValueRange, ...]
    line: tuple[ValueRange, ...]
    rises: float
    direction: Direction


def value_range(measured: Measured) -> ValueRange:
    """The range of one value by its error."""
    return _range(measured.middle, measured.error)


def value_course(
    sessions: Sequence[Measured], places: Sequence[float], along: Sequence[float], usual: Usual, sure: float
) -> ValueCourse | None:
    """The course of a measure over sessions at `places` in time, read at the places `along`; None without sessions.

    sure: probability of a change from which it is said. Raises ValueError where a session has no place.
    """
    if len(sessions) != len(places):
        raise ValueError(f"{len(sessions)} sessions have {len(places)} places")
    if not sessions:
        return None
    middles = np.array([one.middle for one in sessions])
    errors = np.array([one.error for one in sessions])
    centre = float(middles.mean())
    lines = [
        _line(middles - centre, errors, np.array(places), usual, departure * usual.departure)
        for departure in _DEPARTURES
    ]
    logs = np.array([line.evidence for line in lines]) - _DEPARTURES**2 / 2
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    rises = float(sum(weight * line.rises for weight, line in zip(weights, lines, strict=True)))
    return ValueCourse(
        sessions=tuple(value_range(one) for one in sessions),
        line=tuple(_mixed(centre, place, lines, weights) for place in along),
        rises=rises,
        direction=direction(rises, sure) if len(sessions) >= FEWEST_SESSIONS else "untold",
    )


def is_unusual(value: float, before: Sequence[float], chance: float) -> bool | None:
    """Whether a value lies where only a share `chance` of further values like those before would; None of too few.

    By Student's t distribution of a further value (Student 1908; Geisser 1993).
    """
    from scipy.special import stdtrit  # takes a while to load, and few need it

    n = len(before)
    if n < FEWEST_BEFORE:
        return None
    spread = float(np.std(before, ddof=1)) * math.sqrt(1 + 1 / n)
    reach = float(stdtrit(n - 1, 1 - chance / 2)) * spread
    return abs(value - float(np.mean(before))) > reach


@dataclass(frozen=True, slots=True)
class _Line:
    """A line under one departure: level and slope with their covariance, and how well it explains the sessions."""

    level: float
    slope: float
    covariance: Values
    evidence: float

    @property
    def rises(self) -> float:
        return 0.5 * (1 + math.erf(self.slope / math.sqrt(2 * self.covariance[1, 1])))


def _line(values: Values, errors: Values, places: Values, usual: Usual, departure: float) -> _Line:
    """Bayesian linear regression with known variances, in closed form (Gelman et al. 2013, ch. 14)."""
    design = np.stack([np.ones_like(places), places], axis=1)
    variances = departure**2 + errors**2
    prior = np.diag([(LEVEL * usual.departure) ** 2, usual.change**2])
    whole = np.diag(variances) + design @ prior @ design.T
    weighed = prior @ design.T @ np.linalg.inv(whole)
    level, slope = (float(value) for value in weighed @ values)
    _, size = np.linalg.slogdet(whole)
    evidence = -(float(size) + float(values @ np.linalg.solve(whole, values))) / 2
    return _Line(level, slope, prior - weighed @ design @ prior, evidence)


def _mixed(centre: float, place: float, lines: Sequence[_Line], weights: Values) -> ValueRange:
    """Where the line is at a place, over all departures: their mean, and the spread within and between them."""
    at = np.array([1.0, place])
    means = np.array([line.level + line.slope * place for line in lines])
    variances = np.array([float(at @ line.covariance @ at) for line in lines])
    mean = float(weights @ means)
    spread = math.sqrt(max(float(weights @ (variances + (means - mean) ** 2)), 0.0))
    return _range(centre + mean, spread)


def _range(middle: float, spread: float) -> ValueRange:
    reach = STANDARD_NORMAL_90 * spread
    return ValueRange(middle - reach, middle, middle + reach)
