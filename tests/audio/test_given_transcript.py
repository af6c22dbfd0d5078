from __future__ import annotations

from pathlib import Path

import pytest

from audio.conversation import Caption, Transcript, Word
from audio.errors import TranscriptError
from audio.given_transcript import read_transcript, within

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


def write(folder: Path, text: str, name: str = "talk.vtt", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def captions_of(path: Path) -> tuple[Caption, ...]:
    return read_transcript(path)[0].captions


def said(path: Path) -> list[tuple[str | None, str]]:
    return [(c.voice, " ".join(w.text for w in c.words)) for c in captions_of(path)]


def cue(text: str, start: str = "00:01.000", end: str = "00:04.000") -> str:
    return f"WEBVTT\n\n{start} --> {end}\n{text}\n"


def test_the_sample_conversation_is_read_with_its_voices() -> None:
    transcript, notes = read_transcript(SAMPLES / "evening.vtt")
    assert not notes
    assert {c.voice for c in transcript.captions} == {"Nora", "Ben"}
    assert any(c.voice == "Ben" and [w.text for w in c.words] == ["I'm", "just", "tired."] for c in transcript.captions)


def test_a_cue_s_time_is_spread_over_its_words_by_their_length(tmp_path: Path) -> None:
    (caption,) = captions_of(write(tmp_path, cue("no otherwise", "00:00.000", "00:12.000")))
    assert [(w.start, w.end) for w in caption.words] == [(0.0, 2.0), (3.0, 12.0)]


def test_inline_timestamps_say_when_a_word_is_spoken(tmp_path: Path) -> None:
    (caption,) = captions_of(write(tmp_path, cue("so<00:00:02.500><c> what</c><00:00:03.000><c> then</c>")))
    assert [(w.text, w.start) for w in caption.words] == [("so", 1.0), ("what", 2.5), ("then", 3.0)]
    assert caption.words[0].end == 2.0  # the rest of the time until "what" is a pause


def test_rolling_captions_say_each_word_once(tmp_path: Path) -> None:
    text = (
        "WEBVTT\nKind: captions\nLanguage: en\n\n"
        "00:00:00.000 --> 00:00:02.000 align:start position:0%\n \nhello<00:00:00.500><c> you</c>\n\n"
        "00:00:02.000 --> 00:00:02.010 align:start position:0%\nhello you\n \n\n"
        "00:00:02.010 --> 00:00:04.000 align:start position:0%\nhello you\nyes<00:00:02.500><c> you</c>\n\n"
        "00:00:04.000 --> 00:00:04.010 align:start position:0%\nyes you\n \n"
    )
    transcript, _ = read_transcript(write(tmp_path, text))
    assert [w.text for c in transcript.captions for w in c.words] == ["hello", "you", "yes", "you"]
    assert transcript.language == "en"


def test_voices_within_one_cue_become_captions_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, cue("<v.loud Nora>Where were you?</v> <v Ben &amp; Co>At work.</v>"))
    assert said(path) == [("Nora", "Where were you?"), ("Ben_&_Co", "At work.")]
    first, second = captions_of(path)
    assert 1.0 == first.start < first.end <= second.start < second.end == 4.0


def test_dashes_and_arrows_mean_that_another_speaks(tmp_path: Path) -> None:
    assert said(write(tmp_path, cue("- Are you coming?\n- No."))) == [
        (None, "Are you coming?"),
        (None, "No."),
    ]
    assert said(write(tmp_path, cue("&gt;&gt; Coming?\n>> No."))) == [(None, "Coming?"), (None, "No.")]


def test_tags_entities_and_settings_are_no_words(tmp_path: Path) -> None:
    text = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE nobody says this\n\n"
    text += "7\n00:01.000 --> 00:04.000 line:0 align:start\n"
    text += "<i>Salt</i> &amp; <b><u>pep</u>per</b>,<br>I &lt;3 it\n"
    assert said(write(tmp_path, text)) == [(None, "Salt pepper, I <3 it")]


@pytest.mark.parametrize("sound", ["[laughs]", "(sighs)", "♪", "♪ la la la ♪", "[door\ncloses]", "{\\an8}", "—", "..."])
def test_descriptions_of_sound_are_no_words(tmp_path: Path, sound: str) -> None:
    assert said(write(tmp_path, cue(f"{sound} All right."))) == [(None, "All right.")]
    assert said(write(tmp_path, cue(sound))) == []


SRT = """1
00:00:01,000 --> 00:00:02,000
Nora: I put it away.

2
00:00:02,500 --> 00:00:04,000
Ben: Where? Note: I asked twice.

3
00:00:04,500 --> 00:00:05,000
Nora: Upstairs.

4
00:00:06,000 --> 00:00:07,000
BEN: Fine.

5
00:00:08,000 --> 00:00:09,000
Ben: Listen: it is late.
"""


