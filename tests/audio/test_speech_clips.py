from __future__ import annotations

import pytest

from audio.conversation import Span, Word
from audio.speech_clips import caption_within, share_done, speech_clips


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
