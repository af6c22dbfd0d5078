"""A session as the app keeps it: read again only where it changed, and sent to the browser as it was put right."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.analysing.review_media import write_review_media
from app.library.records import LibraryError
from app.review.media import media_addresses, media_routes
from app.review.player.letters import write_letter
from app.session.edits import CorrectWord, GiveSpeech, NameVoice, SetRole
from app.session.read_session import KEPT, SessionReader
from audio.conversation import Span

EVENING = Path(__file__).resolve().parents[2] / "sample_data" / "evening.ogg"


@pytest.fixture(autouse=True)
def _review_media(library, session, evening) -> None:
    files = library.files(session)
    files.audio.touch()  # no sound is asked for here
    write_review_media(files, evening)


def first_word(evening) -> CorrectWord:
    word = evening.utterances[2].words[0]
    return CorrectWord(Span(word.start, word.end), "Marlene")


def a_gift(evening) -> GiveSpeech:
    said = evening.utterances[2]
    return GiveSpeech(said.spans, next(speaker for speaker in evening.speakers if speaker != said.speaker))


def fetched(library, address: str) -> bytes:
    answer = TestClient(Starlette(routes=media_routes(library))).get(address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-store"
    return answer.content


def heard_frames(packed: bytes) -> dict[str, int]:
    """In how many frames each voice is heard, by its loudness."""
    (length,) = struct.unpack_from("<I", packed)
    header = json.loads(packed[4 : 4 + length])
    count, speakers = header["frames"], header["speakers"]
    first = 4 + length + 2 * count * len(speakers) + 2 * count
    loudness = [packed[first + count * place : first + count * (place + 1)] for place in range(len(speakers))]
    return {speaker: count - frames.count(0x80) for speaker, frames in zip(speakers, loudness, strict=True)}


def test_names_and_marks_do_not_read_the_session_anew(library, session, evening) -> None:
    reader = SessionReader()
    before = reader.read(library, session, [])
    assert reader.read(library, session, [NameVoice(evening.speakers[0], "Ines")]) is before


def test_a_coach_is_left_out_of_the_reading_but_not_of_the_conversation(library, session, evening) -> None:
    coach = evening.speakers[0]
    read = SessionReader().read(library, session, [SetRole(coach, "coach")])
    assert coach in read.conversation.speakers
    assert coach not in read.analysed.speakers
    assert coach not in {moment.speaker for moment in read.reading.candidates}


def test_a_correction_and_its_undoing_each_make_the_conversation_anew(library, session, evening) -> None:
    reader = SessionReader()
    heard = reader.read(library, session, []).conversation
    assert reader.read(library, session, [first_word(evening)]).conversation.utterances[2].words[0].text == "Marlene"
    assert reader.read(library, session, []).conversation == heard


def test_a_new_analysis_takes_the_place_of_what_was_kept(library, session, evening) -> None:
    reader = SessionReader()
    before = reader.read(library, session, [])
    library.keep(session, evening)
    assert reader.read(library, session, []).analysis != before.analysis


def test_only_a_few_sessions_are_kept(library, session, tmp_path) -> None:
    reader = SessionReader()
    before = reader.read(library, session, [])
    for number in range(KEPT):
        copy = tmp_path / f"{number}.ogg"
        copy.write_bytes(EVENING.read_bytes() + bytes([number]))
        other = library.add(copy)
        library.keep(other.id, before.heard)
        reader.read(library, other.id, [])
    assert reader.read(library, session, []) is not before


def test_a_session_without_analysis_is_told_of(library, tmp_path) -> None:
    copy = tmp_path / "other.ogg"
    copy.write_bytes(EVENING.read_bytes() + b"!")
    other = library.add(copy)
    with pytest.raises(LibraryError, match="not been analysed"):
        SessionReader().read(library, other.id, [])


def test_words_are_sent_as_they_were_corrected(library, session, evening) -> None:
    library.edit(session, first_word(evening))
    addresses = media_addresses(session, library.edits(session))
    assert json.loads(fetched(library, addresses["words"]))[2]["words"][0][2] == "Marlene"


def test_tracks_are_sent_as_speech_was_given_with_the_same_outline_of_the_sound(library, session, evening) -> None:
    before = fetched(library, media_addresses(session)["tracks"])
    gift = a_gift(evening)
    library.edit(session, gift)
    after = fetched(library, media_addresses(session, library.edits(session))["tracks"])
    assert len(after) == len(before)
    assert heard_frames(after)[gift.speaker] > heard_frames(before)[gift.speaker]
    assert sum(heard_frames(after).values()) <= sum(heard_frames(before).values())
    frames = round(evening.duration * 100)
    outline = slice(-4 * frames, -2 * frames)
    assert after[outline] == before[outline]


def test_a_letter_gives_an_utterance_with_all_its_spans(library, session, evening) -> None:
    said, gift = evening.utterances[2], a_gift(evening)
    line = {"start": round(said.start, 3), "end": round(said.end, 3)}
    asked = {"giver": said.speaker, "taker": gift.speaker, "stretches": [line]}
    write_letter(library, session, {"number": 1, "edit": {"kind": "GiveUtterances", **asked}})
    (given,) = library.edits(session)
    assert given.speaker == gift.speaker
    assert [(span.start, span.end) for span in given.spans] == [
        pytest.approx((span.start, span.end)) for span in gift.spans
    ]
    write_letter(library, session, {"number": 2, "edit": {"kind": "Undo"}})
    assert library.edits(session) == ()


def test_a_word_that_is_to_be_remembered_is_a_term_without_its_comma(library, session, evening) -> None:
    word = first_word(evening)
    place = {"start": word.place.start, "end": word.place.end}
    edit = {"kind": "CorrectWord", "place": place, "text": "Marlene,"}
    write_letter(library, session, {"number": 1, "edit": edit, "remember": "Marlene,"})
    assert library.terms() == ("Marlene",)
    assert library.edits(session) == (CorrectWord(word.place, "Marlene,"),)
