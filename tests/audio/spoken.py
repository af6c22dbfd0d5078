"""Lines that a made voice speaks or laughs: syllables of consonant and vowel, with a melody of their own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from dialogues import VOWELS
from scipy.signal import lfilter
from voices import SAMPLE_RATE, to_level

Wave = npt.NDArray[np.float64]

RATE = 4.5  # syllables a second
END = 0.4  # seconds of a line in which its melody rises or falls at the end
LAUGHS = ((730, 1090, 2440),)  # Hz: the vowel of "ha"
BREATH = 0.03  # of noise in the voice; a laugh has far more


def line(seconds: float, pitch: float, seed: int, *, end: float = 0.0, level: float = -22.0) -> npt.NDArray[np.float32]:
    """A line of ordinary speech at about `pitch` Hz, whose melody goes up by `end` semitones at its end."""
    chance = np.random.default_rng(seed)
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    knots = max(4, round(seconds * 2.2))
    wandering = np.interp(at, np.linspace(0, seconds, knots), chance.normal(0, 1.6, knots))
    declining = 1 - 2 * at / seconds
    last = end * np.clip((at - seconds + END) / END, 0, 1)
    melody = chance.normal(0, 0.6) + wandering + declining + last
    source = _source(pitch * 2 ** (melody / 12), BREATH, chance)
    wave = _syllables(source, RATE * np.exp(chance.normal(0, 0.1)), 0.06, VOWELS, chance)
    return to_level(wave, level + chance.normal(0, 1.5))


def laugh(
    seconds: float, pitch: float, seed: int, *, rate: float = RATE, higher: float = 6.0, level: float = -20.0
) -> npt.NDArray[np.float32]:
    """ "Ha ha ha": breathy bursts, `rate` a second, from `higher` semitones above `pitch` Hz falling and fading."""
    chance = np.random.default_rng(seed)
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    source = _source(pitch * 2 ** ((higher - 4 * at / seconds) / 12), 20 * BREATH, chance)
    wave = _syllables(source, rate, 0.1, LAUGHS, chance)
    return to_level(wave * 10 ** (-3 * at / 20), level)


def _source(hertz: Wave, breath: float, chance: np.random.Generator) -> Wave:
    """Pulses of the voice and the noise of its breath, falling by 6 dB an octave."""
    pulses = np.diff(np.floor(np.cumsum(hertz / SAMPLE_RATE)), prepend=0) > 0
    noise = chance.normal(0, breath, len(hertz)) * np.sqrt(hertz.mean() / SAMPLE_RATE)
    wave: Wave = lfilter([0.1], [1.0, -0.9], pulses + noise)
    return wave


def _syllables(
    source: Wave, rate: float, consonant: float, vowels: tuple[tuple[int, ...], ...], chance: np.random.Generator
) -> Wave:
    """Each syllable: a consonant of about `consonant` seconds, breath in the throat of a laugh, and a vowel."""
    step = round(SAMPLE_RATE / rate)
    pieces = []
    for start in range(0, len(source) - step // 2, step):
        piece = source[start : start + step]
        first = round(consonant * chance.uniform(0.7, 1.3) * SAMPLE_RATE)
        formants = vowels[chance.integers(len(vowels))]
        vowel = _throat(piece, formants)
        vowel[:first] = 0
        vowel[first:] *= np.hanning(len(piece) - first) ** 0.4
        hiss = np.zeros(len(piece))
        hiss[:first] = chance.normal(0, 1, first) * np.hanning(first)
        if vowels is LAUGHS:
            hiss = 2 * _throat(hiss, formants) / 3
        pieces.append(vowel / np.sqrt(np.mean(vowel**2)) + 0.15 * hiss / np.sqrt(np.mean(hiss**2)))
    wave = np.concatenate(pieces)
    return np.pad(wave, (0, len(source) - len(wave)))


def _throat(wave: Wave, formants: tuple[int, ...]) -> Wave:
    for hertz in formants:
        radius = np.exp(-np.pi * 90 / SAMPLE_RATE)
        poles = [1.0, -2 * radius * np.cos(2 * np.pi * hertz / SAMPLE_RATE), radius**2]
        wave = lfilter([sum(poles)], poles, wave)
    return wave
