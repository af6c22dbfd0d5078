"""Recordings that come in: what is said of a file at once, and what lies in the library after."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from app.analysing.glance import Glance, glance
from app.library import Library
from app.review.uploads import Incoming, take_in
from audio.errors import RecordingError

SAMPLE = Path(__file__).parents[2] / "sample_data" / "evening.ogg"


def wav(seconds: float, channels: int) -> io.BytesIO:
    file = io.BytesIO()
    soundfile.write(file, np.zeros((round(seconds * 8000), channels)), 8000, format="WAV")
    file.seek(0)
    return file


def test_length_and_channels_are_known_without_decoding() -> None:
    assert glance(wav(3600.0, 2), "session.wav") == Glance(3600.0, 2)


def test_a_file_can_be_read_whole_after_a_glance_at_it() -> None:
    file = wav(20.0, 1)
    glance(file, "session.wav")
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (io.BytesIO(b""), "no sound or video file"),
        (io.BytesIO(b"Dear diary" * 100), "no sound or video file"),
        (wav(4.0, 1), "lasts 4 s; 10 s are the least"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_one_sentence(file: io.BytesIO, sentence: str) -> None:
    with pytest.raises(RecordingError, match=rf"^ours\.mp3 .*{sentence}"):
        glance(file, "ours.mp3")


def test_a_recording_lies_in_the_library_with_its_words_beside_it(tmp_path: Path) -> None:
    library = Library(tmp_path)
    words = io.BytesIO(b"WEBVTT\n")
    with SAMPLE.open("rb") as file:
        session = take_in(library, Incoming("Ours.ogg", file, ("Ours.vtt", words), settings={"speakers": 3}))
    source = library.files(session.id).source
    assert (session.original_name, session.title, session.settings) == ("Ours.ogg", "Ours", {"speakers": 3})
    assert source.read_bytes() == SAMPLE.read_bytes()
    assert source.with_suffix(".vtt").read_bytes() == b"WEBVTT\n"
    assert [folder.name for folder in (tmp_path / "sessions").iterdir()] == [session.id]
    library.close()


def test_the_same_recording_under_another_name_is_the_one_that_is_there(tmp_path: Path) -> None:
    library = Library(tmp_path)
    with SAMPLE.open("rb") as file:
        first = take_in(library, Incoming("Ours.ogg", file))
        assert take_in(library, Incoming("Copy.ogg", file)) == first
    library.close()
