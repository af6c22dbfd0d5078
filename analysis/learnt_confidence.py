"""What a coach's marks teach about how sure to be of a moment: a small logistic model beside the shipped one.

In: moments that were marked, as evidence, with what the coach said of each. Out: LearntConfidence, which gives a moment
another strength, and a Lesson, which says whether that is any better. What was measured, and every sentence about it,
stays as it is.

To the log odds of the shipped strength a weighted sum of evidence is added. The weights have a normal prior around 0
(a ridge; Hoerl & Kennard 1970), so that few marks change little; its width is the one under which the marks are the
most probable (empirical Bayes by Laplace's approximation; MacKay 1992). A mark may be a slip: a part SLIP of them is
taken to say nothing, so that one wrong click on a sure moment does not outweigh ten right ones.

To lose a moment is worse than to see one too many: what speaks against a moment counts only beyond an allowance, with
which nearly all that the coach agreed with stays shown. A coach marks what is shown; what is fainter than that is never
made likelier. And nothing is used but what holds on marks that it was not learnt from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.moment_evidence import EVIDENCE, log_odds, moment_evidence
from analysis.moments import DEFAULT_SENSITIVITY, Moment
from analysis.taking_part import Proportion, proportion

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

FEWEST_MARKS = 30
FEWEST_OF_A_KIND = 5  # marks that agree, and marks that dismiss: fewer of one do not say what tells them apart
SLIP = 0.05  # share of marks that say nothing: a slip of the finger, a change of mind
KEEPS = 0.99  # share of the agreed moments that stay shown; of those that nobody marked a few more are lost
BY_CHANCE = 0.01  # probability beneath which what is hidden is no blind pick; strict, as it is asked after each mark
PARTS = 10  # of the marks; each is judged by what the others teach
ENOUGH_SESSIONS = 5  # from these on a part is whole sessions: moments of one evening are alike
FARTHEST = 3.0  # nats that marks may add or take at most
WEAKEST = 0.05  # share of the marked moments that are weaker than what the marks are taken to know of
ROUNDING = 1e-7
STEPS = 50  # of the search for the weights; it takes about five

# How far a weight lies from 0 before the marks are seen, in nats: of the first two, and the choices for all others.
STRENGTH_WIDTHS = (1.0, 0.5)
WIDTHS = (0.0625, 0.125, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class MarkedEvidence:
    """A moment that a coach marked. strength: the shipped one, 0 to 1. evidence: see moment_evidence.

    session: what it is from; moments of one session are judged together.
    """

    strength: float
    evidence: tuple[float, ...]
    agreed: bool
    session: str


@dataclass(frozen=True, slots=True)
class LearntConfidence:
    """What the marks taught. weights: nats for each of EVIDENCE; deviations: how sure each is (standard deviation).

    weakest: log odds below which hardly any moment was marked: of fainter ones the marks know nothing, and none is made
    more likely. allowance: nats against a moment that change nothing yet, so that the agreed ones stay shown.
    """

    weights: tuple[float, ...]
    deviations: tuple[float, ...]
    weakest: float
    allowance: float = 0.0

    def strength(self, moment: Moment) -> float:
        """Probability that the tone turned, as the marks let expect it, 0 to 1."""
        return self.strength_of(moment.strength, moment_evidence(moment))

    def strength_of(self, strength: float, evidence: Sequence[float]) -> float:
        """The same for a shipped strength and its evidence."""
        odds, said = log_odds(strength), self.nats(evidence)
        if said > 0:
            return _probability(odds + said) if odds >= self.weakest else strength
        return _probability(odds + said + self.allowance) if said + self.allowance < 0 else strength

    def nats(self, evidence: Sequence[float]) -> float:
        """What was learnt speaks for a moment (above 0) or against it, before anything is allowed for."""
        return min(max(float(np.dot(self.weights, evidence)), -FARTHEST), FARTHEST)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What learning would change, told by marks that were not learnt from (cross-validation).

    before, after: of the moments shown, those that the coach agrees with. kept: of the agreed ones that are shown
    before, those that are shown after. hidden: of those shown before and not after, those that the coach dismissed.
    chance: probability that so many of the hidden would be dismissed ones if they were picked blindly.
    """

    before: Proportion
    after: Proportion
    kept: Proportion
    hidden: Proportion
    chance: float

    @property
    def helps(self) -> bool:
        """Whether it hides what the coach dismisses, by more than chance, and keeps what the coach agrees with."""
        more = self.after.part * self.before.whole > self.before.part * self.after.whole
        return more and self.chance < BY_CHANCE and self.kept.part >= KEEPS * self.kept.whole


def can_learn(marks: Sequence[MarkedEvidence]) -> bool:
    """Whether there are enough marks, and of both kinds."""
    agreed = sum(mark.agreed for mark in marks)
    return len(marks) >= FEWEST_MARKS and min(agreed, len(marks) - agreed) >= FEWEST_OF_A_KIND


def learn(marks: Sequence[MarkedEvidence], sensitivity: float = DEFAULT_SENSITIVITY) -> tuple[LearntConfidence, Lesson]:
    """What these marks teach, and what it is worth at a sensitivity of 0 to 1. Some marks are needed: see can_learn."""
    line = log_odds(1 - sensitivity)
    agreed = np.array([mark.agreed for mark in marks])
    shown = np.array([log_odds(mark.strength) >= line for mark in marks])
    others = _learnt_from_others(marks)
    kept = [(mark, learnt) for mark, learnt, its in zip(marks, others, agreed & shown, strict=True) if its]
    allowance = _allowance(kept, line)
    after = [
        replace(learnt, allowance=allowance).strength_of(mark.strength, mark.evidence)
        for mark, learnt in zip(marks, others, strict=True)
    ]
    return replace(_fitted(marks), allowance=allowance), _lesson(agreed, shown, np.array(after) >= 1 - sensitivity)


