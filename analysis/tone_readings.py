"""The tone of every phrase of a conversation, read once: shifts are looked for in it, and replies are heard by it.

In: the utterances and each speaker's normal. Out: ToneReadings, to be asked for those of some phrases. All phrases of
a speaker are read in one go, since that takes little longer than to read one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.baseline import Baseline
from analysis.tone import ToneReading, read_tones
from audio.conversation import Phrase, Utterance


@dataclass(frozen=True, slots=True)
class ToneReadings:
    """Made by `tone_readings`. Looks phrases up by identity: to compare two would be to compare all of their words."""

    _by_phrase: Mapping[int, ToneReading]

    def of(self, phrases: Iterable[Phrase]) -> list[ToneReading]:
        """The readings of `phrases`, in order; KeyError for one of a speaker whose normal is not known."""
        return [self._by_phrase[id(phrase)] for phrase in phrases]


def tone_readings(utterances: Sequence[Utterance], baselines: Mapping[str, Baseline]) -> ToneReadings:
    """How all phrases sound of those speakers who have a normal to compare them with."""
    readings: list[ToneReading] = []
    for speaker, baseline in baselines.items():
        if baseline.is_enough:
            own = [phrase for utterance in utterances if utterance.speaker == speaker for phrase in utterance.phrases]
            readings += read_tones(own, baseline)
    return ToneReadings({id(reading.phrase): reading for reading in readings})
