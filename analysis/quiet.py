"""Where one partner goes quiet while the other goes on: short and late answers, or none where there was room.

In: the utterances of the whole conversation and one speaker's normal. Out: QuietStretches, each with how likely it
is one. Needs no words; where they are known, signs of listening are known by them.

The evidence of the openings in a stretch (see `quiet_signs`) adds up, with that of the share of talk, which has to
fall while the partner goes on. Who listens to a story in silence looks the same from outside as who has withdrawn.
So openings let pass without any short and late answers make a stretch only where there are many, weigh less
together, and less again where a full answer follows at once: that one has been listening.

Stonewalling as withdrawal of the listener: Gottman & Levenson (1992).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from analysis.baseline import Baseline
from analysis.cue_phrases import Cues
from analysis.flow import Opening
from analysis.quiet_signs import Sign, log_ratio, quiet_signs
from analysis.talk_share import TalkShare, talk_share
from analysis.usual_answers import FEWEST
from audio.conversation import NAN, Span, Utterance

BEFOREHAND = 0.01  # share of openings that begin a quiet stretch
GIVES_UP = 3.0  # nats by which the sum may fall below its best before the stretch has ended
LONGEST_GAP = 45.0  # seconds between the openings of one stretch
LEAD = 20.0  # seconds at most of the talk before the first opening that are looked at with the stretch
FEWEST_ANSWERS = 2  # short and late; once is a pause for thought
FEWEST_PASSES, ALONE = 4, 35.0  # without them: openings that count, and seconds of the partner's talk
SMALLER = 2.0  # spreads by which the share of talk falls when someone goes quiet
MOST_FOR_SHARE, MOST_AGAINST_SHARE = 1.0, 2.5  # nats; that answers are short has been counted already
MOST_OF_PASSES = 5.0  # nats from all openings let pass: they may all be one long story

# Nats off a stretch of openings let pass, without two short and late answers.
FOLLOWED_BY_TALK = -1.0  # the next answer is a full and prompt one
BEFORE_THE_FLOW = -2.0  # the speaker has hardly spoken before: nothing has changed yet
FLOOR_IS_GIVEN = -1.5  # a third person says nothing either: somebody explains something to both


@dataclass(frozen=True, slots=True)
class QuietStretch(Span):
    """A stretch in which `speaker` goes quiet; `probability` that they do, 0 to 1.

    signs: what they made of the openings in it. share, usual_share: of the talk, 0 to 1.
    """

    speaker: str
    signs: tuple[Sign, ...]
    share: float
    usual_share: float
    probability: float

    @property
    def answers(self) -> tuple[Opening, ...]:
        """The short and late answers."""
        return tuple(sign.opening for sign in self.signs if sign.is_quiet_answer)

    @property
    def passed(self) -> int:
        """How many openings were let pass."""
        return sum(sign.is_pass for sign in self.signs)

    @property
    def delay(self) -> float:
        """Median delay of the short and late answers, seconds; NaN without any."""
        return _median([opening.delay for opening in self.answers])

    @property
    def length(self) -> float:
        """Median seconds of speech in these answers; NaN without any."""
        return _median([opening.seconds for opening in self.answers])

    @property
    def usual_delay(self) -> float:
        """The speaker's usual delay there, seconds."""
        return _median([sign.usual.delay for sign in self.signs])

    @property
    def usual_length(self) -> float:
        """The speaker's usual length of an answer there, seconds."""
        return _median([math.exp(sign.usual.length) for sign in self.signs])


def quiet_stretches(
    utterances: Sequence[Utterance], baseline: Baseline, cues: Cues | None = None, coach: Sequence[Utterance] = ()
) -> tuple[QuietStretch, ...]:
    """The stretches in which the speaker of `baseline` goes quiet.

    utterances: of all who are looked at, sorted by start. coach: what a coach says, who leaves nobody silent.
    """
    signs = quiet_signs(utterances, baseline, cues, coach)
    if not signs:
        return ()
    shares = {name: talk_share(utterances, name) for name in {utterance.speaker for utterance in utterances}}
    found: list[QuietStretch] = []
    first = 0
    while first < len(signs):
        count = _length_of_run(signs, first)
        stretch = _stretch(signs, *_core(signs, first, first + count), baseline.speaker, shares) if count else None
        if stretch:
            found.append(stretch)
        first += max(1, count)
    return tuple(found)


