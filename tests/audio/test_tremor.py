"""Pitch that shakes five to ten times a second is tremor; melody, octave jumps and a lively voice are not."""

from __future__ import annotations

import numpy as np
import pytest

from audio.conversation import FRAME
from audio.tremor import FEWEST_VOICED, tremor

TIME = np.arange(300) * FRAME


def wave(rate: float, size: float):
    """Pitch in semitones that goes up and down by `size`, `rate` times a second."""
    return (size * np.sin(2 * np.pi * rate * TIME)).astype(np.float32)


MELODY = wave(3.0, 0.8)


@pytest.mark.parametrize("rate", [5.5, 7.0, 9.5])
def test_a_voice_that_shakes_has_tremor_whatever_the_rate(rate) -> None:
    assert tremor(MELODY + wave(rate, 0.5)) > 1.8 * tremor(MELODY)


def test_a_wider_melody_is_none() -> None:
    assert tremor(2.5 * MELODY) <= tremor(MELODY)


def test_a_lively_voice_that_moves_more_at_every_rate_does_not_tremble_for_it() -> None:
    lively = MELODY + wave(7.0, 0.3)
    assert tremor(2 * lively) == pytest.approx(tremor(lively), rel=0.1)


def test_a_slow_glide_of_an_octave_is_no_tremor() -> None:
    glide = np.linspace(0, 12, len(TIME)).astype(np.float32)
    assert tremor(MELODY + glide) == pytest.approx(tremor(MELODY), rel=0.2)


def test_consonants_between_the_vowels_do_not_hide_it() -> None:
    spoken = np.where(np.arange(len(TIME)) % 20 < 5, np.float32(np.nan), MELODY)
    shaken = np.where(np.isfinite(spoken), spoken + wave(6.5, 0.6), np.float32(np.nan))
    assert tremor(shaken) > 1.5 * tremor(spoken)


def test_one_octave_jump_of_the_tracker_is_not_taken_at_its_size() -> None:
    jumps = MELODY.copy()
    jumps[150:156] += 12
    assert tremor(jumps) < tremor(MELODY + wave(6.5, 0.6))


def test_too_little_voice_is_not_measured() -> None:
    pitch = np.full(len(TIME), np.nan, np.float32)
    pitch[: FEWEST_VOICED - 1] = 0.0
    assert np.isnan(tremor(pitch))
    assert np.isnan(tremor(np.zeros(0, np.float32)))
