"""Voices made of formulas: pulses of a known pitch through a known spectrum, in spans of known times."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000  # Hz


def tone(
    seconds: float,
    pitch: float | npt.NDArray[np.float64],
    *,
    tilt: float = -12.0,
    level: float = -20.0,
) -> npt.NDArray[np.float32]:
    """A buzz at `pitch` Hz (a number, or one a sample), its harmonics falling by `tilt` dB an octave, at `level` dB."""
    count = round(seconds * SAMPLE_RATE)
    hertz = np.broadcast_to(pitch, count)
    phase = 2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE
    harmonics = np.arange(1, int(SAMPLE_RATE / 2 / hertz.max()))
    gains = 10 ** (tilt * np.log2(harmonics) / 20)
    wave = sum(gain * np.sin(number * phase) for number, gain in zip(harmonics, gains, strict=True))
    return to_level(np.asarray(wave), level)


def syllables(seconds: float, pitch: float, rate: float, **kwargs: float) -> npt.NDArray[np.float32]:
    """A buzz whose level rises and falls `rate` times a second, as syllables do."""
    wave = tone(seconds, pitch, **kwargs)
    time = np.arange(len(wave)) / SAMPLE_RATE
    envelope = 0.05 + 0.95 * np.sin(np.pi * rate * time) ** 2
    return (wave * envelope).astype(np.float32)


def noise(seconds: float, level: float, seed: int = 0) -> npt.NDArray[np.float32]:
    """White noise at `level` dB re full scale."""
    wave = np.random.default_rng(seed).normal(0, 1, round(seconds * SAMPLE_RATE))
    return to_level(wave, level)


def silence(seconds: float) -> npt.NDArray[np.float32]:
    return np.zeros(round(seconds * SAMPLE_RATE), np.float32)


def to_level(wave: npt.NDArray[np.float64], level: float) -> npt.NDArray[np.float32]:
    return (wave / np.sqrt(np.mean(wave**2)) * 10 ** (level / 20)).astype(np.float32)
