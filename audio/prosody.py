"""From samples to prosody tracks: pitch, voicing, loudness and spectral balance at 100 frames a second.

In: float32 samples at 16 kHz and the spans in which each speaker is heard (seconds).
Out: one ProsodyTrack a speaker. Pitch is Praat's (Boersma 1993), loudness the mean level of a
frame; the spectral measures follow GeMAPS (Eyben et al. 2016), less the steady noise of the room.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audio.conversation import BAND_EDGES, FRAME, NAN, ProsodyTrack, Span
from audio.recording import SAMPLE_RATE
from audio.spectral_tilt import tilt_track

FloatArray = npt.NDArray[np.float32]
Voice = tuple[FloatArray, FloatArray]  # pitch and strength, see pitch_track

HOP = round(FRAME * SAMPLE_RATE)
FFT_LENGTH = 512  # samples: 32 ms, 31 Hz a bin
BLOCK = 30.0  # seconds analysed at a time, so that an hour needs no more memory than a minute

# Pitch is tracked twice: first over a wide range to learn the voice, then in the range of that voice.
WIDE_FLOOR, WIDE_CEILING = 60.0, 600.0  # Hz: adult speech, a raised voice included
RANGE_SAMPLE = 30.0  # seconds of a voice that are enough to learn its range
# Hirst (2011) takes 0.75 of the first and 1.5 of the third quartile; wider here, for tears and anger.
FLOOR_FACTOR, CEILING_FACTOR = 0.65, 2.2
# Where octaves are mistaken (a telephone takes the fundamental away), the third quartile is too high: the ceiling is
# no more than this many times the first.
CEILING_OVER_LOW = 3.2
OCTAVE_JUMP_COST = 0.5  # Praat's default is 0.35; creaky ends jump octaves less with more

EDGE = 0.6  # seconds after a turn in which a sniff or sigh still belongs to the speaker
ONSET = 0.15  # seconds before somebody else's first voiced frame that may be theirs already: a consonant
QUIET_SHARE = 0.1  # the quietest frames, taken for the noise of the room
QUIET_DEPTH = 6.0  # dB that they lie below the loudest tenth; else nobody ever pauses and nothing is known
QUIETEST = 1e-10  # power (re full scale) below which nothing is heard
LOUD_DEPTH = 25.0  # dB below a speaker's loudest: voiced frames above it show the spectrum of the voice
LEAST_OVER_ROOM = 0.05  # of the room's power; keeps the correction for its noise finite
STRONGEST = 0.995  # of a pitch period; beyond it a harmonics-to-noise ratio says nothing (23 dB)


@dataclass(frozen=True, slots=True)
class SoundFrames:
    """What does not depend on whose voice it is: `loudness`, `over_room` (n,) and `bands` (n, bands) of a track."""

    loudness: FloatArray
    over_room: FloatArray
    bands: FloatArray


def frame_count(samples: int) -> int:
    """Frames of a track over `samples` samples."""
    return samples // HOP + 1


def sound_frames(samples: FloatArray) -> SoundFrames:
    """Loudness and spectral balance of mono `samples`, shape (samples,), whoever speaks."""
    total = frame_count(len(samples))
    loudness = np.empty(total, np.float32)
    bands = np.empty((total, len(BAND_EDGES) - 1), np.float32)
    step = round(BLOCK / FRAME)
    for first in range(0, total, step):
        last = min(total, first + step)
        loudness[first:last] = _loudness(samples, first, last)
        bands[first:last] = _band_power(samples, first, last)
    still = _still_frames(loudness)
    room = bands[still].mean(axis=0) if still.any() else np.float32(0)
    np.maximum(bands - room, QUIETEST, out=bands)
    return SoundFrames(loudness, loudness - _mean_level(loudness[still]), _decibels(bands))


def frame_levels(samples: FloatArray) -> FloatArray:
    """Level of every frame of mono `samples` in dB re full scale, shape (frames,)."""
    total, step = frame_count(len(samples)), round(BLOCK / FRAME)
    blocks = [_loudness(samples, first, min(total, first + step)) for first in range(0, total, step)]
    return np.concatenate(blocks)


def prosody_tracks(
    samples: FloatArray, frames: SoundFrames, spans: Mapping[str, Sequence[Span]], elsewhere: Sequence[Span] = ()
) -> dict[str, ProsodyTrack]:
    """The track of each speaker who is heard in their `spans` (sorted, apart), in mono `samples` at 16 kHz.

    Loudness and bands are also kept for EDGE seconds behind a span, for sniffs and sighs, as long as nobody else has
    raised their voice and none of `elsewhere` (turns of people who are heard in other samples) has begun.
    """
    voices = {speaker: pitch_track(samples, own) for speaker, own in spans.items()}
    return {
        speaker: _track(voices[speaker], frames, own, _voices_of_others(speaker, spans, voices, elsewhere))
        for speaker, own in spans.items()
    }


def prosody_track(samples: FloatArray, frames: SoundFrames, spans: Sequence[Span]) -> ProsodyTrack:
    """The track of the only speaker, who is heard in `spans`; see prosody_tracks."""
    return prosody_tracks(samples, frames, {"": spans})[""]


def _voices_of_others(
    speaker: str, spans: Mapping[str, Sequence[Span]], voices: Mapping[str, Voice], elsewhere: Sequence[Span]
) -> list[Span]:
    """Where others are heard: each span of theirs from just before its first voiced frame."""
    found = list(elsewhere)
    for other, theirs in spans.items():
        if other == speaker:
            continue
        voiced = np.flatnonzero(np.isfinite(voices[other][0])) * FRAME
        for span in theirs:
            first = int(np.searchsorted(voiced, span.start))
            if first < len(voiced) and voiced[first] < span.end:
                found.append(Span(max(span.start, voiced[first]) - ONSET, span.end))
    return found


def _track(voice: Voice, frames: SoundFrames, spans: Sequence[Span], others: Sequence[Span]) -> ProsodyTrack:
    pitch, strength = voice
    total = len(pitch)
    own, after, elsewhere = (np.zeros(total, bool) for _ in range(3))
    for span in spans:
        own[_index(span.start, total) : _index(span.end, total)] = True
        after[_index(span.end, total) : _index(span.end + EDGE, total)] = True
    for span in others:
        elsewhere[_index(span.start, total) : _index(span.end, total)] = True
    heard = own | (after & ~elsewhere)
    loudness = np.where(heard, frames.loudness, np.float32(NAN))
    bands = np.where(heard[:, None], frames.bands, np.float32(NAN))
    return ProsodyTrack(
        pitch=pitch,
        voicing=_without_room(strength, frames.over_room),
        loudness=loudness,
        over_room=np.where(heard, frames.over_room, np.float32(NAN)),
        bands=bands,
        tilt=tilt_track(bands, _vowels(pitch, loudness)),
    )


def _vowels(pitch: FloatArray, loudness: FloatArray) -> npt.NDArray[np.bool_]:
    """The voiced frames that are loud enough for their spectrum to be the voice's own."""
    voiced = np.isfinite(pitch) & np.isfinite(loudness)
    if not voiced.any():
        return voiced
    loud: npt.NDArray[np.bool_] = (
        np.nan_to_num(loudness, nan=-np.inf) > np.percentile(loudness[voiced], 95) - LOUD_DEPTH
    )
    return voiced & loud


