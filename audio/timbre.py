"""How a voice sounds, frame by frame: cepstra and pitch of the speech in a recording, to tell voices apart.

In: mono samples at 16 kHz and the spans of speech. Out: a `Timbre`, 100 frames a second of speech only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audio.conversation import FRAME, REFERENCE_PITCH, Span
from audio.progress import Progress
from audio.recording import SAMPLE_RATE

HOP = round(FRAME * SAMPLE_RATE)  # samples between frames
WINDOW = 400  # samples: 25 ms, a few periods of any voice
CEPSTRA = 20  # coefficients; the first, which is loudness, is left out: people move
MELS = 40
LOWEST, HIGHEST = 60.0, 7600.0  # Hz, of the mel bands
PITCH_FLOOR, PITCH_CEILING = 60.0, 500.0  # Hz, of speaking adults
PITCH_STEP = 2  # frames from one pitch to the next: it moves slowly enough
PIECE = 6000  # frames analysed together (60 s), which bounds the memory
SHORTEST = 10  # frames; less holds no window of Praat's

# In noise, the logarithm of a band that holds nothing but the room says how the noise wavers, not whose voice it is,
# and it wavers widely. With the mean power of the room added to every band, bands under the noise all say the same.
# In a still room the soft bands carry the voice: there the same addition tripled the confusion of voices on the bench.
QUIET_SHARE = 0.1  # of the recording: its quietest frames are taken for the room, its loudest for the voices
# dB from the room to the voices, within which the room counts as noisy. Measured: 17.4 to 49 in recordings as they were
# made, 18 to 24 with babble 20 dB under the speech, 13 to 16 with white, pink or babble noise 10 dB under it.
NOISY = 17.0
UNHEARD = 6.0  # dB; if they are nearer than that nobody ever pauses, and the room is not known
MOST_QUIET = 6000  # frames measured, spread over the recording, which bounds the memory


@dataclass(frozen=True, slots=True)
class Timbre:
    """Speech frames of one recording, in order of time.

    frame: shape (n,), the number of each frame; it stands for FRAME seconds from number * FRAME on.
    cepstra: shape (n, CEPSTRA - 1), mel-frequency cepstra 1 to 19, each of mean 0 and deviation 1.
    pitch: shape (n,), semitones re REFERENCE_PITCH; NaN where unvoiced.
    """

    frame: npt.NDArray[np.int64]
    cepstra: npt.NDArray[np.float32]
    pitch: npt.NDArray[np.float32]

    @property
    def begins(self) -> npt.NDArray[np.bool_]:
        """Shape (n,): whether a frame is the first after a pause."""
        return np.diff(self.frame, prepend=-2) > 1


def timbre(samples: npt.NDArray[np.float32], regions: Sequence[Span], progress: Progress) -> Timbre:
    """Measure the frames of `samples`, shape (n,), that lie in `regions`; pieces under 0.1 s are left out.

    Cepstra after Davis & Mermelstein (1980), normalised over the speech of the recording, which takes the
    microphone and the room out; pitch by Praat's autocorrelation (Boersma 1993).
    """
    pieces = _pieces(regions, len(samples) // HOP)
    if not pieces:
        return Timbre(np.zeros(0, np.int64), np.zeros((0, CEPSTRA - 1), np.float32), np.zeros(0, np.float32))
    room = _room(samples)
    cepstra, pitch = [], []
    for number, (first, last) in enumerate(pieces, start=1):
        cepstra.append(_cepstra(samples, first, last, room))
        pitch.append(_pitch(samples, first, last))
        progress(number / len(pieces))
    return Timbre(
        np.concatenate([np.arange(first, last) for first, last in pieces]),
        _normalised(np.concatenate(cepstra)),
        np.concatenate(pitch),
    )


def _pieces(regions: Sequence[Span], count: int) -> list[tuple[int, int]]:
    """(first frame, one past the last) of each stretch of speech, none longer than about PIECE."""
    pieces = []
    for region in regions:
        first, last = max(0, round(region.start / FRAME)), min(count, round(region.end / FRAME))
        if last - first < SHORTEST:
            continue
        edges = np.linspace(first, last, 1 + -(-(last - first) // PIECE)).astype(int)
        pieces += [(int(a), int(b)) for a, b in pairwise(edges)]
    return pieces


def _room(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Mean power of a noisy room in each mel band, shape (MELS,), from the quietest frames; 0 where it is still."""
    starts = np.arange(0, len(samples) - WINDOW + 1, HOP)
    if not len(starts):
        return np.zeros(MELS, np.float32)
    frames = samples[: len(starts) * HOP].reshape(-1, HOP)
    power = np.einsum("ij,ij->i", frames, frames)
    room, voices = np.quantile(power, [QUIET_SHARE, 1 - QUIET_SHARE])
    if not room * 10 ** (UNHEARD / 10) < voices < room * 10 ** (NOISY / 10):
        return np.zeros(MELS, np.float32)
    still = starts[power <= room]
    windows = [samples[at : at + WINDOW] for at in still[:: 1 + len(still) // MOST_QUIET]]
    return np.asarray(_bands(np.concatenate(windows), WINDOW).mean(axis=1), dtype=np.float32)


def _cepstra(
    samples: npt.NDArray[np.float32], first: int, last: int, room: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    import librosa

    margin = (WINDOW - HOP) // 2
    start, end = first * HOP - margin, last * HOP + margin
    piece = np.pad(
        samples[max(0, start) : end], (max(0, -start), max(0, end - len(samples)))
    )  # the window of a frame is centred on it
    bands = _bands(piece, HOP) + room[:, np.newaxis]
    # No floor relative to the loudest (top_db): it would depend on what else lies in the piece.
    cepstra = librosa.feature.mfcc(S=librosa.power_to_db(bands, top_db=None), n_mfcc=CEPSTRA)
    return np.asarray(cepstra.T[: last - first, 1:], dtype=np.float32)


def _bands(samples: npt.NDArray[np.float32], hop: int) -> npt.NDArray[np.float32]:
    """Power in each mel band, shape (MELS, windows), of windows that begin every `hop` samples."""
    import librosa

    mel = librosa.feature.melspectrogram(
        y=samples,
        sr=SAMPLE_RATE,
        n_fft=WINDOW,
        hop_length=hop,
        window="hamming",
        center=False,
        n_mels=MELS,
        fmin=LOWEST,
        fmax=HIGHEST,
    )
    return np.asarray(mel, dtype=np.float32)


def _pitch(samples: npt.NDArray[np.float32], first: int, last: int) -> npt.NDArray[np.float32]:
    import parselmouth

    piece = samples[first * HOP : last * HOP].astype(np.float64)
    track = parselmouth.Sound(piece, SAMPLE_RATE).to_pitch_ac(
        PITCH_STEP * FRAME, PITCH_FLOOR, pitch_ceiling=PITCH_CEILING
    )
    hertz = track.selected_array["frequency"]
    centres = (np.arange(last - first) + 0.5) * FRAME
    nearest = np.clip(np.rint((centres - track.x1) / track.dx).astype(int), 0, len(hertz) - 1)
    voiced = hertz[nearest] > 0
    pitch = np.full(len(centres), np.nan, dtype=np.float32)
    pitch[voiced] = 12 * np.log2(hertz[nearest][voiced] / REFERENCE_PITCH)
    return pitch


def _normalised(cepstra: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """`cepstra`, changed in place: over hours a copy would count."""
    spread = np.maximum(cepstra.std(axis=0, dtype=np.float64), 1e-3)
    cepstra -= cepstra.mean(axis=0, dtype=np.float64).astype(np.float32)
    cepstra /= spread.astype(np.float32)
    return cepstra
