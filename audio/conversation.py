"""The data that `audio/` makes and `analysis/` reads, with its JSON and npz form.

Times are seconds (float) from the start of the recording. Pitch is hertz in tracks and semitones
re 100 Hz in measures; levels are decibels re full scale; shares and probabilities are 0 to 1.
What could not be measured is NaN in numbers, null in JSON. All classes are frozen; arrays are read-only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

FRAME = 0.01  # seconds between the frames of a ProsodyTrack
REFERENCE_PITCH = 100.0  # Hz: 0 semitones
NAN = float("nan")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time, `start` <= `end`, in seconds; everything timed is one."""

    start: float
    end: float

    @property
    def duration(self) -> float:
        return self.end - self.start

    def overlap(self, other: Span) -> float:
        """Seconds that both share; 0 where they do not meet."""
        return max(0.0, min(self.end, other.end) - max(self.start, other.start))

    def gap(self, other: Span) -> float:
        """Seconds of silence between the two, whichever is first; 0 where they meet or overlap."""
        return max(0.0, other.start - self.end, self.start - other.end)


@dataclass(frozen=True, slots=True, order=True)
class Turn(Span):
    """A stretch in which one speaker is heard, as speaker separation hands it back (an RTTM line)."""

    speaker: str


@dataclass(frozen=True, slots=True, order=True)
class Word(Span):
    """One word as written, with its punctuation. `probability` is the transcriber's, None where unknown."""

    text: str
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Caption(Span):
    """Words that belong together: a subtitle, or a sentence of a transcriber; `voice` is its speaker tag."""

    words: tuple[Word, ...]
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of a whole recording, before they are joined to speakers. `language` as ISO 639-1."""

    captions: tuple[Caption, ...] = ()
    language: str | None = None
