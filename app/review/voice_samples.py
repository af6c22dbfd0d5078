"""A sample of each voice, to hear whose it is before it is named.

In: a conversation and its reading. Out: a Span of at most LONGEST seconds for a voice.
"""

from __future__ import annotations

from analysis.moments import Reading
from audio.conversation import Conversation, Span, Utterance

LONGEST = 8.0  # seconds: enough to know a voice by


def voice_sample(conversation: Conversation, reading: Reading, speaker: str) -> Span | None:
    """Where a voice is heard longest, calm and alone; anywhere if it never is, None for one that says nothing."""
    said = sorted(conversation.of(speaker), key=lambda utterance: -utterance.duration)
    if not said:
        return None
    fit = (utterance for utterance in said if _is_calm(utterance, reading) and _is_alone(utterance, conversation))
    longest = next(fit, said[0])
    return Span(longest.start, min(longest.end, longest.start + LONGEST))


def _is_calm(utterance: Utterance, reading: Reading) -> bool:
    moments = (moment for moment in reading.candidates if moment.speaker == utterance.speaker)
    return not any(utterance.overlap(moment.shift) > 0 for moment in moments)


def _is_alone(utterance: Utterance, conversation: Conversation) -> bool:
    return not any(turn.speaker != utterance.speaker and utterance.overlap(turn) > 0 for turn in conversation.turns)