def _without_room(strength: FloatArray, over_room: FloatArray) -> FloatArray:
    """The strength of the pitch period had the room been still: noise of power N in a frame of power P leaves
    (P - N) / P of it (Boersma 1993, on the autocorrelation of a periodic signal with noise added)."""
    ratio = 10 ** (over_room / 10)
    clean: FloatArray = np.clip(strength * ratio / np.maximum(ratio - 1, LEAST_OVER_ROOM), 0, STRONGEST)
    return clean


def pitch_track(samples: FloatArray, spans: Sequence[Span]) -> tuple[FloatArray, FloatArray]:
    """Pitch in Hz and voicing strength 0 to 1 of one speaker, each of shape (frames,), NaN where unvoiced."""
    floor, ceiling = pitch_range(samples, spans)
    total = frame_count(len(samples))
    pitch = np.full(total, NAN, np.float32)
    voicing = np.full(total, NAN, np.float32)
    for span in spans:
        times, hertz, strength = _praat_pitch(samples, span, floor, ceiling)
        if not len(times):
            continue
        # Praat centres its frames in the sound, up to half a frame off ours: shift them all alike.
        at = int(np.floor(times[0] / FRAME + 0.5 - 1e-6)) + np.arange(len(times))
        inside = (at >= 0) & (at < total) & (hertz > 0)
        pitch[at[inside]] = hertz[inside]
        voicing[at[inside]] = np.minimum(strength[inside], 1.0)
    return pitch, voicing


