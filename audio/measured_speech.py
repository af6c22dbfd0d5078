"""Measure an utterance: its phrases one by one, and all of it.

In: a Speech (where one speaker is heard, and the words) and that speaker's track. Out: an Utterance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from audio.conversation import NAN, Measures, Phrase, ProsodyTrack, Span, Utterance, Word
from audio.measures import FINAL_LENGTHENING, measure, syllables
from audio.phrasing import Piece, split_phrases
from audio.utterances import Speech

Measure = Callable[[tuple[Span, ...], tuple[Word, ...]], Measures]


def measured(speech: Speech, track: ProsodyTrack) -> Utterance:
    """The utterance with the measures of its phrases and of the whole."""
    return measured_by(speech, lambda spans, words: measure(track, spans, words))


def measured_by(speech: Speech, how: Measure) -> Utterance:
    """The utterance with what `how` gives for the spans and words of each phrase and of the whole."""
    return Utterance(
        start=speech.start,
        end=speech.end,
        speaker=speech.speaker,
        spans=speech.spans,
        words=speech.words,
        phrases=tuple(_phrase(piece, speech, how) for piece in split_phrases(speech.spans, speech.words)),
        measures=how(speech.spans, speech.words),
    )


def with_words(measures: Measures, words: Sequence[Word]) -> Measures:
    """The measures of the same sound with other words: only their rate is another."""
    if math.isnan(measures.pitch_median):
        return measures  # too little was heard for any rate
    spoken = sum(syllables(word.text) for word in words) + FINAL_LENGTHENING
    return replace(measures, spoken_rate=spoken / measures.seconds if words else NAN)


def _phrase(piece: Piece, speech: Speech, how: Measure) -> Phrase:
    """A phrase of words alone has no spans: then it is taken for as long as the utterance."""
    spans, words = piece
    start = spans[0].start if spans else speech.start
    end = spans[-1].end if spans else speech.end
    return Phrase(start, end, spans, words, how(spans, words))
