"""The flow of talk as one speaker meets it: where the partner left room, and what the speaker made of it.

In: the utterances of a conversation, and whose flow it is. Out: Openings in order of time, each answered or let
pass. Times and lengths are seconds. Needs no words; where they are known, they tell a sign of listening ("mm-hm")
from a short turn. An opening is a place where the turn can pass to another: Sacks, Schegloff & Jefferson (1974).
"The partner" is everyone else in the conversation but a coach: what the coach says is neither silence nor the
partner's, and who speaks next has answered the coach.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from analysis.cue_phrases import Cues, is_backchannel
from analysis.talk_share import merged, talk_clock
from audio.conversation import Span, Utterance

ROOM = 0.5  # seconds; most gaps between speakers are shorter (Heldner & Edlund 2010), so this is time enough
BRIEF = 0.8  # seconds of speech; what is shorter may be a sign of listening where no words are known
LONGEST_SIGN = 2.0  # seconds of speech; three words that say "go on" take no longer
PROMPT = 0.7  # seconds; signs of listening come sooner, a later one is an answer
EARLIEST = -1.0  # seconds; a voice that comes in during the partner's turn is early, by however much

# Speaker separation leaves the last sounds of a turn to the other speaker now and then.
SLIVER = 0.4  # seconds; speech as short as this without words, right behind the other's turn, is such a rest
SLIVER_UNKNOWN = 0.2  # seconds; the same where no words are known, since a short answer has none either
RIGHT_BEHIND = 0.1  # seconds

NEVER = float("-inf")
_START = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Opening(Span):
    """A place where the partner left off and the speaker could come in; ends with the answer or the pause.

    answer: what the speaker said until the partner's next turn; empty where the opening was let pass.
    delay: seconds from the partner's last sound to the answer (EARLIEST and more), or to the partner's next.
    listening: whether the answer is a prompt sign of listening rather than a turn.
    after_coach: whether a coach spoke last before the answer: then the delay is from there, and tells of nobody.
    """

    answer: tuple[Utterance, ...]
    delay: float
    listening: bool
    after_coach: bool = False

    @property
    def seconds(self) -> float:
        """Seconds of speech in the answer."""
        return sum(span.duration for utterance in self.answer for span in utterance.spans)

    @property
    def text(self) -> str:
        """The words of the answer as they were written."""
        return " ".join(utterance.text for utterance in self.answer if utterance.text)


def openings(
    utterances: Sequence[Utterance], speaker: str, cues: Cues | None, coach: Sequence[Utterance] = ()
) -> tuple[Opening, ...]:
    """Every opening that the others leave to `speaker`, sorted by start; `utterances` are sorted by start."""
    whole = _without_slivers(utterances)
    partner = floor_taken([utterance for utterance in whole if utterance.speaker != speaker], cues)
    coaching = floor_taken(coach, cues)
    answered = _answered([u for u in whole if u.speaker == speaker], partner, coaching, cues)
    own = [span for utterance in utterances if utterance.speaker == speaker for span in utterance.spans]
    passed = _passed([*own, *coaching], partner)
    return tuple(sorted(answered + passed, key=lambda one: (one.start, one.end)))


def floor_taken(utterances: Sequence[Utterance], cues: Cues | None) -> list[Span]:
    """Where all these people together have the floor: what they say but for signs of listening, sorted and apart."""
    return merged(span for u in utterances if not _may_be_listening(u, cues) for span in u.spans)


def _answered(
    own: Sequence[Utterance], partner: Sequence[Span], coach: Sequence[Span], cues: Cues | None
) -> list[Opening]:
    """The speaker's utterances, those between two turns of anybody else together, each with its delay."""
    answers: list[list[Utterance]] = []
    stops: list[tuple[float, bool]] = []  # when who spoke before had stopped, and whether that was the coach
    for utterance in own:
        before = _stopped(partner, utterance.start), _stopped(coach, utterance.start)
        if max(before) == NEVER:
            continue  # nothing to answer yet
        if answers and max(before) <= answers[-1][-1].end:
            answers[-1].append(utterance)
        else:
            answers.append([utterance])
            stops.append((max(before), before[1] > before[0]))
    return [_answer(said, *stop, cues) for said, stop in zip(answers, stops, strict=True)]


def _stopped(spans: Sequence[Span], time: float) -> float:
    """Where the last of `spans` that begins before `time` ends; NEVER without one."""
    place = bisect_left(spans, time, key=_START)
    return spans[place - 1].end if place else NEVER


def _answer(said: Sequence[Utterance], stopped: float, after_coach: bool, cues: Cues | None) -> Opening:
    start = said[0].start
    delay = max(start - stopped, EARLIEST)
    listening = delay < PROMPT and all(_may_be_listening(utterance, cues) for utterance in said)
    return Opening(min(start, stopped), said[-1].end, tuple(said), delay, listening, after_coach)


def _passed(others: Sequence[Span], partner: Sequence[Span]) -> list[Opening]:
    """The partner's pauses of ROOM and more in which nobody is heard: no speech of `others` in them."""
    heard = talk_clock(others)
    pauses = [Span(before.end, after.start) for before, after in pairwise(partner)]
    return [
        Opening(pause.start, pause.end, (), pause.duration, False)
        for pause in pauses
        if pause.duration >= ROOM and heard.within(pause) == 0
    ]


def _without_slivers(utterances: Sequence[Utterance]) -> list[Utterance]:
    """The utterances without the rests of another's turn that carry a wrong name."""
    longest = SLIVER if any(utterance.words for utterance in utterances) else SLIVER_UNKNOWN
    kept: list[Utterance] = []
    for utterance in utterances:
        behind = bool(kept) and kept[-1].speaker != utterance.speaker
        close = behind and -RIGHT_BEHIND <= utterance.start - kept[-1].end <= RIGHT_BEHIND
        if not (close and not utterance.words and _seconds(utterance) < longest):
            kept.append(utterance)
    return kept


def _may_be_listening(utterance: Utterance, cues: Cues | None) -> bool:
    if cues is None or not utterance.words:
        return _seconds(utterance) < BRIEF
    return _seconds(utterance) < LONGEST_SIGN and is_backchannel(utterance.text, cues)


def _seconds(utterance: Utterance) -> float:
    return sum(span.duration for span in utterance.spans)
