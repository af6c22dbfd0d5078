"""Tremor: a voice whose pitch shakes 5 to 10 times a second, as it does in tears and in fear.

In: pitch in semitones at 100 frames a second (NaN where unvoiced). Out: how strongly it shakes against how strongly
it moves at 2-4 Hz, where melody moves (a lively voice moves more at every rate, and does not tremble for it).
Voiced stretches are uneven, so that the strength at each rate is fitted to the voiced frames alone (Lomb 1976).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audio.conversation import FRAME, NAN

FloatArray = npt.NDArray[np.float32]

WINDOW, STEP = 80, 20  # frames
FEWEST_VOICED = 40  # frames of a window
FARTHEST = 2.0  # semitones from the slow course of pitch; beyond lie octave jumps
RATES = np.arange(2.0, 10.5, 0.5)  # Hz
MELODY_TO, TREMOR_FROM = 4.0, 5.0  # Hz
LEAST = 0.02  # semitones added to both, below which the tracker's own jitter lies


def tremor(pitch: FloatArray) -> float:
    """Movement of `pitch` (semitones, shape (frames,)) at 5-10 Hz over that at 2-4 Hz; NaN if too little is voiced."""
    starts = range(0, max(1, len(pitch) - WINDOW + STEP), STEP)
    windows = [_movement(pitch[start : start + WINDOW]) for start in starts]
    measured = [window for window in windows if window is not None]
    if not measured:
        return NAN
    power = np.mean(np.square(measured), axis=0)
    shaking = np.sqrt(power[RATES >= TREMOR_FROM].mean())
    melody = np.sqrt(power[RATES <= MELODY_TO].mean())
    return float((shaking + LEAST) / (melody + LEAST))


def _movement(pitch: FloatArray) -> npt.NDArray[np.float64] | None:
    """Amplitude in semitones at each of RATES, shape (rates,), once the slow course of pitch is taken off."""
    at = np.flatnonzero(np.isfinite(pitch))
    if len(at) < FEWEST_VOICED:
        return None
    times = at * FRAME
    course = np.polynomial.polynomial.Polynomial.fit(times, pitch[at], 2)
    moving = np.clip(pitch[at] - course(times), -FARTHEST, FARTHEST)
    weight = np.hanning(WINDOW + 2)[1 + at]
    waves = np.exp(-2j * np.pi * RATES[:, None] * times)
    amplitude: npt.NDArray[np.float64] = 2 * np.abs(waves @ (moving * weight)) / weight.sum()
    return amplitude
