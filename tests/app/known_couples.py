"""Couples made of formulas, and their sessions in a library."""

from __future__ import annotations

import numpy as np

from app.couples.known_voices import Assignment, assign
from app.library import Library
from app.library.records import Couple
from audio.conversation import BAND_EDGES, Conversation, Measures, ProsodyTrack, Span, Utterance
from audio.voice_frames import alone, joined, voice_frames
from tests.audio.dialogues import Voice, dialogue

ANNA, BEN = Voice(200.0, 1.18), Voice(110.0)
CARA, DAN = Voice(180.0, 1.09), Voice(100.0, 0.9)


def heard(*people: Voice, seed: int, lines: int = 5) -> Conversation:
    """People who talk in turns, 4 s each, as a conversation that was listened to."""
    labels = tuple(f"Speaker_{number}" for number in range(1, len(people) + 1))
    own, turns = dialogue([(label, 4.0) for label in labels] * lines, dict(zip(labels, people, strict=True)), seed=seed)
    mix = np.sum(list(own.values()), axis=0)
    said = tuple(Utterance(turn.start, turn.end, turn.speaker, (Span(turn.start, turn.end),), (), (),
                           Measures(turn.duration)) for turn in turns)  # fmt: skip
    frames = joined([voice_frames(mix, alone(turns, label)) for label in labels])
    duration = turns[-1].end
    tracks = {label: silent_track(duration) for label in labels}
    return Conversation("talk.wav", duration, labels, turns, said, tracks=tracks, voices=frames)


def silent_track(duration: float) -> ProsodyTrack:
    count = round(duration * 100)
    nothing = [np.full(count, np.nan, np.float32) for _ in range(4)]
    return ProsodyTrack(*nothing, np.full((count, len(BAND_EDGES) - 1), np.nan, np.float32), nothing[0].copy())


def add(library: Library, conversation: Conversation) -> str:
    recording = library.folder / f"{len(library.sessions())}.wav"
    recording.write_bytes(recording.name.encode())
    session = library.add(recording)
    library.keep(session.id, conversation)
    return session.id


def add_named(library: Library, couple: Couple, conversation: Conversation, *names: str) -> str:
    session = add(library, conversation)
    assign(library, session, Assignment(couple, dict(zip(conversation.speakers, names, strict=True))))
    return session
