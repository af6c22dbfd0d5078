"""How much of the talk is one speaker's, in a stretch and usually, and whether the others go on talking.

In: the utterances of a conversation. Out: a TalkShare that answers for any stretch. Shares are 0 to 1, of the
seconds in which somebody speaks; they are compared as log odds, where from a half to a quarter is as far as from a
quarter to a tenth. Usual is the median of windows, so that the stretches looked for do not pull it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.baseline import robust_spread
from audio.conversation import Span, Utterance

WINDOW, STEP = 30.0, 10.0  # seconds; a few turns of each
LEAST_TALK = 8.0  # seconds of talk without which a window tells of no share
USUAL_SPREAD = 0.6  # of the log odds; two people who take turns of about three seconds
PRIOR_WEIGHT = 6.0  # windows that USUAL_SPREAD counts for
LEAST_SHARE = 0.02  # log odds of less would run away
GOES_ON = 0.5  # of the others' usual rate of talk: less, and they have gone quiet as well


@dataclass(frozen=True, slots=True)
class TalkClock:
    """How long somebody has spoken up to any time: `spoken` seconds by each of `times`, both of shape (n,), n > 0."""

    times: npt.NDArray[np.float64]
    spoken: npt.NDArray[np.float64]

    def within(self, span: Span) -> float:
        """Seconds of talk in `span`."""
        start, end = self.by(np.array([span.start, span.end]))
        return float(end - start)

    def by(self, times: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Seconds of talk up to each of `times`, shape (m,)."""
        return np.interp(times, self.times, self.spoken)


@dataclass(frozen=True, slots=True)
class TalkShare:
    """One speaker's share of the talk.

    own, others: their clocks. usual: the median share. spread: of the log odds of the share.
    usual_rate: the share of time in which the others usually talk.
    """

    own: TalkClock
    others: TalkClock
    usual: float
    spread: float
    usual_rate: float

    def within(self, span: Span) -> float:
        """The share in `span`; the usual one where nobody talks."""
        own, others = self.own.within(span), self.others.within(span)
        return own / (own + others) if own + others > 0 else self.usual

    def fall(self, span: Span) -> float:
        """How far the share in `span` has fallen below the usual, in spreads."""
        return (_log_odds(self.usual) - _log_odds(self.within(span))) / self.spread

    def others_go_on(self, span: Span) -> bool:
        """Whether the others talk in `span` about as much as they usually do."""
        return self.others.within(span) >= GOES_ON * self.usual_rate * span.duration


def talk_share(utterances: Sequence[Utterance], speaker: str) -> TalkShare:
    """The share of `speaker` in the talk of everyone."""
    own = talk_clock(span for u in utterances if u.speaker == speaker for span in u.spans)
    others = talk_clock(span for u in utterances if u.speaker != speaker for span in u.spans)
    last = max((utterance.end for utterance in utterances), default=0.0)
    starts = np.arange(0.0, max(last - WINDOW, 0.0) + STEP, STEP)
    spoken = np.stack([clock.by(starts + WINDOW) - clock.by(starts) for clock in (own, others)], axis=1)
    spoken = spoken[spoken.sum(axis=1) >= LEAST_TALK]
    if not len(spoken):
        return TalkShare(own, others, 0.5, USUAL_SPREAD, 0.0)
    shares = spoken[:, 0] / spoken.sum(axis=1)
    odds = np.array([_log_odds(share) for share in shares.tolist()])
    spread = (len(odds) * robust_spread(odds) + PRIOR_WEIGHT * USUAL_SPREAD) / (len(odds) + PRIOR_WEIGHT)
    return TalkShare(own, others, float(np.median(shares)), spread, float(np.median(spoken[:, 1])) / WINDOW)


def talk_clock(spans: Iterable[Span]) -> TalkClock:
    """The clock of all that is said in `spans`, which may overlap and stand in any order."""
    apart = merged(spans)
    times = np.array([0.0, *(time for span in apart for time in (span.start, span.end))])
    steps = np.array([0.0, *(step for span in apart for step in (0.0, span.duration))])
    return TalkClock(times, np.cumsum(steps))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans sorted by start, those that touch or overlap as one."""
    apart: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if apart and span.start <= apart[-1].end:
            apart[-1] = Span(apart[-1].start, max(apart[-1].end, span.end))
        else:
            apart.append(Span(span.start, span.end))
    return apart


def _log_odds(share: float) -> float:
    kept = min(max(share, LEAST_SHARE), 1 - LEAST_SHARE)
    return math.log(kept / (1 - kept))
