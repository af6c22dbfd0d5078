"""Where one partner goes quiet while the other goes on: answers that are short and late for this speaker.

In: the utterances of the whole conversation. Out: runs of withdrawn answers with how likely each run is one.
Neither sound nor words are needed. An answer counts by its length and its delay against the speaker's own
usual ones; backchannels come at once and short answers are common, so it takes both, and more than once.
Stonewalling as withdrawal in this sense: Gottman & Levenson (1992); ordinary gaps between turns: Stivers
et al. (2009), 0.2 s in the median over ten languages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.baseline import robust_spread
from audio.conversation import Utterance

PRIOR_WEIGHT = 6.0  # answers that the usual values below count for
USUAL_DELAY, USUAL_DELAY_SPREAD = 0.3, 0.4  # seconds
LEAST_DELAY_SPREAD = 0.25  # seconds; a metronome of a speaker is not late at a tenth of a second more
LENGTH_SPREAD = 0.6  # of the logarithm of seconds of speech; turns vary widely in anyone

# An answer of someone who has gone quiet lies this many spreads off their usual (later; shorter).
LATER, SHORTER = 2.0, 1.6
MOST_EVIDENCE = 2.5  # nats from one answer's delay, or its length
BEFOREHAND = 0.01  # share of answers that begin a quiet stretch
FEWEST_ANSWERS = 2  # once is a pause for thought
LONGEST_GAP = 45.0  # seconds between answers of one stretch


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to the partner: `delay` in seconds (negative where it overlaps), `evidence` in nats."""

    utterance: Utterance
    delay: float
    evidence: float


@dataclass(frozen=True, slots=True)
class QuietStretch:
    """A run of withdrawn answers of one speaker; `probability` that they have gone quiet.

    usual_delay, usual_length: the speaker's own medians, seconds.
    """

    answers: tuple[Answer, ...]
    probability: float
    usual_delay: float
    usual_length: float


def quiet_stretches(utterances: Sequence[Utterance], speaker: str) -> tuple[QuietStretch, ...]:
    """The stretches in which `speaker` goes quiet; `utterances` are everyone's, sorted by start."""
    pairs = _answers(utterances, speaker)
    if len(pairs) <= FEWEST_ANSWERS:
        return ()
    delays = np.array([delay for _, delay in pairs])
    lengths = np.log([max(_length(utterance), 0.1) for utterance, _ in pairs])
    usual_delay = _shrunk(float(np.median(delays)), USUAL_DELAY, len(pairs))
    delay_spread = max(LEAST_DELAY_SPREAD, _shrunk(robust_spread(delays), USUAL_DELAY_SPREAD, len(pairs)))
    usual_length = float(np.median(lengths))
    length_spread = _shrunk(robust_spread(lengths), LENGTH_SPREAD, len(pairs))
    answers = [
        Answer(
            utterance,
            delay,
            _ratio((delay - usual_delay) / delay_spread, LATER)
            + _ratio((usual_length - length) / length_spread, SHORTER),
        )
        for (utterance, delay), length in zip(pairs, lengths.tolist(), strict=True)
    ]
    return tuple(
        QuietStretch(run, _probability(run), usual_delay, math.exp(usual_length))
        for run in _runs(answers)
        if len(run) >= FEWEST_ANSWERS
    )


def _answers(utterances: Sequence[Utterance], speaker: str) -> list[tuple[Utterance, float]]:
    """Each utterance of `speaker` that follows one of somebody else's, with its delay in seconds."""
    return [
        (utterance, utterance.start - before.end)
        for before, utterance in pairwise(utterances)
        if utterance.speaker == speaker and before.speaker != speaker
    ]


def _length(utterance: Utterance) -> float:
    return sum(span.duration for span in utterance.spans)


def _runs(answers: Sequence[Answer]) -> list[tuple[Answer, ...]]:
    """Answers in a row that all speak for withdrawal, not too far apart."""
    runs: list[list[Answer]] = [[]]
    for answer in answers:
        last = runs[-1][-1].utterance if runs[-1] else None
        if answer.evidence <= 0 or (last and answer.utterance.start - last.end > LONGEST_GAP):
            runs.append([])
        if answer.evidence > 0:
            runs[-1].append(answer)
    return [tuple(run) for run in runs]


def _probability(run: Sequence[Answer]) -> float:
    odds = math.log(BEFOREHAND / (1 - BEFOREHAND)) + sum(answer.evidence for answer in run)
    return 1 / (1 + math.exp(-odds))


def _ratio(distance: float, expected: float) -> float:
    """Log likelihood ratio of N(expected, 1) to N(0, 1), capped."""
    return float(np.clip(distance * expected - expected**2 / 2, -MOST_EVIDENCE, MOST_EVIDENCE))


def _shrunk(own: float, usual: float, count: int) -> float:
    return (count * own + PRIOR_WEIGHT * usual) / (count + PRIOR_WEIGHT)
