"""A voice has the same print in another recording, through another microphone, and other voices have others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from audio.conversation import VOICE_STEP, Span, Turn, VoiceFrames
from audio.recording import SAMPLE_RATE
from audio.storage import read_voices, write_voices
from audio.voice_frames import alone, band_frequencies, joined, voice_frames
from audio.voice_print import LEAST_SPEECH, VoicePrint, distance, voice_print
from tests.audio.dialogues import ADAM, EVE, Voice, speech
from tests.audio.voices import tone

SECONDS = 30.0
ALL = (Span(0.0, SECONDS),)


def print_of(samples: np.ndarray) -> VoicePrint:
    found = voice_print(voice_frames(samples, ALL), ALL)
    assert found is not None
    return found


def said_by(voice: Voice, seed: int) -> np.ndarray:
    """Vowels, and a hiss as of consonants between them, in the higher resonances of the same throat."""
    vowels = speech(voice, SECONDS, seed)
    noise = np.random.default_rng(seed).normal(0, 1, len(vowels))
    swelling = np.abs(np.sin(np.pi * 4.3 * np.arange(len(vowels)) / SAMPLE_RATE))
    hiss = np.zeros(len(vowels))
    for resonance in (3500, 4800):
        peak = signal.iirpeak(resonance * voice.throat, 5, fs=SAMPLE_RATE)
        hiss += signal.lfilter(*peak, noise) * 0.3
    return (vowels + 0.1 * hiss * swelling).astype(np.float32)


def through_telephone(samples: np.ndarray) -> np.ndarray:
    band = signal.butter(6, (300, 3400), "bandpass", fs=SAMPLE_RATE, output="sos")
    return signal.sosfiltfilt(band, samples).astype(np.float32)


def test_a_voice_is_nearer_to_itself_saying_something_else_than_to_another() -> None:
    adam, again, eve = print_of(said_by(ADAM, 1)), print_of(said_by(ADAM, 2)), print_of(said_by(EVE, 3))
    assert distance(adam, again) < 0.3
    assert distance(adam, eve) > 1.0
    assert distance(adam, eve) == pytest.approx(distance(eve, adam))


def test_gain_and_the_sound_of_a_microphone_leave_a_print_as_it_is() -> None:
    samples = said_by(ADAM, 1)
    dull = signal.lfilter([0.5], [1, -0.5], samples).astype(np.float32)
    assert distance(print_of(samples), print_of(samples / 10)) < 0.01
    assert distance(print_of(samples), print_of(dull)) < 0.2


def test_a_voice_on_the_telephone_is_compared_by_what_a_telephone_lets_through() -> None:
    adam, eve = print_of(through_telephone(said_by(ADAM, 1))), print_of(through_telephone(said_by(EVE, 2)))
    assert not adam.is_wide
    assert print_of(said_by(ADAM, 1)).is_wide
    assert distance(adam, print_of(said_by(ADAM, 3))) < distance(eve, print_of(said_by(ADAM, 3))) / 3


def test_too_little_speech_has_no_print() -> None:
    short = (Span(0.0, LEAST_SPEECH - 1),)
    frames = voice_frames(said_by(ADAM, 1), ALL)
    assert voice_print(frames, short) is None
    assert voice_print(frames, (Span(0.0, LEAST_SPEECH + 1),)) is not None


def test_only_what_somebody_says_alone_is_kept() -> None:
    turns = (Turn(0.0, 4.0, "Ann"), Turn(3.0, 6.0, "Ben"), Turn(8.0, 9.0, "Ann"))
    assert alone(turns, "Ann") == [Span(0.0, 3.0), Span(8.0, 9.0)]
    assert alone(turns, "Ben") == [Span(4.0, 6.0)]


def test_the_frames_of_all_speakers_come_in_order_of_time() -> None:
    samples = said_by(ADAM, 1)
    frames = joined([voice_frames(samples, [Span(0.0, 1.0), Span(4.0, 5.0)]), voice_frames(samples, [Span(2.0, 3.0)])])
    np.testing.assert_allclose(frames.frame * VOICE_STEP, np.r_[0:1:0.05, 2:3:0.05, 4:5:0.05], atol=1e-9)
    assert len(joined([])) == 0
    assert frames.within([Span(2.0, 3.0)]).sum() == 20


def test_a_tone_is_heard_in_its_own_band_at_its_own_level() -> None:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    frames = voice_frames(0.1 * np.sin(2 * np.pi * 2000 * time).astype(np.float32), [Span(0.0, 1.0)])
    low, high = band_frequencies()[frames.bands.mean(axis=0).argmax()]
    assert low < 2000 < high
    louder = voice_frames(0.2 * np.sin(2 * np.pi * 2000 * time).astype(np.float32), [Span(0.0, 1.0)])
    assert (louder.bands.max(axis=1) - frames.bands.max(axis=1)).mean() == pytest.approx(6.0, abs=0.5)


def test_silence_is_measured_and_breaks_nothing() -> None:
    frames = voice_frames(np.zeros(SAMPLE_RATE, np.float32), [Span(0.0, 1.0)])
    assert (frames.bands == frames.bands[0, 0]).all()
    assert len(voice_frames(tone(0.01, 100.0), [Span(0.0, 0.01)])) == 0


def test_frames_survive_their_file_and_an_hour_takes_less_than_a_megabyte_and_a_half(tmp_path) -> None:
    said = Span(0.0, 0.9 * SECONDS)  # nobody talks all the time
    frames = voice_frames(said_by(ADAM, 1), [said])
    write_voices(frames, tmp_path / "voices.npz")
    again = read_voices(tmp_path / "voices.npz")
    np.testing.assert_array_equal(again.frame, frames.frame)
    np.testing.assert_array_equal(again.bands, frames.bands)
    assert (tmp_path / "voices.npz").stat().st_size * 3600 / SECONDS < 1.5e6


def test_frames_cannot_be_changed() -> None:
    frames = VoiceFrames(np.zeros(1, np.int32), np.zeros((1, 30), np.int8))
    with pytest.raises(ValueError, match="read-only"):
        frames.bands[0, 0] = 1
