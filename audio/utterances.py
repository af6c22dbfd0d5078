"""Cut each speaker's talk into utterances, with their words.

In: a Transcript and the turns that speaker separation found (seconds; turns of different speakers may
overlap). Out: Speech, one an utterance, sorted by start; every word belongs to exactly one, those of one
speaker never overlap, and their spans are where the turns hear that speaker, nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audio.conversation import Span, Transcript, Turn, Word
from audio.separation import PAUSE
from audio.stretches import Heard, around, grouped, hull, indices_around, where_heard
from audio.word_speakers import join_words

INTERJECTION = 1.0  # seconds; a shorter "mm-hm" of the other does not end it
BREATH = 0.25  # seconds; a shorter gap is within a word or a breath, whoever is heard meanwhile


@dataclass(frozen=True, slots=True)
class Speech(Span):
    """An utterance before it is measured.

    spans: where the speaker is heard, sorted, apart; where no turn hears the words, the words' own time.
    words: in order of time; they may stick out of the spans by as much as turns and captions are off.
    """

    speaker: str
    spans: tuple[Span, ...]
    words: tuple[Word, ...]


def utterances(
    transcript: Transcript, turns: Sequence[Turn], word_turns: Sequence[Turn] | None = None
) -> tuple[Speech, ...]:
    """What each speaker says between another's turn and the next, with its words, sorted by start.

    An utterance ends with a pause of PAUSE or more, or when another takes the turn. A short interjection of
    another does not end it when the speaker goes on with no such pause on either side; the end of a caption
    or a sentence does not either. Words that no turn of their speaker is near open an utterance of their own.

    word_turns: turns in which nobody overlaps, to tell whose the words are; None: `turns`. Who is in `turns`
    and not in them keeps the own turns; who is in them and not in `turns` gets no words.
    """
    heard = where_heard(turns)
    words = join_words(transcript, turns if word_turns is None else _for_words(heard, turns, word_turns))
    speeches: list[Speech] = []
    for speaker in heard:
        others = [other for name, other in heard.items() if name != speaker]
        speeches += _speeches(speaker, _talk(heard[speaker], others), words[speaker])
    return tuple(sorted(speeches, key=lambda speech: (speech.start, speech.end)))


def _for_words(heard: Mapping[str, Heard], turns: Sequence[Turn], word_turns: Sequence[Turn]) -> list[Turn]:
    """`word_turns` of the speakers that are heard, and the turns of those who have none there."""
    told = where_heard(word_turns)
    return [
        *(turn for turn in word_turns if turn.speaker in heard),
        *(turn for turn in turns if turn.speaker not in told),
    ]


def _talk(own: Heard, others: Sequence[Heard]) -> list[list[Span]]:
    """The spans of one speaker, those of an utterance together."""
    groups = [list(own.spans[:1])]
    for before, after in pairwise(own.spans):
        gap = Span(before.end, after.start)
        if _goes_on(gap, [stretch for other in others for stretch in around(other.stretches, gap)]):
            groups[-1].append(after)
        else:
            groups.append([after])
    return groups


def _goes_on(gap: Span, meanwhile: Sequence[Span]) -> bool:
    """Whether the speaker who is silent in `gap` is still at the same utterance after it."""
    if gap.duration < BREATH:
        return True
    meanwhile = [other for other in meanwhile if other.overlap(gap) > 0]
    if any(other.duration >= INTERJECTION for other in meanwhile):
        return False
    return gap.duration - sum(other.overlap(gap) for other in meanwhile) < PAUSE


def _speeches(speaker: str, talk: Sequence[Sequence[Span]], words: Sequence[Word]) -> list[Speech]:
    """The words laid on the utterances of their speaker; far ones make utterances of their own."""
    hulls = [hull(spans) for spans in talk]
    said: list[list[Word]] = [[] for _ in talk]
    far: list[Word] = []
    for word in words:
        near = [i for i in indices_around(hulls, word) if hulls[i].gap(word) < PAUSE]
        if near:
            said[max(near, key=lambda i: (hulls[i].overlap(word), -hulls[i].gap(word)))].append(word)
        else:
            far.append(word)
    found = [
        Speech(whole.start, whole.end, speaker, tuple(spans), tuple(own))
        for whole, spans, own in zip(hulls, talk, said, strict=True)
    ]
    for group in grouped(far, PAUSE):
        span = hull(group)
        found.append(Speech(span.start, span.end, speaker, (span,), tuple(group)))
    return found
