from __future__ import annotations

import numpy as np
import pytest
from dialogues import ADAM, EVE, dialogue, recording, spans

from audio.conversation import Caption, Span, Transcript, Turn
from audio.errors import SpeakersError
from audio.given_speakers import caption_turns, given_speakers, read_rttm, unfit
from audio.separation import SpeakerRequest

QUIET_TALK = recording(np.zeros(16_000 * 20))


def line(file="talk", start="1.0", duration="2.0", name="Ada"):
    return f"SPEAKER {file} 1 {start} {duration} <NA> <NA> {name} <NA> <NA>"


@pytest.fixture
def rttm(tmp_path):
    def write(*lines):
        path = tmp_path / "truth.rttm"
        path.write_text("\n".join(lines))
        return path

    return write


def tagged(*captions, language="en"):
    return Transcript(tuple(Caption(start, end, (), voice) for start, end, voice in captions), language)


def test_turns_and_names_of_an_rttm_are_kept(rttm) -> None:
    path = rttm(";; a comment", "", line(start="5", name="Bob"), line(), "LEXEME talk 1 1.0 0.2 hello lex Ada <NA>")
    found = given_speakers(QUIET_TALK, (), SpeakerRequest(rttm=path))
    assert found.turns == (Turn(1.0, 3.0, "Ada"), Turn(5.0, 7.0, "Bob"))
    assert found.speakers == ("Ada", "Bob") and found.engine == "given" and found.channel_of == {}


def test_the_recording_of_the_same_name_is_taken_from_an_rttm_of_several(rttm) -> None:
    path = rttm(line(file="other", start="9"), line(file="talk", start="2"))
    assert read_rttm(path, "talk") == [Turn(2.0, 4.0, "Ada")]


def test_an_rttm_of_one_recording_fits_whatever_it_is_called(rttm) -> None:
    assert read_rttm(rttm(line(file="session-12")), "talk") == [Turn(1.0, 3.0, "Ada")]


def test_overlapping_lines_of_one_speaker_become_one_turn(rttm) -> None:
    path = rttm(line(start="1"), line(start="2"), line(start="1.5", name="Bob"))
    found = given_speakers(QUIET_TALK, (), SpeakerRequest(rttm=path))
    assert found.turns == (Turn(1.0, 4.0, "Ada"), Turn(1.5, 3.5, "Bob"))


def test_turns_beyond_the_end_are_cut_off(rttm) -> None:
    path = rttm(line(start="19"), line(start="30"))
    assert given_speakers(QUIET_TALK, (), SpeakerRequest(rttm=path)).turns == (Turn(19.0, 20.0, "Ada"),)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ([line(), "SPEAKER talk 1 3.0"], "Line 2 of truth.rttm is cut short"),
        ([line(start="soon")], "Line 1 .* needs a start and a duration"),
        ([line(duration="nan")], "Line 1 .* not above 0"),
        ([line(duration="-1")], "Line 1 .* not above 0"),
        (["WEBVTT"], "holds no SPEAKER line"),
        ([line(file="one"), line(file="two")], "holds 2 recordings"),
        ([line(start="99")], "lies within"),
    ],
)
def test_an_rttm_that_cannot_be_used_says_why_in_one_sentence(rttm, lines, complaint) -> None:
    with pytest.raises(SpeakersError, match=complaint) as caught:
        given_speakers(QUIET_TALK, (), SpeakerRequest(rttm=rttm(*lines)))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_and_one_that_is_not_there_are_one_sentence_each(tmp_path) -> None:
    (tmp_path / "sound.rttm").write_bytes(b"RIFF\xff\xfe\x00")
    for name in ("sound.rttm", "missing.rttm"):
        with pytest.raises(SpeakersError, match=name):
            read_rttm(tmp_path / name, "talk")


def test_a_caption_is_a_turn_only_where_there_is_speech_under_it() -> None:
    turns = caption_turns(tagged((0.0, 5.0, "Ada"), (5.0, 8.0, "Bob")), [Span(0.5, 2.0), Span(3.0, 5.5)])
    assert turns == [Turn(0.5, 2.0, "Ada"), Turn(3.0, 5.0, "Ada"), Turn(5.0, 5.5, "Bob")]


def test_a_caption_without_speech_under_it_is_kept_whole() -> None:
    assert caption_turns(tagged((10.0, 11.0, "Ada")), [Span(0.0, 5.0)]) == [Turn(10.0, 11.0, "Ada")]


def test_a_voice_tag_of_two_words_is_one_name() -> None:
    assert caption_turns(tagged((1.0, 2.0, "Ada Lovelace")), [])[0].speaker == "Ada_Lovelace"


@pytest.mark.parametrize(
    ("transcript", "reason"),
    [
        (None, "Neither"),
        (Transcript(), "Neither"),
        (tagged((0, 1, "Ada"), (1, 2, None)), "Too few"),
        (tagged((0, 1, "Ada"), (1, 2, "Ada")), "fewer than two"),
    ],
)
def test_a_transcript_that_does_not_say_who_speaks_is_not_used(transcript, reason) -> None:
    assert reason in (unfit(QUIET_TALK, (), SpeakerRequest(transcript=transcript)) or "")


def test_a_transcript_with_voices_is_used_though_a_caption_in_ten_has_none() -> None:
    captions = [(second, second + 1, "Ada" if second % 2 else "Bob") for second in range(10)]
    transcript = tagged(*captions, (10, 11, None))
    assert unfit(QUIET_TALK, (), SpeakerRequest(transcript=transcript)) is None


def test_given_speakers_are_placed_in_the_channels_that_carry_them(rttm) -> None:
    own, truth = dialogue([("Eve", 1.0), ("Adam", 1.0), ("Eve", 1.0), ("Adam", 1.0)], {"Adam": ADAM, "Eve": EVE})
    path = rttm(*(line(start=str(t.start), duration=str(t.duration), name=t.speaker) for t in truth))
    request = SpeakerRequest(rttm=path)
    apart = recording(own["Adam"] + 0.1 * own["Eve"], own["Eve"] + 0.1 * own["Adam"])
    mixed = recording(own["Adam"] + own["Eve"], own["Adam"] + own["Eve"])
    assert given_speakers(apart, spans(truth), request).channel_of == {"Adam": 0, "Eve": 1}
    assert given_speakers(mixed, spans(truth), request).channel_of == {}
