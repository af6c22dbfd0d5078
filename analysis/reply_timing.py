"""When a reply came: over the partner, at once, or with room left; against what is usual for the one who replies.

In: the utterances of a conversation and a shift in it. Out: delays in seconds and what they say in nats. A delay
is a floor transfer offset (Heldner & Edlund 2010): from the partner's last sound to the reply's first, below 0 where
the two overlap. Delays vary from person to person more than with what is meant, so only a difference from the
replier's own usual one speaks, and never loudly: a late answer may be room left, or reluctance. Where a coach spoke
in between, it is the coach who made the room: the delay is counted from the end of that, and says nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median

import numpy as np

from analysis.baseline import robust_spread
from analysis.cue_phrases import Cues
from analysis.flow import openings
from audio.conversation import Span, Utterance

PRIOR_WEIGHT = 3.0  # answers that the values below count for
USUAL_DELAY, DELAY_SPREAD = 0.2, 0.4  # seconds; between speakers of ten languages (Stivers et al. 2009)
LEAST_SPREAD = 0.35  # seconds

CUTS_IN = -0.3  # seconds; an overlap of less is a turn that came a little early (Heldner & Edlund 2010)
TALKS_OVER = 0.5  # seconds of both voices at once from which a reply has talked over the other
TALKED_OVER = -1.0  # nats for a reply that talks over the partner
RUSHED_IN = -0.3  # nats at most for one that comes sooner than usual
LEFT_ROOM = 0.5  # nats at most for one that comes later than usual
A_CLEAR_DIFFERENCE = 1.5  # spreads of the replier's delays from which the most is said
TOO_LATE = 4.0  # seconds; a reply after more of them may be a new start, and says nothing by its timing

SHARED_FROM = 2.0  # seconds of silence that the partner leaves before the speaker goes on by themselves
LONGEST_LEAD = 20.0  # seconds; what is said when a coach has spoken for longer answers the coach, and no more the shift


@dataclass(frozen=True, slots=True)
class UsualDelay:
    """How soon a speaker answers: median and spread in seconds, from `answers` of them."""

    delay: float
    spread: float
    answers: int


@dataclass(frozen=True, slots=True)
class Timing:
    """When a reply came.

    delay: seconds from the partner's last sound, negative where it began before that.
    over: seconds in which both were heard from where the reply began. usual: the replier's own usual delay.
    evidence: nats that the shift was met. after_coach: whether a coach spoke in between; the delay is from there.
    """

    delay: float
    over: float
    usual: float
    evidence: float
    after_coach: bool = False

    @property
    def talks_over(self) -> bool:
        """Whether the reply took the floor while the other was still speaking."""
        return self.delay < CUTS_IN and self.over >= TALKS_OVER


def usual_delay(
    utterances: Sequence[Utterance], speaker: str, cues: Cues | None, coach: Sequence[Utterance] = ()
) -> UsualDelay:
    """How soon `speaker` answers in this conversation; the usual among people where there is little to go by."""
    answered = [one for one in openings(utterances, speaker, cues, coach) if one.answer and not one.listening]
    delays = [one.delay for one in answered if not one.after_coach]
    count = len(delays)
    if not count:
        return UsualDelay(USUAL_DELAY, DELAY_SPREAD, 0)
    own = robust_spread(np.array(delays))
    weight = count + PRIOR_WEIGHT
    return UsualDelay(
        delay=(count * median(delays) + PRIOR_WEIGHT * USUAL_DELAY) / weight,
        spread=max(LEAST_SPREAD, (count * own + PRIOR_WEIGHT * DELAY_SPREAD) / weight),
        answers=count,
    )


def timing(
    utterances: Sequence[Utterance],
    shift: Span,
    speaker: str,
    reply: Utterance,
    usual: UsualDelay,
    coach: Sequence[Span] = (),
) -> Timing:
    """When `reply` came after what `speaker` said in and after `shift`; `coach`: where a coach has the floor."""
    begun = utterances[: bisect_left(utterances, reply.start, key=attrgetter("start"))]
    spoken = [
        span
        for utterance in begun
        if utterance.end >= shift.start and utterance.speaker == speaker
        for span in utterance.spans
        if shift.start <= span.end and span.start < reply.start
    ]
    last = max(spoken, key=lambda span: span.end, default=shift)
    led = [span.end for span in coach if last.end < span.end and span.start < reply.start]
    if led:
        return Timing(reply.start - max(led), 0.0, usual.delay, 0.0, after_coach=True)
    delay = reply.start - last.end
    over = sum(last.overlap(span) for span in reply.spans) if delay < 0 else 0.0
    made = Timing(delay, over, usual.delay, 0.0)
    return Timing(delay, over, usual.delay, TALKED_OVER if made.talks_over else _evidence(delay, usual))


def _evidence(delay: float, usual: UsualDelay) -> float:
    """Sooner than usual is rushed, later leaves room; in between, nothing."""
    if delay > TOO_LATE:
        return 0.0
    distance = (delay - usual.delay) / usual.spread / A_CLEAR_DIFFERENCE
    return RUSHED_IN * min(1.0, -distance) if distance < 0 else LEFT_ROOM * min(1.0, distance)


def answers_until(after: float, within: float, coach: Sequence[Span]) -> float:
    """Until when what is said answers what ended at `after`: `within` seconds in which no coach speaks.

    coach: where a coach has the floor, sorted and apart; LONGEST_LEAD of it is waited for, and no more.
    """
    until = after + within
    for span in coach:
        if after < span.end and span.start < until:
            until += span.end - max(span.start, after)
    return min(until, after + within + LONGEST_LEAD)


def silence_left(
    utterances: Sequence[Utterance], speaker: str, after: float, within: float, coach: Sequence[Span] = ()
) -> Span | None:
    """The silence of SHARED_FROM seconds and more behind the turn that `after` lies in, if `speaker` ends it.

    None where somebody else speaks first, a coach (`coach`: where they have the floor) among them, or nobody within
    `within` seconds.
    """
    begun = [u for u in utterances if u.speaker == speaker and u.start < after]
    ended = max((utterance.end for utterance in begun), default=after)
    following = min((u for u in utterances if u.start >= ended), key=lambda u: u.start, default=None)
    if following is None or following.speaker != speaker:
        return None
    pause = Span(ended, following.start)
    if any(span.overlap(pause) > 0 for span in coach):
        return None
    return pause if SHARED_FROM <= pause.duration <= within else None
