"""Where a speaker's tone leaves their own normal, and in which direction: heavy, tearful or sharp.

In: the phrases of one speaker and their baseline. Out: how likely each kind is, phrase by phrase, and why.

A tone is described by ten dimensions, each the mean of measures that point the same way, in the speaker's own
spreads. Every kind has a direction in them, taken from the literature on vocal expression of emotion (Banse &
Scherer 1996; Juslin & Laukka 2003; Scherer 2003; Patel et al. 2011; Eyben et al. 2016): depressed sadness is lower,
flatter, duller and slower; tears are breathy, rough and slow, or (despair, which Banse & Scherer tell from sadness)
high and broken by pauses; anger is higher, louder, tenser, in its cold form with less of the pitch. Four more
directions are known so that they are not mistaken for a shift: a bright, lively voice, a gentle one (as people speak
when they comfort), a speaker who leans back from the microphone, and laughter, which is as breathy and unsteady as
tears, but higher, quicker and louder (Bachorowski, Smoski & Owren 2001). docs/tone.md gives the sources line by line.

Each dimension adds the logarithm of how much better the kind explains what was measured than an ordinary
phrase does; with the share of phrases that each kind has beforehand this gives a probability (Bayes 1763).
Phrases that follow one another without a turn of the partner's inform each other (a hidden Markov chain,
Rabiner 1989).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.baseline import Baseline, ComparedPhrases, compared_phrases
from audio.conversation import Phrase

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Array = npt.NDArray[np.float64]

VOICE_KINDS = ("heavy", "tearful", "sharp")


@dataclass(frozen=True, slots=True)
class Dimension:
    """Measures that point the same way, with their signs, and how closely they agree (correlation, 0 to 1)."""

    measures: Mapping[str, int]
    agreement: float = 1.0


DIMENSIONS: Mapping[str, Dimension] = {
    "pitch": Dimension({"pitch_median": 1}),
    "melody": Dimension({"pitch_range": 1}),
    "brightness": Dimension({"tilt": 1}),
    "tension": Dimension({"slope_low": 1}),
    "pace": Dimension({"syllable_rate": 1, "spoken_rate": 1}, 0.5),
    "pausing": Dimension({"pause_share": 1}),
    "clearness": Dimension({"harmonicity": 1}),
    "breath": Dimension({"devoiced_share": 1}),
    "unsteadiness": Dimension({"roughness": 1, "tremor": 1}, 0.2),
    "loudness": Dimension({"loudness": 1}),
}

# How the dimensions go together in ordinary speech (correlations): a higher voice has a steeper low spectrum, a rough
# one is less clear. What two dimensions share must not count twice. Rounded from ordinary phrases of synthetic speech;
# benchmarks/tone.py prints those of actors beside (pitch and tension alike, most others weaker).
GO_TOGETHER: Mapping[tuple[str, str], float] = {
    ("pitch", "tension"): 0.6,
    ("clearness", "unsteadiness"): -0.5,
    ("melody", "unsteadiness"): 0.3,
    ("melody", "clearness"): -0.2,
    ("clearness", "breath"): -0.2,
    ("pace", "unsteadiness"): 0.3,
    ("pace", "clearness"): -0.3,
    ("pitch", "loudness"): 0.2,
}

# What a plain expression of each kind does to each dimension, in the speaker's own spreads; a kind that is
# expressed in more than one way has one entry for each.
DIRECTIONS: Mapping[str, tuple[Mapping[str, float], ...]] = {
    "heavy": (
        {
            "pitch": -1.8, "melody": -1.5, "brightness": -0.7, "tension": -1.7, "pace": -1.3, "pausing": 0.5,
            "breath": 0.6, "unsteadiness": -0.5, "loudness": -1.7,
        },
    ),
    "tearful": (
        {  # weeping that is held back
            "pitch": 0.9, "clearness": -2.4, "breath": 1.6, "unsteadiness": 1.5, "pace": -1.4, "brightness": -1.1,
            "loudness": -0.5, "pausing": 0.5,
        },
        {  # weeping that is let out, despair
            "pitch": 1.8, "pausing": 1.2, "tension": 0.8, "unsteadiness": 0.6, "breath": 0.5, "clearness": -0.4,
        },
    ),
    "sharp": (
        {  # hot anger
            "pitch": 1.9, "melody": 0.3, "brightness": 1.8, "tension": 1.5, "pace": 0.4, "clearness": -0.4,
            "loudness": 2.4,
        },
        {  # cold anger
            "pitch": 1.0, "brightness": 1.6, "tension": 1.0, "pausing": 0.5, "clearness": -0.6, "loudness": 2.0,
        },
    ),
    "bright": (
        {
            "pitch": 1.2, "melody": 1.1, "unsteadiness": 0.6, "clearness": -0.4, "tension": 1.2, "pace": 0.3,
            "breath": 0.3, "loudness": 0.6,
        },
    ),
    "gentle": (
        {
            "pitch": -0.9, "melody": -0.5, "brightness": -0.7, "tension": -0.6, "pace": -1.2, "clearness": 0.4,
            "loudness": -1.0,
        },
    ),
    "distant": ({"loudness": -2.6},),
    "laughing": (
        {
            "pitch": 2.0, "melody": 0.5, "brightness": 0.5, "pace": 0.8, "clearness": -2.2, "breath": 3.0,
            "unsteadiness": 1.5, "loudness": 0.8,
        },
    ),
}  # fmt: skip
STATES = ("ordinary", *DIRECTIONS)

# How strongly a kind may be expressed: subtle, plain, strong, and how often each.
INTENSITIES = ((0.6, 0.25), (1.0, 0.5), (1.5, 0.25))
# Share of all phrases that carry each tone, before anything is heard: most of a conversation is ordinary.
BEFOREHAND: Mapping[str, float] = {
    "heavy": 0.02, "tearful": 0.015, "sharp": 0.015, "bright": 0.08, "gentle": 0.04, "distant": 0.05,
    "laughing": 0.01,
}  # fmt: skip
PRIOR: Vector = np.array([1 - sum(BEFOREHAND.values()), *(BEFOREHAND[kind] for kind in DIRECTIONS)])  # of STATES
FARTHEST = 4.0  # spreads; one measure that is off by more is more likely wrong than telling
# Nats that a dimension may say at most: none may decide alone. Level may say least, since people lean back from
# a microphone and recorders turn the gain up and down by themselves; only of LEVEL_KINDS is it the very mark.
MOST_EVIDENCE = 4.0
MOST_FROM_LOUDNESS = 2.5
LEVEL_KINDS = ("distant",)
# Nats that a sniff adds to tears; people also sniff with a cold, and many weep without, so neither decides.
SNIFF, NO_SNIFF = 3.5, -0.8
STAYS = 0.5  # chance that the tone of a phrase is kept in the next, where the speaker simply goes on
_STAYING: Matrix = STAYS * np.eye(len(STATES)) + (1 - STAYS) * PRIOR  # from each of STATES to each


@dataclass(frozen=True, slots=True)
class ToneReading:
    """What one phrase's tone is likely to be.

    likelihoods: log likelihood of each of STATES, shape (len(STATES),), before the phrases around are heard.
    dimensions: by name, in the speaker's own spreads (NaN where nothing could be measured).
    """

    phrase: Phrase
    likelihoods: tuple[float, ...]
    dimensions: Mapping[str, float]


def read_tone(phrase: Phrase, baseline: Baseline) -> ToneReading:
    """Compare one phrase with the speaker's normal."""
    return read_tones([phrase], baseline)[0]


