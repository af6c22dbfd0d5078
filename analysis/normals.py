"""Everyone's own normal, held against the very shifts that it is there to show.

In: a Conversation. Out: a Baseline for each speaker, and sentences about what they do not allow.
A median bears a few shifted phrases, but not a conversation in which half of someone's phrases are heavy. So the
normal is found in rounds: each phrase counts for as much as it is likely to carry no shift against the normal of the
round before (iterative reweighting; Huber & Ronchetti 2009).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.baseline import Baseline, Weights, speaker_baselines
from analysis.tone import STATES, VOICE_KINDS, probabilities, read_tone
from audio.conversation import Conversation, Phrase, speaker_name

ROUNDS = 2
LEAST_WEIGHT = 0.05  # of a phrase that is surely shifted: never none, so that no normal can run away

_SHIFTED = [STATES.index(kind) for kind in VOICE_KINDS]


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
    baselines = speaker_baselines(speakers)
    for _ in range(ROUNDS):
        weights = {speaker: _weights(phrases, baselines[speaker]) for speaker, phrases in speakers.items()}
        baselines = speaker_baselines(speakers, weights)
    return baselines


def _weights(phrases: list[Phrase], baseline: Baseline) -> Weights:
    """How likely each phrase is to carry no shift, shape (phrases,), each by itself."""
    shifted = [probabilities([read_tone(phrase, baseline).likelihoods])[0, _SHIFTED].sum() for phrase in phrases]
    weights: Weights = np.maximum(1 - np.array(shifted), LEAST_WEIGHT)
    return weights
