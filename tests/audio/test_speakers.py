from __future__ import annotations

from dataclasses import replace

import pytest
from dialogues import ADAM, EVE, dialogue, recording, spans

from audio import speakers
from audio.conversation import Caption, Transcript, Turn
from audio.errors import EngineError, SpeakersError
from audio.separation import bridged, numbered
from audio.speakers import ENGINES, SpeakerRequest, separate_speakers

OWN, TRUTH = dialogue([("Adam", 2.0), ("Eve", 2.0), ("Adam", 2.0), ("Eve", 2.0)], {"Adam": ADAM, "Eve": EVE})
APART = recording(OWN["Adam"], OWN["Eve"])
MIXED = recording(OWN["Adam"] + OWN["Eve"], OWN["Adam"] + OWN["Eve"])
MONO = recording(OWN["Adam"] + OWN["Eve"])
REGIONS = spans(TRUTH)
TAGGED = Transcript(tuple(Caption(t.start, t.end, (), t.speaker) for t in TRUTH))


@pytest.fixture
def rttm(tmp_path):
    path = tmp_path / "talk.rttm"
    path.write_text("\n".join(f"SPEAKER talk 1 {t.start} {t.duration} <NA> <NA> {t.speaker}" for t in TRUTH))
    return path


@pytest.fixture
def engines(monkeypatch):
    def with_engine(name, **changes):
        monkeypatch.setattr(speakers, "ENGINES", {**ENGINES, name: replace(ENGINES[name], **changes)})

    return with_engine


def chosen(sound, request=None, engine="auto"):
    return separate_speakers(sound, REGIONS, request or SpeakerRequest(), engine=engine).engine


def test_a_given_rttm_comes_before_everything(rttm) -> None:
    assert chosen(APART, SpeakerRequest(rttm=rttm, transcript=TAGGED)) == "given"


def test_separate_channels_come_before_the_tags_of_a_transcript(engines) -> None:
    engines("channels", separate=lambda *_: speakers.Separation((), (), "channels"))
    assert chosen(APART, SpeakerRequest(transcript=TAGGED)) == "channels"


def test_the_tags_of_a_transcript_come_before_the_built_in_engine() -> None:
    assert chosen(MONO, SpeakerRequest(transcript=TAGGED)) == "given"


def test_with_nothing_given_the_built_in_engine_listens() -> None:
    assert chosen(MONO, SpeakerRequest(transcript=Transcript())) == "built-in"


def test_an_engine_asked_for_by_name_is_used_whatever_else_would_fit() -> None:
    assert chosen(MONO, SpeakerRequest(transcript=TAGGED), engine="built-in") == "built-in"


def test_an_engine_that_cannot_run_here_is_passed_over(engines) -> None:
    engines("channels", unavailable=lambda: "A package is missing.")
    assert chosen(APART) == "built-in"
    with pytest.raises(EngineError, match=r"channels cannot run here: A package is missing\."):
        chosen(APART, engine="channels")


def test_an_unknown_engine_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(EngineError, match="auto, channels, given, pyannote, built-in"):
        chosen(MONO, engine="oracle")


@pytest.mark.parametrize(
    ("engine", "reason"), [("channels", "single channel"), ("given", "Neither an RTTM"), ("built-in", "No speech")]
)
def test_an_engine_that_does_not_fit_says_why(engine, reason) -> None:
    with pytest.raises(SpeakersError, match=reason):
        separate_speakers(MONO, (), SpeakerRequest(), engine=engine)


def test_no_speech_at_all_is_one_sentence() -> None:
    with pytest.raises(SpeakersError, match=r"No speech was found in talk\.wav"):
        separate_speakers(MONO, (), SpeakerRequest())


@pytest.mark.parametrize("count", [0, 5, -1])
def test_one_to_four_speakers_can_be_told_apart(count) -> None:
    with pytest.raises(SpeakersError, match="Between 1 and 4"):
        separate_speakers(MONO, REGIONS, SpeakerRequest(count))


def test_the_person_is_told_that_two_channels_carry_the_same_mix() -> None:
    assert "The channels carry the same mix of all voices." in separate_speakers(MIXED, REGIONS, SpeakerRequest()).notes
    assert not any("channel" in note for note in separate_speakers(MONO, REGIONS, SpeakerRequest()).notes)


def test_every_engine_says_what_it_is_and_all_that_need_no_weights_run_here() -> None:
    for name, engine in ENGINES.items():
        assert engine.about and "\n" not in engine.about
        assert name == "pyannote" or engine.unavailable() is None


def test_an_engine_that_fails_is_told_of_and_the_next_is_used_unless_it_was_asked_for_by_name(engines) -> None:
    def breaks(*_):
        raise EngineError("pyannote failed on talk.wav: out of memory.")

    engines("pyannote", unavailable=lambda: None, separate=breaks)
    found = separate_speakers(MONO, REGIONS, SpeakerRequest())
    assert found.engine == "built-in"
    assert found.notes[0] == "pyannote failed on talk.wav: out of memory."
    with pytest.raises(EngineError, match="out of memory"):
        chosen(MONO, engine="pyannote")


def test_speakers_are_numbered_as_they_appear() -> None:
    turns, names = numbered([Turn(5, 6, "x"), Turn(1, 2, "y"), Turn(3, 4, "x")])
    assert [turn.speaker for turn in turns] == ["Speaker_1", "Speaker_2", "Speaker_2"]
    assert names == {"y": "Speaker_1", "x": "Speaker_2"}


def test_a_pause_joins_the_turns_around_it_unless_the_other_speaks_in_it() -> None:
    own = [Turn(0.0, 1.0, "a"), Turn(1.5, 2.0, "a"), Turn(3.0, 4.0, "a")]
    assert bridged(own, 0.7) == (Turn(0.0, 2.0, "a"), Turn(3.0, 4.0, "a"))
    answer = Turn(1.1, 1.4, "b")
    assert bridged([*own, answer], 0.7) == (Turn(0.0, 1.0, "a"), answer, *own[1:])