def read_tones(phrases: Sequence[Phrase], baseline: Baseline) -> list[ToneReading]:
    """Compare phrases of one speaker with their normal; all at once takes little longer than one."""
    as_arrays = compared_phrases(baseline.speaker, phrases, baseline.courses)
    dimensions = _dimensions(as_arrays, baseline)
    likelihoods = _likelihoods(dimensions, as_arrays.sniffs)
    return [
        ToneReading(phrase, tuple(row), dict(zip(DIMENSIONS, values, strict=True)))
        for phrase, row, values in zip(phrases, likelihoods.tolist(), dimensions.tolist(), strict=True)
    ]


def tone_likelihoods(phrases: ComparedPhrases, baseline: Baseline) -> Matrix:
    """Log likelihood of each of STATES, shape (phrases, len(STATES)), before the phrases around are heard."""
    return _likelihoods(_dimensions(phrases, baseline), phrases.sniffs)


def evidence_for(kind: str, reading: ToneReading) -> dict[str, float]:
    """What each dimension says for `kind` at its plain strength, in nats; above 0 speaks for it.

    Of a kind that is expressed in several ways, the way that explains the phrase best.
    """
    dimensions = np.array([[reading.dimensions[name] for name in DIMENSIONS]])
    ways = _evidence(_heard(dimensions), np.ones(1))[0, _ROWS[kind], 0]
    best = ways[ways.sum(axis=1).argmax()]
    return dict(zip(DIMENSIONS, best.tolist(), strict=True))


def probabilities(chain: Sequence[Sequence[float]]) -> Matrix:
    """Probability of each of STATES for phrases that follow one another; rows of log likelihoods in and out.

    chain: shape (phrases, len(STATES)). Returns the same shape; rows sum to 1.
    """
    likelihoods = np.array(chain, dtype=np.float64)
    emission = np.exp(likelihoods - likelihoods.max(axis=1, keepdims=True))
    forward, backward = np.empty_like(emission), np.ones_like(emission)
    belief = PRIOR
    for index, row in enumerate(emission):
        belief = belief * row
        forward[index] = belief = belief / belief.sum()
        belief = belief @ _STAYING
    for index in range(len(emission) - 2, -1, -1):
        later = _STAYING @ (emission[index + 1] * backward[index + 1])
        backward[index] = later / later.sum()
    joint = forward * backward
    result: Matrix = joint / joint.sum(axis=1, keepdims=True)
    return result


