"""The print of a voice: how it sounds, in a few numbers that are kept, to know it again in another recording.

In: the VoiceFrames of a recording and where a voice is heard in it. Out: a VoicePrint; of two, how far they are apart.
It says how the spectrum of a voice moves, not what it is on average: a microphone, a room or a codec adds the same to
every frame and so leaves it as it is, and it does not depend on what was said once enough is heard.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from audio.conversation import VOICE_BANDS, VOICE_STEP, Span, VoiceFrames
from audio.voice_frames import band_frequencies

# Bands that are compared, Hz, and how many cepstra of them. What changes with the tone of a voice lies low: pitch, the
# effort of the voice, the first formant. Above it the throat itself is heard more; Lu & Dang (2008) found most of what
# tells speakers apart at 4 to 5.5 kHz. Measured on couples of actors, calm against strong emotion: with all bands one
# in nine is wrong, from 1.4 kHz on none. A telephone leaves too little of that; there a lower start serves better.
WIDE, WIDE_CEPSTRA = (1430.0, 7600.0), 7
NARROW, NARROW_CEPSTRA = (430.0, 3510.0), 5
ABOVE = 3800.0  # Hz; what lies above is what a telephone takes away
# dB from the narrow bands to those above, under which a recording counts as narrow. Measured: -15 to +4 in recordings
# as they were made, in rooms, noise, Opus and MP3; -42 to -31 through a telephone's band.
TELEPHONE = -22.0

LEAST_SPEECH = 10.0  # seconds of a voice alone, below which no print says anything
KIND = f"{WIDE} {WIDE_CEPSTRA} {NARROW} {NARROW_CEPSTRA} {TELEPHONE}"  # prints of another kind are not to be compared
RIDGE = 1.0  # dB squared, added to the variances: what moves less than that is the rounding of the levels, no voice

# Distances at which two couples' voices, on average, may still be the same, set on the voices named in
# benchmarks/voice_recognition.py so that 1 in 200 other couples comes as near, all conditions taken together.
WIDE_LIMIT, NARROW_LIMIT = 0.21, 0.095

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """How the cepstra of a voice vary together, dB squared.

    seconds: of the voice alone. is_wide: whether the recording has what a telephone takes away.
    wide: shape (WIDE_CEPSTRA, WIDE_CEPSTRA), of the bands in WIDE. narrow: the same of those in NARROW.
    """

    seconds: float
    is_wide: bool
    wide: Floats
    narrow: Floats


def voice_print(voices: VoiceFrames, spans: Iterable[Span]) -> VoicePrint | None:
    """The print of the voice that is heard in `spans`; None where less than LEAST_SPEECH of it is heard alone."""
    bands = voices.bands[voices.within(spans)].astype(np.float64)
    seconds = len(bands) * VOICE_STEP
    if seconds < LEAST_SPEECH:
        return None
    level, covariance = bands.mean(axis=0), np.cov(bands.T)
    edges = band_frequencies()
    above = level[edges[:, 0] > ABOVE].mean() - level[_between(*NARROW)].mean()
    wide, narrow = _cepstra(WIDE, WIDE_CEPSTRA), _cepstra(NARROW, NARROW_CEPSTRA)
    return VoicePrint(seconds, bool(above > TELEPHONE), wide @ covariance @ wide.T, narrow @ covariance @ narrow.T)


def distance(one: VoicePrint, other: VoicePrint) -> float:
    """How unlike two voices are, 0 or more, in units of what is allowed between couples that are the same.

    Compared is what both recordings have. Source: Bimbot, Magrin-Chagnolleau & Mathan (1995), "Second-order
    statistical measures for text-independent speaker identification": the arithmetic-harmonic sphericity measure.
    """
    if one.is_wide and other.is_wide:
        return _sphericity(one.wide, other.wide) / WIDE_LIMIT
    return _sphericity(one.narrow, other.narrow) / NARROW_LIMIT


def _sphericity(one: Floats, other: Floats) -> float:
    ridge = RIDGE * np.eye(len(one))
    there = np.trace(np.linalg.solve(other + ridge, one + ridge))
    back = np.trace(np.linalg.solve(one + ridge, other + ridge))
    return float(np.log(there * back / len(one) ** 2))


@cache
def _cepstra(within: tuple[float, float], count: int) -> Floats:
    """Matrix from the levels of all bands to `count` cepstra of those in `within`, shape (count, VOICE_BANDS)."""
    from scipy.fft import dct

    bands = _between(*within)
    matrix = np.zeros((count, VOICE_BANDS))
    matrix[:, bands] = dct(np.eye(int(bands.sum())), type=2, norm="ortho", axis=0)[1 : count + 1]
    return matrix


def _between(low: float, high: float) -> npt.NDArray[np.bool_]:
    edges = band_frequencies()
    inside: npt.NDArray[np.bool_] = (edges[:, 0] >= low) & (edges[:, 1] <= high)
    return inside