def pitch_range(samples: FloatArray, spans: Sequence[Span]) -> tuple[float, float]:
    """Floor and ceiling in Hz that fit the voice in `spans`, learnt from RANGE_SAMPLE seconds of it."""
    share = min(1.0, RANGE_SAMPLE / max(sum(span.duration for span in spans), FRAME))
    every = max(1, round(1 / share))
    heard = [_praat_pitch(samples, span, WIDE_FLOOR, WIDE_CEILING)[1] for span in spans[::every]]
    hertz = np.concatenate(heard) if heard else np.zeros(0)
    hertz = hertz[hertz > 0]
    if len(hertz) < 1 / FRAME:
        return WIDE_FLOOR, WIDE_CEILING
    low, high = np.percentile(hertz, [25, 75])
    return max(WIDE_FLOOR, FLOOR_FACTOR * low), min(WIDE_CEILING, CEILING_FACTOR * high, CEILING_OVER_LOW * low)


def _praat_pitch(
    samples: FloatArray, span: Span, floor: float, ceiling: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times (s), pitch (Hz, 0 unvoiced) and strength of `span` by Praat's autocorrelation (Boersma 1993)."""
    import parselmouth

    margin = 3.0 / floor  # half of Praat's window on either side, so that the span's edges are measured
    start = max(0, round((span.start - margin) * SAMPLE_RATE) // HOP * HOP)
    end = min(len(samples), round((span.end + margin) * SAMPLE_RATE))
    if end - start < (2 * margin) * SAMPLE_RATE:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    sound = parselmouth.Sound(samples[start:end].astype(np.float64), SAMPLE_RATE)
    track = sound.to_pitch_ac(
        time_step=FRAME,
        pitch_floor=floor,
        pitch_ceiling=ceiling,
        octave_jump_cost=OCTAVE_JUMP_COST,
    )
    times = track.xs() + start / SAMPLE_RATE
    chosen = track.selected_array
    inside = (times >= span.start) & (times < span.end)
    return times[inside], chosen["frequency"][inside], chosen["strength"][inside]


def _index(time: float, total: int) -> int:
    return min(total, max(0, round(time / FRAME)))


def _windowed(samples: FloatArray, first: int, last: int) -> FloatArray:
    """Frames `first` to `last`, centred on i * HOP: shape (last - first, FFT_LENGTH)."""
    half = FFT_LENGTH // 2
    start, end = first * HOP - half, (last - 1) * HOP + half
    piece = samples[max(0, start) : min(len(samples), end)]
    piece = np.pad(piece, (max(0, -start), max(0, end - len(samples))))
    return np.lib.stride_tricks.sliding_window_view(piece, FFT_LENGTH)[::HOP]


def _band_power(samples: FloatArray, first: int, last: int) -> FloatArray:
    """Power re full scale in each band of BAND_EDGES: shape (frames, bands)."""
    import scipy.fft

    window = np.hanning(FFT_LENGTH).astype(np.float32)
    spectrum = scipy.fft.rfft(_windowed(samples, first, last) * window, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2) / np.float32(np.sum(window**2) * FFT_LENGTH / 2)
    corners = np.round(np.array(BAND_EDGES) * FFT_LENGTH / SAMPLE_RATE).astype(int)
    bands: FloatArray = np.add.reduceat(power[:, : corners[-1]], corners[:-1], axis=1)
    return bands


def _loudness(samples: FloatArray, first: int, last: int) -> FloatArray:
    """Mean level of each frame in dB re full scale."""
    frames = _windowed(samples, first, last)
    return _decibels(np.maximum(np.einsum("ij,ij->i", frames, frames) / FFT_LENGTH, QUIETEST))


def _still_frames(loudness: FloatArray) -> npt.NDArray[np.bool_]:
    """The quietest frames, where only the room is heard; none where nobody ever pauses."""
    quietest, loudest = np.quantile(loudness, [QUIET_SHARE, 1 - QUIET_SHARE])
    if loudest - quietest < QUIET_DEPTH:
        return np.zeros(len(loudness), np.bool_)
    still: npt.NDArray[np.bool_] = loudness <= quietest
    return still


def _mean_level(levels: FloatArray) -> float:
    """Level of the mean power, dB; that of silence where there are none."""
    power = float(np.mean(10 ** (levels.astype(np.float64) / 10))) if len(levels) else QUIETEST
    return 10 * math.log10(power)


def _decibels(power: FloatArray) -> FloatArray:
    level: FloatArray = 10 * np.log10(power)
    return level
