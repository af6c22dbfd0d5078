"""Tracks and measures of sounds whose answer a formula knows."""

from __future__ import annotations

import numpy as np
import pytest
from voices import SAMPLE_RATE, noise, silence, syllables, tone

from audio.conversation import FRAME, Span, Word
from audio.measures import measure
from audio.prosody import pitch_range, prosody_track, sound_frames


def track_of(samples, *spans):
    return prosody_track(samples, sound_frames(samples), spans or (Span(0, len(samples) / SAMPLE_RATE),))


def measured(samples, *spans, words=()):
    spans = spans or (Span(0, len(samples) / SAMPLE_RATE),)
    return measure(track_of(samples, *spans), spans, words)


@pytest.mark.parametrize("hertz", [85.0, 120.0, 210.0, 330.0])
def test_pitch_is_the_pitch_of_the_voice(hertz) -> None:
    track = track_of(tone(3, hertz))
    assert np.nanmedian(track.pitch) == pytest.approx(hertz, rel=0.01)
    assert np.isfinite(track.pitch[20:-20]).mean() > 0.95


def test_a_frame_stands_for_the_time_it_is_named_for() -> None:
    samples = np.concatenate([tone(2, 100.0), tone(2, 200.0)])
    track = track_of(samples)
    assert np.nanmedian(track.pitch[20:180]) == pytest.approx(100, rel=0.02)
    assert np.nanmedian(track.pitch[220:380]) == pytest.approx(200, rel=0.02)
    assert len(track) == round(4 / FRAME) + 1


def test_a_speaker_has_no_track_where_they_are_not_heard() -> None:
    samples = np.concatenate([tone(3, 120.0), tone(3, 220.0)])
    track = track_of(samples, Span(0, 3))
    assert np.isnan(track.pitch[302:]).all()
    assert np.isnan(track.loudness[400:]).all()
    assert np.isfinite(track.loudness[:300]).all()


def test_loudness_is_the_level_of_the_sound() -> None:
    track = track_of(tone(3, 120.0, level=-26.0))
    assert np.nanmedian(track.loudness) == pytest.approx(-26.0, abs=0.5)


def test_the_range_of_the_tracker_follows_the_voice() -> None:
    low = pitch_range(tone(5, 95.0), [Span(0, 5)])
    high = pitch_range(tone(5, 240.0), [Span(0, 5)])
    assert low[0] < 95 < low[1]
    assert high[0] < 240 < high[1]
    assert low[1] < high[1]


def test_noise_has_no_pitch() -> None:
    assert np.isfinite(track_of(noise(3, -30)).pitch).mean() < 0.05


def test_a_duller_voice_has_a_lower_alpha_ratio_and_a_higher_hammarberg_index() -> None:
    clear, dull = measured(tone(3, 150.0, tilt=-9.0)), measured(tone(3, 150.0, tilt=-15.0))
    assert dull.alpha_ratio < clear.alpha_ratio - 5
    assert dull.hammarberg > clear.hammarberg + 5
    assert dull.slope_low < clear.slope_low


def test_steady_noise_of_the_room_is_taken_off_the_spectrum() -> None:
    voice = np.concatenate([silence(2), tone(4, 150.0, tilt=-9.0), silence(2)])
    clean = measured(voice, Span(2, 6)).alpha_ratio
    noisy = measured(voice + noise(8, -38), Span(2, 6)).alpha_ratio
    assert noisy == pytest.approx(clean, abs=2.0)


def test_gain_moves_loudness_and_nothing_else() -> None:
    voice = syllables(4, 140.0, 4.0)
    loud, soft = measured(voice), measured(voice * np.float32(0.1))
    assert loud.loudness - soft.loudness == pytest.approx(20.0, abs=0.1)
    for name in ("pitch_median", "alpha_ratio", "hammarberg", "syllable_rate", "unvoiced_share"):
        assert getattr(soft, name) == pytest.approx(getattr(loud, name), abs=0.1), name


@pytest.mark.parametrize("rate", [3.0, 5.0])
def test_syllables_are_counted_by_their_nuclei(rate) -> None:
    assert measured(syllables(6, 130.0, rate)).syllable_rate == pytest.approx(rate, abs=0.4)


def test_a_glide_of_an_octave_has_a_range_of_about_ten_semitones() -> None:
    glide = 120.0 * 2 ** np.linspace(0, 1, 4 * SAMPLE_RATE)
    assert measured(tone(4, glide)).pitch_range == pytest.approx(12 * 0.8, abs=0.5)


def test_a_trembling_voice_has_tremor_and_a_slow_melody_has_none() -> None:
    time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    trembling = measured(tone(4, 180.0 * 2 ** (0.6 / 12 * np.sin(2 * np.pi * 6.5 * time))))
    singing = measured(tone(4, 180.0 * 2 ** (0.6 / 12 * np.sin(2 * np.pi * 1.0 * time))))
    assert trembling.tremor > 5
    assert singing.tremor < 0.5


def test_a_breathy_voice_has_less_harmonicity() -> None:
    clear = tone(4, 180.0)
    assert measured(clear + noise(4, -26)).harmonicity < measured(clear).harmonicity - 5


def test_breaks_of_the_voice_are_counted() -> None:
    voice = tone(4, 180.0)
    for start in (0.8, 1.6, 2.4, 3.2):
        first = round(start * SAMPLE_RATE)
        voice[first : first + round(0.1 * SAMPLE_RATE)] = noise(0.1, -35)
    assert measured(voice).voice_breaks == pytest.approx(1.0, abs=0.05)


def test_the_written_words_give_a_rate_too() -> None:
    words = [Word(0, 2, "tomorrow"), Word(2, 4, "evening,"), Word(4, 4, "…")]
    assert measured(tone(4, 180.0), words=words).spoken_rate == pytest.approx(5 / 4, abs=0.3)


def test_too_little_sound_is_not_measured() -> None:
    measures = measured(tone(3, 120.0), Span(1.0, 1.1))
    assert measures.seconds == pytest.approx(0.1)
    assert np.isnan(measures.pitch_median)


def test_a_span_behind_the_end_of_the_recording_is_not_measured() -> None:
    assert np.isnan(measured(tone(3, 120.0), Span(7, 9)).loudness)
