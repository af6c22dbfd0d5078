"""From a prosody track to the measures of a stretch of speech.

In: a ProsodyTrack (100 frames a second), the spans in which the speaker is heard (s), the words.
Out: Measures, in semitones, decibels, syllables a second and shares. Everything is read from frames
that were worked out once; nothing here touches a sample.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audio.conversation import (
    BAND_EDGES,
    FRAME,
    NAN,
    REFERENCE_PITCH,
    Measures,
    ProsodyTrack,
    Span,
    Word,
)
from audio.separation import runs

FloatArray = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

FEWEST_FRAMES = 15  # of sound; in less, nothing but loudness means anything
FEWEST_VOICED = 8  # frames with pitch
LOUD_PERCENTILE = 95  # of the level in a stretch: its "top"
VOWEL_DEPTH = 20.0  # dB below the top: voiced frames above it carry the spectrum
SOUND_DEPTH = 25.0  # dB below the top: quieter frames are pauses
FINEST_RANGE = 0.3  # semitones; a voice is never flatter than the tracker's own jitter

TREMOR_FAST, TREMOR_SLOW = 5, 21  # frames: moving averages between which 4 to 12 Hz pass
TREMOR_STRETCH = 20  # frames of unbroken voicing needed to see one period of 5 Hz
TREMOR_EDGE = 3  # frames at either end where the averages have no neighbours
BREAK_LENGTHS = (2, 25)  # frames: shorter gaps are the tracker's, longer ones consonants and pauses

# Syllable nuclei after de Jong & Wempe (2009): peaks of the level, 2 dB above the dips, that are voiced.
NUCLEUS_PROMINENCE = 2.0  # dB
NUCLEUS_SMOOTHING = 5  # frames
NUCLEUS_VOICED = 2  # frames to either side in which pitch must be found

_VOWELS = re.compile(r"[aeiouyäöüáéíóúàèìòùâêîôûåæøœ]+")
_SILENT_E = re.compile(r"(?<=[aeiouy])([b-df-hj-np-tv-xz]+)e(s?)$")


def measure(track: ProsodyTrack, spans: Sequence[Span], words: Sequence[Word] = ()) -> Measures:
    """Measure the speech in `spans` of `track`; `words` are what is said there, for the rate."""
    at = _without_silent_ends(_frames(track, spans), track.loudness)
    seconds = len(at) * FRAME
    loudness = track.loudness[at]
    heard = np.isfinite(loudness)
    if heard.sum() < FEWEST_FRAMES:
        return Measures(seconds=seconds)
    pitch = 12 * np.log2(track.pitch[at] / REFERENCE_PITCH)
    voiced = np.isfinite(pitch) & heard
    if voiced.sum() < FEWEST_VOICED:
        return Measures(seconds=seconds)
    top = float(np.percentile(loudness[heard], LOUD_PERCENTILE))
    sound = heard & (loudness > top - SOUND_DEPTH)
    vowels = voiced & (loudness > top - VOWEL_DEPTH)
    low, median, high = np.percentile(pitch[voiced], [10, 50, 90])
    balance = _balance(track.bands[at[vowels]])
    return Measures(
        seconds=seconds,
        pitch_median=float(median),
        pitch_high=float(high),
        pitch_range=float(max(high - low, FINEST_RANGE)),
        tremor=_tremor(pitch),
        voicing=float(track.voicing[at][vowels].mean()),
        unvoiced_share=float((sound & ~voiced).sum() / sound.sum()),
        voice_breaks=_voice_breaks(voiced) / seconds,
        pause_share=float(1 - sound.mean()),
        loudness=float(loudness[voiced].mean()),
        alpha_ratio=balance[0],
        upper_ratio=balance[1],
        hammarberg=balance[2],
        slope_low=balance[3],
        syllable_rate=_nuclei(np.where(heard, loudness, top - 60), voiced, top) / seconds,
        spoken_rate=sum(syllables(word.text) for word in words) / seconds if words else NAN,
    )


def _frames(track: ProsodyTrack, spans: Sequence[Span]) -> Indices:
    pieces = [np.arange(*track.frames(span).indices(len(track)), dtype=np.intp) for span in spans]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.intp)


def _without_silent_ends(at: Indices, loudness: FloatArray) -> Indices:
    """The frames from the first sound to the last: turns are cut loosely, and rates must not depend on that."""
    levels = loudness[at]
    if not np.isfinite(levels).any():
        return at
    sound = np.flatnonzero(levels > np.nanpercentile(levels, LOUD_PERCENTILE) - SOUND_DEPTH)
    return at[sound[0] : sound[-1] + 1]


def syllables(text: str) -> int:
    """Syllables of a written word, by its groups of vowels; at least one where there is a letter."""
    letters = re.sub(r"[^\w]", "", text.lower())
    if not letters:
        return 0
    return max(1, len(_VOWELS.findall(_SILENT_E.sub(r"\1\2", letters))))


def _balance(bands: FloatArray) -> tuple[float, float, float, float]:
    """Alpha ratio, upper ratio, Hammarberg (dB) and low slope (dB/kHz); `bands` (frames, bands) in dB."""
    edges = np.array(BAND_EDGES)
    power = np.mean(10 ** (bands.astype(np.float64) / 10), axis=0)
    width = np.diff(edges)
    density = 10 * np.log10(power / width)
    centre = (edges[:-1] + width / 2) / 1000

    def level(low: int, high: int) -> float:
        return float(10 * np.log10(power[(edges[:-1] >= low) & (edges[1:] <= high)].sum()))

    below = edges[1:] <= 2000
    above = (edges[:-1] >= 2000) & (edges[1:] <= 5000)
    slope = np.polyfit(centre[edges[1:] <= 500], density[edges[1:] <= 500], 1)[0]
    high = level(1000, 5000)
    return (
        high - level(50, 1000),
        high - level(500, 1000),
        float(density[below].max() - density[above].max()),
        float(slope),
    )


def _tremor(pitch: FloatArray) -> float:
    """Movement of `pitch` (semitones, NaN unvoiced) at 4-12 Hz: rms in semitones."""
    from scipy.ndimage import uniform_filter1d

    movement = []
    for first, last in runs(np.isfinite(pitch)):
        if last - first < TREMOR_STRETCH:
            continue
        piece = pitch[first:last]
        fast = uniform_filter1d(piece, TREMOR_FAST, mode="nearest")
        slow = uniform_filter1d(piece, TREMOR_SLOW, mode="nearest")
        movement.append((fast - slow)[TREMOR_EDGE:-TREMOR_EDGE])
    if not movement:
        return NAN
    return float(np.sqrt(np.mean(np.concatenate(movement) ** 2)))


def _voice_breaks(voiced: Mask) -> int:
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(runs(voiced))]
    return sum(BREAK_LENGTHS[0] <= gap <= BREAK_LENGTHS[1] for gap in gaps)


def _nuclei(loudness: FloatArray, voiced: Mask, top: float) -> int:
    from scipy.ndimage import maximum_filter1d, uniform_filter1d
    from scipy.signal import find_peaks

    smooth = uniform_filter1d(loudness, NUCLEUS_SMOOTHING, mode="nearest")
    peaks, _ = find_peaks(smooth, prominence=NUCLEUS_PROMINENCE, height=top - VOWEL_DEPTH)
    near_voice = maximum_filter1d(voiced, 2 * NUCLEUS_VOICED + 1)
    return int(near_voice[peaks].sum())
