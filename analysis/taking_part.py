"""How each speaker takes part in a conversation, as figures: talk, turns, coming in over the other, time to answer.

In: a Conversation. Out: a TakingPart a speaker, and for the shifts of tone a Proportion with the range in which the
true one may lie. Times are seconds, shares 0 to 1. These are counts of what was heard, and no measure of anybody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.cue_phrases import Cues, load_cues
from analysis.flow import Opening, openings
from analysis.languages import spoken_language
from analysis.reply_timing import CUTS_IN, TALKS_OVER
from analysis.talk_share import merged
from audio.conversation import Conversation, Span, Utterance

FEWEST_ANSWERS = 5  # fewer tell of no usual time to answer
LATEST_ANSWER = 4.0  # seconds; what is said after a longer silence is a new start rather than an answer
STANDARD_NORMAL_90 = 1.645  # spreads to each side that hold nine tenths of a normal distribution


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How soon a speaker answers, in seconds: the median, and the quarters between which half of the answers lie."""

    median: float
    lower: float
    upper: float
    answers: int


@dataclass(frozen=True, slots=True)
class TakingPart:
    """The figures of one speaker.

    seconds: of speech. share: of the speech of all, 0 to 1. turns: without signs of listening ("mm-hm").
    listening: signs of listening. interruptions: turns taken while the other was still speaking.
    answer_times: of what answers the partner; None where there are fewer than FEWEST_ANSWERS.
    """

    speaker: str
    seconds: float
    share: float
    turns: int
    listening: int
    interruptions: int
    answer_times: AnswerTimes | None


@dataclass(frozen=True, slots=True)
class Proportion:
    """`part` of `whole`; `low` and `high` hold the true share with a probability of nine tenths, 0 to 1."""

    part: int
    whole: int
    low: float
    high: float


def taking_part(conversation: Conversation) -> tuple[TakingPart, ...]:
    """The figures of each speaker, in the order of the conversation's."""
    language = spoken_language(conversation)
    cues = load_cues(language) if language else None
    seconds = {
        speaker: sum(span.duration for span in _heard(conversation.of(speaker))) for speaker in conversation.speakers
    }
    return tuple(_of_speaker(conversation, speaker, cues, seconds) for speaker in conversation.speakers)


def proportion(part: int, whole: int) -> Proportion:
    """A share with its range: the score interval of Wilson (1927), which holds for few and for none as well.

    Raises ValueError where `part` is not among 0 to `whole`.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if whole == 0:
        return Proportion(0, 0, 0.0, 1.0)
    squared = STANDARD_NORMAL_90**2
    share = part / whole
    middle = (share + squared / (2 * whole)) / (1 + squared / whole)
    reach = math.sqrt(share * (1 - share) / whole + squared / (4 * whole**2)) * STANDARD_NORMAL_90
    reach /= 1 + squared / whole
    return Proportion(part, whole, max(0.0, middle - reach), min(1.0, middle + reach))


def _of_speaker(
    conversation: Conversation, speaker: str, cues: Cues | None, seconds: Mapping[str, float]
) -> TakingPart:
    utterances = conversation.utterances
    answered = [one for one in openings(utterances, speaker, cues, conversation.coach) if one.answer]
    turns = [one for one in answered if not one.listening]
    partner = _heard([utterance for utterance in utterances if utterance.speaker != speaker])
    spoken = sum(seconds.values())
    return TakingPart(
        speaker=speaker,
        seconds=seconds[speaker],
        share=seconds[speaker] / spoken if spoken > 0 else 0.0,
        turns=len(turns) + _opens(conversation, speaker, answered),
        listening=len(answered) - len(turns),
        interruptions=sum(_is_interruption(turn, partner) for turn in turns),
        answer_times=_answer_times([turn.delay for turn in turns if not turn.after_coach]),
    )


def _heard(utterances: Sequence[Utterance]) -> list[Span]:
    return merged(span for utterance in utterances for span in utterance.spans)


def _opens(conversation: Conversation, speaker: str, answered: Sequence[Opening]) -> bool:
    """Whether the conversation begins with this speaker: a turn that answers nobody, no coach either."""
    first = next(iter(conversation.utterances), None)
    return first is not None and first.speaker == speaker and not (answered and first in answered[0].answer)


def _is_interruption(turn: Opening, partner: Sequence[Span]) -> bool:
    """Whether a turn began well before the other's end, and both were heard for a while from there."""
    if turn.delay >= CUTS_IN:
        return False
    first = turn.answer[0]
    spoken_over = max((span for span in partner if span.start < first.start), key=lambda span: span.end, default=None)
    if spoken_over is None:
        return False
    return sum(spoken_over.overlap(span) for span in first.spans) >= TALKS_OVER


def _answer_times(delays: Sequence[float]) -> AnswerTimes | None:
    prompt = [delay for delay in delays if delay <= LATEST_ANSWER]
    if len(prompt) < FEWEST_ANSWERS:
        return None
    lower, median, upper = (float(value) for value in np.quantile(prompt, (0.25, 0.5, 0.75)))
    return AnswerTimes(median, lower, upper, len(prompt))