def _dimensions(phrases: ComparedPhrases, baseline: Baseline) -> Matrix:
    """The dimensions in order, in the speaker's own spreads, shape (phrases, dimensions); NaN where unknown."""
    distances = baseline.distances_of(phrases)
    return np.stack([_along(one, distances, len(phrases.seconds)) for one in DIMENSIONS.values()], axis=1)


def _along(dimension: Dimension, distances: Mapping[str, Vector], phrases: int) -> Vector:
    """Mean of the measures of a dimension, scaled to a spread of 1 for ordinary speech; NaN if none is known."""
    total, count = np.zeros(phrases), np.zeros(phrases)
    for name, sign in dimension.measures.items():
        distance = distances.get(name, np.full(phrases, np.nan))
        known = np.isfinite(distance)
        total += np.where(known, sign * np.clip(distance, -FARTHEST, FARTHEST), 0.0)
        count += known
    heard = np.maximum(count, 1)
    spread = np.sqrt((1 + (heard - 1) * dimension.agreement) / heard)
    return np.where(count > 0, total / heard / spread, np.nan)


def _likelihoods(dimensions: Matrix, sniffs: Vector) -> Matrix:
    """Log likelihood of each of STATES, shape (phrases, len(STATES)); the ordinary one is what they compare with: 0."""
    strengths, shares = np.array(INTENSITIES).T
    by_intensity = _evidence(_heard(dimensions), strengths).sum(axis=3) + np.log(shares)
    by_way = np.logaddexp.reduce(by_intensity, axis=2)
    by_kind = [np.logaddexp.reduce(by_way[:, rows] - np.log(len(rows)), axis=1) for rows in _ROWS.values()]
    likelihoods: Matrix = np.stack([np.zeros(len(dimensions)), *by_kind], axis=1)
    likelihoods[:, STATES.index("tearful")] += np.where(sniffs > 0, SNIFF, NO_SNIFF)
    return likelihoods


def _heard(dimensions: Matrix) -> Matrix:
    """The dimensions whitened, shape (phrases, dimensions).

    What could not be measured is taken as the others let expect it, so that it says nothing.
    """
    heard = dimensions.copy()
    missing = np.isnan(heard)
    for unknown in np.unique(missing[missing.any(axis=1)], axis=0):
        known, rows = ~unknown, np.flatnonzero((missing == unknown).all(axis=1))
        explained = np.linalg.solve(_TOGETHER[known][:, known], heard[np.ix_(rows, known)][:, :, None])
        heard[np.ix_(rows, unknown)] = (_TOGETHER[unknown][:, known] @ explained)[:, :, 0]
    # a column for each phrase: rounded alike, however many are read at once
    whitened: Matrix = (_WHITENING @ heard[:, :, None])[:, :, 0]
    return whitened


def _evidence(heard: Matrix, strengths: Vector) -> Array:
    """Log likelihood ratio of N(expected, 1) to N(0, 1), capped; shape (phrases, ways, strengths, dimensions)."""
    expected = _EXPECTED[:, None, :] * strengths[None, :, None]
    ratio: Array = heard[:, None, None, :] * expected - np.square(expected) / 2
    return np.clip(ratio, -_MOST[:, None, :], _MOST[:, None, :], out=ratio)


def _most(kind: str, dimension: str) -> float:
    return MOST_FROM_LOUDNESS if dimension == "loudness" and kind not in LEVEL_KINDS else MOST_EVIDENCE


def _together() -> Matrix:
    """GO_TOGETHER as a matrix of correlations."""
    names = list(DIMENSIONS)
    correlation = np.eye(len(names))
    for (first, second), value in GO_TOGETHER.items():
        one, other = names.index(first), names.index(second)
        correlation[one, other] = correlation[other, one] = value
    return correlation


def _whitening(correlation: Matrix) -> Matrix:
    """The inverse square root of the correlations: whitens, and keeps each dimension as near as can be to itself
    (ZCA-cor; Kessy, Lewin & Strimmer 2018)."""
    variances, axes = np.linalg.eigh(correlation)
    root: Matrix = axes @ np.diag(variances**-0.5) @ axes.T
    return root


# One row a way of expressing a kind; all of shape (ways, dimensions), and the rows of each kind.
_TOGETHER = _together()
_WHITENING = _whitening(_TOGETHER)
_WAYS = [(kind, way) for kind, ways in DIRECTIONS.items() for way in ways]
_ROWS = {kind: [row for row, (of, _) in enumerate(_WAYS) if of == kind] for kind in DIRECTIONS}
_EXPECTED: Matrix = np.array([[way.get(name, 0.0) for name in DIMENSIONS] for _, way in _WAYS]) @ _WHITENING
_MOST: Matrix = np.array([[_most(kind, name) for name in DIMENSIONS] for kind, _ in _WAYS])