def _learnt_from_others(marks: Sequence[MarkedEvidence]) -> list[LearntConfidence]:
    """For each mark, what the other parts of the marks teach."""
    parts = _parts(marks)
    learnt = {
        part: _fitted([mark for mark, its in zip(marks, parts, strict=True) if its != part]) for part in set(parts)
    }
    return [learnt[part] for part in parts]


def _parts(marks: Sequence[MarkedEvidence]) -> list[int]:
    """The part of each mark: whole sessions where there are ENOUGH_SESSIONS, else mark by mark; the same every time."""
    sessions = sorted({mark.session for mark in marks})
    if len(sessions) >= ENOUGH_SESSIONS:
        return [sessions.index(mark.session) % PARTS for mark in marks]
    return [place % PARTS for place in range(len(marks))]


def _allowance(agreed: Sequence[tuple[MarkedEvidence, LearntConfidence]], line: float) -> float:
    """The least with which KEEPS of the agreed moments stay at the line or above."""
    if not agreed:
        return 0.0
    needed = [line - log_odds(mark.strength) - learnt.nats(mark.evidence) for mark, learnt in agreed]
    return max(0.0, float(np.quantile(needed, KEEPS, method="inverted_cdf")) + ROUNDING)


def _lesson(agreed: Marks, before: Marks, after: Marks) -> Lesson:
    from scipy.stats import hypergeom  # takes a while to load, and 40 MB; few need it

    hidden = before & ~after
    dismissed = int((hidden & ~agreed).sum())
    picked_blindly = hypergeom(int(before.sum()), int((before & ~agreed).sum()), int(hidden.sum()))
    return Lesson(
        before=_share(agreed, before),
        after=_share(agreed, after),
        kept=_share(after, before & agreed),
        hidden=_share(~agreed, hidden),
        chance=float(picked_blindly.sf(dismissed - 1)),
    )


def _share(part: Marks, of: Marks) -> Proportion:
    return proportion(int((part & of).sum()), int(of.sum()))


def _fitted(marks: Sequence[MarkedEvidence]) -> LearntConfidence:
    """The weights that the marks make most probable, under the width that they make most probable."""
    odds = np.array([log_odds(mark.strength) for mark in marks])
    evidence = np.array([mark.evidence for mark in marks])
    agreed = np.array([mark.agreed for mark in marks])
    fits = [_fit(odds, evidence, agreed, width) for width in WIDTHS]
    best = max(fits, key=lambda fit: fit.probability)
    return LearntConfidence(
        weights=tuple(best.weights.tolist()),
        deviations=tuple(best.deviations.tolist()),
        weakest=float(np.quantile(odds, WEAKEST)),
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Weights with their standard deviations, and the log probability of the marks under the prior's width."""

    weights: Vector
    deviations: Vector
    probability: float


def _fit(odds: Vector, evidence: Matrix, agreed: Marks, width: float) -> _Fit:
    """The most probable weights, found by Fisher's scoring; a step that would lead downhill is halved.

    odds, agreed: shape (marks,). evidence: shape (marks, len(EVIDENCE)).
    """
    others = len(EVIDENCE) - len(STRENGTH_WIDTHS)
    precision = np.array([*STRENGTH_WIDTHS, *[width] * others]) ** -2.0
    weights = np.zeros(len(EVIDENCE))
    here = _log_posterior(weights, odds, evidence, agreed, precision)
    for _ in range(STEPS):
        slope, information = _slope(weights, odds, evidence, agreed)
        step = np.linalg.solve(information + np.diag(precision), slope - precision * weights)
        there = _log_posterior(weights + step, odds, evidence, agreed, precision)
        while there < here and np.abs(step).max() > ROUNDING:
            step = step / 2
            there = _log_posterior(weights + step, odds, evidence, agreed, precision)
        if there - here < ROUNDING:
            break
        weights, here = weights + step, there
    _, information = _slope(weights, odds, evidence, agreed)
    curvature = information + np.diag(precision)
    _, log_determinant = np.linalg.slogdet(curvature)
    return _Fit(
        weights,
        np.sqrt(np.diag(np.linalg.inv(curvature))),
        here + 0.5 * float(np.log(precision).sum() - log_determinant),
    )


def _chance_to_agree(weights: Vector, odds: Vector, evidence: Matrix) -> tuple[Vector, Vector]:
    """Probability that each moment is one, and that the coach agrees, a slip included; shape (marks,)."""
    chances = 1 / (1 + np.exp(-(odds + evidence @ weights)))
    return chances, SLIP / 2 + (1 - SLIP) * chances


def _log_posterior(weights: Vector, odds: Vector, evidence: Matrix, agreed: Marks, precision: Vector) -> float:
    _, agrees = _chance_to_agree(weights, odds, evidence)
    likelihood = np.log(np.where(agreed, agrees, 1 - agrees)).sum()
    return float(likelihood - 0.5 * (precision * np.square(weights)).sum())


def _slope(weights: Vector, odds: Vector, evidence: Matrix, agreed: Marks) -> tuple[Vector, Matrix]:
    """Slope of the log likelihood, and Fisher's information."""
    chances, agrees = _chance_to_agree(weights, odds, evidence)
    steepness = (1 - SLIP) * chances * (1 - chances)
    spread = agrees * (1 - agrees)
    return evidence.T @ ((agreed - agrees) / spread * steepness), evidence.T @ (
        evidence * (np.square(steepness) / spread)[:, None]
    )


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
