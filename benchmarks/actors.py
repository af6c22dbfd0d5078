"""Actors' phrases as one speaker's talk: what benchmarks/tone.py reads.

In: a folder laid out like ../shared/voices (EMO-DB and RAVDESS). Out: for each actor the phrases with their measures,
measured in one sound with pauses between, as in a conversation, and what emotion each was acted in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from emotional_dialogues import cut, emodb_actors, ravdess_actors

from audio.conversation import NAN, Phrase, Span
from audio.measures import measure
from audio.prosody import prosody_track, sound_frames
from audio.recording import SAMPLE_RATE

VOICES = Path(__file__).resolve().parents[2] / "shared" / "voices"
PAUSE = 0.6  # seconds between phrases
ROOM = 1e-5  # rms of the noise between them (-100 dB)
EMODB = {
    "W": "angry", "L": "bored", "E": "disgusted", "A": "afraid", "F": "happy", "T": "sad", "N": "neutral",
}  # fmt: skip
RAVDESS = {
    "01": "neutral", "02": "calm", "03": "happy", "04": "sad", "05": "angry", "06": "afraid", "07": "disgusted",
    "08": "surprised",
}  # fmt: skip


LEVEL_NORMALISED = ("EMO",)  # corpora in which every file was brought to one level: loudness says nothing there
# The actors that were listened to while the sizes of the directions were set; all others are for reporting only.
TUNED_ON = {"EMO": ("03", "08", "09", "10", "11"), "RAV": ("01", "02", "03", "04", "05", "06")}


@dataclass(frozen=True, slots=True)
class Acted:
    """One phrase of one actor: corpus EMO or RAV, the emotion, and whether it was acted strongly."""

    corpus: str
    actor: str
    emotion: str
    strong: bool
    phrase: Phrase

    @property
    def is_tuned_on(self) -> bool:
        """Whether the actor is one of those in view while the detector was made."""
        return self.actor in TUNED_ON[self.corpus]


def acted_phrases(voices: Path) -> list[Acted]:
    """All phrases of all actors in `voices`."""
    found = [acted for actor, paths in emodb_actors(voices).items() for acted in _actor("EMO", actor, paths)]
    return found + [acted for actor, paths in ravdess_actors(voices).items() for acted in _actor("RAV", actor, paths)]


def _actor(corpus: str, actor: str, paths: list[Path]) -> Iterator[Acted]:
    silence = np.zeros(round(PAUSE * SAMPLE_RATE), np.float32)
    parts, spans, clock = [silence], [], PAUSE
    for path in paths:
        samples = cut(soundfile.read(path, dtype="float32")[0])
        spans.append(Span(clock, clock + len(samples) / SAMPLE_RATE))
        parts += [samples, silence]
        clock = spans[-1].end + PAUSE
    sound = np.concatenate(parts)
    sound += np.random.default_rng(0).normal(0, ROOM, len(sound)).astype(np.float32)
    track = prosody_track(sound, sound_frames(sound), spans)
    for path, span in zip(paths, spans, strict=True):
        emotion, strong = _acted_as(corpus, path)
        measures = measure(track, (span,))
        if corpus in LEVEL_NORMALISED:
            measures = replace(measures, loudness=NAN)
        phrase = Phrase(span.start, span.end, (span,), (), measures)
        yield Acted(corpus, actor, emotion, strong, phrase)


def _acted_as(corpus: str, path: Path) -> tuple[str, bool]:
    if corpus == "EMO":
        return EMODB[path.name[5]], True
    _, _, emotion, intensity, *_ = path.name.split("-")
    return RAVDESS[emotion], intensity == "02"
