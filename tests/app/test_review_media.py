"""What the browser needs of a session: sound on the right timeline, small tracks, words with their doubts."""

from __future__ import annotations

import json
import struct

import av
import numpy as np
import pytest
import soundfile
from voices import SAMPLE_RATE, noise, silence, tone

from app.analysing.review_audio import write_review_audio
from app.analysing.review_media import NOT_HEARD, OUTLINE_STEP, PEAK, review_tracks, review_words
from audio.conversation import BAND_EDGES, NAN, Conversation, Doubt, ProsodyTrack, Span, Utterance, Word
from audio.decoder import decode
from audio.errors import RecordingError
from audio.measures import Measures

HOUR = 3600.0  # seconds


def track(pitch: np.ndarray, loudness: np.ndarray) -> ProsodyTrack:
    plain = [np.asarray(values, np.float32) for values in (pitch, np.zeros_like(pitch), loudness)]
    rest = np.zeros(len(pitch), np.float32)
    return ProsodyTrack(*plain, rest, np.zeros((len(pitch), len(BAND_EDGES) - 1), np.float32), rest.copy())


def talk(seconds: float, tracks: dict[str, ProsodyTrack], utterances: tuple[Utterance, ...] = ()) -> Conversation:
    return Conversation("talk.wav", seconds, tuple(tracks), (), utterances, tracks=tracks)


def taken_apart(packed: bytes) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    """The compact tracks as a reader of their description would read them."""
    length = struct.unpack_from("<I", packed)[0]
    header = json.loads(packed[4 : 4 + length])
    frames, speakers, offset = header["frames"], header["speakers"], 4 + length
    assert offset % 4 == 0
    found: dict[str, np.ndarray] = {}
    kinds = [(f"pitch {name}", "<u2") for name in speakers]
    kinds += [("low", "i1"), ("high", "i1"), *((f"loudness {name}", "i1") for name in speakers)]
    for name, kind in kinds:
        found[name] = np.frombuffer(packed, kind, frames, offset)
        offset += found[name].nbytes
    assert offset == len(packed)
    return header, found


def test_tracks_come_back_as_they_were_within_their_steps() -> None:
    pitch = np.array([NAN, 110.2, 220.0, NAN])
    loudness = np.array([NAN, -20.4, -80.0, -31.0])
    packed = review_tracks(talk(0.04, {"Maya": track(pitch, loudness)}), np.zeros(640, np.float32))
    header, found = taken_apart(packed)
    assert header == {"frame": 0.01, "frames": 4, "speakers": ["Maya"]}
    assert found["pitch Maya"].tolist() == [0, 1100, 2200, 0]
    assert found["loudness Maya"].tolist() == [NOT_HEARD, -20, -80, -31]


def test_the_outline_shows_where_the_sound_is_and_how_high() -> None:
    sound = np.concatenate([silence(1.0), tone(1.0, 200.0), tone(1.0, 200.0, level=-26.0)])
    _, found = taken_apart(review_tracks(talk(3.0, {}), sound))
    quiet, loud, softer = (found["high"][start : start + 100].max() for start in (0, 100, 200))
    assert (quiet, loud) == (0, PEAK)
    assert softer == pytest.approx(PEAK / 2, abs=OUTLINE_STEP / 2)
    assert found["low"].min() < 0


def test_one_cry_does_not_make_a_thin_line_of_all_else() -> None:
    sound = np.concatenate([tone(9.98, 200.0, level=-30.0), tone(0.02, 200.0, level=-5.0)])
    _, found = taken_apart(review_tracks(talk(10.0, {}), sound))
    assert np.median(found["high"]) > 100
    assert found["high"].max() == PEAK


def test_channels_that_say_the_opposite_cancel_in_the_outline_as_in_the_mix() -> None:
    sound = tone(0.5, 200.0)
    _, found = taken_apart(review_tracks(talk(0.5, {}), np.stack([sound, -sound])))
    assert not found["high"].any()


