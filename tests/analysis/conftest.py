"""Conversations made of numbers: lines with a speaker, words, times, and how far their measures are off."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from analysis.baseline import COMPARED_AS_LOGARITHM, TYPICAL_SPREAD, Baseline
from audio.conversation import Conversation, Measures, Phrase, Span, Utterance, Word

NORMAL = {
    "pitch_median": 4.0, "pitch_high": 7.0, "pitch_range": 5.0, "tremor": 0.5, "roughness": 0.15, "harmonicity": 11.0,
    "devoiced_share": 0.04, "unvoiced_share": 0.2, "voice_breaks": 1.7, "pause_share": 0.05, "sniffs": 0.0,
    "loudness": -25.0, "tilt": 0.0, "alpha_ratio": -18.0, "hammarberg": 33.0, "slope_low": -14.0,
    "syllable_rate": 4.0, "spoken_rate": 5.0,
}  # fmt: skip

COACH = "Ruth"  # whose voice is heard, but not looked at

# A plain expression of each tone, in spreads of the measures.
TONES: dict[str, dict[str, float]] = {
    "ordinary": {},
    "heavy": {
        "pitch_median": -2.2, "pitch_range": -1.8, "tilt": -1.5, "slope_low": -1.5, "syllable_rate": -1.5,
        "spoken_rate": -1.5, "loudness": -1.5,
    },
    "tearful": {
        "pitch_median": 1.2, "harmonicity": -2.5, "devoiced_share": 2.2, "roughness": 1.5, "tremor": 1.2,
        "syllable_rate": -1.5, "spoken_rate": -1.5,
    },
    "despairing": {"pitch_median": 2.8, "pause_share": 2.0, "tremor": 1.8, "roughness": 1.2, "slope_low": 1.2},
    "sharp": {
        "pitch_median": 2.4, "tilt": 2.2, "slope_low": 1.8, "loudness": 2.5, "syllable_rate": 0.8, "spoken_rate": 0.8,
    },
    "bright": {"pitch_median": 1.6, "pitch_range": 1.8, "slope_low": 1.2, "loudness": 0.5, "syllable_rate": 0.5},
    "gentle": {
        "pitch_median": -0.9, "slope_low": -0.6, "loudness": -1.0, "syllable_rate": -1.3, "spoken_rate": -1.3,
        "tilt": -0.7,
    },
    "far away": {"loudness": -3.5, "harmonicity": -0.5},
    "turned down": {"loudness": -4.5},
}  # fmt: skip


@dataclass
class Talk:
    """A conversation under construction; every line varies a little, as people do."""

    clock: float = 0.5
    utterances: list[Utterance] = field(default_factory=list)
    coached: list[Utterance] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def say(
        self, speaker: str, text: str, tone: str = "ordinary", *, seconds: float = 2.8, after: float = 0.3
    ) -> Utterance:
        """Add one line, `after` seconds behind the last, of `seconds` length."""
        start, end = self.clock + after, self.clock + after + seconds
        measures = self._measures(tone, seconds)
        spoken = text.split()
        step = seconds / max(1, len(spoken))
        words = tuple(Word(start + i * step, start + (i + 1) * step, word) for i, word in enumerate(spoken))
        spans = (Span(start, end),)
        phrase = Phrase(start, end, spans, words, measures)
        utterance = Utterance(start, end, speaker, spans, words, (phrase,), measures)
        (self.coached if speaker == COACH else self.utterances).append(utterance)
        self.clock = end
        return utterance

    def chat(self, lines: int = 32, tone: str = "ordinary") -> None:
        """Talk to and fro about nothing, enough for both to have a normal."""
        for index in range(lines):
            self.say("Maya" if index % 2 == 0 else "Jonas", f"I put the blue box on shelf number {index}.", tone)

    def conversation(self, language: str | None = "en") -> Conversation:
        speakers = tuple(dict.fromkeys(utterance.speaker for utterance in self.utterances))
        utterances, coach = tuple(self.utterances), tuple(self.coached)
        return Conversation("talk.wav", self.clock + 1, speakers, (), utterances, language, coach=coach)

    def _measures(self, tone: str, seconds: float) -> Measures:
        values = dict(NORMAL)
        for name, spread in TYPICAL_SPREAD.items():
            distance = self.chance.gauss(0, 0.5) + TONES[tone].get(name, 0.0)
            if name in COMPARED_AS_LOGARITHM:
                values[name] *= 2.718281828 ** (distance * spread)
            else:
                values[name] += distance * spread
        return Measures(seconds=seconds, **values)


@pytest.fixture
def talk() -> Talk:
    """A conversation that begins with ordinary talk."""
    made = Talk()
    made.chat()
    return made


@pytest.fixture
def empty_talk() -> Talk:
    """A conversation in which nothing has been said yet."""
    return Talk()


@pytest.fixture
def new_talk() -> Callable[[int], Talk]:
    """Conversations in which nothing has been said yet, each with its own chance."""
    return lambda draw: Talk(chance=random.Random(draw))


@pytest.fixture
def true_normal() -> Baseline:
    """What the lines are made around, as if it had been learnt from a thousand of them."""
    centre = {
        name: math.log(NORMAL[name]) if name in COMPARED_AS_LOGARITHM else NORMAL[name] for name in TYPICAL_SPREAD
    }
    return Baseline("Maya", 2800.0, 1000, centre, TYPICAL_SPREAD)
