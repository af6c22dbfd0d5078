"""What of a recording is handed to Whisper, and which of its words are believed.

In: the regions where there is speech, in seconds, and mono samples at SAMPLE_RATE. Out: clips, which are regions
with a margin, joined across short silences and cut where they are longer than Whisper hears at once; sorted, none
overlapping another. Whisper invents words in longer silences, so these are never sent, and words that it puts
there are dropped. Both Whisper engines use this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from audio.conversation import Caption, Span, Word
from audio.phrasing import ends_sentence
from audio.recording import SAMPLE_RATE
from audio.separation import PAUSE

WINDOW = 30.0  # seconds that Whisper hears at once
JOIN = 2.0  # seconds; Whisper copes with shorter silences and invents words in longer ones
MARGIN = 0.2  # seconds around speech, so that no first or last sound is cut
SEARCH = 10.0  # seconds before the longest end of a clip in which a place to cut is looked for: two breaths at least
HUSH = 0.2  # seconds that must be soft together: the closure of a "t" or "p" inside a word is shorter


def speech_clips(regions: Sequence[Span], duration: float, longest: float = WINDOW) -> list[Span]:
    """The regions with their margins, joined across silences shorter than JOIN; sorted and apart.

    A join that would make a clip longer than `longest` seconds is left out where there is room between the two.
    """
    clips: list[Span] = []
    for region in sorted(regions):
        clip = Span(max(0.0, region.start - MARGIN), min(duration, region.end + MARGIN))
        if clips and _belong_together(clips[-1], clip, longest):
            clip = Span(clips[-1].start, max(clips.pop().end, clip.end))
        clips.append(clip)
    return [clip for clip in clips if clip.duration > 0]


def cut_where_quiet(clips: Iterable[Span], samples: npt.NDArray[np.float32], longest: float = WINDOW) -> Iterator[Span]:
    """The clips, those longer than `longest` seconds cut at the softest HUSH of the last SEARCH seconds before that.

    `samples` has shape (n,), at SAMPLE_RATE.
    """
    for clip in clips:
        while clip.duration > longest:
            latest = clip.start + longest
            cut = _softest(samples, Span(latest - min(SEARCH, longest / 2), latest))
            yield Span(clip.start, cut)
            clip = Span(cut, clip.end)
        yield clip


def sentences(words: Iterable[Word]) -> Iterator[list[Word]]:
    """The words in sentences: parted where the punctuation says so and at a pause of PAUSE or more."""
    sentence: list[Word] = []
    for word in words:
        if sentence and (ends_sentence(sentence[-1]) or word.start - sentence[-1].end >= PAUSE):
            yield sentence
            sentence = []
        sentence.append(word)
    if sentence:
        yield sentence


def caption_within(words: Iterable[Word], clips: Sequence[Span]) -> Caption | None:
    """The words that lie where there is speech; one that reaches into silence is cut there. None without any."""
    kept = []
    for word in words:
        middle = (word.start + word.end) / 2
        clip = next((c for c in clips if c.start <= middle <= c.end or c.overlap(word) > 0), None)
        if word.text and clip:
            start = min(max(word.start, clip.start), clip.end)
            kept.append(Word(start, max(start, min(word.end, clip.end)), word.text, word.probability))
    return Caption(kept[0].start, max(word.end for word in kept), tuple(kept)) if kept else None


def share_done(clips: Sequence[Span], time: float) -> float:
    """The share of the clips' seconds that lie before `time`, 0 to 1."""
    total = sum(clip.duration for clip in clips)
    return min(1.0, sum(clip.overlap(Span(0.0, max(0.0, time))) for clip in clips) / total)


def samples_of(clip: Span, mix: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The clip's own copy of the samples: torch warns of arrays that it may not write to."""
    return mix[round(clip.start * SAMPLE_RATE) : round(clip.end * SAMPLE_RATE)].copy()


def _belong_together(clip: Span, following: Span, longest: float) -> bool:
    overlapping = following.start < clip.end
    return overlapping or (following.start - clip.end < JOIN and following.end - clip.start <= longest)


def _softest(samples: npt.NDArray[np.float32], within: Span) -> float:
    """The middle of the stretch of HUSH with the least energy, in seconds."""
    searched = samples_of(within, samples).astype(np.float64)
    width = round(HUSH * SAMPLE_RATE)
    energy = np.cumsum(np.concatenate([[0.0], np.square(searched)]))
    softest = int(np.argmin(energy[width:] - energy[:-width]))
    return within.start + (softest + width / 2) / SAMPLE_RATE
