from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from audio.conversation import Span, Word
from audio.speech_clips import caption_within, cut_where_quiet, sentences, share_done, speech_clips

RATE = 16_000  # Hz


def edges(clips: list[Span]) -> list[float]:
    return [edge for clip in clips for edge in (clip.start, clip.end)]


def test_clips_keep_a_margin_around_speech_but_none_outside_the_recording() -> None:
    assert edges(speech_clips([Span(0.1, 2.0), Span(8.0, 9.9)], 10.0)) == pytest.approx([0.0, 2.2, 7.8, 10.0])


def test_short_silences_are_heard_and_long_ones_are_not() -> None:
    regions = [Span(20.0, 21.0), Span(1.0, 2.0), Span(4.3, 5.0)]  # in any order
    assert edges(speech_clips(regions, 30.0)) == pytest.approx([0.8, 5.2, 19.8, 21.2])


def test_talk_without_long_silences_is_parted_at_a_short_one_before_it_grows_too_long() -> None:
    regions = [Span(0.0, 20.0), Span(20.5, 28.0), Span(28.5, 40.0)]
    assert edges(speech_clips(regions, 60.0, longest=30.0)) == pytest.approx([0.0, 28.2, 28.3, 40.2])


def test_a_silence_too_short_for_two_margins_never_parts_a_clip() -> None:
    assert edges(speech_clips([Span(0.0, 20.0), Span(20.3, 40.0)], 60.0, longest=30.0)) == pytest.approx([0.0, 40.2])


def loud_but(seconds: float, *soft: tuple[float, float, float]) -> np.ndarray:
    """Noise of level 0.1 with stretches (start, end, level)."""
    samples = np.random.default_rng(3).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)
    for start, end, level in soft:
        samples[round(start * RATE) : round(end * RATE)] *= level / 0.1
    return samples


def test_a_long_clip_is_cut_where_the_voice_rests() -> None:
    samples = loud_but(50, (6.0, 6.5, 0.0), (33.0, 33.3, 0.01))
    first, second = cut_where_quiet([Span(10.0, 45.0)], samples)
    assert (first.start, first.end, second.start, second.end) == pytest.approx((10.0, 33.15, 33.15, 45.0), abs=0.06)


def test_a_clip_is_not_cut_in_the_closure_of_a_consonant() -> None:
    samples = loud_but(50, (28.00, 28.08, 0.0), (24.0, 24.3, 0.02))  # "t" is silent, the breath is not quite
    first, _ = cut_where_quiet([Span(0.0, 45.0)], samples)
    assert first.end == pytest.approx(24.15, abs=0.06)


def test_the_parts_of_a_long_clip_leave_nothing_out_and_none_is_too_long() -> None:
    parts = list(cut_where_quiet([Span(1.0, 8.0), Span(10.0, 110.0)], loud_but(120)))
    assert parts[0] == Span(1.0, 8.0)
    assert (parts[1].start, parts[-1].end) == (10.0, 110.0)
    assert all(earlier.end == later.start for earlier, later in pairwise(parts[1:]))
    assert all(part.duration <= 30.0 for part in parts)


def test_a_sentence_ends_with_its_punctuation_or_a_long_pause() -> None:
    words = [Word(0.0, 0.3, "No."), Word(0.3, 0.6, "Not"), Word(0.9, 1.2, "now"), Word(2.0, 2.3, "maybe")]
    assert [[word.text for word in sentence] for sentence in sentences(words)] == [["No."], ["Not", "now"], ["maybe"]]


def test_words_in_silence_are_dropped_and_those_that_reach_into_it_are_cut() -> None:
    words = [Word(0.5, 2.6, "Oh", 0.4), Word(2.6, 3.0, "well."), Word(6.0, 6.5, "Thanks"), Word(8.0, 8.2, "")]
    caption = caption_within(words, [Span(2.0, 3.2), Span(8.0, 9.0)])
    assert caption is not None
    assert caption.words == (Word(2.0, 2.6, "Oh", 0.4), Word(2.6, 3.0, "well."))
    assert (caption.start, caption.end) == (2.0, 3.0)
    assert caption_within(words[2:], [Span(2.0, 3.2), Span(8.0, 9.0)]) is None


def test_only_speech_counts_as_work_done() -> None:
    clips = [Span(10.0, 13.0), Span(90.0, 91.0)]
    assert [share_done(clips, time) for time in (-1.0, 10.0, 13.0, 50.0, 91.0, 100.0)] == [0, 0, 0.75, 0.75, 1, 1]
