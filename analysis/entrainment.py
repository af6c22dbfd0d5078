"""How alike two voices become: entrainment at turn exchanges, as Levitan & Hirschberg (2011) measure it.

In: the utterances of a conversation and each speaker's normal. Out: for each measure how much nearer the two voices
are at exchanges than elsewhere (proximity), whether they draw nearer over the session (convergence), and whether they
move together (synchrony). Values are in each speaker's own spreads, so that a low voice and a high one can be alike.
It is shown beside the reading, and no verdict rests on it: two people who shout at each other are in step too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from analysis.baseline import Baseline
from analysis.drift import middle
from audio.conversation import Phrase, Utterance

# Those of the paper that are measured here: intensity, pitch, voice quality (noise to harmonics), speaking rate.
MEASURES = ("loudness", "pitch_median", "harmonicity", "syllable_rate")
LONGEST_GAP = 3.0  # seconds between two turns that are one exchange
FEWEST = 10  # exchanges; a correlation of fewer says nothing

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One voice handing over to the other at `time` (s): both in spreads of their own, by measure."""

    time: float
    speaker: str
    before: Mapping[str, float]
    after: Mapping[str, float]

    @property
    def difference(self) -> float:
        """Mean absolute difference over the measures, in spreads; NaN where none is known."""
        apart = [abs(self.before[name] - self.after[name]) for name in MEASURES]
        known = [value for value in apart if math.isfinite(value)]
        return sum(known) / len(known) if known else math.nan


@dataclass(frozen=True, slots=True)
class Entrainment:
    """Of one measure over `exchanges`.

    proximity: how much nearer the voices are at exchanges than at other places, in spreads; above 0 is entrained.
    convergence: correlation of nearness with time. synchrony: correlation of the two voices; both -1 to 1.
    """

    measure: str
    exchanges: int
    proximity: float
    convergence: float
    synchrony: float


def exchanges(
    utterances: Sequence[Utterance], baselines: Mapping[str, Baseline], coach: Sequence[Utterance] = ()
) -> tuple[Exchange, ...]:
    """Every place where another speaker takes over within LONGEST_GAP and both have a normal, in order.

    Where a coach speaks in between, nobody takes over from the other.
    """
    return tuple(
        Exchange(
            second.start,
            second.speaker,
            _values(first.phrases[-1], baselines[first.speaker]),
            _values(second.phrases[0], baselines[second.speaker]),
        )
        for first, second in pairwise(u for u in utterances if u.phrases)
        if first.speaker != second.speaker
        and second.start - first.end <= LONGEST_GAP
        and not any(first.end < said.end and said.start < second.start for said in coach)
        and all(speaker in baselines and baselines[speaker].is_enough for speaker in (first.speaker, second.speaker))
    )


def entrainment(found: Sequence[Exchange]) -> tuple[Entrainment, ...]:
    """Entrainment of each measure over the exchanges of a session; empty where they are fewer than FEWEST."""
    return tuple(one for name in MEASURES if (one := _of_measure(name, found)) is not None)


def nearness(found: Sequence[Exchange], start: float) -> float | None:
    """Share of the session's exchanges at which the voices lay farther apart than at the one at `start`, 0 to 1."""
    differences = [exchange.difference for exchange in found]
    here = next((one for exchange, one in zip(found, differences, strict=True) if exchange.time == start), math.nan)
    known = [difference for difference in differences if math.isfinite(difference)]
    if not math.isfinite(here) or len(known) < FEWEST:
        return None
    return sum(difference > here for difference in known) / (len(known) - 1)


def _of_measure(name: str, found: Sequence[Exchange]) -> Entrainment | None:
    known = [one for one in found if math.isfinite(one.before[name]) and math.isfinite(one.after[name])]
    if len(known) < FEWEST:
        return None
    before = np.array([one.before[name] for one in known])
    after = np.array([one.after[name] for one in known])
    apart = np.abs(before - after)
    return Entrainment(
        measure=name,
        exchanges=len(known),
        proximity=_elsewhere(known, before, after) - float(apart.mean()),
        convergence=_correlation(-apart, np.array([one.time for one in known])),
        synchrony=_correlation(before, after),
    )


def _elsewhere(known: Sequence[Exchange], before: Vector, after: Vector) -> float:
    """Mean difference between a turn and those turns of the same partner that it did not answer."""
    apart = np.abs(before[:, None] - after[None, :])
    _, speakers = np.unique([one.speaker for one in known], return_inverse=True)  # numbers compare sooner than names
    same = (speakers[:, None] == speakers[None, :]) & ~np.eye(len(known), dtype=bool)
    return float(apart[same].mean()) if same.any() else math.nan


def _correlation(first: Vector, second: Vector) -> float:
    """Pearson's r, 0 where either does not vary."""
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _values(phrase: Phrase, baseline: Baseline) -> dict[str, float]:
    return {name: baseline.distance(phrase.measures, name, middle(phrase)) for name in MEASURES}