def test_names_before_a_colon_are_voices_when_the_same_few_come_back(tmp_path: Path) -> None:
    assert said(write(tmp_path, SRT, "talk.srt")) == [
        ("Nora", "I put it away."),
        ("Ben", "Where? Note: I asked twice."),
        ("Nora", "Upstairs."),
        (None, "BEN: Fine."),
        ("Ben", "Listen: it is late."),
    ]


def test_a_colon_now_and_then_makes_no_voice(tmp_path: Path) -> None:
    lines = ["Listen: no.", "Look: yes.", "Listen: no.", "Look: yes."] + ["I went home."] * 20
    text = "\n".join(f"{i}\n00:00:{i:02d},000 --> 00:00:{i:02d},900\n{line}\n" for i, line in enumerate(lines, 1))
    assert {voice for voice, _ in said(write(tmp_path, text, "talk.srt"))} == {None}


def test_speaker_labels_in_brackets_are_voices_not_sounds(tmp_path: Path) -> None:
    text = SRT.replace("Nora:", "[SPEAKER_00]:").replace("Ben:", "[SPEAKER_01]:")
    assert said(write(tmp_path, text, "talk.srt"))[0] == ("SPEAKER_00", "I put it away.")


def test_cues_may_overlap_and_come_in_any_order(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:05.000 --> 00:06.000\nlater\n\n00:01.000 --> 00:05.500\nsooner\n"
    assert [words for _, words in said(write(tmp_path, text))] == ["sooner", "later"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_unicode_and_any_line_end_is_read(tmp_path: Path, encoding: str, newline: str) -> None:
    path = write(tmp_path, cue("Ça va très bien, naïve Zoë.").replace("\n", newline), encoding=encoding)
    transcript, notes = read_transcript(path)
    assert said(path) == [(None, "Ça va très bien, naïve Zoë.")]
    assert transcript.language is None
    assert not notes


def test_a_file_that_is_not_unicode_is_read_as_western_european_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, SRT.replace("Upstairs", "Über dem Café"), "talk.srt", "latin-1")
    assert ("Nora", "Über dem Café.") in said(path)
    (note,) = read_transcript(path)[1]
    assert "talk.srt" in note
    assert "Windows-1252" in note


def test_the_language_is_in_the_name_unless_it_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, cue("Ja."), "talk.de-AT.vtt")
    assert read_transcript(path)[0].language == "de"
    assert read_transcript(path, "nl")[0].language == "nl"


def test_captions_with_broken_times_are_left_out_and_counted(tmp_path: Path) -> None:
    text = cue("good") + "\n00:61.000 --> 00:99.000\nbad\n\n00:09.000 --> 00:08.000\nbackwards\n"
    transcript, (note,) = read_transcript(write(tmp_path, text))
    assert len(transcript.captions) == 1
    assert note == "Captions of talk.vtt whose times cannot be read were left out: 2, the first in line 6."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("   \n\n", "is empty"),
        ("Dear diary,\ntoday", "line 1: this is no WebVTT"),
        ("\n\nDear diary,\ntoday", "line 3: this is no WebVTT"),
        ("WEBVTT\n\nxx --> yy\nword\n", "line 3: the times"),
        ("1\n00:00:09,000 --> 00:00:08,000\nword\n", "line 2: the times"),
        ("WEBVTT\0\0\n\nabc", "is not a text file"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(TranscriptError) as error:
        read_transcript(write(tmp_path, text))
    assert says in str(error.value)
    assert str(error.value).startswith("talk.vtt")
    assert "\n" not in str(error.value)


def test_no_such_file_and_a_folder_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(TranscriptError, match="There is no transcript"):
        read_transcript(tmp_path / "none.vtt")
    with pytest.raises(TranscriptError, match="cannot be read"):
        read_transcript(tmp_path)


def test_an_empty_transcript_has_no_words_and_says_so(tmp_path: Path) -> None:
    transcript, notes = read_transcript(write(tmp_path, "WEBVTT\n"))
    assert transcript.captions == ()
    assert notes == ("talk.vtt holds no words.",)


def test_words_after_the_end_of_the_recording_are_left_out() -> None:
    words = tuple(Word(t, t + 0.9, "w") for t in (7.0, 8.0, 9.5, 11.0))
    transcript = Transcript((Caption(7.0, 12.0, words), Caption(20.0, 21.0, (Word(20.0, 21.0, "x"),))))
    kept, (note,) = within(transcript, 10.0)
    assert [w.end for c in kept.captions for w in c.words] == [7.9, 8.9, 10.0]
    assert kept.captions[0].end == 10.0
    assert note == "The transcript runs to 21 s, the recording only to 10 s: the rest was left out."
    assert within(Transcript(transcript.captions[:1]), 12.0)[1] == ()
