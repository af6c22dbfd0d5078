"""How alike stretches of one recording sound: a mixture of Gaussians for all voices in it, and where each departs.

In: VoiceFrames, and which stretch each frame belongs to. Out: for stretches and groups of them, log-likelihood ratios.
Source: Reynolds, Quatieri & Dunn (2000), "Speaker verification using adapted Gaussian mixture models"; the ratio is
taken from the sums of a stretch, without going through its frames again, as Glembek et al. (2009) do.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.conversation import VoiceFrames

CEPSTRA = 16  # coefficients; the first, which is loudness, is left out: people move
COMPONENTS = 32
FRAMES_A_COMPONENT = 60  # frames; a recording of less speech gets fewer components
VARIANCE_FLOOR = 0.02  # of frames whose variance is 1
MOST_FRAMES = 12_000  # the mixture is learnt from, spread over the recording
ROUNDS = 15  # of expectation-maximisation
# Frames that the shares of all components start from: in a short stretch what is said decides them, not who says it.
# Without the shares (Reynolds adapts means alone) a third of the wrong lines of two real readers were not found.
SHARE_RELEVANCE = 200.0
RELEVANCE = 8.0  # frames that the mean of a component starts from, as it is for all voices (Reynolds: 8 to 20)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AdaptedVoice:
    """Voices: where the mean of each component lies, shape (s, k, d), and the share of frames in it, shape (s, k)."""

    mean: Floats
    share: Floats


@dataclass(frozen=True, slots=True)
class Sums:
    """What stretches of speech hold of each component, in its own deviations from its own mean: they can be added.

    frames: shape (s, k), how many frames belong to a component.
    offset: shape (s, k, d), the sum of how far these lie from its mean.
    usual: shape (k,), the share of all frames that belong to a component.
    """

    frames: Floats
    offset: Floats
    usual: Floats

    def of(self, rows: npt.NDArray[np.bool_]) -> Sums:
        """All of the stretches that `rows`, shape (s,), names, added up; one stretch."""
        frames, offset = (sums[rows].sum(axis=0, keepdims=True) for sums in (self.frames, self.offset))
        return Sums(frames, offset, self.usual)

    def at(self, row: int) -> Sums:
        """One stretch."""
        return Sums(self.frames[row : row + 1], self.offset[row : row + 1], self.usual)

    def masked(self, rows: npt.NDArray[np.bool_]) -> Sums:
        """The same stretches, with nothing in those that `rows`, shape (s,), leaves out."""
        return Sums(self.frames * rows[:, np.newaxis], self.offset * rows[:, np.newaxis, np.newaxis], self.usual)

    def less(self, part: Sums) -> Sums:
        """What is left without `part`."""
        return Sums(self.frames - part.frames, self.offset - part.offset, self.usual)

    def voice(self) -> AdaptedVoice:
        """The voice that is heard in each stretch; like all voices together where little of it is heard."""
        share = self.frames + SHARE_RELEVANCE * self.usual
        return AdaptedVoice(
            self.offset / (self.frames[:, :, np.newaxis] + RELEVANCE), share / share.sum(axis=1, keepdims=True)
        )


def cepstra(voices: VoiceFrames) -> Floats:
    """Shape (n, CEPSTRA), normalised over the recording, which takes the microphone and the room out."""
    from scipy.fft import dct

    found = dct(voices.bands.astype(np.float64), type=2, norm="ortho", axis=1)[:, 1 : CEPSTRA + 1]
    normalised: Floats = (found - found.mean(axis=0)) / np.maximum(found.std(axis=0), 1e-3)
    return normalised


def stretch_sums(voices: VoiceFrames, stretch: npt.NDArray[np.int64], count: int) -> Sums:
    """The sums of `count` stretches; `stretch`, shape (n,), is the number of each frame's, -1 for those of none.

    The same input gives the same sums: seeds are fixed.
    """
    frames = cepstra(voices)
    mixture = _mixture(frames)
    kept = stretch >= 0
    frames, stretch = frames[kept], stretch[kept]
    share = mixture.predict_proba(frames)
    frames_of, offset = np.zeros((count, share.shape[1])), np.zeros((count, share.shape[1], frames.shape[1]))
    for component, (mean, variance) in enumerate(zip(mixture.means_, mixture.covariances_, strict=True)):
        own = share[:, component]
        frames_of[:, component] = np.bincount(stretch, own, minlength=count)
        moved = own[:, np.newaxis] * (frames - mean) / np.sqrt(variance)
        for axis in range(frames.shape[1]):
            offset[:, component, axis] = np.bincount(stretch, moved[:, axis], minlength=count)
    return Sums(frames_of, offset, np.asarray(mixture.weights_))


def ratio(stretches: Sums, one: AdaptedVoice, other: AdaptedVoice) -> Floats:
    """How much likelier stretches are said by the voice `one` than by the `other`, log-likelihood, shape (s,)."""
    nearer = 0.5 * (np.square(other.mean).sum(axis=2) - np.square(one.mean).sum(axis=2))
    along = (stretches.offset * (one.mean - other.mean)).sum(axis=(1, 2))
    return np.asarray(along + (stretches.frames * (nearer + np.log(one.share / other.share))).sum(axis=1))


def _mixture(frames: Floats) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    seen = frames[:: 1 + len(frames) // MOST_FRAMES]
    size = max(1, min(COMPONENTS, len(seen) // FRAMES_A_COMPONENT))
    mixture = GaussianMixture(
        size, covariance_type="diag", reg_covar=VARIANCE_FLOOR, max_iter=ROUNDS, init_params="k-means++", random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # few rounds on purpose
        return mixture.fit(seen)