def test_an_hour_of_two_people_takes_less_than_three_megabytes() -> None:
    frames = round(HOUR / 0.01)
    one = track(np.full(frames, 200.0), np.full(frames, -20.0))
    packed = review_tracks(talk(HOUR, {"Maya": one, "Jonas": one}), np.zeros(round(HOUR * SAMPLE_RATE), np.float32))
    assert len(packed) <= 2_900_000


def test_a_track_that_is_a_frame_shorter_than_the_sound_is_filled_up() -> None:
    packed = review_tracks(talk(0.03, {"Maya": track(np.full(2, 100.0), np.full(2, -20.0))}), np.zeros(480, np.float32))
    _, found = taken_apart(packed)
    assert found["loudness Maya"].tolist() == [-20, -20, NOT_HEARD]


def test_words_carry_their_doubts_and_plain_ones_nothing() -> None:
    words = (Word(1.0, 1.25, "I'm"), Word(1.25, 1.5, "fine.", 0.2, (Doubt.UNLIKELY, Doubt.SPEAKER)))
    said = Utterance(1.0, 1.5, "Maya", (Span(1.0, 1.5),), words, (), Measures(0.5))
    assert review_words(talk(2.0, {}, (said,))) == [
        {
            "start": 1.0,
            "end": 1.5,
            "speaker": "Maya",
            "words": [[1.0, 1.25, "I'm"], [1.25, 1.5, "fine.", ["unlikely", "speaker"]]],
        }
    ]
    json.dumps(review_words(talk(2.0, {}, (said,))))


@pytest.mark.parametrize("channels", [1, 2])
def test_sound_is_opus_in_webm_with_as_many_channels_and_at_the_same_times(tmp_path, channels) -> None:
    sound = np.concatenate([silence(5.0), tone(0.5, 300.0), silence(4.5)])
    soundfile.write(tmp_path / "talk.wav", np.stack([sound] * channels, axis=1), SAMPLE_RATE)
    told: list[float] = []
    write_review_audio(tmp_path / "talk.wav", tmp_path / "audio.webm", told.append)
    with av.open(str(tmp_path / "audio.webm")) as made:
        stream = made.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("opus", 48_000, channels)
    heard = decode(tmp_path / "audio.webm", SAMPLE_RATE).samples[0]
    loud = np.flatnonzero(np.abs(heard) > 0.02) / SAMPLE_RATE
    assert loud[0] == pytest.approx(5.0, abs=0.02)
    assert loud[-1] == pytest.approx(5.5, abs=0.03)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_sound_can_be_sought_by_its_cues(tmp_path) -> None:
    soundfile.write(tmp_path / "talk.wav", noise(30.0, -30.0), SAMPLE_RATE)
    write_review_audio(tmp_path / "talk.wav", tmp_path / "audio.webm")
    with av.open(str(tmp_path / "audio.webm")) as made:
        made.seek(20_000_000)
        at = next(made.decode(audio=0)).time
    assert 14.0 <= at <= 20.1
    cues = bytes.fromhex("1c53bb6b")
    assert (tmp_path / "audio.webm").read_bytes().count(cues) == 2  # named at the head of the file, and there


def test_numbers_that_are_no_sound_become_silence_not_noise(tmp_path) -> None:
    sound = tone(1.0, 200.0)
    sound[4000:8000] = np.nan
    soundfile.write(tmp_path / "talk.wav", sound, SAMPLE_RATE, subtype="FLOAT")
    write_review_audio(tmp_path / "talk.wav", tmp_path / "audio.webm")
    heard = decode(tmp_path / "audio.webm", SAMPLE_RATE).samples[0]
    assert np.abs(heard[4800:7200]).max() < 0.02
    assert np.abs(heard[9000:15000]).max() > 0.1


def test_what_cannot_be_decoded_leaves_no_file_behind(tmp_path) -> None:
    (tmp_path / "talk.wav").write_bytes(b"no sound at all" * 100)
    with pytest.raises(RecordingError):
        write_review_audio(tmp_path / "talk.wav", tmp_path / "audio.webm")
    assert [path.name for path in tmp_path.iterdir()] == ["talk.wav"]
