"""The whole way from a file to a conversation, on the samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.errors import RecordingError
from audio.listen import STAGES, ListenSettings, listen

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"
EVENING = SAMPLES / "evening.ogg"


@pytest.fixture(scope="module")
def found():
    """The shorter sample with its own speaker separation, and what was told of the progress."""
    told: list[tuple[str, float]] = []
    conversation = listen(
        EVENING, ListenSettings(speaker_engine="built-in"), lambda stage, share: told.append((stage, share))
    )
    return conversation, told


def true_turns():
    lines = [line.split() for line in (SAMPLES / "evening.rttm").read_text().splitlines()]
    return [(float(line[3]), float(line[3]) + float(line[4]), line[7]) for line in lines]


def test_every_line_is_heard_from_the_one_who_said_it(found) -> None:
    conversation, _ = found
    said: dict[str, set[str]] = {}
    for start, end, name in true_turns():
        middle = (start + end) / 2
        heard = [turn.speaker for turn in conversation.turns if turn.start <= middle <= turn.end]
        said.setdefault(name, set()).update(heard)
    assert all(len(labels) == 1 for labels in said.values()), said
    assert said["Ben"] != said["Nora"]


def test_no_word_of_the_transcript_is_lost(found) -> None:
    conversation, _ = found
    words = [word.text for utterance in conversation.utterances for word in utterance.words]
    captions = (SAMPLES / "evening.vtt").read_text().split("\n\n")[1:]
    spoken = " ".join(line.split(">", 1)[1].removesuffix("</v>") for c in captions for line in c.splitlines()[1:])
    assert sorted(words) == sorted(spoken.split())


def test_the_stages_are_told_in_order_and_to_their_end(found) -> None:
    _, told = found
    assert list(dict.fromkeys(stage for stage, _ in told)) == list(STAGES)
    for stage in STAGES:
        shares = [share for name, share in told if name == stage]
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1.0)


def test_utterances_lie_within_the_recording_and_carry_measures(found) -> None:
    conversation, _ = found
    assert all(0 <= utterance.start <= utterance.end <= conversation.duration for utterance in conversation.utterances)
    long = [u for u in conversation.utterances if sum(span.duration for span in u.spans) > 1.0]
    assert all(np.isfinite(utterance.measures.pitch_median) for utterance in long)
    assert len(conversation.tracks) == 2


def test_what_was_used_is_written_down(found) -> None:
    conversation, _ = found
    assert conversation.engines == {"speakers": "built-in", "words": "given"}


def test_two_channels_with_a_partner_each_are_used_as_such(tmp_path) -> None:
    samples, rate = soundfile.read(EVENING, dtype="float32")
    channels = np.random.default_rng(0).normal(0, 1e-4, (len(samples), 2)).astype(np.float32)
    for start, end, name in true_turns():
        first, last = round(start * rate), round(end * rate)
        channels[first:last, 0 if name == "Ben" else 1] += samples[first:last]
        channels[first:last, 1 if name == "Ben" else 0] += 0.1 * samples[first:last]
    soundfile.write(tmp_path / "two.wav", channels, rate)
    conversation = listen(tmp_path / "two.wav", ListenSettings(transcriber="none"))
    assert conversation.engines["speakers"] == "channels"
    assert len(conversation.speakers) == 2


def test_the_same_recording_is_heard_the_same_twice(found) -> None:
    conversation, _ = found
    assert listen(EVENING, ListenSettings(speaker_engine="built-in")).turns == conversation.turns


def test_a_recording_that_is_not_there_is_said(tmp_path) -> None:
    with pytest.raises(RecordingError, match=r"nowhere\.wav"):
        listen(tmp_path / "nowhere.wav")
