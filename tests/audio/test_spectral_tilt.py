"""The tilt of a spectrum is told from the vowel, against the speaker's own usual."""

from __future__ import annotations

import numpy as np
import pytest

from audio.conversation import BAND_EDGES
from audio.spectral_tilt import CORNER, FEWEST_FRAMES, HIGHEST, LOWEST, tilt_track

EDGES = np.array(BAND_EDGES)
OCTAVES = np.maximum(np.log2(np.sqrt(EDGES[:-1] * EDGES[1:]) / CORNER), 0)
FITTED = (EDGES[:-1] >= LOWEST) & (EDGES[1:] <= HIGHEST)
FRAMES = 600
ALL = np.ones(FRAMES, np.bool_)


def vowels(spread: float = 6.0, seed: int = 0):
    """Levels of vowels, shape (FRAMES, bands): three formants that come and go; the same in both halves."""
    chance = np.random.default_rng(seed)
    formants = np.zeros((3, len(OCTAVES)))
    formants[0, 3:5], formants[1, 6:8], formants[2, 8:10] = 1, 1, 1
    half = chance.normal(0, spread, (FRAMES // 2, 3)) @ formants
    return np.concatenate([half, half]) - 40.0


def tilted(bands, by: float):
    """The second half tilted by `by` dB an octave above the corner."""
    steps = np.repeat([0.0, by], FRAMES // 2)[:, None] * OCTAVES
    return (bands + steps).astype(np.float32)


@pytest.mark.parametrize("by", [-3.0, 2.0])
def test_a_voice_that_grows_tenser_or_duller_is_tilted_by_just_that(by) -> None:
    tilt = tilt_track(tilted(vowels(), by), ALL)
    assert tilt[FRAMES // 2 :].mean() - tilt[: FRAMES // 2].mean() == pytest.approx(by, abs=0.01)
    assert tilt.mean() == pytest.approx(0, abs=1e-3)


def test_vowels_move_it_less_than_they_move_a_plain_line() -> None:
    bands = tilted(vowels(), 0.0)
    line = np.polyfit(OCTAVES[FITTED], bands[:, FITTED].T, 1)[0]
    assert tilt_track(bands, ALL).std() < 0.5 * line.std()


def test_gain_changes_nothing() -> None:
    bands = tilted(vowels(), 2.0)
    np.testing.assert_allclose(tilt_track(bands + 30, ALL), tilt_track(bands, ALL), atol=1e-4)


def test_what_is_as_good_as_silent_counts_no_further() -> None:
    faint, silent = tilted(vowels(), 0.0), tilted(vowels(), 0.0)
    faint[:100, 8:] = -110.0
    silent[:100, 8:] = -300.0
    np.testing.assert_allclose(tilt_track(silent, ALL), tilt_track(faint, ALL), atol=1e-4)


def test_only_voiced_frames_have_one() -> None:
    voiced = np.arange(FRAMES) % 3 > 0
    np.testing.assert_array_equal(np.isfinite(tilt_track(tilted(vowels(), 0.0), voiced)), voiced)


def test_too_little_voice_is_not_enough_to_know_its_vowels() -> None:
    voiced = np.arange(FRAMES) < FEWEST_FRAMES - 1
    assert np.isnan(tilt_track(tilted(vowels(), 0.0), voiced)).all()
