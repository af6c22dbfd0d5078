"""What is kept of the sound of the voices, so that who speaks can be compared later, without the recording.

In: samples at 16 kHz and where somebody speaks alone in them. Out: VoiceFrames, twenty a second.
Levels in mel bands are kept, not cepstra: only whoever compares two recordings knows which bands both of them have.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from audio.conversation import VOICE_BANDS, VOICE_STEP, Span, Turn, VoiceFrames, times_within
from audio.prosody import FloatArray
from audio.recording import SAMPLE_RATE

WINDOW = 512  # samples: 32 ms, a few periods of any voice
LOWEST, HIGHEST = 60.0, 7600.0  # Hz, of the mel bands
BAND_EDGES = 2  # more edges than bands, as each band rises from one edge to the next and falls to the one after
QUIETEST = -127  # dB re full scale; what is less says nothing
TOGETHER = 6000  # frames measured together (5 minutes), which bounds the memory
HOP = round(VOICE_STEP * SAMPLE_RATE)  # samples
NO_FRAMES = VoiceFrames(np.zeros(0, np.int32), np.zeros((0, VOICE_BANDS), np.int8))


def voice_frames(samples: FloatArray, alone: Sequence[Span]) -> VoiceFrames:
    """Measure the `samples`, shape (n,), where one speaker is heard `alone`.

    Mel bands after Davis & Mermelstein (1980), of a Hamming window around the middle of each frame.
    """
    frame = _frames(alone, len(samples))
    if not len(frame):
        return NO_FRAMES
    pieces = [frame[at : at + TOGETHER] for at in range(0, len(frame), TOGETHER)]
    return VoiceFrames(frame, np.concatenate([_bands(samples, piece) for piece in pieces]))


def joined(parts: Sequence[VoiceFrames]) -> VoiceFrames:
    """The frames of several speakers in order of time."""
    if not parts:
        return NO_FRAMES
    frame = np.concatenate([part.frame for part in parts])
    order = np.argsort(frame, kind="stable")
    return VoiceFrames(frame[order], np.concatenate([part.bands for part in parts])[order])


def alone(turns: Sequence[Turn], speaker: str) -> list[Span]:
    """Where a speaker is heard and nobody else, in order of time."""
    edges = sorted({edge for turn in turns for edge in (turn.start, turn.end)})
    starts = np.array(edges)
    own, others = np.zeros(len(edges), np.int64), np.zeros(len(edges), np.int64)
    for turn in turns:
        first, last = np.searchsorted(starts, (turn.start, turn.end))
        (own if turn.speaker == speaker else others)[first:last] += 1
    return [Span(edges[at], edges[at + 1]) for at in np.flatnonzero((own > 0) & (others == 0))]


def band_frequencies() -> npt.NDArray[np.float64]:
    """Lower and upper end of each band in Hz, shape (VOICE_BANDS, 2)."""
    import librosa

    edges = librosa.mel_frequencies(VOICE_BANDS + BAND_EDGES, fmin=LOWEST, fmax=HIGHEST)
    return np.column_stack([edges[:-BAND_EDGES], edges[BAND_EDGES:]])


def _frames(alone: Sequence[Span], count: int) -> npt.NDArray[np.int32]:
    """Numbers of the frames whose middle lies in one of the spans, and whose window in the `count` samples."""
    middle = (np.arange(count // HOP) + 0.5) * VOICE_STEP
    return np.flatnonzero(times_within(middle, alone)).astype(np.int32)


def _bands(samples: FloatArray, frame: npt.NDArray[np.int32]) -> npt.NDArray[np.int8]:
    """Level in each band, whole dB, shape (frames, VOICE_BANDS)."""
    starts = frame.astype(np.int64) * HOP + (HOP - WINDOW) // 2
    windows = samples[starts[:, np.newaxis] + np.arange(WINDOW)] * np.hamming(WINDOW).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(windows))) @ _mel()
    level = 10 * np.log10(np.maximum(power, 1e-30))
    return np.asarray(np.rint(np.maximum(level, QUIETEST)), dtype=np.int8)


@cache
def _mel() -> npt.NDArray[np.float64]:
    """Weight of each line of the spectrum in each band, shape (lines, VOICE_BANDS): a full-scale tone is below 0 dB."""
    import librosa

    weights = librosa.filters.mel(sr=SAMPLE_RATE, n_fft=WINDOW, n_mels=VOICE_BANDS, fmin=LOWEST, fmax=HIGHEST)
    scale = weights.max(axis=1, keepdims=True) * np.square(np.hamming(WINDOW).sum())
    return np.asarray((weights / scale).T, dtype=np.float64)
