"""`undertone trends`: which couple, what changed, and one sentence where it cannot be told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from couple_sessions import FIRST, add_sessions, figures
from typer.testing import CliRunner

from app.cli import command
from app.couples.couple_trends import couple_trends, find_couple
from app.library import Library
from app.library.records import LibraryError
from app.session.session_figures import FILE
from app.texts import load_texts

RISING = [figures(3, 9)] * 4 + [figures(9, 3)] * 4


@pytest.fixture
def library(tmp_path: Path):
    opened = Library(tmp_path / "library")
    yield opened
    opened.close()


def undertone(*arguments: object):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def told(result) -> str:
    return " ".join(result.output.split())


def test_a_couple_is_found_by_its_name_a_part_of_it_or_its_number(library: Library) -> None:
    ann, cleo = library.add_couple("Ann and Ben"), library.add_couple("Cleo and Dan")
    assert {find_couple(library, asked) for asked in ("ann AND ben", "ann", str(ann.id))} == {ann}
    assert find_couple(library, "dan") == cleo


def test_an_unknown_couple_is_told_with_those_that_there_are(library: Library) -> None:
    library.add_couple("Ann and Ben")
    with pytest.raises(LibraryError, match=r'No couple is called "Eve". There are: Ann and Ben \(\d+\)\.'):
        find_couple(library, "Eve")


def test_two_couples_of_one_name_are_asked_for_by_number(library: Library) -> None:
    one, other = library.add_couple("Ann and Ben"), library.add_couple("Ann and Ben")
    with pytest.raises(LibraryError, match=rf"\({one.id}\), Ann and Ben \({other.id}\): ask by the number"):
        find_couple(library, "Ann and Ben")
    assert find_couple(library, str(other.id)) == other


def test_without_couples_it_is_said_where_they_come_from(library: Library) -> None:
    with pytest.raises(LibraryError, match="no couples in the library yet"):
        find_couple(library, "Ann")


def test_the_sessions_of_a_couple_stand_in_order_of_time(library: Library, tmp_path: Path) -> None:
    couple, other = library.add_couple("Ann and Ben"), library.add_couple("Cleo and Dan")
    ids = add_sessions(library, couple, [figures(1, 1)] * 3, tmp_path)
    add_sessions(library, other, [figures(1, 1)], tmp_path)
    library.set_date(ids[0], FIRST.replace(year=2027))
    assert [session.id for session in library.sessions_of(couple)] == [ids[1], ids[2], ids[0]]


def test_a_rise_is_told_in_words_and_in_the_table(library: Library, tmp_path: Path) -> None:
    add_sessions(library, library.add_couple("Ann and Ben"), RISING, tmp_path)
    result = undertone("trends", "ann", "--library", library.folder)
    assert result.exit_code == 0, result.output
    assert "More seem to be met than at first" in told(result)
    assert load_texts()["trends"]["met"]["chance"] in told(result)
    assert "9 of 12 changes of tone were met, after 9 of 12 last time: too little to say" in told(result)
    assert "Pitch, Ann" in told(result)


def test_the_last_session_alone_may_differ(library: Library, tmp_path: Path) -> None:
    add_sessions(library, library.add_couple("Ann and Ben"), [figures(1, 9), figures(9, 1)], tmp_path)
    result = undertone("trends", "ann", "--library", library.folder)
    assert "More of the changes of tone were met than last time: 9 of 10, after 1 of 10." in told(result)


def test_sessions_can_be_looked_at_from_a_day_on(library: Library, tmp_path: Path) -> None:
    couple = library.add_couple("Ann and Ben")
    add_sessions(library, couple, RISING, tmp_path)
    result = undertone("trends", "ann", "--library", library.folder, "--since", "2026-03-31")
    assert "4 sessions from 31 Mar 2026 to 21 Apr 2026" in told(result)
    assert len(couple_trends(library, couple, since=FIRST.replace(year=2027)).sessions) == 0


def test_what_is_not_analysed_or_not_dated_is_told(library: Library, tmp_path: Path) -> None:
    couple = library.add_couple("Ann and Ben")
    add_sessions(library, couple, [figures(1, 1)] * 2, tmp_path, dated=False)
    waiting = tmp_path / "waiting.ogg"
    waiting.write_text("waiting")
    library.add(waiting, couple=couple)
    output = told(undertone("trends", "ann", "--library", library.folder))
    assert "Of 2 sessions it is not known when they were recorded" in output
    assert "One session is not analysed yet" in output
    assert "All of them are of one day" in output


def test_a_session_whose_voices_have_other_names_is_told(library: Library, tmp_path: Path) -> None:
    sessions = [figures(1, 1), figures(1, 1), figures(1, 1, ("Ann", "Benjamin")), figures(1, 1, ("", ""))]
    add_sessions(library, library.add_couple("Ann and Ben"), sessions, tmp_path)
    output = told(undertone("trends", "ann", "--library", library.folder))
    assert "In the session of 17 Mar 2026 the voices are called Ann and Benjamin: none of them counts as Ben." in output
    assert "In the session of 24 Mar 2026 no voice has a name" in output


def test_a_couple_without_an_analysed_session_is_told_so(library: Library, tmp_path: Path) -> None:
    add_sessions(library, library.add_couple("Ann and Ben"), [], tmp_path)
    result = undertone("trends", "ann", "--library", library.folder)
    assert result.exit_code == 0
    assert "No session of Ann and Ben has been analysed yet." in told(result)


def test_a_session_that_cannot_be_read_is_told_and_the_others_are_shown(library: Library, tmp_path: Path) -> None:
    ids = add_sessions(library, library.add_couple("Ann and Ben"), RISING, tmp_path)
    files = library.files(ids[2])
    (files.folder / FILE).unlink()
    files.computed.conversation.write_text("{")
    output = told(undertone("trends", "ann", "--library", library.folder))
    assert 'The analysis of "Session 3" cannot be read' in output
    assert "7 sessions from" in output


def test_the_figures_come_as_json(library: Library, tmp_path: Path) -> None:
    add_sessions(library, library.add_couple("Ann and Ben"), RISING, tmp_path)
    plain = json.loads(undertone("trends", "ann", "--library", library.folder, "--json").stdout)
    assert plain["trends"]["met"]["direction"] == "more"
    assert plain["trends"]["days"][0] == "2026-03-03"
    assert plain["sessions"][0]["figures"]["moments"][0]["verdict"] == "met"
    assert len(plain["sentences"]) == 3


def test_a_folder_without_a_library_is_left_as_it_is(tmp_path: Path) -> None:
    result = undertone("trends", "ann", "--library", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "There is no library in" in told(result)
    assert not (tmp_path / "nowhere").exists()
