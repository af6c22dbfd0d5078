"""Sniffs: short noises of breath through the nose, after or between words, as in tears (or a cold).

In: a ProsodyTrack and where to look (s). Out: where they were heard. A sniff is 80 to 450 ms of broad noise above
2 kHz without pitch that swells and falls, comes after a silence, and is not followed by a voice at once, as a
consonant would be. After the silence of a stop ("at six") an s can pass for one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audio.conversation import BAND_EDGES, FRAME, ProsodyTrack, Span, bands_within
from audio.separation import runs

FloatArray = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

AFTER = 0.6  # seconds behind the speech in which a sniff still belongs to it
NOISE_FROM, VOICE_TO = 2000, 750  # Hz: a sniff is stronger above the one than below the other
LENGTH = (0.08, 0.45)  # seconds
SILENCE = 5  # frames before it that must be still; the closure of a stop is mostly shorter
SILENCE_OFFSET = 2  # frames just before it that may be either
DROP = 12.0  # dB that the silence lies below the sniff's peak
VOICE_FOLLOWS = 5  # frames
PEAK = (0.15, 0.75)  # where in it the peak lies: the release of a stop starts with it
BROAD = 12.0  # dB that the noise in 2-5 kHz and that above may differ; an s has all of it above, an f little there
BROAD_ABOVE = 5000  # Hz
WEAKEST = 25.0  # dB below the loudest consonants of the stretch
SMOOTHING = 5  # frames


def find_sniffs(track: ProsodyTrack, span: Span) -> tuple[Span, ...]:
    """The sniffs from the start of `span` to AFTER seconds behind its end."""
    at = track.frames(Span(span.start, span.end + AFTER))
    bands = track.bands[at]
    noise, voice = _level(bands, NOISE_FROM, BAND_EDGES[-1]), _level(bands, 0, VOICE_TO)
    slant = _level(bands, BROAD_ABOVE, BAND_EDGES[-1]) - _level(bands, NOISE_FROM, BROAD_ABOVE)
    heard = np.isfinite(noise)
    pitched = np.isfinite(track.pitch[at])
    if not pitched.any():
        return ()
    top = float(np.percentile(noise[heard], 95))
    noisy = heard & ~pitched & (np.nan_to_num(noise, nan=-np.inf) > top - WEAKEST) & (noise > voice)
    voice_begins = int(pitched.argmax())  # what comes before may be the end of what somebody else did
    return tuple(
        Span((at.start + first) * FRAME, (at.start + last) * FRAME)
        for first, last in runs(_smoothed(noisy))
        if first > voice_begins and _is_sniff(noise, pitched, first, last) and abs(slant[first:last].mean()) <= BROAD
    )


def _is_sniff(noise: FloatArray, pitched: Mask, first: int, last: int) -> bool:
    is_cut_off = last == len(noise)  # it may go on for who knows how long
    if is_cut_off or not LENGTH[0] <= (last - first) * FRAME <= LENGTH[1]:
        return False
    before = slice(first - SILENCE_OFFSET - SILENCE, first - SILENCE_OFFSET)
    if before.start < 0 or pitched[before].any() or pitched[last : last + VOICE_FOLLOWS].any():
        return False
    if not PEAK[0] <= int(noise[first:last].argmax()) / (last - first) <= PEAK[1]:
        return False
    return bool((noise[before] < noise[first:last].max() - DROP).mean() > 0.7)


def _smoothed(mask: Mask) -> Mask:
    from scipy.ndimage import uniform_filter1d

    smooth: Mask = uniform_filter1d(mask.astype(np.float32), SMOOTHING) > 0.5
    return smooth


def _level(bands: FloatArray, low: int, high: int) -> FloatArray:
    """Level between two frequencies, dB, shape (frames,)."""
    chosen = bands_within(low, high)
    level: FloatArray = 10 * np.log10(np.sum(10 ** (bands[:, chosen] / 10), axis=1))
    return level
