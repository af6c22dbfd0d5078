"""Measures of sounds whose answer a formula knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import butter, sosfilt
from voices import SAMPLE_RATE, noise, silence, syllables, to_level, tone

from audio.conversation import Span, Word
from audio.measures import FINAL_LENGTHENING, FINEST_ROUGHNESS, ROUGHEST, measure
from audio.prosody import prosody_track, sound_frames


def track_of(samples, *spans):
    return prosody_track(samples, sound_frames(samples), spans or (Span(0, len(samples) / SAMPLE_RATE),))


def measured(samples, *spans, words=()):
    spans = spans or (Span(0, len(samples) / SAMPLE_RATE),)
    return measure(track_of(samples, *spans), spans, words)


def filtered(wave, kind, hertz):
    return sosfilt(butter(4, hertz, kind, fs=SAMPLE_RATE, output="sos"), wave)


def test_a_duller_voice_has_a_lower_alpha_ratio_and_a_higher_hammarberg_index() -> None:
    clear, dull = measured(tone(3, 150.0, tilt=-9.0)), measured(tone(3, 150.0, tilt=-15.0))
    assert dull.alpha_ratio < clear.alpha_ratio - 5
    assert dull.hammarberg > clear.hammarberg + 5
    assert dull.slope_low < clear.slope_low


def test_a_loud_vowel_counts_no_more_than_a_soft_one_for_the_low_slope() -> None:
    soft, loud = tone(2, 150.0, tilt=-6.0, level=-30.0), tone(2, 150.0, tilt=-12.0, level=-20.0)
    samples = np.concatenate([silence(2), soft, loud, silence(2)])
    apart = [measured(samples, span).slope_low for span in (Span(2.1, 3.9), Span(4.1, 5.9))]
    together = measured(samples, Span(2.1, 5.9)).slope_low
    assert together == pytest.approx(np.mean(apart), abs=0.1 * abs(apart[0] - apart[1]))


def test_a_stretch_is_as_bright_as_its_vowels_are_against_the_speakers_usual() -> None:
    track = track_of(np.concatenate([syllables(4, 150.0, 4.0, tilt=tilt) for tilt in (-9.0, -6.0)]))
    dull, clear = measure(track, [Span(0, 3.9)]), measure(track, [Span(4.1, 8)])
    assert clear.tilt > dull.tilt + 1.5


def test_steady_noise_of_the_room_is_taken_off_the_spectrum() -> None:
    voice = np.concatenate([silence(2), tone(4, 150.0, tilt=-9.0), silence(2)])
    clean = measured(voice, Span(2, 6)).alpha_ratio
    noisy = measured(voice + noise(8, -38), Span(2, 6)).alpha_ratio
    assert noisy == pytest.approx(clean, abs=2.0)


def test_gain_moves_loudness_and_nothing_else() -> None:
    voice = syllables(4, 140.0, 4.0, tilt=-8.0)
    loud, soft = measured(voice), measured(voice * np.float32(0.1))
    assert loud.loudness - soft.loudness == pytest.approx(20.0, abs=0.1)
    for name in ("pitch_median", "alpha_ratio", "hammarberg", "tilt", "slope_low", "syllable_rate", "unvoiced_share"):
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


def test_a_voice_that_wavers_from_frame_to_frame_is_rough_and_a_glide_is_not() -> None:
    track = track_of(tone(4, 150.0))
    wavering = replace(track, pitch=150.0 * 2 ** (np.tile([0.0, 0.1], 201)[: len(track)] / 12).astype(np.float32))
    gliding = replace(track, pitch=(150.0 * 2 ** np.linspace(0, 1, len(track))).astype(np.float32))
    whole = [Span(0, 4)]
    assert measure(wavering, whole).roughness == pytest.approx(0.2, abs=0.01)
    assert measure(gliding, whole).roughness == FINEST_ROUGHNESS


def test_an_octave_jump_of_the_tracker_is_not_taken_at_its_size() -> None:
    track = track_of(tone(4, 150.0))
    pitch = track.pitch.copy()
    pitch[200:203] *= 2
    assert measure(replace(track, pitch=pitch), [Span(0, 4)]).roughness < FINEST_ROUGHNESS + 6 * ROUGHEST / 390


def test_a_breathy_voice_has_less_harmonicity() -> None:
    clear = tone(4, 180.0)
    assert measured(clear + noise(4, -26)).harmonicity < measured(clear).harmonicity - 5


def test_the_harmonics_to_noise_ratio_is_the_ratio_of_the_voice_to_the_noise_in_it() -> None:
    voice = tone(4, 180.0, tilt=-6.0) + noise(4, -32.0)
    assert measured(voice).harmonicity == pytest.approx(12.0, abs=1.5)


def test_the_noise_of_the_room_does_not_take_from_harmonicity_what_breath_does() -> None:
    breathy = np.concatenate([silence(2), tone(4, 180.0) + noise(4, -32.0, seed=1), silence(2)])
    still = measured(breathy, Span(2, 6)).harmonicity
    noisy = measured(breathy + noise(8, -36.0), Span(2, 6)).harmonicity
    assert noisy == pytest.approx(still, abs=1.0)


def with_gaps(sound):
    """A voice that gives way to `sound` (0.1 s) five times in 4 s, in a room that is heard before and after."""
    voice = tone(4, 180.0)
    for start in (0.5, 1.2, 1.9, 2.6, 3.3):
        first = round(start * SAMPLE_RATE)
        voice[first : first + len(sound)] = sound
    return np.concatenate([silence(1), voice, silence(1)]) + noise(6, -70)


def test_a_voice_that_fails_into_breath_is_devoiced_and_a_consonant_is_not() -> None:
    breath = to_level(filtered(noise(0.1, -20), "lowpass", 600), -30.0)
    consonant = to_level(filtered(noise(0.1, -20), "highpass", 3500), -30.0)
    failing, speaking = (measured(with_gaps(sound), Span(1, 5)) for sound in (breath, consonant))
    assert failing.devoiced_share == pytest.approx(5 * 0.1 / 4, abs=0.06)
    assert speaking.devoiced_share < 0.02
    assert speaking.unvoiced_share == pytest.approx(failing.unvoiced_share, abs=0.03)


def test_a_pause_in_a_noisy_room_is_no_breath() -> None:
    pausing = with_gaps(silence(0.1))
    hum = to_level(filtered(noise(6, -20), "lowpass", 600), -44.0)
    assert measured(pausing + hum, Span(1, 5)).devoiced_share < 0.06  # but for the frames that see a bit of the voice


def test_breaks_of_the_voice_are_counted() -> None:
    voice = tone(4, 180.0)
    for start in (0.8, 1.6, 2.4, 3.2):
        first = round(start * SAMPLE_RATE)
        voice[first : first + round(0.1 * SAMPLE_RATE)] = noise(0.1, -35)
    assert measured(voice).voice_breaks == pytest.approx(1.0, abs=0.05)


def test_a_sniff_right_behind_the_words_is_counted() -> None:
    at = np.linspace(0, np.pi, round(0.25 * SAMPLE_RATE))
    sniff = to_level(filtered(noise(0.25, -20), "highpass", 1800) * np.sin(at), -36.0)
    speech = syllables(2, 180.0, 4.0) + to_level(filtered(noise(2, -20), "highpass", 3500), -45.0)
    sounds = np.concatenate([speech, silence(0.2), sniff, silence(1.0)]).astype(np.float32)
    still = np.concatenate([speech, silence(1.45)]).astype(np.float32)
    assert measured(sounds + noise(3.45, -70), Span(0, 2)).sniffs == 1.0
    assert measured(still + noise(3.45, -70), Span(0, 2)).sniffs == 0.0


def test_the_written_words_give_a_rate_too() -> None:
    words = [Word(0, 2, "tomorrow"), Word(2, 4, "evening,"), Word(4, 4, "…")]
    syllables_written = 3 + 2  # the e of "evening" is hardly said, but counted as a vowel between consonants
    rate = measured(tone(4, 180.0), words=words).spoken_rate
    assert rate == pytest.approx((syllables_written + FINAL_LENGTHENING) / 4, abs=0.3)


def test_a_short_phrase_is_not_slow_for_the_lengthening_of_its_end() -> None:
    syllable = 0.2  # seconds; the last ones of every phrase take 1.5 syllables more
    rates = [
        measured(tone((count + FINAL_LENGTHENING) * syllable, 180.0), words=[Word(0, 1, "ta")] * count).spoken_rate
        for count in (4, 18)
    ]
    assert rates == pytest.approx([1 / syllable] * 2, rel=0.03)


def test_no_written_words_have_no_rate() -> None:
    assert np.isnan(measured(tone(3, 120.0)).spoken_rate)


def test_too_little_sound_is_not_measured() -> None:
    measures = measured(tone(3, 120.0), Span(1.0, 1.1))
    assert measures.seconds == pytest.approx(0.1)
    assert np.isnan(measures.pitch_median)


def test_a_span_behind_the_end_of_the_recording_is_not_measured() -> None:
    assert np.isnan(measured(tone(3, 120.0), Span(7, 9)).loudness)
