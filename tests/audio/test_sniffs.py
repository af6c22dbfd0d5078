"""A sniff is told from the consonants, breaths and noises that lie around it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt
from voices import SAMPLE_RATE, noise, silence, syllables, to_level

from audio.conversation import Span
from audio.prosody import prosody_track, prosody_tracks, sound_frames
from audio.sniffs import find_sniffs

SPOKEN = 2.0  # seconds of speech before it
ROOM = -65.0  # dB


def breath(seconds: float, low: float = 1500, high: float = 7500, level: float = -38.0, peak: float = 0.5):
    """Noise between two frequencies (Hz) that swells up to `peak`, a share of its length, and falls."""
    count = round(seconds * SAMPLE_RATE)
    filtered = sosfilt(butter(4, [low, high], "bandpass", fs=SAMPLE_RATE, output="sos"), noise(seconds, -20))
    at = np.linspace(0, 1, count)
    return to_level(filtered * np.minimum(at / max(peak, 1e-3), (1 - at) / (1 - peak)), level)


def speech(seconds: float = SPOKEN):
    """Syllables with an s now and then, the loudest consonants of the stretch."""
    wave = syllables(seconds, 180.0, 4.0)
    for start in np.arange(0.5, seconds - 0.1, 0.5):
        first = round(start * SAMPLE_RATE)
        hiss = breath(0.08, 3500, 7800, -30.0)
        wave[first : first + len(hiss)] = hiss
    return wave


def sniffs_in(*sounds, elsewhere=()):
    """The sniffs in and right behind the speech that the sounds begin with."""
    samples = np.concatenate([*sounds, silence(1.0)])
    samples = samples + noise(len(samples) / SAMPLE_RATE, ROOM)
    span = Span(0, SPOKEN)
    track = prosody_tracks(samples, sound_frames(samples), {"Maya": [span]}, elsewhere)["Maya"]
    return find_sniffs(track, span)


def test_a_sniff_behind_the_words_is_heard_where_it_is() -> None:
    (sniff,) = sniffs_in(speech(), silence(0.2), breath(0.25))
    assert sniff.start == pytest.approx(2.2, abs=0.08)
    assert sniff.end == pytest.approx(2.45, abs=0.08)


def test_a_sniff_between_the_words_is_heard_as_well() -> None:
    assert len(sniffs_in(speech(0.8), silence(0.15), breath(0.25), silence(0.2), speech(0.6))) == 1


def test_speech_alone_has_none() -> None:
    assert sniffs_in(speech()) == ()


@pytest.mark.parametrize(
    ("decoy", "sound"),
    [
        ("the s of a plural", breath(0.2, 5200, 7800)),
        ("an f", breath(0.2, 200, 1500)),
        ("the release of a stop", breath(0.2, peak=0.02)),
        ("a click", breath(0.04)),
        ("a long hiss", breath(0.58)),
        ("a hum", syllables(0.25, 180.0, 4.0, level=-38.0)),
        ("the softest noise", breath(0.25, level=-64.0)),
    ],
)
def test_no_sniff_is(decoy, sound) -> None:
    assert sniffs_in(speech(), silence(0.2), sound) == ()


def test_noise_that_a_voice_follows_at_once_is_a_consonant() -> None:
    assert sniffs_in(speech(0.8), silence(0.15), breath(0.15), speech(0.9)) == ()


def test_noise_that_no_silence_precedes_is_the_end_of_a_word() -> None:
    assert sniffs_in(speech(), breath(0.25)) == ()


def test_a_sniff_that_comes_long_after_belongs_to_nobody() -> None:
    assert sniffs_in(speech(), silence(0.8), breath(0.2)) == ()


def test_a_sniff_in_anothers_turn_is_not_the_speakers() -> None:
    sounds = speech(), silence(0.2), breath(0.25)
    assert sniffs_in(*sounds, elsewhere=[Span(2.15, 3.0)]) == ()


def test_a_speaker_who_is_never_heard_never_sniffs() -> None:
    samples = silence(3.0)
    track = prosody_track(samples, sound_frames(samples), [])
    assert find_sniffs(track, Span(0, 2)) == ()
