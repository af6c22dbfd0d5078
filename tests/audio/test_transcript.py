from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audio import faster_whisper_transcript, whisper_transcript
from audio.conversation import Caption, Doubt, Span, Transcript, Word
from audio.errors import EngineError, TranscriptError
from audio.recording import Recording
from audio.transcript import ENGINES, TranscriptRequest, find_beside, transcribe

ONE_WORD = "WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n"
REGIONS = (Span(0.0, 10.0),)


@pytest.fixture
def talk(tmp_path: Path) -> Recording:
    return Recording(tmp_path / "talk.ogg", np.zeros((1, 160_000), np.float32), "made up")


def put(talk: Recording, name: str, word: str = "hello") -> Path:
    path = talk.path.parent / name
    path.write_text(ONE_WORD.format(word))
    return path


def words(transcript: Transcript) -> list[str]:
    return [w.text for c in transcript.captions for w in c.words]


@pytest.fixture
def no_whisper(monkeypatch: pytest.MonkeyPatch) -> None:
    for engine in (faster_whisper_transcript, whisper_transcript):
        monkeypatch.setattr(engine, "why_not", lambda model: "it is not here")


@pytest.fixture
def whisper(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Transcript((Caption(1.0, 2.0, (Word(1.0, 2.0, "heard", 0.9),)),), "en")
    monkeypatch.setattr(whisper_transcript, "why_not", lambda model: "it is not here")
    monkeypatch.setattr(faster_whisper_transcript, "why_not", lambda model: None)
    monkeypatch.setattr(faster_whisper_transcript, "transcribe_speech", lambda *_: heard)
    monkeypatch.setattr(faster_whisper_transcript, "used", lambda model: f"{model}, made up")


def test_a_transcript_beside_the_recording_is_used(talk: Recording, whisper: None) -> None:
    put(talk, "talk.vtt")
    found = transcribe(talk, REGIONS)
    assert found.engine == "given"
    assert words(found.transcript) == ["hello"]
    assert found.notes == ()


def test_a_transcript_that_is_named_goes_before_the_one_beside(talk: Recording) -> None:
    put(talk, "talk.vtt", "beside")
    other = put(talk, "other.vtt", "named")
    assert words(transcribe(talk, REGIONS, TranscriptRequest(other)).transcript) == ["named"]


def test_players_rules_for_names_beside(talk: Recording) -> None:
    for name in ("talk.part2.vtt", "talk2.vtt", "talkative.srt", "talk.en.txt"):
        put(talk, name)
    assert find_beside(talk.path) is None
    put(talk, "talk.en.vtt")
    german = put(talk, "talk.de.SRT")
    assert find_beside(talk.path, "de") == german
    srt = put(talk, "talk.srt")
    assert find_beside(talk.path) == srt
    vtt = put(talk, "talk.vtt")
    assert find_beside(talk.path) == vtt


def test_without_a_transcript_whisper_listens(talk: Recording, whisper: None) -> None:
    found = transcribe(talk, REGIONS)
    assert (found.engine, words(found.transcript)) == ("faster-whisper", ["heard"])


def test_names_are_handed_to_whisper_and_too_many_of_them_are_told(
    talk: Recording, whisper: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[object] = []

    def hears(*asked: object) -> Transcript:
        handed.append(asked[-1])
        return Transcript((), "en")

    monkeypatch.setattr(faster_whisper_transcript, "transcribe_speech", hears)
    names = tuple(f"Name{number}" for number in range(100))
    found = transcribe(talk, REGIONS, TranscriptRequest(terms=names))
    assert handed == [names]
    assert found.notes[0].startswith("Of 100 names and terms the transcriber was told the first")


def test_the_authors_whisper_listens_where_the_faster_one_cannot(
    talk: Recording, no_whisper: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Transcript((Caption(1.0, 2.0, (Word(1.0, 2.0, "slowly", 0.9),)),), "en")
    monkeypatch.setattr(whisper_transcript, "why_not", lambda model: None)
    monkeypatch.setattr(whisper_transcript, "transcribe_speech", lambda *_: heard)
    monkeypatch.setattr(whisper_transcript, "used", lambda model: f"{model}, made up")
    found = transcribe(talk, REGIONS)
    assert (found.engine, words(found.transcript)) == ("openai-whisper", ["slowly"])
    assert found.model == "small, made up"


def test_words_of_whisper_are_looked_at_with_doubt(
    talk: Recording, whisper: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Transcript((Caption(1.0, 2.0, (Word(1.0, 2.0, "mumbled", 0.1),)),), "en")
    monkeypatch.setattr(faster_whisper_transcript, "transcribe_speech", lambda *_: heard)
    ((word,),) = [caption.words for caption in transcribe(talk, REGIONS).transcript.captions]
    assert word.doubts == (Doubt.UNLIKELY,)


def test_without_either_the_run_goes_on_without_words_and_one_line_says_why(talk: Recording, no_whisper: None) -> None:
    found = transcribe(talk, REGIONS)
    assert found.engine == "none"
    assert found.transcript == Transcript()
    (note,) = found.notes
    assert "it is not here" in note
    assert "\n" not in note


def test_weights_that_fail_on_the_way_leave_their_reason(
    talk: Recording, whisper: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> Transcript:
        raise EngineError("The line broke.")

    monkeypatch.setattr(faster_whisper_transcript, "transcribe_speech", breaks)
    found = transcribe(talk, REGIONS)
    assert found.engine == "none"
    assert found.notes[0] == "The line broke."


def test_a_broken_file_beside_is_told_and_the_next_engine_used(talk: Recording, whisper: None) -> None:
    (talk.path.parent / "talk.vtt").write_text("no subtitles at all")
    found = transcribe(talk, REGIONS)
    assert found.engine == "faster-whisper"
    assert found.notes[0].startswith("talk.vtt, line 1")


def test_a_broken_file_that_was_named_is_an_error(talk: Recording, whisper: None) -> None:
    broken = talk.path.parent / "mine.srt"
    broken.write_text("no subtitles at all")
    with pytest.raises(TranscriptError, match=r"mine\.srt, line 1"):
        transcribe(talk, REGIONS, TranscriptRequest(broken))


@pytest.mark.parametrize("name", ["given", "faster-whisper", "openai-whisper"])
def test_an_engine_asked_for_by_name_that_cannot_run_says_why(talk: Recording, no_whisper: None, name: str) -> None:
    with pytest.raises(EngineError, match=f"The transcriber {name} cannot run: "):
        transcribe(talk, REGIONS, engine=name)


def test_an_unknown_engine_is_answered_with_those_there_are(talk: Recording) -> None:
    with pytest.raises(EngineError, match="auto, given, faster-whisper, openai-whisper, none"):
        transcribe(talk, REGIONS, engine="telepathy")


def test_none_reads_nothing_even_where_something_lies_beside(talk: Recording) -> None:
    put(talk, "talk.vtt")
    told: list[float] = []
    found = transcribe(talk, REGIONS, engine="none", progress=told.append)
    assert (found.engine, found.transcript.captions, told) == ("none", (), [1.0])
    assert found.notes == ("There are no words: replies are read from tone and timing alone.",)


def test_a_given_transcript_needs_no_regions_and_ends_with_the_recording(talk: Recording) -> None:
    put(talk, "talk.vtt").write_text(ONE_WORD.format("in") + "\n00:20.000 --> 00:21.000\nafter\n")
    found = transcribe(talk, (), engine="given")
    assert words(found.transcript) == ["in"]
    assert "the recording only to 10 s" in found.notes[0]


def test_every_engine_says_in_one_line_what_it_does() -> None:
    assert list(ENGINES) == ["given", "faster-whisper", "openai-whisper", "none"]
    for engine in ENGINES.values():
        assert engine.about
        assert "\n" not in engine.about
