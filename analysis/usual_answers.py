"""What is usual for one speaker at each opening: how late and how long they answer, how often they let it pass.

In: the Openings of one speaker. Out: a Usual for each, in the same order. Delays are seconds; lengths are natural
logarithms of seconds, since turns vary by ratios. There are two normals, that of the session and that of the flow:
the answers before, or in the first minutes those around. Whichever allows more is used: short and late against
both is a change, against one of them only it may be a slow start, or a lively stretch that is over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from analysis.baseline import robust_spread
from analysis.flow import Opening

FEWEST = 6  # answers; a median of fewer is no normal
FLOW = 20  # openings before that make the flow, some minutes of talk
PRIOR_WEIGHT = 6.0  # openings that the values below count for
LIVELY = 0.35  # quantile of the session that is its normal: it holds though they were quiet for half of it
SOONEST = 0.3  # seconds; a usual delay below it is taken for it: nobody is late for being less quick than quick
DELAY_SPREAD, LEAST_DELAY_SPREAD = 0.4, 0.35  # seconds
LENGTH_SPREAD, LEAST_LENGTH_SPREAD = 0.6, 0.4  # of the logarithm of seconds; turns vary widely in anyone
SHORTEST = 0.1  # seconds
PASSED = 0.25  # share of openings that anyone lets pass: most pauses inside a turn ask for nothing


@dataclass(frozen=True, slots=True)
class Usual:
    """A speaker's normal at one opening.

    delay, delay_spread: seconds. length, length_spread: logarithm of seconds. passed: share of openings, 0 to 1.
    """

    delay: float
    delay_spread: float
    length: float
    length_spread: float
    passed: float


def usual_answers(openings: Sequence[Opening]) -> tuple[Usual, ...]:
    """What is usual at each of `openings`; nothing where there are too few answers to know."""
    turns = [place for place, opening in enumerate(openings) if opening.answer and not opening.listening]
    if len(turns) < FEWEST:
        return ()
    delays = [openings[place].delay for place in turns]
    lengths = [log_length(openings[place]) for place in turns]
    passes = [float(not opening.answer) for opening in openings]
    delay_spread = _spread(delays, DELAY_SPREAD, LEAST_DELAY_SPREAD)
    length_spread = _spread(lengths, LENGTH_SPREAD, LEAST_LENGTH_SPREAD)
    session_delay = float(np.quantile(delays, LIVELY))
    session_length = float(np.quantile(lengths, 1 - LIVELY))
    usual: list[Usual] = []
    before = 0  # answers before this opening
    for place in range(len(openings)):
        is_turn = before < len(turns) and turns[before] == place
        usual.append(
            Usual(
                delay=max(SOONEST, session_delay, median(_flow(delays, before, is_turn))),
                delay_spread=delay_spread,
                length=min(session_length, median(_flow(lengths, before, is_turn))),
                length_spread=length_spread,
                passed=max(_passed(passes), _passed(_flow(passes, place, True))),
            )
        )
        before += is_turn
    return tuple(usual)


def log_length(opening: Opening) -> float:
    """Natural logarithm of the seconds of speech in the answer."""
    return math.log(max(opening.seconds, SHORTEST))


def _flow(values: Sequence[float], place: int, itself: bool) -> Sequence[float]:
    """The values before `place`; the next ones too where those are few. `itself`: whether the value there is apart."""
    before = values[max(0, place - FLOW) : place]
    if len(before) >= FEWEST:
        return before
    after = place + itself
    return [*before, *values[after : after + FEWEST - len(before)]] or values


def _passed(passes: Sequence[float]) -> float:
    return (sum(passes) + PRIOR_WEIGHT * PASSED) / (len(passes) + PRIOR_WEIGHT)


def _spread(values: Sequence[float], usual: float, least: float) -> float:
    own = robust_spread(np.array(values))
    return max(least, (len(values) * own + PRIOR_WEIGHT * usual) / (len(values) + PRIOR_WEIGHT))
