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
    bands_within,
)
from audio.separation import runs
from audio.sniffs import find_sniffs
from audio.tremor import tremor

FloatArray = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

FEWEST_FRAMES = 15  # of sound; in less, nothing but loudness means anything
FEWEST_VOICED = 8  # frames with pitch
LOUD_PERCENTILE = 95  # of the level in a stretch: its "top"
VOWEL_DEPTH = 20.0  # dB below the top: voiced frames above it carry the spectrum
SOUND_DEPTH = 25.0  # dB below the top: quieter frames are pauses
OVER_ROOM = 6.0  # dB over the room's noise: in quieter frames no missing pitch can be told from the room
FINEST_RANGE = 0.3  # semitones; a voice is never flatter than the tracker's own jitter
FINEST_ROUGHNESS = 0.02  # semitones; likewise
ROUGHEST = 1.0  # semitones; larger steps from one frame to the next are the tracker's
BEFORE_VOICE, AFTER_VOICE = 25, 35  # frames that the consonants at either end of a phrase take at most
VOWEL_EDGE = 3  # frames at either end of a voiced run where consonants weaken the pitch period
FEWEST_INNER = 6  # frames inside vowels
BREAK_LENGTHS = (2, 25)  # frames: shorter gaps are the tracker's, longer ones consonants and pauses
LEAST_FUNDAMENTAL = 25.0  # dB below 250-500 Hz; a voice is never so thin below 250 Hz, a telephone is
DEVOICED_BELOW, CONSONANT_ABOVE = 750, 2000  # Hz: a failing voice is stronger in the first, a consonant in the second

# Syllable nuclei after de Jong & Wempe (2009): peaks of the level, 2 dB above the dips, that are voiced.
NUCLEUS_PROMINENCE = 2.0  # dB
NUCLEUS_SMOOTHING = 5  # frames
NUCLEUS_VOICED = 2  # frames to either side in which pitch must be found

# The end of a phrase is drawn out (Klatt 1976), so that short phrases would all seem slow. Of what this is worth
# it was measured on synthetic speech that with 1.5 syllables a phrase of 1 s is as fast as one of 4 s.
FINAL_LENGTHENING = 1.5  # syllables

_EDGES = np.array(BAND_EDGES)
_VOWELS = re.compile(r"[aeiouyäöüáéíóúàèìòùâêîôûåæøœ]+")
_SILENT_E = re.compile(r"(?<=[aeiouy])([b-df-hj-np-tv-xz]+)e(s?)$")


