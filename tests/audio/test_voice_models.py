"""Voices told apart, and the doubt that is told with them."""

from __future__ import annotations

import numpy as np
import pytest

from audio.timbre import Timbre
from audio.voice_models import Told, told_apart


def frames_of(*voices: tuple[float, float], phrases: int = 20, length: int = 150, seed: int = 0) -> Timbre:
    """Phrases of voices in turn, each a cloud of cepstra around its own (first, second) with its own pitch."""
    chance = np.random.default_rng(seed)
    cepstra, pitch, frame, clock = [], [], [], 0
    for phrase in range(phrases):
        first, second = voices[phrase % len(voices)]
        cloud = chance.normal(0, 1, (length, 19))
        cloud[:, 0] += first
        cloud[:, 1] += second
        cepstra.append(cloud)
        pitch.append(chance.normal(2 * first, 1.5, length))
        frame.append(np.arange(clock, clock + length))
        clock += length + 40
    return Timbre(
        np.concatenate(frame), np.concatenate(cepstra).astype(np.float32), np.concatenate(pitch).astype(np.float32)
    )


def test_two_clear_voices_are_told_apart_without_doubt() -> None:
    told = told_apart(frames_of((4.0, 0.0), (-4.0, 0.0)), 2)
    whose = told.labels.reshape(20, 150)
    assert all(len(set(phrase)) == 1 for phrase in whose[:, 10:-10])
    assert set(whose[::2, 75]) != set(whose[1::2, 75])
    assert told.agreement == pytest.approx(1.0)
    assert not told.is_doubtful


def test_one_voice_is_left_whole_or_doubted() -> None:
    told = told_apart(frames_of((0.0, 0.0)), 2)
    assert told.labels.max() == 0 or told.is_doubtful


@pytest.mark.parametrize(("distance", "agreement"), [(9.0, 0.6), (2.0, 1.0), (float("nan"), 1.0)])
def test_doubt_comes_from_near_voices_and_from_guesses_that_disagree(distance, agreement) -> None:
    assert Told(np.zeros(3, np.int64), distance, agreement).is_doubtful