def _length_of_run(signs: Sequence[Sign], first: int) -> int:
    """How many signs from `first` on say most for having gone quiet, together; 0 where none does."""
    total = best = 0.0
    count = 0
    for place in range(first, len(signs)):
        far = place > first and signs[place].opening.start - signs[place - 1].opening.end > LONGEST_GAP
        total += signs[place].evidence
        if far or total <= 0 or total < best - GIVES_UP:
            break
        if total > best:
            best, count = total, place + 1 - first
    return count


def _core(signs: Sequence[Sign], first: int, last: int) -> tuple[int, int]:
    """The run without a few openings let pass at its ends: pauses in the turn before, or in the partner's reply."""
    quiet = [place for place in range(first, last) if signs[place].is_quiet_answer]
    if len(quiet) < FEWEST_ANSWERS:
        return first, last
    return (
        quiet[0] if quiet[0] - first < FEWEST_PASSES else first,
        quiet[-1] + 1 if last - 1 - quiet[-1] < FEWEST_PASSES else last,
    )


def _stretch(
    signs: Sequence[Sign], first: int, last: int, speaker: str, shares: Mapping[str, TalkShare]
) -> QuietStretch | None:
    """The signs from `first` up to `last` (not counted in) as a stretch, None where they are too few to be one."""
    run = tuple(signs[first:last])
    start, end = _begin(run[0].opening), run[-1].opening.end
    before = signs[first - 1].opening.end if first else 0.0
    around = Span(min(start, max(before, start - LEAD)), end)
    share = shares[speaker]
    answers = sum(sign.is_quiet_answer for sign in run)
    alone = sum(sign.evidence > 0 for sign in run) >= FEWEST_PASSES and share.others.within(around) >= ALONE
    if not share.others_go_on(around) or not (answers >= FEWEST_ANSWERS or alone):
        return None
    evidence = log_ratio(share.fall(around), SMALLER, -MOST_AGAINST_SHARE, MOST_FOR_SHARE) + _sum(run)
    if answers < FEWEST_ANSWERS:
        evidence += _doubts(signs, first, last)
        evidence += FLOOR_IS_GIVEN if _others_are_silent(Span(start, end), speaker, shares) else 0.0
    return QuietStretch(start, end, speaker, run, share.within(around), share.usual, _probability(evidence))


def _begin(opening: Opening) -> float:
    return opening.answer[0].start if opening.answer else opening.start


def _sum(run: Sequence[Sign]) -> float:
    answers = sum(sign.evidence for sign in run if not sign.is_pass)
    return answers + min(sum(sign.evidence for sign in run if sign.is_pass), MOST_OF_PASSES)


def _doubts(signs: Sequence[Sign], first: int, last: int) -> float:
    """Nats off openings let pass, for what the speaker did before and after them."""
    before = sum(not sign.is_pass and not sign.opening.listening for sign in signs[:first])
    follows = last < len(signs) and signs[last].opening.start - signs[last - 1].opening.end <= LONGEST_GAP
    talks = follows and not signs[last].is_pass and signs[last].evidence < 0
    return (BEFORE_THE_FLOW if before < FEWEST else 0.0) + (FOLLOWED_BY_TALK if talks else 0.0)


def _others_are_silent(span: Span, speaker: str, shares: Mapping[str, TalkShare]) -> bool:
    """Whether all but one of the others say next to nothing in `span`."""
    others = [share.own.within(span) for name, share in shares.items() if name != speaker]
    return len(others) > 1 and sum(others) - max(others) < 0.05 * max(others)


def _probability(evidence: float) -> float:
    odds = math.log(BEFOREHAND / (1 - BEFOREHAND)) + evidence
    return 1 / (1 + math.exp(-odds))


def _median(values: Sequence[float]) -> float:
    return median(values) if values else NAN