def measure(track: ProsodyTrack, spans: Sequence[Span], words: Sequence[Word] = ()) -> Measures:
    """Measure the speech in `spans` of `track`; `words` are what is said there, for the rate."""
    at = _without_silent_ends(_frames(track, spans), track.loudness)
    sniffs = find_sniffs(track, Span(at[0] * FRAME, (at[-1] + 1) * FRAME)) if len(at) else ()
    at = _without_silent_ends(_near_voice(_without(at, sniffs), track.pitch), track.loudness)
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
    alpha_ratio, hammarberg, slope_low = _balance(track.bands[at[vowels]])
    return Measures(
        seconds=seconds,
        pitch_median=float(median),
        pitch_high=float(high),
        pitch_range=float(max(high - low, FINEST_RANGE)),
        tremor=tremor(pitch),
        roughness=_roughness(pitch),
        harmonicity=_harmonicity(track.voicing[at], vowels & _inner(voiced)),
        devoiced_share=_devoiced_share(track.bands[at], voiced, sound & (track.over_room[at] > OVER_ROOM)),
        unvoiced_share=float((sound & ~voiced).sum() / sound.sum()),
        voice_breaks=_voice_breaks(voiced) / seconds,
        pause_share=float(1 - sound.mean()),
        sniffs=float(len(sniffs)),
        loudness=float(loudness[voiced].mean()),
        tilt=_tilt(track.tilt[at], vowels),
        alpha_ratio=alpha_ratio,
        hammarberg=hammarberg,
        slope_low=slope_low,
        syllable_rate=_nuclei(np.where(heard, loudness, top - 60), voiced, top) / seconds,
        spoken_rate=_spoken_rate(words, seconds),
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


def _without(at: Indices, sniffs: Sequence[Span]) -> Indices:
    """The frames outside of all `sniffs`."""
    for sniff in sniffs:
        at = at[(at < round(sniff.start / FRAME)) | (at >= round(sniff.end / FRAME))]
    return at


def _near_voice(at: Indices, pitch: FloatArray) -> Indices:
    """The frames from shortly before the first voiced one to shortly after the last: what lies farther out is breath,
    or the end of somebody else's turn."""
    voiced = np.flatnonzero(np.isfinite(pitch[at]))
    if not len(voiced):
        return at
    near: Indices = at[(at >= at[voiced[0]] - BEFORE_VOICE) & (at <= at[voiced[-1]] + AFTER_VOICE)]
    return near


def _spoken_rate(words: Sequence[Word], seconds: float) -> float:
    if not words:
        return NAN
    return (sum(syllables(word.text) for word in words) + FINAL_LENGTHENING) / seconds


def syllables(text: str) -> int:
    """Syllables of a written word, by its groups of vowels; at least one where there is a letter."""
    letters = re.sub(r"[^\w]", "", text.lower())
    if not letters:
        return 0
    return max(1, len(_VOWELS.findall(_SILENT_E.sub(r"\1\2", letters))))


def _balance(bands: FloatArray) -> tuple[float, float, float]:
    """Alpha ratio, Hammarberg index (dB) and low slope (dB/kHz) of `bands`, shape (frames, bands), in dB."""
    levels = bands.astype(np.float64)
    power = np.mean(10 ** (levels / 10), axis=0)
    width = np.diff(_EDGES)
    density = 10 * np.log10(power / width)

    def level(low: int, high: int) -> float:
        return float(10 * np.log10(power[bands_within(low, high)].sum()))

    return (
        level(1000, 5000) - level(50, 1000),
        float(density[bands_within(0, 2000)].max() - density[bands_within(2000, 5000)].max()),
        _slope_low(levels.mean(axis=0) - 10 * np.log10(width)),
    )


def _slope_low(density: FloatArray) -> float:
    """Slope in 50-500 Hz of the mean levels, dB re 1 Hz (of levels, so that the loudest vowel counts no more)."""
    below, above = density[bands_within(0, 250)].mean(), density[bands_within(250, 500)].mean()
    if below < above - LEAST_FUNDAMENTAL:
        return NAN
    low = bands_within(0, 500)
    return float(np.polyfit((_EDGES[:-1] + np.diff(_EDGES) / 2)[low] / 1000, density[low], 1)[0])


def _tilt(tilt: FloatArray, vowels: Mask) -> float:
    known = tilt[vowels & np.isfinite(tilt)]
    return float(known.mean()) if len(known) else NAN


def _inner(voiced: Mask) -> Mask:
    """Voiced frames that are VOWEL_EDGE and more away from the next unvoiced one."""
    from scipy.ndimage import binary_erosion

    inner: Mask = binary_erosion(voiced, iterations=VOWEL_EDGE)
    return inner


def _harmonicity(voicing: FloatArray, inside: Mask) -> float:
    """Mean harmonics-to-noise ratio in dB, 10 log10(r / (1 - r)) of the strength r (Boersma 1993)."""
    strength = voicing[inside]
    if len(strength) < FEWEST_INNER:
        return NAN
    return float(np.mean(10 * np.log10(np.maximum(strength, 0.01) / (1 - strength))))


def _roughness(pitch: FloatArray) -> float:
    """Mean size of the second difference of `pitch` (semitones, NaN unvoiced)."""
    bends = np.abs(np.diff(pitch, 2))
    bends = bends[np.isfinite(bends)]
    if len(bends) < FEWEST_INNER:
        return NAN
    return max(float(np.minimum(bends, ROUGHEST).mean()), FINEST_ROUGHNESS)


def _devoiced_share(bands: FloatArray, voiced: Mask, sound: Mask) -> float:
    if not sound.any():
        return NAN
    power = 10 ** (bands / 10)
    vocal = power[:, bands_within(0, DEVOICED_BELOW)].sum(axis=1) > power[:, bands_within(CONSONANT_ABOVE, 8000)].sum(
        axis=1
    )
    return float((sound & ~voiced & vocal).sum() / sound.sum())


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
