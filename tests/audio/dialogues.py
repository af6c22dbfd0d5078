"""Dialogues made of formulas: voices with a throat of their own, and who speaks when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from audio.conversation import Span, Turn
from audio.recording import SAMPLE_RATE, Recording

VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))  # Hz


@dataclass(frozen=True)
class Voice:
    """A speaker: pitch in Hz, and a factor on all formants (a longer throat has lower ones)."""

    pitch: float
    throat: float = 1.0


ADAM, EVE = Voice(110.0), Voice(200.0, 1.18)


def speech(voice: Voice, seconds: float, seed: int, level: float = -20.0) -> npt.NDArray[np.float32]:
    """Vowels one after the other, five a second, pitch wandering by a semitone or two."""
    rng = np.random.default_rng(seed)
    count = round(seconds * SAMPLE_RATE)
    bend = np.interp(np.arange(count), np.linspace(0, count, 8), rng.normal(0, 1.5, 8))
    phase = np.cumsum(voice.pitch * 2 ** (bend / 12) / SAMPLE_RATE)
    source = (np.diff(np.floor(phase), prepend=0) > 0) + rng.normal(0, 0.02, count)
    step = SAMPLE_RATE // 5
    pieces = []
    for start in range(0, count, step):
        piece = source[start : start + step]
        for formant in VOWELS[rng.integers(len(VOWELS))]:
            radius = np.exp(-np.pi * 90 / SAMPLE_RATE)
            angle = 2 * np.pi * formant * voice.throat / SAMPLE_RATE
            piece = lfilter([1.0], [1.0, -2 * radius * np.cos(angle), radius**2], piece)
        pieces.append(piece * np.hanning(len(piece)) ** 0.3 / np.sqrt(np.mean(piece**2)))
    wave = np.concatenate(pieces)
    return (wave / np.sqrt(np.mean(wave**2)) * 10 ** (level / 20)).astype(np.float32)


def dialogue(
    turns: Sequence[tuple[str, float]], voices: dict[str, Voice], pause: float = 0.4, seed: int = 0
) -> tuple[dict[str, npt.NDArray[np.float32]], tuple[Turn, ...]]:
    """(name, seconds) said one after the other: each speaker's own sound, all of one length; and the true turns."""
    length = round((sum(seconds + pause for _, seconds in turns) + pause) * SAMPLE_RATE)
    rng = np.random.default_rng(seed)
    own = {name: rng.normal(0, 1e-4, length).astype(np.float32) for name in voices}
    truth, at = [], pause
    for number, (name, seconds) in enumerate(turns):
        wave = speech(voices[name], seconds, seed * 1000 + number)
        start = round(at * SAMPLE_RATE)
        own[name][start : start + len(wave)] += wave
        truth.append(Turn(at, at + seconds, name))
        at += seconds + pause
    return own, tuple(truth)


def recording(*channels: npt.NDArray[np.float32], name: str = "talk.wav") -> Recording:
    return Recording(Path(name), np.stack(channels).astype(np.float32), "made by a formula")


def spans(turns: Sequence[Turn]) -> tuple[Span, ...]:
    return tuple(Span(turn.start, turn.end) for turn in turns)


def confused(truth: Sequence[Turn], found: Sequence[Turn]) -> float:
    """Share of the speech found that went to the wrong speaker, under the best naming of two or more."""
    from scipy.optimize import linear_sum_assignment

    true_names, found_names = sorted({t.speaker for t in truth}), sorted({t.speaker for t in found})
    shared = np.array(
        [
            [
                sum(t.overlap(f) for t in truth for f in found if (t.speaker, f.speaker) == (true, other))
                for other in found_names
            ]
            for true in true_names
        ]
    )
    return 1 - shared[linear_sum_assignment(-shared)].sum() / shared.sum()
