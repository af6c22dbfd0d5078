"""Dialogues of real voices whose tone changes: phrases of two actors of ../shared/voices, one after the other.

In: a folder laid out like ../shared/voices, a folder to write to. Out: EMO-A-B.wav and RAV-A-B.wav with .rttm,
in which a third of each actor's phrases are in a strong emotion and the rest neutral, calm or bored.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from audio.conversation import Turn
from audio.recording import SAMPLE_RATE
from audio.storage import write_rttm

EMOTIONAL_SHARE = 1 / 3
GAP, GAP_SPREAD = 0.35, 0.2  # seconds between phrases
ROOM = 1e-3  # rms of the noise (-60 dB)
EDGE = 1e-3  # of a phrase's peak power: quieter frames at its edges are cut off
PAIRS = 12  # dialogues a corpus at most
CALM = {"EMO": "NL", "RAV": ("01", "02")}  # EMO-DB: neutral, boredom; RAVDESS: neutral, calm

Samples = npt.NDArray[np.float32]


def make_dialogues(voices: Path, folder: Path) -> None:
    """Write the dialogues of both corpora to `folder`."""
    for corpus, actors in (("EMO", emodb_actors(voices)), ("RAV", ravdess_actors(voices))):
        pairs = list(combinations(sorted(actors), 2))
        chance = random.Random(1)
        for pair in chance.sample(pairs, min(PAIRS, len(pairs))):
            _write(folder / f"{corpus}-{pair[0]}-{pair[1]}.wav", corpus, {name: actors[name] for name in pair}, chance)


def emodb_actors(voices: Path) -> dict[str, list[Path]]:
    """The phrases of each actor of EMO-DB."""
    actors: dict[str, list[Path]] = {}
    for path in sorted(voices.glob("emodb/*.flac")):
        actors.setdefault(path.name[:2], []).append(path)
    return actors


def ravdess_actors(voices: Path) -> dict[str, list[Path]]:
    """The phrases of each actor of RAVDESS."""
    return {folder.name[-2:]: sorted(folder.glob("*.flac")) for folder in sorted(voices.glob("ravdess/Actor_*"))}


def _is_calm(corpus: str, path: Path) -> bool:
    return path.name[5] in CALM["EMO"] if corpus == "EMO" else path.name.split("-")[2] in CALM["RAV"]


def _phrases(corpus: str, paths: list[Path], chance: random.Random) -> list[Path]:
    """All calm phrases of an actor and half as many emotional ones, in any order."""
    calm = [path for path in paths if _is_calm(corpus, path)]
    emotional = [path for path in paths if path not in calm]
    chosen = calm + chance.sample(emotional, round(len(calm) * EMOTIONAL_SHARE / (1 - EMOTIONAL_SHARE)))
    return chance.sample(chosen, len(chosen))


def _write(path: Path, corpus: str, actors: dict[str, list[Path]], chance: random.Random) -> None:
    clock, turns, parts = 1.0, [], []
    for name, phrase in _alternating({name: _phrases(corpus, paths, chance) for name, paths in actors.items()}):
        samples = cut(soundfile.read(phrase, dtype="float32")[0])
        parts.append((round(clock * SAMPLE_RATE), samples))
        turns.append(Turn(clock, clock + len(samples) / SAMPLE_RATE, name))
        clock = turns[-1].end + max(0.05, chance.gauss(GAP, GAP_SPREAD))
    mix = np.random.default_rng(1).normal(0, ROOM, round((clock + 1) * SAMPLE_RATE)).astype(np.float32)
    for first, samples in parts:
        mix[first : first + len(samples)] += samples
    soundfile.write(path, mix, SAMPLE_RATE, subtype="FLOAT")
    write_rttm(tuple(turns), path.stem, path.with_suffix(".rttm"))


def _alternating(phrases: dict[str, list[Path]]) -> Iterator[tuple[str, Path]]:
    for at in range(max(len(own) for own in phrases.values())):
        for name, own in phrases.items():
            if at < len(own):
                yield name, own[at]


def cut(samples: Samples) -> Samples:
    """The phrase without the silence at its edges."""
    hop = SAMPLE_RATE // 50
    power = np.square(samples[: len(samples) // hop * hop].reshape(-1, hop)).mean(axis=1)
    sound = np.flatnonzero(power > power.max() * EDGE)
    return samples[sound[0] * hop : (sound[-1] + 1) * hop]
