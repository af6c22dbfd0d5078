from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from audio import voice_activity
from audio.conversation import Span
from audio.given_speakers import read_rttm
from audio.recording import SAMPLE_RATE, open_recording
from audio.voice_activity import speech_probability, speech_regions

SAMPLES = Path(__file__).parents[2] / "sample_data"


@pytest.fixture(scope="module")
def sunday():
    samples = open_recording(SAMPLES / "sunday.ogg").samples[0]
    return samples, read_rttm(SAMPLES / "sunday.rttm", "sunday")


def cut(samples, span):
    return samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)]


def silence(seconds):
    return np.random.default_rng(0).normal(0, 1e-4, round(seconds * SAMPLE_RATE)).astype(np.float32)


def covered(regions, span):
    return sum(region.overlap(span) for region in regions) / span.duration


def test_every_turn_of_a_conversation_is_found_and_pauses_are_not(sunday) -> None:
    samples, turns = sunday
    regions = speech_regions(samples)
    assert all(covered(regions, turn) > 0.6 for turn in turns)
    spoken = sum(region.duration for region in regions)
    assert sum(covered(regions, turn) * turn.duration for turn in turns) > 0.85 * spoken


def test_a_soft_short_answer_two_seconds_after_a_loud_turn_is_found(sunday) -> None:
    samples, turns = sunday
    loud = max(turns, key=lambda turn: turn.duration)
    answer = 0.1 * cut(samples, min(turns, key=lambda turn: turn.duration))  # 20 dB softer
    sound = np.concatenate([silence(1), cut(samples, loud), silence(2), answer, silence(1)])
    began = 1 + loud.duration + 2
    assert covered(speech_regions(sound), Span(began, began + len(answer) / SAMPLE_RATE)) > 0.6


def test_the_level_of_a_recording_changes_nothing(sunday) -> None:
    samples = sunday[0][: 60 * SAMPLE_RATE]
    loud, soft = speech_regions(samples), speech_regions(samples * 0.003)
    assert [r.start for r in loud] == pytest.approx([r.start for r in soft], abs=0.04)
    assert [r.end for r in loud] == pytest.approx([r.end for r in soft], abs=0.04)


def test_a_long_recording_is_heard_in_blocks_as_in_one_piece(sunday, monkeypatch) -> None:
    whole = speech_regions(sunday[0])
    monkeypatch.setattr(voice_activity, "BLOCK", 300)
    blocks = speech_regions(sunday[0])
    both = sum(a.overlap(b) for a in whole for b in blocks)
    assert both > 0.99 * max(sum(r.duration for r in whole), sum(r.duration for r in blocks))


@pytest.mark.parametrize("sound", [np.zeros(0, np.float32), np.zeros(100, np.float32), silence(5), silence(5) * 1000])
def test_there_is_no_speech_in_silence_or_noise(sound) -> None:
    assert speech_regions(sound) == ()


def test_regions_are_apart_and_within_the_recording(sunday) -> None:
    regions = speech_regions(sunday[0])
    assert regions[0].start >= 0 and regions[-1].end <= len(sunday[0]) / SAMPLE_RATE
    assert all(b.start - a.end >= voice_activity.HANGOVER for a, b in pairwise(regions))


def test_progress_is_told_to_the_end_and_the_samples_are_left_as_they_were(sunday) -> None:
    samples = sunday[0][: 10 * SAMPLE_RATE].copy()
    before, told = samples.copy(), []
    speech_probability(samples, told.append)
    assert told[-1] == 1.0 and np.array_equal(samples, before)
