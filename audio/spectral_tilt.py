"""How bright a voice is, frame by frame, whatever vowel it is in: the tilt of its spectrum against its own usual.

In: band levels of one speaker (dB, see BAND_EDGES) and which frames are voiced. Out: tilt in dB an octave above
500 Hz, 0 at the speaker's mean: more where the voice is tense, less where it is dull (Gauffin & Sundberg 1989).

Vowels move the bands by far more than a tone does. How they do is learnt from the speaker's own voiced frames
(mean and covariance of the bands), and the tilt is the generalised least-squares fit (Aitken 1936) of a straight
line above 500 Hz, with a free level, given that covariance: bands that the vowels, or noise, move most count least.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audio.conversation import BAND_EDGES, NAN, bands_within

FloatArray = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

LOWEST, HIGHEST = 250, 5000  # Hz: the bands that the line is fitted to
CORNER = 500  # Hz; below it the line is level, as the fundamental and the first formant lie there
FEWEST_FRAMES = 300  # voiced ones, to learn a covariance from
DEPTH = 55.0  # dB below the loudest band; what is weaker is as good as silent
MOSTLY = 0.5  # share of the frames in which a band must be heard; a telephone has none above 3.4 kHz
FEWEST_BANDS = 4  # above CORNER and below it
UNLEARNT_VARIANCE = 1.0  # dB^2 added to each band: keeps the fit sane where little was learnt

_EDGES = np.array(BAND_EDGES)
_FITTED = bands_within(LOWEST, HIGHEST)
_OCTAVES = np.maximum(np.log2(np.sqrt(_EDGES[:-1] * _EDGES[1:]) / CORNER), 0)[_FITTED]


def tilt_track(bands: FloatArray, voiced: Mask) -> FloatArray:
    """Tilt of each voiced frame in dB an octave, shape (frames,); NaN elsewhere, or where too few are voiced.

    bands: shape (frames, bands), dB. voiced: shape (frames,).
    """
    tilt = np.full(len(bands), NAN, np.float32)
    levels = bands[voiced][:, _FITTED].astype(np.float64)
    if len(levels) < FEWEST_FRAMES:
        return tilt
    floor = np.percentile(levels, 99) - DEPTH
    there = (levels > floor).mean(axis=0) >= MOSTLY
    if there.sum() < FEWEST_BANDS:
        return tilt
    levels = np.maximum(levels[:, there], floor)
    levels -= levels.mean(axis=0)
    tilt[voiced] = levels @ _fit(np.cov(levels.T), _OCTAVES[there])
    return tilt


def _fit(covariance: npt.NDArray[np.float64], octaves: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The weights of the bands, shape (fitted bands,), that give the slope of the line."""
    precision = np.linalg.inv(covariance + UNLEARNT_VARIANCE * np.eye(len(covariance)))
    line = np.stack([octaves, np.ones(len(octaves))], axis=1)
    weights: npt.NDArray[np.float64] = (np.linalg.inv(line.T @ precision @ line) @ line.T @ precision)[0]
    return weights
