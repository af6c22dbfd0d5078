"""What one speaker's answer to each opening says for their having gone quiet.

In: the utterances of a conversation and one speaker's normal. Out: a Sign for each opening that the partner leaves
them, with evidence in nats: how much better "gone quiet" explains what they did than the likelier ordinary reading:
ordinary talk, or thinking (late, but a full answer). Pieces of it are log likelihood ratios, capped: of normal
distributions around the quiet and the usual value for an answer, of two shares for an opening let pass. A prompt sign
of listening speaks against it.

Ordinary gaps of 0.2 s: Stivers et al. (2009), Heldner & Edlund (2010); gaps from 0.7 s on as a sign of reluctance:
Roberts, Francis & Morgan (2006), Kendrick & Torreira (2015); quick answers as connection: Templeton et al. (2022).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.baseline import Baseline
from analysis.cue_phrases import Cues
from analysis.flow import Opening, openings
from analysis.usual_answers import Usual, log_length, usual_answers
from audio.conversation import Utterance

# An answer of someone who has gone quiet lies this many of their own spreads off their usual.
LATER, SHORTER, SOFTER = 2.0, 1.6, 1.0
MOST_OF_TIME = 2.5  # nats from one answer's delay, or its length
MOST_OF_LEVEL = 0.5  # nats from its loudness: level alone proves nothing
IS_THINKING = 1.0  # nats by which ordinary talk is likelier than thinking, beforehand
LISTENS = -1.5  # nats of a prompt sign of listening
PASSES = 0.9  # share of openings let pass by someone who has gone quiet
MOST_OF_PASS = 1.0  # nats from one opening let pass
LONG_SILENCE = 8.0  # seconds; the partner has stopped as well
BOTH_SILENT = -2.5  # nats of such a silence
CLEARLY = 1.0  # nats from which an answer is called short and late


@dataclass(frozen=True, slots=True)
class Sign:
    """One opening, what was usual there, and what it says for having gone quiet: `evidence` in nats."""

    opening: Opening
    usual: Usual
    evidence: float

    @property
    def is_pass(self) -> bool:
        """Whether nothing was answered."""
        return not self.opening.answer

    @property
    def is_quiet_answer(self) -> bool:
        """Whether it is an answer that speaks clearly for having gone quiet: short and late."""
        return not self.is_pass and self.evidence >= CLEARLY


def quiet_signs(
    utterances: Sequence[Utterance], baseline: Baseline, cues: Cues | None, coach: Sequence[Utterance] = ()
) -> tuple[Sign, ...]:
    """The signs of the speaker of `baseline`, in order of time; none where too little is known of their answers.

    An answer to the coach is no sign: how it comes is between the two of them.
    """
    places = [one for one in openings(utterances, baseline.speaker, cues, coach) if not one.after_coach]
    usual = usual_answers(places)
    return tuple(
        Sign(opening, normal, _evidence(opening, normal, baseline))
        for opening, normal in zip(places, usual, strict=bool(usual))
    )


def log_ratio(distance: float, expected: float, least: float, most: float) -> float:
    """Log likelihood ratio of N(expected, 1) to N(0, 1) at `distance`, between `least` and `most`; 0 for NaN."""
    if math.isnan(distance):
        return 0.0
    return min(max(distance * expected - expected**2 / 2, least), most)


def _evidence(opening: Opening, usual: Usual, baseline: Baseline) -> float:
    if opening.answer:
        return LISTENS if opening.listening else _evidence_of_answer(opening, usual, baseline)
    if opening.duration > LONG_SILENCE:
        return BOTH_SILENT
    return min(math.log(PASSES / usual.passed), MOST_OF_PASS)


def _evidence_of_answer(opening: Opening, usual: Usual, baseline: Baseline) -> float:
    """Against the likelier of ordinary talk and thinking; loudness does not tell these apart and counts for both."""
    late = log_ratio((opening.delay - usual.delay) / usual.delay_spread, LATER, -MOST_OF_TIME, MOST_OF_TIME)
    short = log_ratio((usual.length - log_length(opening)) / usual.length_spread, SHORTER, -MOST_OF_TIME, MOST_OF_TIME)
    answer = opening.answer[0]
    softer = -baseline.distance(answer.measures, "loudness", answer.start)
    soft = log_ratio(softer, SOFTER, -MOST_OF_LEVEL, MOST_OF_LEVEL)
    return min(late + short, short + IS_THINKING) + soft
