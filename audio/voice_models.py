"""Models of the voices in a recording, and the course of voices that is likeliest under them.

In: the frames of a `Timbre`. Out: the number of a voice for each of them. Each voice is a mixture of Gaussians
over its cepstra and one over its pitch; models and course are improved in turns, from each first guess, and
the likeliest outcome is kept. Seeds are fixed: the same input gives the same voices.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from audio.conversation import FRAME
from audio.timbre import Timbre
from audio.voice_clusters import first_guesses

# The model of a voice. Sixteen Gaussians leave one voice room for several tones: with eight, confusion on the
# bench was 0.6 per cent instead of 0.2, with four 1.4.
COMPONENTS = 16
FRAMES_A_COMPONENT = 60  # frames; a voice heard for less gets fewer components
VARIANCE_FLOOR = 0.02  # of frames whose variance is 1
MOST_FRAMES = 6_000  # a voice is learnt from, spread over the recording: 20,000 gave the same turns
FIRST_ROUNDS, LATER_ROUNDS = 15, 5  # of expectation-maximisation
SCORED_TOGETHER = 50_000  # frames, which bounds the memory

PITCH_WEIGHT = 2.0  # pitch counts as two cepstra; beyond that, raised voices split off
PITCH_COMPONENTS = 2
PITCH_FLOOR = 2.0  # semitones squared: nobody's pitch is steadier in conversation
PITCH_ANYWHERE = 0.1, 30.0  # chance of a wrong or extreme pitch, spread evenly over so many semitones
LEAST_VOICED = 50  # frames

STEP = 5  # frames (50 ms) decided together
CHANGE = 60.0  # log-likelihood a change of speaker must gain: some 80 ms of clear difference
CHANGE_AT_PAUSE = 15.0  # the same where speech begins anew: a short "yeah" after a pause must not be lost
PASSES = 8  # of re-estimation at most
SETTLED = 0.999  # share of frames that stay where they were

LEAST_VOICE = 1.0  # seconds in all; less is no speaker but an accident

# How much better a voice's own model explains phrases it has not learnt from than the other voice's does, as
# log-likelihood a frame (median over phrases). Measured: recordings of two voices 2.0 to 14 (in nine of ten above
# 3); of one voice, cut in two by force, 0.2 to 7, a third of them below 1.5.
ONE_VOICE = 1.5
NEAR = 3.0
# Share of the speech on which the outcomes of all first guesses agree. Measured where two voices were told apart
# rightly: 0.94 to 1.00; where strong tones were taken for voices: below 0.94 in two recordings of three.
DISAGREEING = 0.94
LEAST_UNSEEN = 50  # frames of a voice in each half, below which nothing can be said

Labels = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """Voices told apart.

    labels: shape (n,), number of a voice for each frame.
    distance: how far the two nearest voices are apart, as `_nearest` has it; NaN where nothing can be said.
    agreement: share of the frames on which the outcomes of all first guesses agree, 0 to 1.
    """

    labels: Labels
    distance: float
    agreement: float

    @property
    def is_doubtful(self) -> bool:
        """Whether a person had better check."""
        return not self.distance >= NEAR or self.agreement < DISAGREEING


def told_apart(voices: Timbre, count: int) -> Told:
    """Tell `count` voices apart, or fewer where fewer are heard.

    Source: GMM re-segmentation as in Reynolds & Torres-Carrasquillo (2005), "Approaches and applications of
    audio diarization".
    """
    outcomes = [_refined(voices, labels) for labels in first_guesses(voices, count)]
    labels, _ = max(outcomes, key=lambda outcome: outcome[1])
    agreement = min(_agreement(labels, other) for other, _ in outcomes)
    while True:
        distance, (one, other) = _nearest(voices, labels)
        if not distance < ONE_VOICE:
            return Told(labels, distance, agreement)
        labels = _renumbered(np.where(labels == other, one, labels))


def _agreement(labels: Labels, others: Labels) -> float:
    """Share of the frames that are alike once the numbers of the voices are matched best."""
    from scipy.optimize import linear_sum_assignment

    size = int(max(labels.max(), others.max())) + 1
    shared = np.bincount(labels * size + others, minlength=size * size).reshape(size, size)
    return float(shared[linear_sum_assignment(shared, maximize=True)].sum() / len(labels))


def _refined(voices: Timbre, labels: Labels) -> tuple[Labels, float]:
    """Re-estimate models and course in turns until they settle; voices that fade away are let go.

    The second is the log-likelihood of the course and all that was heard, under the models.
    """
    block = _blocks(voices)
    opening = np.flatnonzero(np.diff(block, prepend=-1))
    price = np.where(voices.begins[opening], CHANGE_AT_PAUSE, CHANGE)
    models: list[Any] = [None] * (int(labels.max()) + 1)
    if len(models) < 2:
        return np.zeros_like(labels), -np.inf
    for _ in range(PASSES):
        models = [_model(voices, labels == voice, model) for voice, model in enumerate(models)]
        scores = np.column_stack([_scores(voices, labels == voice, model) for voice, model in enumerate(models)])
        course, likelihood = _course(np.add.reduceat(scores, opening), price)
        seconds = np.bincount(course[block], minlength=len(models)) * FRAME
        heard = seconds >= min(LEAST_VOICE, seconds.max())
        if not heard.all():
            course, likelihood = _course(np.add.reduceat(scores[:, heard], opening), price)
            models = [model for model, kept in zip(models, heard, strict=True) if kept]
        settled = float(np.mean(course[block] == labels)) > SETTLED
        labels = course[block]
        if settled:
            break
    return _renumbered(labels), likelihood


def _renumbered(labels: Labels) -> Labels:
    """`labels` without unused numbers."""
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _blocks(voices: Timbre) -> Labels:
    """Number of the block of STEP frames that each frame is decided with; none reaches across a pause."""
    rows = np.arange(len(voices.frame))
    starts = np.maximum.accumulate(np.where(voices.begins, rows, 0))
    return np.cumsum((rows - starts) % STEP == 0) - 1


def _model(voices: Timbre, own: npt.NDArray[np.bool_], earlier: Any = None) -> Any:
    """A Gaussian mixture of the cepstra of a voice, started from its `earlier` one where that fits."""
    rows = np.flatnonzero(own)
    frames = voices.cepstra[rows[:: 1 + len(rows) // MOST_FRAMES]]
    size = max(1, min(COMPONENTS, len(frames) // FRAMES_A_COMPONENT))
    if earlier is None or earlier.n_components != size:
        return _mixture(frames, size, max_iter=FIRST_ROUNDS, init_params="k-means++")
    return _mixture(
        frames,
        size,
        max_iter=LATER_ROUNDS,
        weights_init=earlier.weights_,
        means_init=earlier.means_,
        precisions_init=earlier.precisions_,
    )


def _mixture(frames: npt.NDArray[Any], size: int, **options: Any) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    options = {"reg_covar": VARIANCE_FLOOR, "covariance_type": "diag", "random_state": 0} | options
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # few rounds on purpose: the next pass goes on
        return GaussianMixture(size, **options).fit(frames)


def _scores(voices: Timbre, own: npt.NDArray[np.bool_], model: Any) -> Scores:
    """Log-likelihood of every frame under one voice, shape (n,): its cepstra, and its pitch where voiced."""
    return _timbre_scores(voices.cepstra, model) + PITCH_WEIGHT * _pitch_scores(voices.pitch, own)


def _timbre_scores(cepstra: npt.NDArray[np.float32], model: Any) -> Scores:
    pieces = range(0, len(cepstra), SCORED_TOGETHER)
    return np.concatenate([model.score_samples(cepstra[at : at + SCORED_TOGETHER]) for at in pieces])


def _pitch_scores(pitch: npt.NDArray[np.float32], own: npt.NDArray[np.bool_]) -> Scores:
    scores = np.zeros(len(pitch))
    voiced = ~np.isnan(pitch)
    known = pitch[own & voiced]
    if len(known) < LEAST_VOICED:
        return scores
    known = known[:: 1 + len(known) // MOST_FRAMES, None]
    model = _mixture(known, PITCH_COMPONENTS, reg_covar=PITCH_FLOOR, max_iter=FIRST_ROUNDS)
    chance, width = PITCH_ANYWHERE
    usual = model.score_samples(pitch[voiced, None]) + np.log(1 - chance)
    scores[voiced] = np.logaddexp(usual, np.log(chance / width))
    return scores


def _course(scores: Scores, price: Scores) -> tuple[Labels, float]:
    """The likeliest course of voices, shape (blocks,), for `scores` (blocks, voices), and its log-likelihood.

    price: what a change of voice costs on entering each block, shape (blocks,). Source: Viterbi (1967).
    """
    blocks, voices = scores.shape
    stay = np.arange(voices)
    origin = np.empty((blocks, voices), dtype=np.int8)
    total = scores[0]
    for block in range(1, blocks):
        best = int(total.argmax())
        changed = total[best] - price[block]
        stays = total >= changed
        origin[block] = np.where(stays, stay, best)
        total = np.where(stays, total, changed) + scores[block]
    course = np.empty(blocks, dtype=np.int64)
    course[-1] = total.argmax()
    for block in range(blocks - 1, 0, -1):
        course[block - 1] = origin[block, course[block]]
    return course, float(total.max())


def _nearest(voices: Timbre, labels: Labels) -> tuple[float, tuple[int, int]]:
    """The two voices that are most alike, and how far they are apart; NaN where nothing can be said."""
    pairs = combinations(range(int(labels.max()) + 1), 2)
    distances = [(_distance(voices, labels, *pair), pair) for pair in pairs]
    return min((entry for entry in distances if np.isfinite(entry[0])), default=(float("nan"), (0, 0)))


def _distance(voices: Timbre, labels: Labels, a: int, b: int) -> float:
    """How much better its own model explains a phrase of `a` or `b` than the other's, on phrases not learnt from.

    Median over phrases, log-likelihood a frame; NaN where either voice is heard too little to tell.
    """
    rows = np.flatnonzero((labels == a) | (labels == b))
    own = labels[rows]
    pair = Timbre(voices.frame[rows], voices.cepstra[rows], voices.pitch[rows])
    phrase = np.cumsum((np.diff(own, prepend=own[0]) != 0) | voices.begins[rows])
    phrase -= phrase[0]
    second = _every_other(phrase, own == a) | _every_other(phrase, own == b)
    gain = np.empty(len(rows))
    for learnt in (second, ~second):
        masks = [learnt & (own == voice) for voice in (a, b)]
        if min(mask.sum() for mask in masks) < LEAST_UNSEEN:
            return float("nan")
        for_a, for_b = (_timbre_scores(pair.cepstra[~learnt], _model(pair, mask)) for mask in masks)
        gain[~learnt] = np.where(own[~learnt] == a, for_a - for_b, for_b - for_a)
    frames = np.bincount(phrase)
    long = frames >= LEAST_UNSEEN
    return float(np.median(np.bincount(phrase, gain)[long] / frames[long])) if long.any() else float("nan")


def _every_other(phrase: Labels, own: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which frames lie in every other phrase of one voice; speakers alternate, so all phrases are no measure."""
    every_other = np.zeros(len(own), dtype=np.bool_)
    every_other[own] = np.unique(phrase[own], return_inverse=True)[1] % 2 == 1
    return every_other
