"""Lines that sound like one that a person points at: those of another voice under the wrong label, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.library import Library
from app.session.alike_lines import lines_alike, sounding_like
from audio.conversation import Conversation, Measures, Span, Turn, Utterance, VoiceFrames
from audio.voice_frames import alone, joined, voice_frames
from tests.audio.dialogues import ADAM, EVE, Voice, dialogue

CLARA = Voice(150.0, 0.85)
WRONG = (3, 7, 11)  # lines of Eve's that were taken for Adam's


def line(turn: Turn, speaker: str) -> Utterance:
    span = Span(turn.start, turn.end)
    return Utterance(turn.start, turn.end, speaker, (span,), (), (), Measures(turn.duration))


def heard(turns: Sequence[tuple[str, float]], voices: dict[str, Voice]) -> tuple[VoiceFrames, tuple[Turn, ...]]:
    own, truth = dialogue(turns, voices)
    mix = np.sum(list(own.values()), axis=0)
    return joined([voice_frames(mix, alone(truth, speaker)) for speaker in voices]), truth


def labelled(truth: Sequence[Turn], labels: Sequence[str]) -> Conversation:
    lines = tuple(line(turn, label) for turn, label in zip(truth, labels, strict=True))
    turns = tuple(Turn(one.start, one.end, one.speaker) for one in lines)
    return Conversation("talk.wav", truth[-1].end + 1, tuple(dict.fromkeys(labels)), turns, lines)


@pytest.fixture(scope="module")
def evening() -> tuple[VoiceFrames, tuple[Turn, ...]]:
    """Adam and Eve in turns: Eve has the odd lines."""
    return heard([("Adam", 3.0), ("Eve", 2.5)] * 8, {"Adam": ADAM, "Eve": EVE})


def with_wrong_lines(truth: Sequence[Turn]) -> Conversation:
    return labelled(truth, ["Adam" if at in WRONG else turn.speaker for at, turn in enumerate(truth)])


def test_all_wrong_lines_are_found_from_one_of_them(evening) -> None:
    voices, truth = evening
    conversation = with_wrong_lines(truth)
    lines = conversation.utterances
    assert sounding_like(voices, conversation, lines[7]) == tuple(lines[at] for at in WRONG)


def test_a_line_that_is_alone_in_being_wrong_is_found_alone(evening) -> None:
    voices, truth = evening
    conversation = labelled(truth, ["Adam" if at == 7 else turn.speaker for at, turn in enumerate(truth)])
    assert sounding_like(voices, conversation, conversation.utterances[7]) == (conversation.utterances[7],)


def test_a_third_voice_that_has_no_label_of_its_own_is_found(evening) -> None:
    turns = [("Adam", 3.0), ("Eve", 2.5)] * 6 + [("Clara", 3.0), ("Eve", 2.0), ("Clara", 3.0), ("Adam", 2.0)]
    voices, truth = heard(turns, {"Adam": ADAM, "Eve": EVE, "Clara": CLARA})
    conversation = labelled(truth, ["Adam" if turn.speaker == "Clara" else turn.speaker for turn in truth])
    lines = conversation.utterances
    assert sounding_like(voices, conversation, lines[12]) == (lines[12], lines[14])


def test_lines_of_another_label_are_never_found(evening) -> None:
    voices, truth = evening
    conversation = with_wrong_lines(truth)
    found = sounding_like(voices, conversation, conversation.utterances[0])
    assert {one.speaker for one in found} == {"Adam"}


def test_of_too_short_a_line_nothing_is_said(evening) -> None:
    voices, truth = evening
    conversation = with_wrong_lines(truth)
    short = conversation.utterances[7]
    cut = replace(short, spans=(Span(short.start, short.start + 0.3),))
    lines = tuple(cut if one is short else one for one in conversation.utterances)
    assert sounding_like(voices, replace(conversation, utterances=lines), cut) == ()


def test_of_a_label_that_says_nothing_else_nothing_is_said(evening) -> None:
    voices, truth = evening
    conversation = labelled(truth, ["Somebody" if at == 7 else turn.speaker for at, turn in enumerate(truth)])
    assert sounding_like(voices, conversation, conversation.utterances[7]) == ()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def test_what_the_library_kept_of_the_voices_is_enough(library: Library, evening, tmp_path: Path) -> None:
    voices, truth = evening
    conversation = with_wrong_lines(truth)
    recording = tmp_path / "talk.wav"
    recording.write_bytes(b"sound")
    session = library.add(recording)
    library.keep(session.id, replace(conversation, voices=voices))
    heard_again = library.conversation(session.id)
    found = lines_alike(library, session.id, heard_again, heard_again.utterances[7])
    assert [one.start for one in found] == pytest.approx([truth[at].start for at in WRONG], abs=1e-3)


def test_an_older_analysis_that_kept_nothing_of_the_voices_cannot_tell(
    library: Library, evening, tmp_path: Path
) -> None:
    conversation = with_wrong_lines(evening[1])
    recording = tmp_path / "talk.wav"
    recording.write_bytes(b"sound")
    session = library.add(recording)
    library.keep(session.id, conversation)
    assert library.voices(session.id) is None
    assert lines_alike(library, session.id, conversation, conversation.utterances[7]) == ()
