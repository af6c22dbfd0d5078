"""What is written is read back the same; a file is whole or not there."""

from __future__ import annotations

import json
import math
from dataclasses import fields

import numpy as np
import pytest

from audio.conversation import (
    BAND_EDGES,
    Conversation,
    Doubt,
    Measures,
    Phrase,
    ProsodyTrack,
    Span,
    Turn,
    Utterance,
    Word,
)
from audio.storage import (
    conversation_from_json,
    conversation_to_json,
    read_tracks,
    write_json,
    write_rttm,
    write_tracks,
)


@pytest.fixture
def conversation() -> Conversation:
    words = (Word(1.0, 1.5, "I'm", 0.9), Word(1.5, 2.0, "tired.", 0.3, (Doubt.UNLIKELY,)))
    spans = (Span(1.0, 2.0),)
    measures = Measures(seconds=1.0, pitch_median=4.25, loudness=-20.5)
    phrase = Phrase(1.0, 2.0, spans, words, measures)
    utterance = Utterance(1.0, 2.0, "Maya_Ö", spans, words, (phrase,), measures)
    return Conversation(
        "evening.ogg", 12.5, ("Maya_Ö", "Jonas"), (Turn(1.0, 2.0, "Maya_Ö"),), (utterance,), "en",
        {"speakers": "given", "words": "faster-whisper"}, {"words": "small, faster-whisper 1.2.1"}, ("A note.",),
    )  # fmt: skip


def track(frames: int = 50) -> ProsodyTrack:
    row = np.linspace(80, 200, frames).astype(np.float32)
    row[3] = np.nan
    return ProsodyTrack(
        pitch=row.copy(),
        voicing=row / 200,
        loudness=row - 220,
        over_room=row - 160,
        bands=np.ones((frames, len(BAND_EDGES) - 1), np.float32),
        tilt=row / 100 - 1,
    )


def test_a_conversation_survives_its_json(conversation, tmp_path) -> None:
    write_json(conversation_to_json(conversation), tmp_path / "a.json")
    again = conversation_from_json(json.loads((tmp_path / "a.json").read_text()))
    assert again.utterances[0].words == conversation.utterances[0].words
    assert again.turns == conversation.turns
    assert again.utterances[0].measures.pitch_median == 4.25
    assert math.isnan(again.utterances[0].measures.tremor)
    assert again.engines == conversation.engines
    assert again.models == conversation.models


def test_what_was_not_measured_is_null_in_json(conversation) -> None:
    plain = conversation_to_json(conversation)
    assert plain["utterances"][0]["measures"]["tremor"] is None
    json.dumps(plain, allow_nan=False)


def test_tracks_survive_their_npz(tmp_path) -> None:
    tracks = {"Maya_Ö": track(), "Jonas": track(60)}
    write_tracks(tracks, tmp_path / "a.npz")
    again = read_tracks(tmp_path / "a.npz")
    assert list(again) == list(tracks)
    for name in tracks:
        for item in fields(ProsodyTrack):
            np.testing.assert_array_equal(getattr(again[name], item.name), getattr(tracks[name], item.name))


def test_tracks_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        track().pitch[0] = 1.0


def test_an_rttm_line_has_ten_fields_whatever_the_names(conversation, tmp_path) -> None:
    write_rttm(conversation.turns, "an evening", tmp_path / "a.rttm")
    (line,) = (tmp_path / "a.rttm").read_text().splitlines()
    assert line.split() == ["SPEAKER", "an_evening", "1", "1.000", "1.000", "<NA>", "<NA>", "Maya_Ö", "<NA>", "<NA>"]


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path) -> None:
    target = tmp_path / "a.json"
    write_json({"first": 1}, target)
    with pytest.raises(ValueError, match="JSON"):
        write_json({"second": math.nan}, target)
    with pytest.raises(TypeError):
        write_tracks({"x": object()}, tmp_path / "a.npz")
    assert json.loads(target.read_text()) == {"first": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
