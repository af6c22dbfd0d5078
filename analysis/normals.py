"""Everyone's own normal, held against the very shifts that it is there to show.

In: a Conversation. Out: a Baseline for each speaker, and sentences about what they do not allow.
A median bears a few shifted phrases, but not a conversation in which half of someone's phrases are heavy. So the
normal is found in rounds: each phrase counts for as much as it is likely to carry no shift against the normal of the
round before (iterative reweighting; Huber & Ronchetti 2009). Where half are shifted the median lies between the two
halves, and no round leads out of there. So another start is tried as well, without the half that is nearest to a
shift, and with the share of shifts learnt on the way (expectation-maximisation; Dempster, Laird & Rubin 1977). It
counts for whoever then turns out to be shifted very often; everyone else's normal stays that of the first start.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.baseline import Baseline, ComparedPhrases, Weights, baseline_of, compared_phrases, slow_courses
from analysis.tone import PRIOR, STATES, VOICE_KINDS, tone_likelihoods
from audio.conversation import Conversation, Phrase, speaker_name

ROUNDS = 2
LEAST_WEIGHT = 0.05  # of a phrase that is surely shifted: never none, so that no normal can run away
ROUNDS_OF_OFTEN = 8
OFTEN = 1 / 3  # share of shifted phrases from which the second start counts
SELDOM = 0.2  # below it after a round, the second start leads nowhere
OF_ONE_KIND = 0.8  # share of the shifts
MOST_OFTEN = 0.6  # where more is shifted than not, the shift is the normal

_SHIFTED = [STATES.index(kind) for kind in VOICE_KINDS]
_USUALLY = float(PRIOR[_SHIFTED].sum())


@dataclass(frozen=True, slots=True)
class Normals:
    """The baselines of a conversation, by speaker, and sentences about what they do not allow."""

    baselines: Mapping[str, Baseline]
    notes: tuple[str, ...]


def speakers_normals(conversation: Conversation) -> Normals:
    """Every speaker's own normal over the conversation."""
    baselines = steadied_baselines(
        {speaker: [p for u in conversation.of(speaker) for p in u.phrases] for speaker in conversation.speakers}
    )
    notes = tuple(
        f"{speaker_name(speaker)} speaks for {baseline.seconds:.0f} s in all: too little to know their normal, "
        "so nothing of theirs is flagged."
        for speaker, baseline in baselines.items()
        if not baseline.is_enough
    )
    return Normals(baselines, notes)


def steadied_baselines(speakers: Mapping[str, list[Phrase]]) -> dict[str, Baseline]:
    """The normal of each speaker, in which phrases that are likely shifted count little."""
    courses = slow_courses(speakers)
    return {
        speaker: _steadied(compared_phrases(speaker, phrases, courses[speaker]))
        for speaker, phrases in speakers.items()
    }


def _steadied(phrases: ComparedPhrases) -> Baseline:
    baseline = baseline_of(phrases)
    often = _often_shifted(phrases, baseline)
    if often is not None:
        return baseline_of(phrases, often)
    for _ in range(ROUNDS):
        baseline = baseline_of(phrases, _weights(phrases, baseline))
    return baseline


def _often_shifted(phrases: ComparedPhrases, baseline: Baseline) -> Weights | None:
    """How likely each phrase is to carry no shift, by the second start; None unless the speaker is shifted OFTEN."""
    weights, share = _without_half(phrases, baseline), 0.5
    chances = np.zeros((0, len(VOICE_KINDS)))
    for number in range(ROUNDS_OF_OFTEN):
        if number and share < SELDOM:
            return None
        baseline = baseline_of(phrases, weights)
        chances = _chances(phrases, baseline, share)
        weights = _unshifted(chances)
        share = _share(weights)
    return weights if share >= OFTEN and _is_one(chances) else None


def _is_one(chances: Weights) -> bool:
    """Whether nearly all of the shifts are of one kind: many moods are a lively conversation, not a second normal."""
    by_kind = chances.sum(axis=0)
    return bool(by_kind.max() >= OF_ONE_KIND * by_kind.sum())


def _without_half(phrases: ComparedPhrases, baseline: Baseline) -> Weights:
    """LEAST_WEIGHT for the half of the phrases for which there is most evidence of a shift, 1 for the others."""
    if not len(phrases.seconds):
        return np.ones(0)
    evidence = tone_likelihoods(phrases, baseline)[:, _SHIFTED].max(axis=1)
    return np.where(evidence <= np.median(evidence), 1.0, LEAST_WEIGHT)


def _weights(phrases: ComparedPhrases, baseline: Baseline) -> Weights:
    """How likely each phrase is to carry no shift, shape (phrases,), each by itself."""
    return _unshifted(_chances(phrases, baseline, _USUALLY))


def _chances(phrases: ComparedPhrases, baseline: Baseline, share: float) -> Weights:
    """How likely each phrase is to carry each of VOICE_KINDS, shape (phrases, kinds), if `share` of all carry one."""
    if not len(phrases.seconds):
        return np.zeros((0, len(VOICE_KINDS)))
    likelihoods = tone_likelihoods(phrases, baseline) + np.log(PRIOR)
    likelihoods[:, _SHIFTED] += _log_odds(share) - _log_odds(_USUALLY)
    odds = np.exp(likelihoods - likelihoods.max(axis=1, keepdims=True))
    chances: Weights = odds[:, _SHIFTED] / odds.sum(axis=1, keepdims=True)
    return chances


def _unshifted(chances: Weights) -> Weights:
    weights: Weights = np.maximum(1 - chances.sum(axis=1), LEAST_WEIGHT)
    return weights


def _share(weights: Weights) -> float:
    shifted = 1 - float(weights.mean()) if len(weights) else 0.0
    return min(max(shifted, _USUALLY), MOST_OFTEN)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))
