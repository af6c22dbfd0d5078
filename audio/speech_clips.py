"""What of a recording is handed to Whisper, and which of its words are believed.

In: the regions where there is speech, in seconds. Out: clips, which are regions with a margin, joined across
short silences, sorted and apart. Whisper invents words in longer silences, so these are never sent, and words
that it puts there are dropped. Both Whisper engines use this.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from audio.conversation import Caption, Span, Word

JOIN = 2.0  # seconds; Whisper copes with shorter silences and invents words in longer ones
MARGIN = 0.2  # seconds around speech, so that no first or last sound is cut


def speech_clips(regions: Sequence[Span], duration: float, longest: float = math.inf) -> list[Span]:
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


def _belong_together(clip: Span, following: Span, longest: float) -> bool:
    overlapping = following.start < clip.end
    return overlapping or (following.start - clip.end < JOIN and following.end - clip.start <= longest)
