"""Partners are known again by their voices from session to session; who is unsure is told so, nothing is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.couples.known_voices import Assignment, allow, assign, decline, suggestion
from app.library import Library
from app.library.records import Couple
from app.session.edits import GiveSpeech, NameVoice, SetRole
from app.session.remarks import voices
from app.session.session_prints import FILE, kept_prints, session_prints
from tests.app.known_couples import ANNA, BEN, CARA, DAN, add, add_named, heard
from tests.audio.dialogues import Voice


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


@pytest.fixture
def anna_and_ben(library: Library) -> Couple:
    couple = library.add_couple("Anna and Ben")
    add_named(library, couple, heard(ANNA, BEN, seed=1, lines=15), "Anna", "Ben")
    return couple


def test_a_couple_is_known_again_whoever_speaks_first(library: Library, anna_and_ben: Couple) -> None:
    found = suggestion(library, add(library, heard(BEN, ANNA, seed=2, lines=15)))
    assert found is not None
    assert (found.couple, found.sure, found.sessions) == (anna_and_ben, "very_like", 1)
    assert found.names == {"Speaker_1": "Ben", "Speaker_2": "Anna"}


def test_other_people_are_not_taken_for_them(library: Library, anna_and_ben: Couple) -> None:
    assert suggestion(library, add(library, heard(CARA, DAN, seed=3))) is None


def test_half_a_couple_is_no_couple(library: Library, anna_and_ben: Couple) -> None:
    assert suggestion(library, add(library, heard(DAN, Voice(150.0, 0.82), seed=4))) is None


def test_the_nearer_of_two_couples_is_suggested(library: Library, anna_and_ben: Couple) -> None:
    others = library.add_couple("Cara and Dan")
    add_named(library, others, heard(CARA, DAN, seed=5), "Cara", "Dan")
    found = suggestion(library, add(library, heard(CARA, DAN, seed=6)))
    assert found is not None
    assert found.couple == others


def test_nothing_is_written_by_a_suggestion(library: Library, anna_and_ben: Couple) -> None:
    session = add(library, heard(ANNA, BEN, seed=2))
    suggestion(library, session)
    assert library.session(session).couple is None
    assert library.edits(session) == ()


def test_one_click_says_whose_it_is_and_another_takes_it_back(library: Library, anna_and_ben: Couple) -> None:
    conversation = heard(ANNA, BEN, seed=2)
    session = add(library, conversation)
    found = suggestion(library, session)
    assert found is not None
    before = assign(library, session, Assignment(found.couple, found.names))
    assert library.session(session).couple == anna_and_ben
    assert list(voices(library.edits(session), conversation).names.values()) == ["Anna", "Ben"]
    assert suggestion(library, session) is None
    assign(library, session, before)
    assert library.session(session).couple is None
    assert list(voices(library.edits(session), conversation).names.values()) == ["Speaker 1", "Speaker 2"]
    assert suggestion(library, session) == found


def test_a_couple_that_was_said_no_to_is_not_suggested_again(library: Library, anna_and_ben: Couple) -> None:
    session = add(library, heard(ANNA, BEN, seed=2))
    decline(library, session, anna_and_ben)
    assert suggestion(library, session) is None
    allow(library, session, anna_and_ben)
    assert suggestion(library, session) is not None


def test_names_are_suggested_where_only_the_couple_is_known(library: Library, anna_and_ben: Couple) -> None:
    session = add(library, heard(ANNA, BEN, seed=2))
    library.set_couple(session, anna_and_ben)
    found = suggestion(library, session)
    assert found is not None
    assert found.names == {"Speaker_1": "Anna", "Speaker_2": "Ben"}


def test_a_coach_is_neither_known_nor_looked_for(library: Library, anna_and_ben: Couple) -> None:
    known = add_named(library, anna_and_ben, heard(ANNA, BEN, DAN, seed=7), "Anna", "Ben", "Coach")
    library.edit(known, SetRole("Speaker_3", "coach"))
    session = add(library, heard(DAN, ANNA, BEN, seed=8))
    library.edit(session, SetRole("Speaker_1", "coach"))
    found = suggestion(library, session)
    assert found is not None
    assert found.names == {"Speaker_2": "Anna", "Speaker_3": "Ben"}


def test_voices_that_nobody_named_are_nobody(library: Library) -> None:
    couple = library.add_couple("Anna and Ben")
    library.set_couple(add(library, heard(ANNA, BEN, seed=1)), couple)
    assert suggestion(library, add(library, heard(ANNA, BEN, seed=2))) is None


def test_one_voice_alone_is_never_more_than_perhaps(library: Library, anna_and_ben: Couple) -> None:
    found = suggestion(library, add(library, heard(ANNA, seed=9, lines=15)))
    assert found is not None
    assert (found.sure, found.names) == ("perhaps", {"Speaker_1": "Anna"})


def test_too_little_speech_is_like_nobody(library: Library, anna_and_ben: Couple) -> None:
    assert suggestion(library, add(library, heard(ANNA, BEN, seed=2, lines=2))) is None


def test_prints_follow_speech_that_changed_hands(library: Library) -> None:
    conversation = heard(ANNA, BEN, seed=1)
    session = add(library, conversation)
    before = session_prints(library, session, ())
    assert kept_prints(library, session, ()) is not None
    given = tuple(span for said in conversation.of("Speaker_1") for span in said.spans)
    library.edit(session, GiveSpeech(given[:2], "Speaker_2"))
    edits = library.edits(session)
    assert kept_prints(library, session, edits) is None
    after = session_prints(library, session, edits)
    assert after["Speaker_2"].seconds == pytest.approx(before["Speaker_2"].seconds + 8.0, abs=0.2)


def test_a_name_alone_makes_no_new_prints(library: Library) -> None:
    session = add(library, heard(ANNA, BEN, seed=1))
    session_prints(library, session, ())
    library.edit(session, NameVoice("Speaker_1", "Anna"))
    assert kept_prints(library, session, library.edits(session)) is not None


def test_prints_go_with_their_session(library: Library) -> None:
    session = add(library, heard(ANNA, BEN, seed=1))
    session_prints(library, session, ())
    assert FILE in {file.name for file in library.delete(session).files}
    assert not list(library.folder.rglob(FILE))


def test_damaged_prints_are_made_anew(library: Library) -> None:
    session = add(library, heard(ANNA, BEN, seed=1))
    made = session_prints(library, session, ())
    (library.files(session).folder / FILE).write_text("{", encoding="utf-8")
    assert session_prints(library, session, ()).keys() == made.keys()
